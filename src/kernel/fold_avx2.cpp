// fold_avx2.cpp - sixteen units a step.
#include "src/kernel/fold_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <array>

#include "src/text/data/fold_data.hpp"

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2,popcnt")))

constexpr std::size_t kAtOnce = 16, kHalf = 8;

#include "src/kernel/unit_tests_avx2.inl"

// Ones in those of sixteen units that lie in the range.
RINGFENCE_TARGET inline __m256i in_range(__m256i units, unsigned first, unsigned last) {
    return between(units, _mm256_set1_epi16(static_cast<short>(first)),
                   _mm256_set1_epi16(static_cast<short>(last)));
}

// A bit for each of sixteen units that is all ones.
RINGFENCE_TARGET inline unsigned bits_of(__m256i units) {
    const __m128i bytes =
        _mm_packs_epi16(_mm256_castsi256_si128(units), _mm256_extracti128_si256(units, 1));
    return static_cast<unsigned>(_mm_movemask_epi8(bytes));
}

RINGFENCE_TARGET inline __m256i load(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

RINGFENCE_TARGET std::size_t plain(const char16_t* source, std::size_t count, std::size_t place,
                                   char16_t* units, std::uint16_t* offsets) {
    const PlainUnits& table = plain_units();
    const __m256i lane = _mm256_set_epi16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    std::size_t at = 0;
    for (; at + kAtOnce <= count; at += kAtOnce) {
        const __m256i text = load(source + at);
        _mm256_storeu_si256(
            reinterpret_cast<__m256i*>(offsets + at),
            _mm256_add_epi16(lane, _mm256_set1_epi16(static_cast<short>(place + at))));
        if (bits_of(in_range(text, 0x20, 0x7E)) == 0xFFFFu) {
            const __m256i capitals = in_range(text, u'A', u'Z');
            const __m256i small =
                _mm256_add_epi16(text, _mm256_and_si256(capitals, _mm256_set1_epi16(u'a' - u'A')));
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(units + at), small);
            continue;
        }
        const std::size_t run = look_up_plain(table, source + at, kAtOnce, units + at);
        if (run != kAtOnce) return at + run;
    }
    return at + kFoldScalar.plain(source + at, count - at, place + at, units + at, offsets + at);
}

// For each choice of eight units the octets of those that stay, in a row.
using Rows = std::array<std::array<std::uint8_t, 16>, 256>;

constexpr Rows compressing() {
    Rows rows{};
    for (unsigned choice = 0; choice < rows.size(); ++choice) {
        std::size_t size = 0;
        for (unsigned unit = 0; unit < 8; ++unit) {
            if ((choice >> unit & 1u) == 0) continue;
            rows[choice][size++] = static_cast<std::uint8_t>(2 * unit);
            rows[choice][size++] = static_cast<std::uint8_t>(2 * unit + 1);
        }
        while (size < 16) rows[choice][size++] = 0x80;
    }
    return rows;
}

alignas(64) constexpr Rows kCompressing = compressing();

RINGFENCE_TARGET inline void store_chosen(const void* from, unsigned choice, void* to) {
    const __m128i row =
        _mm_load_si128(reinterpret_cast<const __m128i*>(kCompressing[choice].data()));
    _mm_storeu_si128(static_cast<__m128i*>(to),
                     _mm_shuffle_epi8(_mm_loadu_si128(static_cast<const __m128i*>(from)), row));
}

// Those of eight units that stay in the dense view.
RINGFENCE_TARGET inline unsigned looked_up(const char16_t* units) {
    const __m256i wide =
        _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(units)));
    const __m256i words = _mm256_i32gather_epi32(reinterpret_cast<const int*>(fold_data::kDense),
                                                 _mm256_srli_epi32(wide, 5), 4);
    const __m256i bits = _mm256_srlv_epi32(words, _mm256_and_si256(wide, _mm256_set1_epi32(31)));
    return static_cast<unsigned>(
        _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_slli_epi32(bits, 31))));
}

// Those of sixteen units that stay: most are small letters, digits and Han, which do, or ASCII's other signs and Han
// punctuation, which do not. For any other the table is asked.
RINGFENCE_TARGET inline unsigned staying(const char16_t* at) {
    const __m256i units = load(at);
    const __m256i stay =
        _mm256_or_si256(_mm256_or_si256(in_range(units, u'0', u'9'), in_range(units, u'a', u'z')),
                        in_range(units, 0x4E00, 0x9FFF));
    const __m256i ascii =
        _mm256_andnot_si256(in_range(units, u'A', u'Z'), in_range(units, 0x20, 0x7E));
    const __m256i signs =
        _mm256_or_si256(in_range(units, 0x3001, 0x3002), in_range(units, 0x3008, 0x301F));
    const __m256i known = _mm256_or_si256(_mm256_or_si256(stay, ascii), signs);
    if (bits_of(known) == 0xFFFFu) return bits_of(stay);
    return looked_up(at) | looked_up(at + kHalf) << kHalf;
}

RINGFENCE_TARGET std::size_t dense(const char16_t* units, const std::uint16_t* offsets,
                                   std::size_t count, char16_t* dense_units,
                                   std::uint16_t* dense_offsets) {
    std::size_t size = 0;
    std::size_t at = 0;
    for (; at + kAtOnce <= count; at += kAtOnce) {
        const unsigned stay = staying(units + at);
        for (std::size_t half = at; half < at + kAtOnce; half += kHalf) {
            const unsigned chosen = stay >> (half - at) & 0xFFu;
            store_chosen(units + half, chosen, dense_units + size);
            store_chosen(offsets + half, chosen, dense_offsets + size);
            size += static_cast<unsigned>(__builtin_popcount(chosen));
        }
    }
    return size + kFoldScalar.dense(units + at, offsets + at, count - at, dense_units + size,
                                    dense_offsets + size);
}

#undef RINGFENCE_TARGET

}  // namespace

const FoldKernel kFoldAvx2 = {Isa::kAvx2, plain, dense};

}  // namespace ringfence::kernel
#endif
