// marks_avx2.cpp - a word of marks from four registers of units, which become two of bytes.
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

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2,popcnt")))

#include "src/kernel/unit_tests_avx2.inl"

struct Units {
    __m256i part[4];
};

RINGFENCE_TARGET inline Units load(const char16_t* at) {
    const auto* from = reinterpret_cast<const __m256i*>(at);
    return {{_mm256_loadu_si256(from), _mm256_loadu_si256(from + 1), _mm256_loadu_si256(from + 2),
             _mm256_loadu_si256(from + 3)}};
}

struct Plain {
    __m256i low, high;
};

// Packing takes units for signed ones.
RINGFENCE_TARGET inline __m256i bytes_of(__m256i first, __m256i second) {
    const __m256i most = _mm256_set1_epi16(0xFF);
    const __m256i bytes =
        _mm256_packus_epi16(_mm256_min_epu16(first, most), _mm256_min_epu16(second, most));
    return _mm256_permute4x64_epi64(bytes, 0b11011000);
}

RINGFENCE_TARGET inline Plain plain_of(const Units& units) {
    return {bytes_of(units.part[0], units.part[1]), bytes_of(units.part[2], units.part[3])};
}

struct Behind {
    Plain next, third;
};

RINGFENCE_TARGET inline Behind behind(const Plain&, const char16_t* at) {
    return {plain_of(load(at + 1)), plain_of(load(at + 2))};
}

RINGFENCE_TARGET inline std::uint64_t signs_of(__m256i low, __m256i high) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high)))
               << 32 |
           static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
}

RINGFENCE_TARGET inline std::uint64_t beyond(const Plain& plain) {
    return signs_of(plain.low, plain.high);
}

RINGFENCE_TARGET inline std::uint64_t equal(const Plain& plain, char unit) {
    const __m256i wanted = _mm256_set1_epi8(unit);
    return signs_of(_mm256_cmpeq_epi8(plain.low, wanted), _mm256_cmpeq_epi8(plain.high, wanted));
}

RINGFENCE_TARGET inline std::uint64_t in_range(const Plain& plain, char first, char last) {
    const __m256i least = _mm256_set1_epi8(first);
    const __m256i width = _mm256_set1_epi8(static_cast<char>(last - first));
    const __m256i low = _mm256_sub_epi8(plain.low, least);
    const __m256i high = _mm256_sub_epi8(plain.high, least);
    return signs_of(_mm256_cmpeq_epi8(_mm256_min_epu8(low, width), low),
                    _mm256_cmpeq_epi8(_mm256_min_epu8(high, width), high));
}

struct Halves {
    Plain low, high;
};

RINGFENCE_TARGET inline Halves halves_of(const Plain& plain) {
    const __m256i half = _mm256_set1_epi8(0x0F);
    return {{_mm256_and_si256(plain.low, half), _mm256_and_si256(plain.high, half)},
            {_mm256_and_si256(_mm256_srli_epi16(plain.low, 4), half),
             _mm256_and_si256(_mm256_srli_epi16(plain.high, 4), half)}};
}

RINGFENCE_TARGET inline Plain looked_up(const std::array<std::uint8_t, 16>& table,
                                        const Plain& half) {
    const __m256i bytes = _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(table.data())));
    return {_mm256_shuffle_epi8(bytes, half.low), _mm256_shuffle_epi8(bytes, half.high)};
}

RINGFENCE_TARGET inline Plain both(const Plain& a, const Plain& b) {
    return {_mm256_and_si256(a.low, b.low), _mm256_and_si256(a.high, b.high)};
}

RINGFENCE_TARGET inline std::uint64_t not_zero(const Plain& plain) {
    const __m256i none = _mm256_setzero_si256();
    return ~signs_of(_mm256_cmpeq_epi8(plain.low, none), _mm256_cmpeq_epi8(plain.high, none));
}

template <class Set>
RINGFENCE_TARGET inline std::uint64_t in_set(const Halves& parts, const Set& set) {
    constexpr std::array<std::uint8_t, 16> kRowBits = {1, 2, 4, 8, 16, 32, 64, 128};
    return not_zero(both(looked_up(set.rows, parts.low), looked_up(kRowBits, parts.high)));
}

template <class Threes>
RINGFENCE_TARGET inline std::uint64_t in_threes(const Halves& parts, const Halves& next,
                                                const Halves& third, const Threes& threes) {
    const Plain first =
        both(looked_up(threes.first_low, parts.low), looked_up(threes.first_high, parts.high));
    const Plain second =
        both(looked_up(threes.next_low, next.low), looked_up(threes.next_high, next.high));
    const Plain last =
        both(looked_up(threes.third_low, third.low), looked_up(threes.third_high, third.high));
    return not_zero(both(both(first, second), last));
}

struct Rare {
    std::uint64_t letters, dots, joints, names, follow;
};

template <std::size_t kCount>
RINGFENCE_TARGET inline __m256i any_of(__m256i units, const char16_t (&wanted)[kCount]) {
    __m256i found = _mm256_setzero_si256();
    for (const char16_t unit : wanted) {
        const __m256i equals =
            _mm256_cmpeq_epi16(units, _mm256_set1_epi16(static_cast<short>(unit)));
        found = _mm256_or_si256(found, equals);
    }
    return found;
}

RINGFENCE_TARGET inline __m256i letters_of(__m256i units) {
    constexpr char16_t kSigns[] = {kTimes, kDivided};
    return _mm256_andnot_si256(
        any_of(units, kSigns),
        between(units, _mm256_set1_epi16(kFirstLabelLetter), _mm256_set1_epi16(kLastLabelLetter)));
}

template <class Test>
RINGFENCE_TARGET inline std::uint64_t those(const Units& units, Test&& test) {
    const std::uint64_t low = bits_of(test(units.part[0]), test(units.part[1]));
    const std::uint64_t high = bits_of(test(units.part[2]), test(units.part[3]));
    return high << 32 | low;
}

RINGFENCE_TARGET inline __m256i dots_of(__m256i units) {
    constexpr char16_t kDots[] = {kIdeographicStop};
    return any_of(units, kDots);
}
RINGFENCE_TARGET inline __m256i joints_of(__m256i units) { return any_of(units, kOtherJoints); }
RINGFENCE_TARGET inline __m256i names_of(__m256i units) { return any_of(units, kHanNameFirsts); }

RINGFENCE_TARGET inline __m256i follow_of(__m256i units) {
    constexpr char16_t kDots[] = {kMiddleDot};
    const __m256i signs =
        between(units, _mm256_set1_epi16(kFirstHanSign), _mm256_set1_epi16(kLastHanSign));
    return _mm256_or_si256(_mm256_or_si256(any_of(units, kHanNameNexts), any_of(units, kDots)),
                           signs);
}

RINGFENCE_TARGET inline Rare rare_of(const Units& units) {
    const std::uint64_t names = those(units, names_of);
    return {those(units, letters_of), those(units, dots_of), those(units, joints_of), names,
            names != 0 ? those(units, follow_of) : 0};
}

#include "src/kernel/marks_words.inl"

#undef RINGFENCE_TARGET

}  // namespace

const MarksKernel kMarksAvx2 = {Isa::kAvx2, mark};

}  // namespace ringfence::kernel
#endif
