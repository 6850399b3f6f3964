// seed.hpp - seeds of the hashes of tables.
#pragma once

#include <sys/random.h>

#include <cstdint>

#include "ringfence/base/hash.hpp"

namespace ringfence {

inline std::uint64_t unforeseeable_seed() {
    std::uint64_t seed = 0;
    while (seed == 0) {
        // It cannot fail for so few octets; were it to, the address of a local would have to do.
        if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
            seed = mix(reinterpret_cast<std::uintptr_t>(&seed), seed);
    }
    return seed;
}

// Spreads seeds that differ in few bits, as those of tests do (the finalizer of SplitMix64).
constexpr std::uint64_t spread_seed(std::uint64_t seed) {
    seed = (seed ^ seed >> 30u) * 0xBF58476D1CE4E5B9u;
    seed = (seed ^ seed >> 27u) * 0x94D049BB133111EBu;
    return seed ^ seed >> 31u;
}

}  // namespace ringfence
