// pairs - what personal lists take: subscribers with some fifty numbers each, in tables made as for a list's file.
#include <cstdio>
#include <string>

#include "bench/numbers/key_set.hpp"
#include "bench/numbers/subjects.hpp"
#include "ringfence/table/table_set.hpp"

namespace ringfence::bench {
namespace {

constexpr std::uint64_t kSeed = 31;
constexpr std::uint64_t kEach = 50;  // numbers of a subscriber

// China's mobiles, on either side; the subscribers' block lists nobody.
class PairsInTurn {
public:
    SubscriberNumber operator()() {
        if (count_++ % kEach == 0) subscriber_ = number(150'00000000u + count_ / kEach);
        return {subscriber_, number(130'00000000u + random_.below(10'00000000u))};
    }

private:
    static Number number(std::uint64_t national) {
        return Number::from_digits("86" + std::to_string(national));
    }

    Random random_{kSeed};
    std::uint64_t count_ = 0;
    Number subscriber_;
};

}  // namespace

void measure_pairs(const Options& options, Figures& figures) {
    const std::uint64_t asked = options.numbers;
    auto builder = TableSetBuilder::create({.numbers = 1024});
    if (!builder) give_up(builder.error().text);
    // As a screen makes it for a file that seems to have so many rows.
    if (const auto held = builder->hold_pairs({.pairs = asked + asked / 20}); !held)
        give_up(held.error().text);
    PairsInTurn next;
    for (std::uint64_t i = 0; i < asked; ++i)
        if (const auto added = builder->add(next(), static_cast<ListIndex>(i % 3)); !added)
            give_up(added.error().text);
    const auto set = std::move(*builder).build();
    if (!set) give_up(set.error().text);

    PairsInTurn again;
    for (std::uint64_t i = 0; i < asked; ++i) {
        const SubscriberNumber pair = again();
        bool listed = false;
        for (const ListIndex list : set->pairs->lists(pair)) listed |= list == i % 3;
        if (!listed) give_up("pairs: one that was listed was not found");
        if (set->pairs->find({pair.number, pair.subscriber}) != kNoList)
            give_up("pairs: one that was not listed was found");
    }
    const PairTableStats stats = set->pairs->stats();
    const std::uint64_t bytes = stats.reader_bytes + stats.writer_bytes;
    std::fprintf(stderr, "%llu pairs of %llu, %llu bytes for readers, %llu for the writer\n",
                 static_cast<unsigned long long>(stats.pairs),
                 static_cast<unsigned long long>(asked),
                 static_cast<unsigned long long>(stats.reader_bytes),
                 static_cast<unsigned long long>(stats.writer_bytes));
    figures.add("bytes_per_pair_" + std::to_string(asked / 1'000'000) + "m",
                {static_cast<double>(bytes) / static_cast<double>(stats.pairs)});
}

}  // namespace ringfence::bench
