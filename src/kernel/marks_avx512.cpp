// marks_avx512.cpp - a word of marks from two registers.
#include "src/kernel/marks_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,bmi2,popcnt")))

struct Units {
    __m512i low, high;
};

RINGFENCE_TARGET inline Units load(const char16_t* at) {
    return {_mm512_loadu_si512(at), _mm512_loadu_si512(at + 32)};
}

struct Set {
    __mmask32 low, high;
};

RINGFENCE_TARGET inline Set either(Set a, Set b) {
    return {_kor_mask32(a.low, b.low), _kor_mask32(a.high, b.high)};
}

RINGFENCE_TARGET inline std::uint64_t bits_of(Set set) {
    return static_cast<std::uint64_t>(_cvtmask32_u32(set.high)) << 32 | _cvtmask32_u32(set.low);
}

RINGFENCE_TARGET inline Set equal(const Units& units, char16_t unit) {
    const __m512i wanted = _mm512_set1_epi16(static_cast<short>(unit));
    return {_mm512_cmpeq_epi16_mask(units.low, wanted),
            _mm512_cmpeq_epi16_mask(units.high, wanted)};
}

RINGFENCE_TARGET inline Set in_range(const Units& units, char16_t first, char16_t last) {
    const __m512i least = _mm512_set1_epi16(static_cast<short>(first));
    const __m512i width = _mm512_set1_epi16(static_cast<short>(last - first));
    return {_mm512_cmple_epu16_mask(_mm512_sub_epi16(units.low, least), width),
            _mm512_cmple_epu16_mask(_mm512_sub_epi16(units.high, least), width)};
}

#include "src/kernel/marks_words.inl"

#undef RINGFENCE_TARGET

}  // namespace

const MarksKernel kMarksAvx512 = {Isa::kAvx512, mark};

}  // namespace ringfence::kernel
#endif
