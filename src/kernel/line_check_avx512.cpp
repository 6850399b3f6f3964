// line_check_avx512.cpp - a line as one vector.
#include "src/kernel/line_check.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include "src/kernel/rank_hash_avx512.hpp"

namespace ringfence::kernel {
namespace {

using namespace avx512;

// Whether lanes that hold a rank have one in common: each is compared with those one to four places on, round the end.
RINGFENCE_AVX512 inline unsigned twice(__m512i rank, __mmask8 held) {
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
    const RankHash hash(bounds.seed, bounds.line_count);
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
        const __m512i home = hash.line(hash.first(rank));
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

}  // namespace

const LineCheck kLineCheckAvx512 = {Isa::kAvx512, check};

}  // namespace ringfence::kernel
#endif
