// random.hpp - random integers that are the same on every machine.
//
// xoshiro256** seeded by splitmix64; picks below a bound by one multiplication (the bias, below
// 2^-32 for the bounds used here, is of no account to a synthetic city). Integers only.
//
// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ringfence::study {

class Random {
public:
    explicit Random(std::uint64_t seed) {
        for (std::uint64_t& word : state_) {
            seed += 0x9E3779B97F4A7C15u;
            std::uint64_t z = seed;
            z = (z ^ (z >> 30u)) * 0xBF58476D1CE4E5B9u;
            z = (z ^ (z >> 27u)) * 0x94D049BB133111EBu;
            word = z ^ (z >> 31u);
        }
    }

    std::uint64_t next() {
        const std::uint64_t result = rotated(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17u;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotated(state_[3], 45);
        return result;
    }

    // 0 to bound - 1; bound is at least 1 and below 2^32.
    std::uint64_t below(std::uint64_t bound) { return ((next() >> 32u) * bound) >> 32u; }

    // low to high, both included.
    std::uint64_t between(std::uint64_t low, std::uint64_t high) {
        return low + below(high - low + 1);
    }

    bool per_mille(unsigned chance) { return below(1000) < chance; }

    template <class T, std::size_t kSize>
    const T& pick(const std::array<T, kSize>& from) {
        return from[below(kSize)];
    }
    template <class T>
    const T& pick(std::span<const T> from) {
        return from[below(from.size())];
    }

    // An index, each as likely as its weight says.
    std::size_t weighted(std::span<const std::uint16_t> weights) {
        std::uint64_t sum = 0;
        for (const std::uint16_t weight : weights) sum += weight;
        std::uint64_t at = below(sum);
        std::size_t i = 0;
        while (at >= weights[i]) at -= weights[i++];
        return i;
    }

private:
    static std::uint64_t rotated(std::uint64_t word, unsigned by) {
        return word << by | word >> (64u - by);
    }

    std::array<std::uint64_t, 4> state_;
};

}  // namespace ringfence::study
