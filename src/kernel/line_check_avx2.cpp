// line_check_avx2.cpp - a line as two vectors of four words.
#include "src/kernel/line_check.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2,popcnt"), always_inline))

RINGFENCE_TARGET inline __m256i all(std::uint64_t word) {
    return _mm256_set1_epi64x(static_cast<long long>(word));
}
RINGFENCE_TARGET inline __m256i high_half(__m256i words) { return _mm256_srli_epi64(words, 32); }
// A bit a lane, of lanes that are all ones or all zeros.
RINGFENCE_TARGET inline unsigned mask_of(__m256i lanes) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(lanes)));
}
RINGFENCE_TARGET inline unsigned zero_lanes(__m256i words) {
    return mask_of(_mm256_cmpeq_epi64(words, _mm256_setzero_si256()));
}

// NumberChain::first: mix(spread ^ spread >> 32, seed) with both halves of its product.
RINGFENCE_TARGET inline __m256i hash_of(__m256i rank, __m256i seed, __m256i factor,
                                        __m256i factor_high) {
    const __m256i across = _mm256_add_epi64(_mm256_mul_epu32(high_half(rank), all(kRankSpread)),
                                            _mm256_mul_epu32(rank, all(kRankSpread >> 32u)));
    const __m256i spread =
        _mm256_add_epi64(_mm256_mul_epu32(rank, all(kRankSpread)), _mm256_slli_epi64(across, 32));
    const __m256i word = _mm256_xor_si256(_mm256_xor_si256(spread, high_half(spread)), seed);
    const __m256i word_high = high_half(word);
    const __m256i low_low = _mm256_mul_epu32(word, factor);
    const __m256i low_high = _mm256_mul_epu32(word, factor_high);
    const __m256i high_low = _mm256_mul_epu32(word_high, factor);
    const __m256i high_high = _mm256_mul_epu32(word_high, factor_high);
    const __m256i half = all(0xFFFFFFFFu);
    const __m256i carry = _mm256_add_epi64(high_low, high_half(low_low));
    const __m256i middle = _mm256_add_epi64(low_high, _mm256_and_si256(carry, half));
    const __m256i high =
        _mm256_add_epi64(high_high, _mm256_add_epi64(high_half(carry), high_half(middle)));
    const __m256i low =
        _mm256_or_si256(_mm256_slli_epi64(middle, 32), _mm256_and_si256(low_low, half));
    return _mm256_xor_si256(low, high);
}

// Lanes of the one that are also in the other, in any order.
RINGFENCE_TARGET inline __m256i in_common(__m256i a, __m256i b) {
    const __m256i turned = _mm256_permute4x64_epi64(b, 0x39);
    const __m256i swapped = _mm256_permute4x64_epi64(b, 0x4E);
    const __m256i back = _mm256_permute4x64_epi64(b, 0x93);
    return _mm256_or_si256(
        _mm256_or_si256(_mm256_cmpeq_epi64(a, b), _mm256_cmpeq_epi64(a, turned)),
        _mm256_or_si256(_mm256_cmpeq_epi64(a, swapped), _mm256_cmpeq_epi64(a, back)));
}
// Lanes that are there once more among the four.
RINGFENCE_TARGET inline __m256i once_more(__m256i a) {
    return _mm256_or_si256(_mm256_cmpeq_epi64(a, _mm256_permute4x64_epi64(a, 0x39)),
                           _mm256_cmpeq_epi64(a, _mm256_permute4x64_epi64(a, 0x4E)));
}

__attribute__((target("avx2,bmi2,popcnt"))) std::uint64_t check(const NumberLine* lines,
                                                                std::uint64_t first,
                                                                std::uint64_t end,
                                                                const LineBounds& bounds,
                                                                LineFindings& found) {
    // A line is chosen by 32 bits of the hash at a time; a larger table is for the scalar form.
    if (bounds.line_count > UINT32_MAX)
        return kLineCheckScalar.check(lines, first, end, bounds, found);
    const __m256i seed = all(bounds.seed);
    const std::uint64_t odd = mix_factor(bounds.seed);
    const __m256i factor = all(odd);
    const __m256i factor_high = all(odd >> 32u);
    const __m256i line_count = all(bounds.line_count);
    // Ranks have 50 bits and payloads 13: signed comparisons do.
    const __m256i rank_last = all(kRankEnd - 1);
    const __m256i narrow_sets = all(bounds.narrow_sets);
    const __m256i payload_mask = all(NumberSlot::kPayloadMask);
    constexpr int kToSign = 63 - static_cast<int>(kPayloadBits);
    for (std::uint64_t line = first; line < end; ++line) {
        const auto* halves = reinterpret_cast<const __m256i*>(lines + line);
        const __m256i words[2] = {_mm256_load_si256(halves), _mm256_load_si256(halves + 1)};
        __m256i rank[2];
        unsigned held = 0;
        unsigned bad = 0;
        unsigned filter = 0;
        for (unsigned i = 0; i < 2; ++i) {
            rank[i] = _mm256_srli_epi64(words[i], NumberSlot::kRankShift);
            const __m256i payload = _mm256_and_si256(words[i], payload_mask);
            const unsigned free = zero_lanes(rank[i]);
            held |= (free ^ 15u) << 4 * i;
            bad |= (free ^ zero_lanes(payload)) |
                   mask_of(_mm256_or_si256(_mm256_cmpgt_epi64(rank[i], rank_last),
                                           _mm256_cmpgt_epi64(payload, narrow_sets)));
            filter |= mask_of(_mm256_slli_epi64(words[i], kToSign)) << 4 * i;
        }
        const unsigned twice =
            mask_of(_mm256_or_si256(once_more(rank[0]), in_common(rank[0], rank[1]))) |
            mask_of(once_more(rank[1])) << 4;
        if (__builtin_expect((bad | (twice & held)) != 0, 0)) return line;
        unsigned elsewhere = 0;
        for (unsigned i = 0; i < 2; ++i) {
            const __m256i hash = hash_of(rank[i], seed, factor, factor_high);
            // (hash * line_count) >> 64
            const __m256i home =
                high_half(_mm256_add_epi64(_mm256_mul_epu32(high_half(hash), line_count),
                                           high_half(_mm256_mul_epu32(hash, line_count))));
            elsewhere |= (mask_of(_mm256_cmpeq_epi64(home, all(line))) ^ 15u) << 4 * i;
        }
        found.numbers += static_cast<unsigned>(__builtin_popcount(held));
        found.filter_bits += static_cast<unsigned>(__builtin_popcount(filter));
        for (elsewhere &= held; elsewhere != 0; elsewhere &= elsewhere - 1) {
            const auto slot = static_cast<unsigned>(__builtin_ctz(elsewhere));
            // relaxed: nobody writes.
            const std::uint64_t word = lines[line].slots[slot].load(std::memory_order_relaxed);
            found.slots[found.displaced] = line * NumberLine::kSlots + slot;
            found.ranks[found.displaced++] = NumberSlot::rank(word);
        }
    }
    return end;
}

#undef RINGFENCE_TARGET

}  // namespace

const LineCheck kLineCheckAvx2 = {Isa::kAvx2, check};

}  // namespace ringfence::kernel
#endif
