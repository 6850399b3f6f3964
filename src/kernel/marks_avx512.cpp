// marks_avx512.cpp - a word of marks from two registers of units, which become one of bytes.
#include "src/kernel/marks_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <iterator>
#include <string_view>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,bmi2,popcnt")))

struct Units {
    __m512i low, high;
};

RINGFENCE_TARGET inline Units load(const char16_t* at) {
    return {_mm512_loadu_si512(at), _mm512_loadu_si512(at + 32)};
}

using Plain = __m512i;

// Masked, since the plain form begins with a register of no value, at which GCC 12 warns.
RINGFENCE_TARGET inline Plain plain_of(const Units& units) {
    constexpr __mmask32 kAll = 0xFFFFFFFF;
    const __m256i low = _mm512_maskz_cvtusepi16_epi8(kAll, units.low);
    const __m256i high = _mm512_maskz_cvtusepi16_epi8(kAll, units.high);
    return _mm512_maskz_inserti64x4(0xFF, _mm512_castsi256_si512(low), high, 1);
}

struct Behind {
    Plain next, third;
};

// Out of the bytes that there are, and sixteen behind them.
RINGFENCE_TARGET inline Behind behind(Plain plain, const char16_t* at) {
    const __m256i more = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 64));
    const __m512i rest = _mm512_zextsi128_si512(_mm256_maskz_cvtusepi16_epi8(0xFFFF, more));
    const __m512i ahead = _mm512_maskz_alignr_epi64(0xFF, rest, plain, 2);  // by sixteen bytes
    return {_mm512_alignr_epi8(ahead, plain, 1), _mm512_alignr_epi8(ahead, plain, 2)};
}

// Into a general register at once: GCC would work on with masks, and move them to and fro.
RINGFENCE_TARGET inline std::uint64_t bits_of(__mmask64 mask) {
    std::uint64_t bits = _cvtmask64_u64(mask);
    asm("" : "+r"(bits));
    return bits;
}

RINGFENCE_TARGET inline std::uint64_t beyond(Plain plain) {
    return bits_of(_mm512_movepi8_mask(plain));
}

RINGFENCE_TARGET inline std::uint64_t equal(Plain plain, char unit) {
    return bits_of(_mm512_cmpeq_epi8_mask(plain, _mm512_set1_epi8(unit)));
}

RINGFENCE_TARGET inline std::uint64_t in_range(Plain plain, char first, char last) {
    return bits_of(_mm512_cmple_epu8_mask(_mm512_sub_epi8(plain, _mm512_set1_epi8(first)),
                                          _mm512_set1_epi8(static_cast<char>(last - first))));
}

struct Halves {
    __m512i low, high;
};

RINGFENCE_TARGET inline Halves halves_of(Plain plain) {
    const __m512i half = _mm512_set1_epi8(0x0F);
    return {_mm512_and_si512(plain, half), _mm512_and_si512(_mm512_srli_epi16(plain, 4), half)};
}

RINGFENCE_TARGET inline __m512i looked_up(const std::array<std::uint8_t, 16>& table, __m512i half) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data()));
    return _mm512_shuffle_epi8(_mm512_maskz_broadcast_i32x4(0xFFFF, bytes), half);
}

template <class Set>
RINGFENCE_TARGET inline std::uint64_t in_set(const Halves& parts, const Set& set) {
    constexpr std::array<std::uint8_t, 16> kRowBits = {1, 2, 4, 8, 16, 32, 64, 128};
    return bits_of(
        _mm512_test_epi8_mask(looked_up(set.rows, parts.low), looked_up(kRowBits, parts.high)));
}

template <class Threes>
RINGFENCE_TARGET inline std::uint64_t in_threes(const Halves& parts, const Halves& next,
                                                const Halves& third, const Threes& threes) {
    const __m512i first = _mm512_and_si512(looked_up(threes.first_low, parts.low),
                                           looked_up(threes.first_high, parts.high));
    const __m512i second = _mm512_and_si512(looked_up(threes.next_low, next.low),
                                            looked_up(threes.next_high, next.high));
    const __m512i last = _mm512_and_si512(looked_up(threes.third_low, third.low),
                                          looked_up(threes.third_high, third.high));
    return bits_of(_mm512_test_epi8_mask(_mm512_and_si512(first, second), last));
}

// What units beyond ASCII mean, in a table of 32 without a collision: the product's five highest bits are the place.
enum : std::uint16_t { kIsName = 1, kIsDot = 2, kIsJoint = 4, kFollows = 8 };

struct RareTable {
    static constexpr std::size_t kPlaces = 32;
    std::uint16_t factor = 0;
    std::array<char16_t, kPlaces>
        units{};  // zero where there is none: zero lies at place 0 and means nothing
    std::array<std::uint16_t, kPlaces> meanings{};

    constexpr bool put(char16_t unit, std::uint16_t meaning) {
        const std::size_t place = (static_cast<unsigned>(unit) * factor & 0xFFFFu) >> 11u;
        if (units[place] != 0 && units[place] != unit) return false;
        units[place] = unit;
        meanings[place] = static_cast<std::uint16_t>(meanings[place] | meaning);
        return true;
    }
    constexpr bool fill() {
        bool fits = put(kIdeographicStop, kIsDot);
        for (const char16_t unit : kOtherJoints) fits = fits && put(unit, kIsJoint);
        for (const char16_t unit : kHanNameFirsts) fits = fits && put(unit, kIsName);
        for (const char16_t unit : kHanNameNexts) fits = fits && put(unit, kFollows);
        return fits && put(kMiddleDot, kFollows);
    }
};

// The factor was found by trying one after the other, and has to be again for other units.
constexpr RareTable kRare = [] {
    RareTable table;
    table.factor = 8769;
    if (!table.fill()) table.factor = 0;
    return table;
}();
static_assert(kRare.factor != 0);

struct Rare {
    std::uint64_t letters, dots, joints, names, follow;
};

RINGFENCE_TARGET inline __m512i words_at(const void* table) { return _mm512_loadu_si512(table); }
RINGFENCE_TARGET inline __m512i every(unsigned word) {
    return _mm512_set1_epi16(static_cast<short>(word));
}

// The meanings of 32 units as bytes.
RINGFENCE_TARGET inline __m256i meanings_of(__m512i units) {
    const __m512i place = _mm512_srli_epi16(_mm512_mullo_epi16(units, every(kRare.factor)), 11);
    const __mmask32 known = _mm512_cmpeq_epi16_mask(
        _mm512_permutexvar_epi16(place, words_at(kRare.units.data())), units);
    const __m512i meanings =
        _mm512_maskz_permutexvar_epi16(known, place, words_at(kRare.meanings.data()));
    return _mm512_maskz_cvtepi16_epi8(0xFFFFFFFF, meanings);
}

RINGFENCE_TARGET inline __mmask32 between(__m512i units, char16_t first, char16_t last) {
    return _mm512_cmple_epu16_mask(_mm512_sub_epi16(units, every(first)),
                                   every(static_cast<unsigned>(last - first)));
}

// The two signs in their range differ in one bit.
static_assert((kTimes | 0x20) == kDivided);
RINGFENCE_TARGET inline __mmask32 letters_of(__m512i units) {
    return _mm512_mask_cmpneq_epi16_mask(between(units, kFirstLabelLetter, kLastLabelLetter),
                                         _mm512_or_si512(units, every(0x20)), every(kDivided));
}

RINGFENCE_TARGET inline std::uint64_t both(__mmask32 low, __mmask32 high) {
    return std::uint64_t{_cvtmask32_u32(high)} << 32 | _cvtmask32_u32(low);
}

RINGFENCE_TARGET inline std::uint64_t meant(__m512i meanings, unsigned meaning) {
    return bits_of(_mm512_test_epi8_mask(meanings, _mm512_set1_epi8(static_cast<char>(meaning))));
}

RINGFENCE_TARGET inline Rare rare_of(const Units& units) {
    const __m512i meanings = _mm512_maskz_inserti64x4(
        0xFF, _mm512_castsi256_si512(meanings_of(units.low)), meanings_of(units.high), 1);
    return {both(letters_of(units.low), letters_of(units.high)), meant(meanings, kIsDot),
            meant(meanings, kIsJoint), meant(meanings, kIsName),
            meant(meanings, kFollows) | both(between(units.low, kFirstHanSign, kLastHanSign),
                                             between(units.high, kFirstHanSign, kLastHanSign))};
}

#include "src/kernel/marks_words.inl"

#undef RINGFENCE_TARGET

}  // namespace

const MarksKernel kMarksAvx512 = {Isa::kAvx512, mark};

}  // namespace ringfence::kernel
#endif
