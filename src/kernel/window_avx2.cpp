// window_avx2.cpp - the units of a window, sixteen a register.
#include "src/kernel/gram_kernel.hpp"
#include "src/kernel/window_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <bit>
#include <cstring>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2,popcnt")))

RINGFENCE_TARGET inline __m256i load(const char16_t* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

#include "src/kernel/unit_tests_avx2.inl"

RINGFENCE_TARGET inline std::uint64_t equal_units(const char16_t* at, char16_t unit) {
    const __m256i wanted = _mm256_set1_epi16(static_cast<short>(unit));
    std::uint64_t bits = 0;
    for (int half = 0; half < 2; ++half, at += 32) {
        bits |= static_cast<std::uint64_t>(bits_of(_mm256_cmpeq_epi16(load(at), wanted),
                                                   _mm256_cmpeq_epi16(load(at + 16), wanted)))
                << 32 * half;
    }
    return bits;
}

RINGFENCE_TARGET inline std::uint64_t near_pairs(const char16_t* at, std::uint32_t pair) {
    const __m256i first = _mm256_set1_epi16(static_cast<short>(pair));
    const __m256i second = _mm256_set1_epi16(static_cast<short>(pair >> 16));
    return bits_of(_mm256_and_si256(_mm256_cmpeq_epi16(load(at), first),
                                    _mm256_cmpeq_epi16(load(at + 1), second)),
                   _mm256_and_si256(_mm256_cmpeq_epi16(load(at + 16), first),
                                    _mm256_cmpeq_epi16(load(at + 17), second)));
}

RINGFENCE_TARGET inline std::uint64_t equal_pairs(const char16_t* at, std::uint32_t pair) {
    return near_pairs(at, pair) | near_pairs(at + 32, pair) << 32;
}

RINGFENCE_TARGET inline std::uint64_t near_range(const char16_t* at, char16_t first,
                                                 char16_t last) {
    const __m256i least = _mm256_set1_epi16(static_cast<short>(first));
    const __m256i most = _mm256_set1_epi16(static_cast<short>(last));
    return bits_of(between(load(at), least, most), between(load(at + 16), least, most));
}

RINGFENCE_TARGET inline std::uint64_t in_range(const char16_t* at, char16_t first, char16_t last) {
    return near_range(at, first, last) | near_range(at + 32, first, last) << 32;
}

#include "src/kernel/window_walk.inl"

#undef RINGFENCE_TARGET

}  // namespace

const WindowKernel kWindowAvx2 = {Isa::kAvx2, sift, places, match, units, places_of};

}  // namespace ringfence::kernel
#endif
