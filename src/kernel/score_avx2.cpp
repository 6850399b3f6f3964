// score_avx2.cpp - eight grams of a length at a time; a gather fetches their weights, two octets of which count.
#include "src/kernel/score_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2")))

RINGFENCE_TARGET inline __m256i load_units(const char16_t* units) {
    const __m128i loaded = _mm_loadu_si128(reinterpret_cast<const __m128i*>(units));
    const __m128i zero = _mm_set1_epi16(u'0');
    const __m128i past = _mm_sub_epi16(loaded, zero);
    const __m128i digits = _mm_cmpeq_epi16(_mm_min_epu16(past, _mm_set1_epi16(9)), past);
    return _mm256_cvtepu16_epi32(_mm_blendv_epi8(loaded, zero, digits));
}

// The lanes of a block that begin a gram of the text, by their sign: `left` positions from the block's first do.
RINGFENCE_TARGET inline __m256i lanes_of(std::size_t left) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(std::min<std::size_t>(left, 8))),
                              lanes);
}

RINGFENCE_TARGET inline __m256i weigh(__m256i hash, __m256i lanes, const std::int16_t* weights,
                                      __m128i shift) {
    const __m256i mixed = _mm256_mullo_epi32(_mm256_xor_si256(hash, _mm256_srli_epi32(hash, 15)),
                                             _mm256_set1_epi32(static_cast<int>(kGramMix)));
    const __m256i place = _mm256_srl_epi32(mixed, shift);
    const __m256i both = _mm256_mask_i32gather_epi32(
        _mm256_setzero_si256(), reinterpret_cast<const int*>(weights), place, lanes, 2);
    return _mm256_srai_epi32(_mm256_slli_epi32(both, 16), 16);
}

using Lanes = __m256i;
constexpr std::size_t kAtOnce = 8;

RINGFENCE_TARGET inline Lanes zeros() { return _mm256_setzero_si256(); }
RINGFENCE_TARGET inline Lanes plus(Lanes a, Lanes b) { return _mm256_add_epi32(a, b); }
RINGFENCE_TARGET inline Lanes times(Lanes values, std::uint32_t factor) {
    return _mm256_mullo_epi32(values, _mm256_set1_epi32(static_cast<int>(factor)));
}
RINGFENCE_TARGET inline void store(Lanes values, std::int32_t* to) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(to), values);
}

#include "src/kernel/score_sum.inl"

#undef RINGFENCE_TARGET

}  // namespace

const ScoreKernel kScoreAvx2 = {Isa::kAvx2, sum};

}  // namespace ringfence::kernel
#endif
