// rank_hash_avx512.hpp - the hash of eight numbers at once, and the lines it picks (number_view.hpp).
//
// For files whose functions have the target named here; nothing else includes it.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "ringfence/base/hash.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence::kernel::avx512 {

#define RINGFENCE_AVX512 __attribute__((target("avx512f,avx512dq,bmi2,popcnt"), always_inline))

// Zeroing forms with every lane kept throughout: the plain ones make GCC 12 warn inside its own header.
inline constexpr __mmask8 kAll = 0xFF;

RINGFENCE_AVX512 inline __m512i all(std::uint64_t word) {
    return _mm512_set1_epi64(static_cast<long long>(word));
}
RINGFENCE_AVX512 inline __m512i high_half(__m512i words) {
    return _mm512_maskz_srli_epi64(kAll, words, 32);
}
// Product of the low halves.
RINGFENCE_AVX512 inline __m512i times(__m512i a, __m512i b) {
    return _mm512_maskz_mul_epu32(kAll, a, b);
}

// The hash under one seed, and the lines of a table of fewer than 2^32 of them.
struct RankHash {
    __m512i seed;
    __m512i factor;
    __m512i factor_high;
    __m512i line_count;

    RINGFENCE_AVX512 RankHash(std::uint64_t of_seed, std::uint64_t lines)
        : seed(all(of_seed)),
          factor(all(mix_factor(of_seed))),
          factor_high(all(mix_factor(of_seed) >> 32u)),
          line_count(all(lines)) {}

    // NumberChain::first: mix(spread ^ spread >> 32, seed) with both halves of its product.
    RINGFENCE_AVX512 __m512i first(__m512i rank) const {
        const __m512i spread = _mm512_maskz_mullo_epi64(kAll, rank, all(kRankSpread));
        const __m512i word = _mm512_xor_si512(_mm512_xor_si512(spread, high_half(spread)), seed);
        const __m512i word_high = high_half(word);
        const __m512i low_low = times(word, factor);
        const __m512i low_high = times(word, factor_high);
        const __m512i high_low = times(word_high, factor);
        const __m512i high_high = times(word_high, factor_high);
        const __m512i half = all(0xFFFFFFFFu);
        const __m512i carry = _mm512_add_epi64(high_low, high_half(low_low));
        const __m512i middle = _mm512_add_epi64(low_high, _mm512_and_si512(carry, half));
        const __m512i high =
            _mm512_add_epi64(high_high, _mm512_add_epi64(high_half(carry), high_half(middle)));
        const __m512i low = _mm512_or_si512(_mm512_maskz_slli_epi64(kAll, middle, 32),
                                            _mm512_and_si512(low_low, half));
        return _mm512_xor_si512(low, high);
    }

    // NumberChain::line: (hash * line_count) >> 64.
    RINGFENCE_AVX512 __m512i line(__m512i hash) const {
        return high_half(_mm512_add_epi64(times(high_half(hash), line_count),
                                          high_half(times(hash, line_count))));
    }
};

}  // namespace ringfence::kernel::avx512
