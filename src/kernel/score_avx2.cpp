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

RINGFENCE_TARGET std::int64_t sum(const char16_t* units, std::size_t count,
                                  const std::int16_t* weights, unsigned bits) {
    const __m256i first = _mm256_set1_epi32(static_cast<int>(kGramFactors[0]));
    const __m256i second = _mm256_set1_epi32(static_cast<int>(kGramFactors[1]));
    const __m256i third = _mm256_set1_epi32(static_cast<int>(kGramFactors[2]));
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(32 - bits));
    // A lane takes three weights a block, of up to 2^15 each: 2^14 blocks stay below 2^31.
    __m256i total = _mm256_setzero_si256();
    for (std::size_t at = 0; at < count; at += 8) {
        const std::size_t left = count - at;
        const __m256i one = _mm256_mullo_epi32(load_units(units + at), first);
        const __m256i two =
            _mm256_add_epi32(one, _mm256_mullo_epi32(load_units(units + at + 1), second));
        const __m256i three =
            _mm256_add_epi32(two, _mm256_mullo_epi32(load_units(units + at + 2), third));
        const __m256i of_one = weigh(one, lanes_of(left), weights, shift);
        const __m256i of_two = weigh(two, lanes_of(left - 1), weights, shift);
        const __m256i of_three =
            weigh(three, lanes_of(std::max<std::size_t>(left, 2) - 2), weights, shift);
        total =
            _mm256_add_epi32(total, _mm256_add_epi32(of_one, _mm256_add_epi32(of_two, of_three)));
    }
    alignas(32) std::int32_t lanes[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), total);
    std::int64_t all = 0;
    for (const std::int32_t lane : lanes) all += lane;
    return all;
}

#undef RINGFENCE_TARGET

}  // namespace

const ScoreKernel kScoreAvx2 = {Isa::kAvx2, sum};

}  // namespace ringfence::kernel
#endif
