// pair_writer.hpp - what only the writer of a pair table holds, and how it changes the block.
//
//     block       what readers see (pair_view.hpp)
//     counters    one 32-bit word a line, 4 bits a class, as in number_writer.hpp
//     freed       places that an erase freed; waiting: those of them whose grace period runs
//
// The low bits of `second`, which readers pass over, say how a free place stands:
//
//     first     second                  place
//     free      subscriber 0            free for any pair
//     free      subscriber, kFreed      free for pairs of that subscriber; in `freed`
//     free      subscriber, kWaiting    the same; in `waiting`
//     number    subscriber, 0           taken
//
// A place that is taken again leaves its entry in `freed` or `waiting` behind, which then no longer agrees with the
// place and is passed over: a reclaim frees only what has been in `waiting` since the grace period began.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ringfence/table/pair_table.hpp"
#include "src/table/mapped_block.hpp"
#include "src/table/membership_writer.hpp"
#include "src/table/number_writer.hpp"

namespace ringfence {

class PairTable::Writer {
public:
    Writer(MappedBlock block, const PairTableOptions& options);

    NumberBlock& header() const { return *reinterpret_cast<NumberBlock*>(block_.data()); }
    const PairTableOptions& options() const { return options_; }

    Change add(SubscriberNumber pair, ListIndex list);
    Change remove(SubscriberNumber pair, ListIndex list);
    bool remove_all(SubscriberNumber pair);

    // Puts a pair that is not here on the lists of `name`.
    Change place(SubscriberNumber pair, const SetName& name);

    std::uint64_t begin_reclaim();
    void finish_reclaim();

    bool consistent() const;
    PairTableStats stats() const;
    std::uint64_t size() const { return size_; }
    MembershipWriter& sets() { return sets_; }

private:
    static constexpr Payload kFreed = 1;
    static constexpr Payload kWaiting = 2;

    struct Spot {
        std::uint64_t line = 0;
        unsigned slot = 0;
        unsigned depth = 0;
    };
    struct Located {
        std::optional<Spot> key;
        std::optional<Spot> free;  // the first on the way that the pair may take
    };
    struct Count {
        std::vector<std::uint32_t> counters;
        std::uint64_t pairs = 0;
        std::uint64_t waiting = 0;
        std::uint64_t extra_lines = 0;
        bool reachable = true;
    };

    std::uint64_t line_of(std::uint64_t hash) const {
        return NumberChain::line(hash, view_.line_count());
    }
    std::uint64_t word_at(std::uint64_t line, unsigned word) const {
        // relaxed: the writer reads its own stores.
        return lines_[line].words[word].load(std::memory_order_relaxed);
    }
    std::uint64_t first_at(const Spot& spot) const { return word_at(spot.line, spot.slot); }
    std::uint64_t second_at(const Spot& spot) const {
        return word_at(spot.line, PairLine::kSlots + spot.slot);
    }
    void store(std::uint64_t line, unsigned word, std::uint64_t rank, Payload payload);
    void store_first(const Spot& spot, std::uint64_t rank, Payload payload) {
        store(spot.line, spot.slot, rank, payload);
    }
    void store_second(const Spot& spot, std::uint64_t rank, Payload state) {
        store(spot.line, PairLine::kSlots + spot.slot, rank, state);
    }
    void set_bit(std::uint64_t line, unsigned key_class, bool on);

    Located locate(SubscriberNumber pair) const;
    void raise(SubscriberNumber pair, unsigned depth);
    void lower(SubscriberNumber pair, unsigned depth);
    Change refusal(const Located& found) const;
    void put(SubscriberNumber pair, const Spot& spot, Payload payload);
    Change rename(SubscriberNumber pair, const Spot& spot, std::span<const ListIndex> set);
    void vacate(SubscriberNumber pair, const Spot& spot);
    std::optional<Payload> name(std::span<const ListIndex> set);
    Count count() const;

    MappedBlock block_;
    PairTableOptions options_;
    PairView view_;
    PairLine* lines_ = nullptr;
    MembershipWriter sets_;
    std::vector<std::uint32_t> counters_;
    std::vector<ListIndex> scratch_;
    std::vector<std::uint64_t> freed_;    // line << 2 | slot
    std::vector<std::uint64_t> waiting_;  // the same
    std::uint64_t size_ = 0;
    std::uint64_t held_ = 0;  // places that wait, in whichever list
    std::uint64_t extra_lines_ = 0;
    std::uint64_t bits_set_ = 0;
};

}  // namespace ringfence
