// ours.hpp - the number table as a contender, and the limit of the memory that it lies in.
#pragma once

#include <optional>

#include "bench/numbers/contender.hpp"
#include "bench/numbers/key_set.hpp"
#include "ringfence/table/number_table.hpp"

namespace ringfence::bench {

class Ours : public Contender {
public:
    // In the order of ways().
    enum Way : std::size_t { kBatch, kAvx2, kScalar, kEach, kPublic };

    explicit Ours(unsigned load_percent = 80) : load_percent_(load_percent) {}

    bool build(std::size_t keys, std::span<const KeyList> lists) override;
    std::vector<std::string> ways() const override;

    // kAvx2 answers as kBatch on a processor without it. kEach: single finds inside one dispatched stage, as a
    // lone call of a session runs them. kPublic: NumberTable::find.
    void find(std::size_t way, std::span<const Key> keys, Answer* answers) override;
    std::size_t bytes() const override { return table_->stats().reader_bytes; }

    NumberTable& table() { return *table_; }

    // How lines are asked for: how many are on the way, into the first cache or the second.
    struct Ahead {
        std::size_t depth = 64;
        bool second_cache = false;
    };

    // The same lines read at random, asked for ahead: what memory can do. Gives a word that depends on all.
    std::uint64_t read_lines(std::span<const std::uint32_t> places, Ahead ahead) const;

    // Places for read_lines.
    std::vector<std::uint32_t> random_lines(std::size_t count, std::uint64_t seed) const;

private:
    unsigned load_percent_;
    std::optional<NumberTable> table_;
};

}  // namespace ringfence::bench
