// window_avx512.cpp - the units of a window in two registers.
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

RINGFENCE_TARGET inline std::uint64_t equal_pairs(const char16_t* at, std::uint32_t pair) {
    return equal_units(at, static_cast<char16_t>(pair)) &
           equal_units(at + 1, static_cast<char16_t>(pair >> 16));
}

RINGFENCE_TARGET inline std::uint64_t in_range(const char16_t* at, char16_t first, char16_t last) {
    const __m512i least = _mm512_set1_epi16(static_cast<short>(first));
    const __m512i width = _mm512_set1_epi16(static_cast<short>(last - first));
    const __m512i low = _mm512_sub_epi16(_mm512_loadu_si512(at), least);
    const __m512i high = _mm512_sub_epi16(_mm512_loadu_si512(at + 32), least);
    return joined(_mm512_cmple_epu16_mask(low, width), _mm512_cmple_epu16_mask(high, width));
}

#include "src/kernel/window_walk.inl"

#undef RINGFENCE_TARGET

}  // namespace

const WindowKernel kWindowAvx512 = {Isa::kAvx512, probe, match};

}  // namespace ringfence::kernel
#endif
