// gram_avx512.cpp - sixteen places a step, their passes compressed without a branch.
#include "src/kernel/gram_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,bmi2,popcnt")))

constexpr std::size_t kAtOnce = 16;

// All lanes of masked forms: the plain ones begin with a register of no value, at which GCC 12 warns.
constexpr __mmask16 kAll = 0xFFFF;
constexpr __mmask32 kAllUnits = 0xFFFFFFFF;

struct Hashes {
    __m512i brief;
    __m512i full;
};

RINGFENCE_TARGET inline __m512i times(__m512i values, std::uint32_t factor) {
    return _mm512_mullo_epi32(values, _mm512_set1_epi32(static_cast<int>(factor)));
}

RINGFENCE_TARGET inline __m512i mixed(__m512i hash) {
    return _mm512_xor_si512(hash, _mm512_maskz_srli_epi32(kAll, hash, 15));
}

// Of 32 units, the pairs that begin at units `ahead` to `ahead` + 15.
RINGFENCE_TARGET inline __m512i pairs_of(__m512i units, int ahead) {
    const __m512i place = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i first = _mm512_add_epi32(place, _mm512_set1_epi32(ahead));
    const __m512i second = _mm512_add_epi32(first, _mm512_set1_epi32(1));
    return _mm512_maskz_permutexvar_epi16(
        kAllUnits, _mm512_or_si512(first, _mm512_maskz_slli_epi32(kAll, second, 16)), units);
}

struct Usual {
    RINGFENCE_TARGET static Hashes at(const char16_t* units) {
        // Both are reckoned for all lanes: whether some are ASCII is anyone's guess, and a branch on it more than it saves.
        const __m512i text = _mm512_loadu_si512(units);
        const __m512i pair = pairs_of(text, 0);
        const __m512i next = pairs_of(text, 2);
        const __mmask16 ascii =
            _mm512_testn_epi32_mask(pair, _mm512_set1_epi32(static_cast<int>(kBeyondAscii)));
        const __m512i third =
            _mm512_mask_mov_epi32(_mm512_and_si512(next, _mm512_set1_epi32(0xFFFF)), ascii, next);
        const __m512i hash = times(pair, kGramFirst);
        const __m512i more = _mm512_add_epi32(hash, times(third, kGramSecond));
        const __m512i last = times(pairs_of(text, 4), kGramThird);
        const Hashes hashes = {_mm512_mask_mov_epi32(hash, ascii, more),
                               _mm512_mask_add_epi32(more, ascii, more, last)};
        return {mixed(hashes.brief), mixed(hashes.full)};
    }
};

struct Tiny {
    RINGFENCE_TARGET static Hashes at(const char16_t* units) {
        const auto* first = reinterpret_cast<const __m256i*>(units);
        const auto* second = reinterpret_cast<const __m256i*>(units + 1);
        const __m512i hash =
            times(_mm512_maskz_cvtepu16_epi32(kAll, _mm256_loadu_si256(first)), kGramFirst);
        const __m512i next = _mm512_maskz_cvtepu16_epi32(kAll, _mm256_loadu_si256(second));
        return {mixed(hash), mixed(_mm512_add_epi32(hash, times(next, kGramSecond)))};
    }
};

// Those hashes of which both bits stand in their words.
RINGFENCE_TARGET inline __mmask16 passing(__m512i words, __m512i hashes) {
    const __m512i first = _mm512_maskz_rorv_epi32(kAll, words, hashes);
    const __m512i second =
        _mm512_maskz_rorv_epi32(kAll, words, _mm512_maskz_srli_epi32(kAll, hashes, 5));
    return _mm512_test_epi32_mask(_mm512_and_si512(first, second), _mm512_set1_epi32(1));
}

RINGFENCE_TARGET inline std::size_t append(__mmask16 which, __m512i places, std::uint32_t* passes,
                                           std::size_t count) {
    _mm512_storeu_si512(passes + count, _mm512_maskz_compress_epi32(which, places));
    return count + static_cast<unsigned>(__builtin_popcount(_cvtmask16_u32(which)));
}

template <class Kind>
RINGFENCE_TARGET std::size_t find(const char16_t* units, std::size_t first, std::size_t last,
                                  GramFilter filter, std::uint32_t* passes) {
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(filter.shift));
    const __m512i full_pass = _mm512_set1_epi32(static_cast<int>(kFullPass));
    __m512i places =
        _mm512_add_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
                         _mm512_set1_epi32(static_cast<int>(first)));
    std::size_t count = 0;
    for (std::size_t place = first; place < last; place += kAtOnce) {
        const unsigned inside = last - place >= kAtOnce ? 0xFFFFu : (1u << (last - place)) - 1;
        const __mmask16 lanes = _cvtu32_mask16(inside);
        const Hashes hashes = Kind::at(units + place);
        const __m512i words = _mm512_mask_i32gather_epi32(
            _mm512_setzero_si512(), kAll, _mm512_maskz_srl_epi32(kAll, hashes.brief, shift),
            filter.words, 4);
        const __mmask16 brief = _kand_mask16(passing(words, hashes.brief), lanes);
        const __mmask16 full = _kand_mask16(passing(words, hashes.full), lanes);
        count = append(brief, places, passes, count);
        count = append(full, _mm512_or_si512(places, full_pass), passes, count);
        places = _mm512_add_epi32(places, _mm512_set1_epi32(kAtOnce));
    }
    return count;
}

#undef RINGFENCE_TARGET

}  // namespace

const GramKernel kGramAvx512 = {Isa::kAvx512, find<Usual>, find<Tiny>};

}  // namespace ringfence::kernel
#endif
