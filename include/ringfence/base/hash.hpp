// hash.hpp - a seeded mix of one 64-bit word.
//
// One 128-bit multiply folded onto itself, as wyhash and XXH3 do inside. The seed enters before the
// multiply, so keys chosen against one seed spread like random ones under another.
//
// Cost: about 4 cycles.
#pragma once

#include <cstdint>

namespace ringfence {

// What `mix` multiplies by under a seed: odd.
constexpr std::uint64_t mix_factor(std::uint64_t seed) {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15u;  // 2^64 / golden ratio
    return kOdd ^ (seed << 1u | 1u);
}

constexpr std::uint64_t mix(std::uint64_t word, std::uint64_t seed) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(word ^ seed) * mix_factor(seed);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64u);
}

}  // namespace ringfence
