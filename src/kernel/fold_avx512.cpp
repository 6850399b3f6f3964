// fold_avx512.cpp - thirty-two units a step.
#include "src/kernel/fold_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET \
    __attribute__((      \
        target("avx512f,avx512dq,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

#include "src/kernel/unit_lookups.inl"

constexpr std::size_t kAtOnce = 32;

// All lanes of masked forms: the plain ones begin with a register of no value, at which GCC 12 warns.
constexpr __mmask32 kAll = 0xFFFF'FFFF;

RINGFENCE_TARGET inline std::uint32_t first_lanes(std::size_t count) {
    return _bzhi_u32(UINT32_MAX, static_cast<unsigned>(count));
}

// Those of 32 kinds that have a bit of `bits`.
RINGFENCE_TARGET inline std::uint32_t with(__m256i kinds, unsigned bits) {
    return _cvtmask32_u32(_mm256_test_epi8_mask(kinds, _mm256_set1_epi8(static_cast<char>(bits))));
}

// Those of 32 kinds that are that one.
RINGFENCE_TARGET inline std::uint32_t equal(__m256i kinds, unsigned kind) {
    return _cvtmask32_u32(_mm256_cmpeq_epi8_mask(kinds, _mm256_set1_epi8(static_cast<char>(kind))));
}

RINGFENCE_TARGET inline __m256i lower_half(__m512i octets) {
    return _mm512_maskz_extracti64x4_epi64(0xFF, octets, 0);
}

RINGFENCE_TARGET inline __m512i load(const void* from) { return _mm512_loadu_si512(from); }
RINGFENCE_TARGET inline void store(void* to, __m512i units) { _mm512_storeu_si512(to, units); }

// By way of a register: packed straight to memory is slow on Zen 4.
RINGFENCE_TARGET inline void store_packed(void* to, std::uint32_t chosen, __m512i units) {
    store(to, _mm512_maskz_compress_epi16(_cvtu32_mask32(chosen), units));
}

RINGFENCE_TARGET inline __m256i looked_up(const UnitKinds& kinds, const char16_t* units,
                                          std::size_t count) {
    const __m256i first = _mm256_zextsi128_si256(kinds_of_sixteen(kinds, units));
    if (count <= kAtOnce / 2) return first;
    return _mm256_inserti128_si256(first, kinds_of_sixteen(kinds, units + kAtOnce / 2), 1);
}

// Places in 64 kinds: of those one and two before the second 32.
constexpr std::array<std::uint8_t, kAtOnce> places_before(unsigned distance) {
    std::array<std::uint8_t, kAtOnce> places{};
    for (unsigned i = 0; i < kAtOnce; ++i)
        places[i] = static_cast<std::uint8_t>(kAtOnce + i - distance);
    return places;
}
alignas(32) constexpr auto kOneBefore = places_before(1), kTwoBefore = places_before(2);

RINGFENCE_TARGET inline __m256i load_half(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

struct Block {
    __m512i text, folded;
    __m256i kinds;
    bool is_ascii;  // so that no numeral is in it
};

struct Constants {
    __m512i ascii_first, ascii_second, deltas;
    __m256i one_before, two_before;
};

// numeral_beside() of 32 kinds and the 32 before them.
RINGFENCE_TARGET inline __m256i numerals_beside(const Constants& constants, __m256i earlier,
                                                __m256i kinds) {
    const __m256i before = _mm256_permutex2var_epi8(earlier, constants.one_before, kinds);
    const __m256i first = _mm256_permutex2var_epi8(earlier, constants.two_before, kinds);
    const __m256i both = _mm256_and_si256(before, kinds);
    const __m256i apart =
        _mm256_andnot_si256(_mm256_add_epi8(before, before), _mm256_and_si256(first, kinds));
    return _mm256_or_si256(
        _mm256_and_si256(_mm256_add_epi8(both, both), _mm256_or_si256(before, kinds)),
        _mm256_and_si256(_mm256_add_epi8(apart, apart), _mm256_or_si256(first, kinds)));
}

RINGFENCE_TARGET inline Block fold_block(const Constants& constants, const UnitKinds& kinds,
                                         __m512i text, const char16_t* units, std::size_t count) {
    __m256i found;
    const bool is_ascii =
        _mm512_test_epi16_mask(text, _mm512_set1_epi16(static_cast<short>(0xFF80))) == 0;
    if (is_ascii) {
        const __m512i places = _mm512_castsi256_si512(_mm512_maskz_cvtepi16_epi8(kAll, text));
        found = lower_half(
            _mm512_permutex2var_epi8(constants.ascii_first, places, constants.ascii_second));
    } else {
        found = looked_up(kinds, units, count);
    }
    const __m512i moves = _mm512_permutexvar_epi16(
        _mm512_srli_epi16(_mm512_cvtepu8_epi16(found), kDeltaShift), constants.deltas);
    return {text, _mm512_add_epi16(text, moves), found, is_ascii};
}

// Folds the `special` ones of `count` units one by one; gives how many stand before the first that ends the run.
RINGFENCE_TARGET inline std::size_t mend(Block& block, const char16_t* units, std::size_t count,
                                         std::uint32_t special, bool& look_alikes) {
    const std::uint32_t ends = special & equal(block.kinds, kEnds);
    if (ends != 0) count = static_cast<unsigned>(__builtin_ctz(ends));
    special &= first_lanes(count);
    const __m256i upper =
        _mm256_and_si256(block.kinds, _mm256_set1_epi8(static_cast<char>(kWhichSpecial)));
    look_alikes |= (special & equal(upper, kLooks)) != 0;
    for (; special != 0; special = _blsr_u32(special)) {
        const auto lane = static_cast<unsigned>(__builtin_ctz(special));
        block.folded =
            _mm512_mask_set1_epi16(block.folded, _cvtu32_mask32(std::uint32_t{1} << lane),
                                   static_cast<short>(folded_unit(units[lane])));
    }
    return count;
}

RINGFENCE_TARGET inline void append(FoldEnds& ends, const Block& block, __m512i places,
                                    std::uint32_t dense, std::size_t count) {
    store(ends.light, block.folded);
    store(ends.offsets, places);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(ends.kinds), block.kinds);
    store_packed(ends.dense, dense, block.folded);
    store_packed(ends.dense_offsets, dense, places);
    const auto stayed = static_cast<unsigned>(__builtin_popcount(dense));
    ends.light += count;
    ends.offsets += count;
    ends.kinds += count;
    ends.dense += stayed;
    ends.dense_offsets += stayed;
}

RINGFENCE_TARGET inline void pad(char16_t* behind) {
    static_assert(kFoldSlack == 2 * kAtOnce);
    store(behind, _mm512_setzero_si512());
    store(behind + kAtOnce, _mm512_setzero_si512());
}

RINGFENCE_TARGET std::size_t plain(const UnitKinds& kinds, const char16_t* source,
                                   std::size_t count, std::size_t place, FoldedSoFar& views) {
    const Constants constants = {load(kinds.data()), load(kinds.data() + 64),
                                 _mm512_castsi256_si512(_mm256_loadu_si256(
                                     reinterpret_cast<const __m256i*>(kFoldDeltas.data()))),
                                 load_half(kOneBefore.data()), load_half(kTwoBefore.data())};
    __m512i places = _mm512_add_epi16(
        _mm512_set_epi16(31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13,
                         12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
        _mm512_set1_epi16(static_cast<short>(place)));
    FoldEnds ends = {views.units + views.size, views.offsets + views.size, views.kinds + views.size,
                     views.dense_units + views.dense_size, views.dense_offsets + views.dense_size};
    __m256i beside = _mm256_setzero_si256();
    __m256i earlier = load_half(ends.kinds - kAtOnce);
    bool was_ascii = views.size == 0;
    std::size_t at = 0;
    std::uint32_t special = 0;
    Block block;
    for (; at + kAtOnce <= count; at += kAtOnce) {
        block = fold_block(constants, kinds, load(source + at), source + at, kAtOnce);
        special = with(block.kinds, kSpecial);
        if (special != 0) {
            if (mend(block, source + at, kAtOnce, special, views.look_alikes) < kAtOnce) break;
            special = 0;
        }
        if (!(was_ascii & block.is_ascii))
            beside = _mm256_or_si256(beside, numerals_beside(constants, earlier, block.kinds));
        was_ascii = block.is_ascii;
        earlier = block.kinds;
        append(ends, block, places, with(block.kinds, kInDense), kAtOnce);
        places = _mm512_add_epi16(places, _mm512_set1_epi16(kAtOnce));
    }
    // What is left, or stands before the unit that ends the run.
    if (const std::size_t size = std::min(kAtOnce, count - at); size != 0) {
        alignas(64) char16_t units[kAtOnce];
        const __m512i text =
            _mm512_maskz_loadu_epi16(_cvtu32_mask32(first_lanes(size)), source + at);
        store(units, text);
        block = fold_block(constants, kinds, text, units, size);
        special = with(block.kinds, kSpecial) & first_lanes(size);
        const std::size_t run =
            special == 0 ? size : mend(block, units, size, special, views.look_alikes);
        block.kinds = _mm256_maskz_mov_epi8(_cvtu32_mask32(first_lanes(run)), block.kinds);
        if (!(was_ascii & block.is_ascii))
            beside = _mm256_or_si256(beside, numerals_beside(constants, earlier, block.kinds));
        append(ends, block, places, with(block.kinds, kInDense), run);
        at += run;
    }
    pad(ends.light);
    pad(ends.dense);
    views.size += at;
    views.dense_size = static_cast<std::size_t>(ends.dense - views.dense_units);
    views.numeral_beside |= with(beside, kIsNumeral) != 0;
    return at;
}

#undef RINGFENCE_TARGET

}  // namespace

const FoldKernel kFoldAvx512 = {Isa::kAvx512, plain};

}  // namespace ringfence::kernel
#endif
