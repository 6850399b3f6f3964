// window_avx512.cpp - the units of a window in two registers.
#include "src/kernel/gram_kernel.hpp"
#include "src/kernel/window_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <bit>
#include <cstring>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,bmi2,popcnt")))

RINGFENCE_TARGET inline std::uint64_t joined(__mmask32 low, __mmask32 high) {
    return static_cast<std::uint64_t>(_cvtmask32_u32(high)) << 32 | _cvtmask32_u32(low);
}

RINGFENCE_TARGET inline std::uint64_t equal_units(const char16_t* at, char16_t unit) {
    const __m512i wanted = _mm512_set1_epi16(static_cast<short>(unit));
    return joined(_mm512_cmpeq_epi16_mask(_mm512_loadu_si512(at), wanted),
                  _mm512_cmpeq_epi16_mask(_mm512_loadu_si512(at + 32), wanted));
}

RINGFENCE_TARGET inline std::uint64_t near_pairs(const char16_t* at, std::uint32_t pair) {
    const __m512i first = _mm512_set1_epi16(static_cast<short>(pair));
    const __m512i second = _mm512_set1_epi16(static_cast<short>(pair >> 16));
    return _cvtmask32_u32(
        _mm512_mask_cmpeq_epi16_mask(_mm512_cmpeq_epi16_mask(_mm512_loadu_si512(at), first),
                                     _mm512_loadu_si512(at + 1), second));
}

RINGFENCE_TARGET inline std::uint64_t equal_pairs(const char16_t* at, std::uint32_t pair) {
    return near_pairs(at, pair) | near_pairs(at + 32, pair) << 32;
}

RINGFENCE_TARGET inline std::uint64_t near_range(const char16_t* at, char16_t first,
                                                 char16_t last) {
    const __m512i least = _mm512_set1_epi16(static_cast<short>(first));
    const __m512i width = _mm512_set1_epi16(static_cast<short>(last - first));
    return _cvtmask32_u32(
        _mm512_cmple_epu16_mask(_mm512_sub_epi16(_mm512_loadu_si512(at), least), width));
}

RINGFENCE_TARGET inline std::uint64_t in_range(const char16_t* at, char16_t first, char16_t last) {
    return near_range(at, first, last) | near_range(at + 32, first, last) << 32;
}

#include "src/kernel/window_walk.inl"

#undef RINGFENCE_TARGET

}  // namespace

const WindowKernel kWindowAvx512 = {Isa::kAvx512, sift, places, match, units, places_of};

}  // namespace ringfence::kernel
#endif
