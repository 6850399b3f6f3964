// fold_avx512.cpp - thirty-two units a step.
#include "src/kernel/fold_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>

#include "src/text/data/fold_data.hpp"

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,bmi2,popcnt")))

constexpr std::size_t kAtOnce = 32;

// All lanes of masked forms: the plain ones begin with a register of no value, at which GCC 12 warns.
constexpr __mmask16 kAll = 0xFFFF;

RINGFENCE_TARGET inline std::uint32_t in_range(__m512i units, unsigned first, unsigned last) {
    return _cvtmask32_u32(_mm512_cmple_epu16_mask(
        _mm512_sub_epi16(units, _mm512_set1_epi16(static_cast<short>(first))),
        _mm512_set1_epi16(static_cast<short>(last - first))));
}

RINGFENCE_TARGET inline __m512i offsets_from(std::size_t place) {
    const __m512i lane =
        _mm512_set_epi16(31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13,
                         12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    return _mm512_add_epi16(lane, _mm512_set1_epi16(static_cast<short>(place)));
}

RINGFENCE_TARGET std::size_t plain(const char16_t* source, std::size_t count, std::size_t place,
                                   char16_t* units, std::uint16_t* offsets) {
    const PlainUnits& table = plain_units();
    for (std::size_t at = 0; at < count; at += kAtOnce) {
        const std::size_t size = std::min(kAtOnce, count - at);
        const std::uint32_t inside = _bzhi_u32(UINT32_MAX, static_cast<unsigned>(size));
        const __mmask32 lanes = _cvtu32_mask32(inside);
        const __m512i text = _mm512_maskz_loadu_epi16(lanes, source + at);
        _mm512_mask_storeu_epi16(offsets + at, lanes, offsets_from(place + at));
        if (in_range(text, 0x20, 0x7E) == inside) {
            const __mmask32 capitals = _cvtu32_mask32(in_range(text, u'A', u'Z'));
            const __m512i small =
                _mm512_mask_add_epi16(text, capitals, text, _mm512_set1_epi16(u'a' - u'A'));
            _mm512_mask_storeu_epi16(units + at, lanes, small);
            continue;
        }
        const std::size_t run = look_up_plain(table, source + at, size, units + at);
        if (run != size) return at + run;
    }
    return count;
}

// Sixteen units or offsets, of which `lanes` may be read.
RINGFENCE_TARGET inline __m512i widened(const void* from, std::uint32_t lanes) {
    return _mm512_maskz_cvtepu16_epi32(
        kAll, _mm256_maskz_loadu_epi16(_cvtu32_mask16(lanes & 0xFFFFu), from));
}

// Those of sixteen units that stay in the dense view.
RINGFENCE_TARGET inline std::uint32_t looked_up(__m512i units) {
    const __m512i words =
        _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), kAll,
                                    _mm512_maskz_srli_epi32(kAll, units, 5), fold_data::kDense, 4);
    const __m512i bits =
        _mm512_maskz_srlv_epi32(kAll, words, _mm512_and_si512(units, _mm512_set1_epi32(31)));
    return _cvtmask16_u32(_mm512_test_epi32_mask(bits, _mm512_set1_epi32(1)));
}

// Those of the 32 units that stay: most are small letters, digits and Han, which do, or ASCII's other signs and Han
// punctuation, which do not. For any other the table is asked.
RINGFENCE_TARGET inline std::uint32_t staying(const char16_t* at, std::uint32_t inside) {
    const __m512i units = _mm512_maskz_loadu_epi16(_cvtu32_mask32(inside), at);
    const std::uint32_t stay =
        in_range(units, u'0', u'9') | in_range(units, u'a', u'z') | in_range(units, 0x4E00, 0x9FFF);
    const std::uint32_t known = stay | in_range(units, 0x20, 0x40) | in_range(units, 0x7B, 0x7E) |
                                in_range(units, 0x5B, 0x60) | in_range(units, 0x3008, 0x301F) |
                                in_range(units, 0x3001, 0x3002);
    if ((~known & inside) == 0) return stay & inside;
    return (looked_up(widened(at, inside)) | looked_up(widened(at + 16, inside >> 16u)) << 16u) &
           inside;
}

// Writes those of sixteen values that are chosen.
RINGFENCE_TARGET inline void store_chosen(__m512i values, std::uint32_t chosen, void* to) {
    _mm256_storeu_si256(
        static_cast<__m256i*>(to),
        _mm512_maskz_cvtepi32_epi16(
            kAll, _mm512_maskz_compress_epi32(_cvtu32_mask16(chosen & 0xFFFFu), values)));
}

RINGFENCE_TARGET std::size_t dense(const char16_t* units, const std::uint16_t* offsets,
                                   std::size_t count, char16_t* dense_units,
                                   std::uint16_t* dense_offsets) {
    std::size_t size = 0;
    for (std::size_t at = 0; at < count; at += kAtOnce) {
        const std::uint32_t inside =
            _bzhi_u32(UINT32_MAX, static_cast<unsigned>(std::min(kAtOnce, count - at)));
        std::uint32_t stay = staying(units + at, inside);
        for (std::size_t half = at; half < at + kAtOnce; half += kAtOnce / 2, stay >>= 16u) {
            const std::uint32_t lanes = inside >> (half - at);
            store_chosen(widened(units + half, lanes), stay, dense_units + size);
            store_chosen(widened(offsets + half, lanes), stay, dense_offsets + size);
            size += static_cast<unsigned>(__builtin_popcount(stay & 0xFFFFu));
        }
    }
    return size;
}

#undef RINGFENCE_TARGET

}  // namespace

const FoldKernel kFoldAvx512 = {Isa::kAvx512, plain, dense};

}  // namespace ringfence::kernel
#endif
