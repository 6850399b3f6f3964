// score_avx512.cpp - sixteen grams of a length at a time; a gather fetches their weights, two octets of which count.
#include "src/kernel/score_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))

constexpr __mmask16 kAll = 0xFFFF;

RINGFENCE_TARGET inline __m512i load_units(const char16_t* units) {
    const __m256i loaded = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(units));
    const __m256i zero = _mm256_set1_epi16(u'0');
    const __mmask16 digits =
        _mm256_cmplt_epu16_mask(_mm256_sub_epi16(loaded, zero), _mm256_set1_epi16(10));
    return _mm512_maskz_cvtepu16_epi32(kAll, _mm256_mask_blend_epi16(digits, loaded, zero));
}

RINGFENCE_TARGET inline __m512i weigh(__m512i hash, __mmask16 lanes, const std::int16_t* weights,
                                      __m128i shift) {
    const __m512i mixed =
        _mm512_mullo_epi32(_mm512_xor_si512(hash, _mm512_maskz_srli_epi32(kAll, hash, 15)),
                           _mm512_set1_epi32(static_cast<int>(kGramMix)));
    const __m512i place = _mm512_maskz_srl_epi32(kAll, mixed, shift);
    const __m512i both =
        _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), lanes, place, weights, 2);
    return _mm512_maskz_srai_epi32(kAll, _mm512_maskz_slli_epi32(kAll, both, 16), 16);
}

// The lanes of a block that begin a gram of the text: `left` positions from the block's first do.
RINGFENCE_TARGET inline __mmask16 lanes_of(std::size_t left) {
    return static_cast<__mmask16>(left >= 16 ? 0xFFFFu : (1u << left) - 1u);
}

using Lanes = __m512i;
constexpr std::size_t kAtOnce = 16;

RINGFENCE_TARGET inline Lanes zeros() { return _mm512_setzero_si512(); }
RINGFENCE_TARGET inline Lanes plus(Lanes a, Lanes b) { return _mm512_add_epi32(a, b); }
RINGFENCE_TARGET inline Lanes times(Lanes values, std::uint32_t factor) {
    return _mm512_mullo_epi32(values, _mm512_set1_epi32(static_cast<int>(factor)));
}
RINGFENCE_TARGET inline void store(Lanes values, std::int32_t* to) {
    _mm512_store_si512(to, values);
}

#include "src/kernel/score_sum.inl"

#undef RINGFENCE_TARGET

}  // namespace

const ScoreKernel kScoreAvx512 = {Isa::kAvx512, sum};

}  // namespace ringfence::kernel
#endif
