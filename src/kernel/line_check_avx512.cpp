// line_check_avx512.cpp - a line as one vector.
#include "src/kernel/line_check.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512dq,bmi2,popcnt"), always_inline))

// Zeroing forms with every lane kept throughout: the plain ones make GCC 12 warn inside its own header.
constexpr __mmask8 kAll = 0xFF;

RINGFENCE_TARGET inline __m512i all(std::uint64_t word) {
    return _mm512_set1_epi64(static_cast<long long>(word));
}
RINGFENCE_TARGET inline __m512i high_half(__m512i words) {
    return _mm512_maskz_srli_epi64(kAll, words, 32);
}
// Product of the low halves.
RINGFENCE_TARGET inline __m512i times(__m512i a, __m512i b) {
    return _mm512_maskz_mul_epu32(kAll, a, b);
}

// NumberChain::first: mix(spread ^ spread >> 32, seed) with both halves of its product.
RINGFENCE_TARGET inline __m512i hash_of(__m512i rank, __m512i seed, __m512i factor,
                                        __m512i factor_high) {
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
    const __m512i low =
        _mm512_or_si512(_mm512_maskz_slli_epi64(kAll, middle, 32), _mm512_and_si512(low_low, half));
    return _mm512_xor_si512(low, high);
}

// Whether lanes that hold a rank have one in common: each is compared with those one to four places on, round the end.
RINGFENCE_TARGET inline unsigned twice(__m512i rank, __mmask8 held) {
    return _cvtmask8_u32(
        _mm512_mask_cmpeq_epi64_mask(held, rank, _mm512_maskz_alignr_epi64(kAll, rank, rank, 1)) |
        _mm512_mask_cmpeq_epi64_mask(held, rank, _mm512_maskz_alignr_epi64(kAll, rank, rank, 2)) |
        _mm512_mask_cmpeq_epi64_mask(held, rank, _mm512_maskz_alignr_epi64(kAll, rank, rank, 3)) |
        _mm512_mask_cmpeq_epi64_mask(held, rank, _mm512_maskz_alignr_epi64(kAll, rank, rank, 4)));
}

__attribute__((target("avx512f,avx512dq,bmi2,popcnt"))) std::uint64_t check(
    const NumberLine* lines, std::uint64_t first, std::uint64_t end, const LineBounds& bounds,
    LineFindings& found) {
    // A line is chosen by 32 bits of the hash at a time; a larger table is for the scalar form.
    if (bounds.line_count > UINT32_MAX)
        return kLineCheckScalar.check(lines, first, end, bounds, found);
    const __m512i seed = all(bounds.seed);
    const std::uint64_t odd = mix_factor(bounds.seed);
    const __m512i factor = all(odd);
    const __m512i factor_high = all(odd >> 32u);
    const __m512i line_count = all(bounds.line_count);
    const __m512i rank_end = all(kRankEnd);
    const __m512i narrow_sets = all(bounds.narrow_sets);
    const __m512i payload_mask = all(NumberSlot::kPayloadMask);
    const __m512i filter_bit = all(NumberSlot::kFilterBit);
    const __m512i places = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    std::uint64_t numbers = 0;
    std::uint64_t bits = 0;
    std::size_t displaced = found.displaced;
    std::uint64_t line = first;
    for (; line < end; ++line) {
        const __m512i words = _mm512_load_si512(lines + line);
        const __m512i rank = _mm512_maskz_srli_epi64(kAll, words, NumberSlot::kRankShift);
        const __m512i payload = _mm512_and_si512(words, payload_mask);
        const __mmask8 held = _mm512_test_epi64_mask(rank, rank);
        const __mmask8 named = _mm512_test_epi64_mask(payload, payload);
        const unsigned bad = _cvtmask8_u32(held ^ named) |
                             _cvtmask8_u32(_mm512_cmpge_epu64_mask(rank, rank_end)) |
                             _cvtmask8_u32(_mm512_cmpgt_epu64_mask(payload, narrow_sets));
        if (__builtin_expect((bad | twice(rank, held)) != 0, 0)) break;
        const __m512i hash = hash_of(rank, seed, factor, factor_high);
        // (hash * line_count) >> 64
        const __m512i home = high_half(_mm512_add_epi64(times(high_half(hash), line_count),
                                                        high_half(times(hash, line_count))));
        const __mmask8 elsewhere = _mm512_mask_cmpneq_epi64_mask(held, home, all(line));
        numbers += static_cast<unsigned>(__builtin_popcount(_cvtmask8_u32(held)));
        bits += static_cast<unsigned>(
            __builtin_popcount(_cvtmask8_u32(_mm512_test_epi64_mask(words, filter_bit))));
        const __m512i slots = _mm512_add_epi64(all(line * NumberLine::kSlots), places);
        _mm512_storeu_si512(found.slots + displaced, _mm512_maskz_compress_epi64(elsewhere, slots));
        _mm512_storeu_si512(found.ranks + displaced, _mm512_maskz_compress_epi64(elsewhere, rank));
        displaced += static_cast<unsigned>(__builtin_popcount(_cvtmask8_u32(elsewhere)));
    }
    found.numbers += numbers;
    found.filter_bits += bits;
    found.displaced = displaced;
    return line;
}

#undef RINGFENCE_TARGET

}  // namespace

const LineCheck kLineCheckAvx512 = {Isa::kAvx512, check};

}  // namespace ringfence::kernel
#endif
