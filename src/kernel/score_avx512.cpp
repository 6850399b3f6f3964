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

RINGFENCE_TARGET std::int64_t sum(const char16_t* units, std::size_t count,
                                  const std::int16_t* weights, unsigned bits) {
    const __m512i first = _mm512_set1_epi32(static_cast<int>(kGramFactors[0]));
    const __m512i second = _mm512_set1_epi32(static_cast<int>(kGramFactors[1]));
    const __m512i third = _mm512_set1_epi32(static_cast<int>(kGramFactors[2]));
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(32 - bits));
    // A lane takes three weights a block, of up to 2^15 each: 2^13 blocks stay below 2^31.
    __m512i total = _mm512_setzero_si512();
    for (std::size_t at = 0; at < count; at += 16) {
        const std::size_t left = count - at;
        const __m512i one = _mm512_mullo_epi32(load_units(units + at), first);
        const __m512i two =
            _mm512_add_epi32(one, _mm512_mullo_epi32(load_units(units + at + 1), second));
        const __m512i three =
            _mm512_add_epi32(two, _mm512_mullo_epi32(load_units(units + at + 2), third));
        const __m512i of_one = weigh(one, lanes_of(left), weights, shift);
        const __m512i of_two = weigh(two, lanes_of(left - 1), weights, shift);
        const __m512i of_three =
            weigh(three, lanes_of(std::max<std::size_t>(left, 2) - 2), weights, shift);
        total =
            _mm512_add_epi32(total, _mm512_add_epi32(of_one, _mm512_add_epi32(of_two, of_three)));
    }
    alignas(64) std::int32_t lanes[16];
    _mm512_store_si512(lanes, total);
    std::int64_t all = 0;
    for (const std::int32_t lane : lanes) all += lane;
    return all;
}

#undef RINGFENCE_TARGET

}  // namespace

const ScoreKernel kScoreAvx512 = {Isa::kAvx512, sum};

}  // namespace ringfence::kernel
#endif
