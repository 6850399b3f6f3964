// gram_avx2.cpp - eight places a step.
#include "src/kernel/gram_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2,popcnt")))

constexpr std::size_t kAtOnce = 8;

struct Hashes {
    __m256i brief;
    __m256i full;
};

RINGFENCE_TARGET inline __m256i times(__m256i values, std::uint32_t factor) {
    return _mm256_mullo_epi32(values, _mm256_set1_epi32(static_cast<int>(factor)));
}

RINGFENCE_TARGET inline __m256i mixed(__m256i hash) {
    return _mm256_xor_si256(hash, _mm256_srli_epi32(hash, 15));
}

// The pairs that begin at each of eight places.
RINGFENCE_TARGET inline __m256i pairs_at(const char16_t* units) {
    const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(units));
    const __m128i second = _mm_loadu_si128(reinterpret_cast<const __m128i*>(units + 1));
    return _mm256_set_m128i(_mm_unpackhi_epi16(first, second), _mm_unpacklo_epi16(first, second));
}

RINGFENCE_TARGET inline __m256i units_at(const char16_t* units) {
    return _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(units)));
}

struct Usual {
    RINGFENCE_TARGET static Hashes at(const char16_t* units) {
        const __m256i pair = pairs_at(units);
        const __m256i next = pairs_at(units + 2);
        const __m256i hash = times(pair, kGramFirst);
        const __m256i third = _mm256_and_si256(next, _mm256_set1_epi32(0xFFFF));
        Hashes hashes = {hash, _mm256_add_epi32(hash, times(third, kGramSecond))};
        const __m256i ascii = _mm256_cmpeq_epi32(
            _mm256_and_si256(pair, _mm256_set1_epi32(static_cast<int>(kBeyondAscii))),
            _mm256_setzero_si256());
        if (!_mm256_testz_si256(ascii, ascii)) {
            const __m256i four = _mm256_add_epi32(hash, times(next, kGramSecond));
            const __m256i six = _mm256_add_epi32(four, times(pairs_at(units + 4), kGramThird));
            hashes.brief = _mm256_blendv_epi8(hashes.brief, four, ascii);
            hashes.full = _mm256_blendv_epi8(hashes.full, six, ascii);
        }
        return {mixed(hashes.brief), mixed(hashes.full)};
    }
};

struct Tiny {
    RINGFENCE_TARGET static Hashes at(const char16_t* units) {
        const __m256i hash = times(units_at(units), kGramFirst);
        const __m256i pair = _mm256_add_epi32(hash, times(units_at(units + 1), kGramSecond));
        return {mixed(hash), mixed(pair)};
    }
};

// A bit for each hash of which both bits stand in its word.
RINGFENCE_TARGET inline unsigned passing(__m256i words, __m256i hashes) {
    const __m256i low = _mm256_set1_epi32(31);
    const __m256i first = _mm256_srlv_epi32(words, _mm256_and_si256(hashes, low));
    const __m256i second =
        _mm256_srlv_epi32(words, _mm256_and_si256(_mm256_srli_epi32(hashes, 5), low));
    const __m256i both = _mm256_slli_epi32(_mm256_and_si256(first, second), 31);
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(both)));
}

RINGFENCE_TARGET inline std::size_t append(unsigned which, __m256i hashes, std::uint32_t mark,
                                           std::size_t place, GramPasses passes,
                                           std::size_t count) {
    if (which == 0) return count;
    alignas(32) std::uint32_t values[kAtOnce];
    _mm256_store_si256(reinterpret_cast<__m256i*>(values), hashes);
    for (; which != 0; which &= which - 1) {
        const auto lane = static_cast<unsigned>(__builtin_ctz(which));
        passes.keys[count] = values[lane] ^ mark;
        passes.places[count] = static_cast<std::uint32_t>(place + lane);
        ++count;
    }
    return count;
}

template <class Kind>
RINGFENCE_TARGET std::size_t find(const char16_t* units, std::size_t first, std::size_t last,
                                  GramFilter filter, GramPasses passes) {
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(filter.shift));
    std::size_t count = 0;
    for (std::size_t place = first; place < last; place += kAtOnce) {
        const unsigned lanes = last - place >= kAtOnce ? 0xFFu : (1u << (last - place)) - 1;
        const Hashes hashes = Kind::at(units + place);
        const __m256i words = _mm256_i32gather_epi32(reinterpret_cast<const int*>(filter.words),
                                                     _mm256_srl_epi32(hashes.brief, shift), 4);
        const unsigned brief = passing(words, hashes.brief) & lanes;
        const unsigned full = passing(words, hashes.full) & lanes;
        if ((brief | full) == 0) continue;
        count = append(brief, hashes.brief, 0, place, passes, count);
        count = append(full, hashes.full, kFullMark, place, passes, count);
    }
    return count;
}

#undef RINGFENCE_TARGET

}  // namespace

const GramKernel kGramAvx2 = {Isa::kAvx2, find<Usual>, find<Tiny>};

}  // namespace ringfence::kernel
#endif
