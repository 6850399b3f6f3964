// key_set.hpp - numbers to fill tables with, and numbers to ask for, with the answers that are right.
//
// Numbers have the shape of real ones: country codes, ranges and lengths of seven countries, by weight. A hash of
// the number decides whether it may be listed, and on which of 16 lists: so the right answer to any number is known
// without a table, and a number that misses looks like one that hits.
//
// Threads: one thread per object; after that any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bench/numbers/contender.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence::bench {

// One after another, the same for a seed (SplitMix64).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t operator()() {
        std::uint64_t word = state_ += 0x9E3779B97F4A7C15u;
        word = (word ^ word >> 30u) * 0xBF58476D1CE4E5B9u;
        word = (word ^ word >> 27u) * 0x94D049BB133111EBu;
        return word ^ word >> 31u;
    }
    std::uint64_t below(std::uint64_t bound) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>(static_cast<Wide>((*this)()) * bound >> 64u);
    }

private:
    std::uint64_t state_;
};

// A number as the networks of the world have them.
Number real_shaped(Random& random);

// Ranks, as the tables of others take them. A Number is its rank and nothing else.
inline std::span<const Key> keys_of(std::span<const Number> numbers) {
    static_assert(sizeof(Number) == sizeof(Key));
    return {reinterpret_cast<const Key*>(numbers.data()), numbers.size()};
}
inline std::span<const Number> numbers_of(std::span<const Key> keys) {
    return {reinterpret_cast<const Number*>(keys.data()), keys.size()};
}

class KeySet {
public:
    static constexpr Answer kLists = 16;

    // `count` numbers to list; few of them come twice.
    KeySet(std::size_t count, std::uint64_t seed);

    std::span<const KeyList> lists() const { return lists_; }
    std::span<const Number> numbers() const { return numbers_; }

    // 0 for a number that is never listed, else its list.
    static Answer list_of(Number number);

    // `count` numbers, of which about `hits` in a hundred are listed, in no order.
    std::vector<Number> questions(std::size_t count, unsigned hits, std::uint64_t seed) const;

private:
    std::vector<Number> numbers_;  // by list
    std::vector<KeyList> lists_;
};

}  // namespace ringfence::bench
