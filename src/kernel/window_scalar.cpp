// window_scalar.cpp - the truth that the vector forms are compared with.
#include <bit>
#include <cstring>

#include "src/kernel/gram_kernel.hpp"
#include "src/kernel/window_kernel.hpp"

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET

template <class Holds>
std::uint64_t bits_of(Holds&& holds) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 64; ++i) bits |= static_cast<std::uint64_t>(holds(i)) << i;
    return bits;
}

inline std::uint64_t equal_units(const char16_t* at, char16_t unit) {
    return bits_of([&](unsigned i) { return at[i] == unit; });
}

inline std::uint64_t equal_pairs(const char16_t* at, std::uint32_t pair) {
    return bits_of([&](unsigned i) { return unit_pair(at + i) == pair; });
}

inline std::uint64_t in_range(const char16_t* at, char16_t first, char16_t last) {
    return bits_of([&](unsigned i) { return (at[i] >= first) & (at[i] <= last); });
}

inline std::uint64_t near_pairs(const char16_t* at, std::uint32_t pair) {
    return equal_pairs(at, pair) & 0xFFFFFFFFu;
}

inline std::uint64_t near_range(const char16_t* at, char16_t first, char16_t last) {
    return in_range(at, first, last) & 0xFFFFFFFFu;
}

#include "src/kernel/window_walk.inl"

#undef RINGFENCE_TARGET

}  // namespace

const WindowKernel kWindowScalar = {Isa::kScalar, sift, places, match, units, places_of};

}  // namespace ringfence::kernel
