// gram_avx2.cpp - eight places a step, the passes of 32 places told as bits of one word.
#include "src/kernel/gram_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi,bmi2,popcnt")))

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
        // Both are reckoned for all lanes: whether some are ASCII is anyone's guess, and a branch on it more than it saves.
        const __m256i pair = pairs_at(units);
        const __m256i next = pairs_at(units + 2);
        const __m256i ascii = _mm256_cmpeq_epi32(
            _mm256_and_si256(pair, _mm256_set1_epi32(static_cast<int>(kBeyondAscii))),
            _mm256_setzero_si256());
        const __m256i third =
            _mm256_and_si256(next, _mm256_or_si256(ascii, _mm256_set1_epi32(0xFFFF)));
        const __m256i hash = times(pair, kGramFirst);
        const __m256i more = _mm256_add_epi32(hash, times(third, kGramSecond));
        const __m256i last = times(pairs_at(units + 4), kGramThird);
        const Hashes hashes = {_mm256_blendv_epi8(hash, more, ascii),
                               _mm256_add_epi32(more, _mm256_and_si256(last, ascii))};
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
RINGFENCE_TARGET inline std::uint64_t passing(__m256i words, __m256i hashes) {
    const __m256i low = _mm256_set1_epi32(31);
    const __m256i first = _mm256_srlv_epi32(words, _mm256_and_si256(hashes, low));
    const __m256i second =
        _mm256_srlv_epi32(words, _mm256_and_si256(_mm256_srli_epi32(hashes, 5), low));
    const __m256i both = _mm256_slli_epi32(_mm256_and_si256(first, second), 31);
    return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(both)));
}

// Bits 0 to 31 of `which` are brief passes from `place` on, the others full ones. So many are written in any case: where there
// are no more, no branch depends on how many.
constexpr unsigned kUsual = 4;
static_assert(kUsual <= kGramSlack);

RINGFENCE_TARGET inline std::uint32_t pass_of(std::uint64_t which, std::size_t place) {
    const auto bit = static_cast<std::uint32_t>(_tzcnt_u64(which));
    return (static_cast<std::uint32_t>(place) + (bit & 31u)) | (bit & 32u) << 26u;
}

RINGFENCE_TARGET inline std::size_t append(std::uint64_t which, std::size_t place,
                                           std::uint32_t* passes, std::size_t count) {
    const auto all = static_cast<unsigned>(__builtin_popcountll(which));
    std::uint32_t* const out = passes + count;
    for (unsigned i = 0; i < kUsual; ++i, which &= which - 1) out[i] = pass_of(which, place);
    for (unsigned i = kUsual; i < all; ++i, which &= which - 1) out[i] = pass_of(which, place);
    return count + all;
}

template <class Kind>
RINGFENCE_TARGET std::size_t find(const char16_t* units, std::size_t first, std::size_t last,
                                  GramFilter filter, std::uint32_t* passes) {
    constexpr std::size_t kWord = 32;
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(filter.shift));
    std::size_t count = 0;
    for (std::size_t place = first; place < last; place += kWord) {
        std::uint64_t which = 0;
        for (std::size_t ahead = 0; ahead < kWord && place + ahead < last; ahead += kAtOnce) {
            const Hashes hashes = Kind::at(units + place + ahead);
            const __m256i words = _mm256_i32gather_epi32(reinterpret_cast<const int*>(filter.words),
                                                         _mm256_srl_epi32(hashes.brief, shift), 4);
            which |= (passing(words, hashes.brief) | passing(words, hashes.full) << 32u) << ahead;
        }
        if (last - place < kWord) {
            const std::uint64_t inside = (std::uint64_t{1} << (last - place)) - 1;
            which &= inside | inside << 32u;
        }
        count = append(which, place, passes, count);
    }
    return count;
}

#undef RINGFENCE_TARGET

}  // namespace

const GramKernel kGramAvx2 = {Isa::kAvx2, find<Usual>, find<Tiny>};

}  // namespace ringfence::kernel
#endif
