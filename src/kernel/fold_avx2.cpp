// fold_avx2.cpp - sixteen units a step.
#include "src/kernel/fold_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi,bmi2,popcnt")))

#include "src/kernel/unit_lookups.inl"

constexpr std::size_t kAtOnce = 16;

// For each choice of eight units the octets of those that stay, in a row.
using Rows = std::array<std::array<std::uint8_t, 16>, 256>;

constexpr Rows packing() {
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

alignas(64) constexpr Rows kPacking = packing();

// The deltas' lower octets, and their upper ones.
constexpr std::array<std::uint8_t, 16> octets_of_deltas(unsigned shift) {
    std::array<std::uint8_t, 16> octets{};
    for (std::size_t i = 0; i < octets.size(); ++i)
        octets[i] = static_cast<std::uint8_t>(kFoldDeltas[i] >> shift);
    return octets;
}

alignas(16) constexpr std::array<std::uint8_t, 16> kLowerDeltas = octets_of_deltas(0);
alignas(16) constexpr std::array<std::uint8_t, 16> kUpperDeltas = octets_of_deltas(8);

RINGFENCE_TARGET inline __m128i load_row(const std::array<std::uint8_t, 16>& row) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(row.data()));
}
RINGFENCE_TARGET inline void store(void* to, __m128i units) {
    _mm_storeu_si128(static_cast<__m128i*>(to), units);
}
RINGFENCE_TARGET inline void store(void* to, __m256i units) {
    _mm256_storeu_si256(static_cast<__m256i*>(to), units);
}

// A bit for each of sixteen kinds that has that bit.
RINGFENCE_TARGET inline unsigned with(__m128i kinds, unsigned bit) {
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_slli_epi16(kinds, 7 - __builtin_ctz(bit))));
}

RINGFENCE_TARGET inline __m128i upper_half(__m256i units) {
    return _mm256_extracti128_si256(units, 1);
}

struct Block {
    __m256i folded;
    __m128i kinds;
};

RINGFENCE_TARGET inline bool is_printable_ascii(__m256i text) {
    const __m256i printable =
        _mm256_max_epu16(_mm256_min_epu16(text, _mm256_set1_epi16(0x7E)), _mm256_set1_epi16(0x20));
    return _mm256_movemask_epi8(_mm256_cmpeq_epi16(printable, text)) == -1;
}

// Those of sixteen octets between two, all of them ASCII.
RINGFENCE_TARGET inline __m128i in_range(__m128i octets, char first, char last) {
    return _mm_andnot_si128(_mm_cmpgt_epi8(octets, _mm_set1_epi8(last)),
                            _mm_cmpgt_epi8(octets, _mm_set1_epi8(static_cast<char>(first - 1))));
}

// Of printable ASCII capitals alone fold, and letters and digits alone stay in the dense view.
RINGFENCE_TARGET inline Block fold_ascii(__m256i text) {
    const __m128i octets = _mm_packus_epi16(_mm256_castsi256_si128(text), upper_half(text));
    const __m128i small_bit = _mm_set1_epi8(u'a' - u'A');
    const __m128i letters = in_range(_mm_or_si128(octets, small_bit), 'a', 'z');
    const __m128i digits = in_range(octets, '0', '9');
    const __m128i small = _mm_or_si128(octets, _mm_and_si128(letters, small_bit));
    return {_mm256_cvtepu8_epi16(small),
            _mm_or_si128(_mm_and_si128(letters, _mm_set1_epi8(kInDense)),
                         _mm_and_si128(digits, _mm_set1_epi8(kInDense | kInNumber)))};
}

RINGFENCE_TARGET inline Block fold_any(const UnitKinds& kinds, const char16_t* units,
                                       __m256i text) {
    const __m128i found = kinds_of_sixteen(kinds, units);
    const __m128i places = _mm_and_si128(_mm_srli_epi16(found, kDeltaShift), _mm_set1_epi8(0x0F));
    const __m128i lower = _mm_shuffle_epi8(load_row(kLowerDeltas), places);
    const __m128i upper = _mm_shuffle_epi8(load_row(kUpperDeltas), places);
    const __m256i moves =
        _mm256_set_m128i(_mm_unpackhi_epi8(lower, upper), _mm_unpacklo_epi8(lower, upper));
    return {_mm256_add_epi16(text, moves), found};
}

RINGFENCE_TARGET inline __m256i places_from(std::size_t place) {
    return _mm256_add_epi16(_mm256_set_epi16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
                            _mm256_set1_epi16(static_cast<short>(place)));
}

// Folds the `special` ones of sixteen units one by one; gives how many stand before the first that ends the run.
RINGFENCE_TARGET inline std::size_t mend(const UnitKinds& kinds, const char16_t* units,
                                         unsigned special, __m256i& folded, bool& look_alikes) {
    const __m256i lane = places_from(0);
    for (; special != 0; special = _blsr_u32(special)) {
        const auto i = static_cast<unsigned>(__builtin_ctz(special));
        const std::uint8_t kind = kinds[units[i]];
        if (kind == kEnds) return i;
        look_alikes |= looks_latin(kind);
        folded =
            _mm256_blendv_epi8(folded, _mm256_set1_epi16(static_cast<short>(folded_unit(units[i]))),
                               _mm256_cmpeq_epi16(lane, _mm256_set1_epi16(static_cast<short>(i))));
    }
    return kAtOnce;
}

// numeral_beside() of sixteen kinds and the sixteen before them; of the last two, behind which nobody looks, whether they are
// numerals.
RINGFENCE_TARGET inline __m128i numerals_beside(__m128i earlier, __m128i kinds) {
    const __m128i before = _mm_alignr_epi8(kinds, earlier, 15);
    const __m128i first = _mm_alignr_epi8(kinds, earlier, 14);
    const __m128i both = _mm_and_si128(before, kinds);
    const __m128i apart =
        _mm_andnot_si128(_mm_add_epi8(before, before), _mm_and_si128(first, kinds));
    const __m128i last_two = _mm_srli_si128(kinds, 14);
    return _mm_or_si128(
        _mm_or_si128(_mm_and_si128(_mm_add_epi8(both, both), _mm_or_si128(before, kinds)),
                     _mm_and_si128(_mm_add_epi8(apart, apart), _mm_or_si128(first, kinds))),
        last_two);
}

// Appends those of eight units and offsets that are chosen.
RINGFENCE_TARGET inline void append_dense(FoldEnds& ends, __m128i units, __m128i offsets,
                                          unsigned chosen) {
    const __m128i row = load_row(kPacking[chosen]);
    store(ends.dense, _mm_shuffle_epi8(units, row));
    store(ends.dense_offsets, _mm_shuffle_epi8(offsets, row));
    const auto stayed = static_cast<unsigned>(__builtin_popcount(chosen));
    ends.dense += stayed;
    ends.dense_offsets += stayed;
}

RINGFENCE_TARGET inline void pad(char16_t* behind) {
    static_assert(kFoldSlack % kAtOnce == 0);
    for (std::size_t i = 0; i < kFoldSlack; i += kAtOnce) store(behind + i, _mm256_setzero_si256());
}

// What the steps of one run share.
struct Run {
    const UnitKinds& kinds;
    FoldEnds ends;
    __m128i beside;
    bool look_alikes;
};

// Folds sixteen units, of which the first `anew` stand in the views already; gives how many of them stand before the first that
// ends the run.
[[gnu::always_inline]] RINGFENCE_TARGET inline std::size_t step(Run& run, const char16_t* units,
                                                                __m256i places, std::size_t anew) {
    const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(units));
    FoldEnds& ends = run.ends;
    Block block;
    std::size_t end = kAtOnce;
    if (is_printable_ascii(text)) {
        block = fold_ascii(text);
    } else {
        block = fold_any(run.kinds, units, text);
        if (const unsigned special = with(block.kinds, kSpecial); special != 0) [[unlikely]]
            end = mend(run.kinds, units, special, block.folded, run.look_alikes);
        const auto* const earlier = reinterpret_cast<const __m128i*>(ends.kinds - anew - kAtOnce);
        run.beside =
            _mm_or_si128(run.beside, numerals_beside(_mm_loadu_si128(earlier), block.kinds));
    }
    store(ends.light - anew, block.folded);
    store(ends.offsets - anew, places);
    store(ends.kinds - anew, block.kinds);
    const unsigned inside = _bzhi_u32(UINT32_MAX, static_cast<unsigned>(end)) >> anew << anew;
    const unsigned dense = with(block.kinds, kInDense) & inside;
    append_dense(ends, _mm256_castsi256_si128(block.folded), _mm256_castsi256_si128(places),
                 dense & 0xFFu);
    append_dense(ends, upper_half(block.folded), upper_half(places), dense >> 8u);
    ends.light += end - anew;
    ends.offsets += end - anew;
    ends.kinds += end - anew;
    return end;
}

RINGFENCE_TARGET std::size_t plain(const UnitKinds& kinds, const char16_t* source,
                                   std::size_t count, std::size_t place, FoldedSoFar& views) {
    if (count < kAtOnce) return kFoldScalar.plain(kinds, source, count, place, views);
    Run run = {kinds,
               {views.units + views.size, views.offsets + views.size, views.kinds + views.size,
                views.dense_units + views.dense_size, views.dense_offsets + views.dense_size},
               _mm_setzero_si128(),
               false};
    __m256i places = places_from(place);
    std::size_t at = 0;
    std::size_t end = kAtOnce;
    for (; at + kAtOnce <= count && end == kAtOnce; at += end) {
        end = step(run, source + at, places, 0);
        places = _mm256_add_epi16(places, _mm256_set1_epi16(kAtOnce));
    }
    if (at < count && end == kAtOnce) {
        // The last step begins early, and folds anew what it passes over.
        const std::size_t begin = count - kAtOnce;
        at = begin + step(run, source + begin, places_from(place + begin), at - begin);
    }
    pad(run.ends.light);
    pad(run.ends.dense);
    views.size += at;
    views.dense_size = static_cast<std::size_t>(run.ends.dense - views.dense_units);
    views.look_alikes |= run.look_alikes;
    views.numeral_beside |= with(run.beside, kIsNumeral) != 0;
    return at;
}

#undef RINGFENCE_TARGET

}  // namespace

const FoldKernel kFoldAvx2 = {Isa::kAvx2, plain};

}  // namespace ringfence::kernel
#endif
