// number_avx2.cpp - a line as two vectors of four words.
#include "src/kernel/number_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2")))

// By how much the filter bit is shifted to become the sign.
constexpr int kFilterToSign = 63 - static_cast<int>(kPayloadBits);

// The payload of the last lane that is equal, of several: a number that was erased and inserted anew between the
// loads. So rare that it is no matter what it costs.
RINGFENCE_TARGET __attribute__((noinline, cold)) std::uint32_t last_of(__m256i low, __m256i high,
                                                                       std::uint64_t rank) {
    alignas(kCacheLine) std::uint64_t words[NumberLine::kSlots];
    _mm256_store_si256(reinterpret_cast<__m256i*>(words), low);
    _mm256_store_si256(reinterpret_cast<__m256i*>(words + 4), high);
    std::uint32_t payload = kNoList;
    for (const std::uint64_t word : words)
        if (NumberSlot::rank(word) == rank) payload = NumberSlot::payload(word);
    return payload;
}

RINGFENCE_TARGET inline Probed probe(const NumberLine& line, std::uint64_t rank,
                                     unsigned key_class) {
    const auto* words = reinterpret_cast<const __m256i*>(&line);
    __m256i low = _mm256_load_si256(words);
    __m256i high = _mm256_load_si256(words + 1);
    asm("" : "+x"(low), "+x"(high));  // loaded once: see number_kernel.hpp
    const __m256i wanted = _mm256_set1_epi64x(static_cast<long long>(rank));
    const __m256i low_equal =
        _mm256_cmpeq_epi64(_mm256_srli_epi64(low, NumberSlot::kRankShift), wanted);
    const __m256i high_equal =
        _mm256_cmpeq_epi64(_mm256_srli_epi64(high, NumberSlot::kRankShift), wanted);
    const __m256i both =
        _mm256_or_si256(_mm256_and_si256(low_equal, low), _mm256_and_si256(high_equal, high));
    const __m128i half =
        _mm_or_si128(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
    const __m128i word = _mm_or_si128(half, _mm_unpackhi_epi64(half, half));
    std::uint32_t payload = static_cast<std::uint32_t>(_mm_cvtsi128_si32(word)) &
                            static_cast<std::uint32_t>(NumberSlot::kPayloadMask);
    // The filter bits become the signs of their lanes.
    const auto filter = static_cast<std::uint32_t>(
        _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_slli_epi64(low, kFilterToSign))) |
        _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_slli_epi64(high, kFilterToSign))) << 4);
    // From the comparison, not from the payload, which comes some cycles later.
    const auto hits =
        static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(low_equal)) |
                                   _mm256_movemask_pd(_mm256_castsi256_pd(high_equal)) << 4);
    if (__builtin_expect((hits & (hits - 1)) != 0, 0)) payload = last_of(low, high, rank);
    const std::uint32_t missed = (hits - 1u) >> 31u;
    return {payload, filter >> key_class & missed};
}

RINGFENCE_TARGET inline SlotMasks slots_of(const NumberLine& line, std::uint64_t rank) {
    const auto* words = reinterpret_cast<const __m256i*>(&line);
    const __m256i low = _mm256_load_si256(words);
    const __m256i high = _mm256_load_si256(words + 1);
    const auto signs = [](__m256i first, __m256i second) RINGFENCE_TARGET {
        return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(first)) |
                                     _mm256_movemask_pd(_mm256_castsi256_pd(second)) << 4);
    };
    const __m256i low_ranks = _mm256_srli_epi64(low, NumberSlot::kRankShift);
    const __m256i high_ranks = _mm256_srli_epi64(high, NumberSlot::kRankShift);
    const __m256i wanted = _mm256_set1_epi64x(static_cast<long long>(rank));
    const __m256i none = _mm256_setzero_si256();
    return {signs(_mm256_cmpeq_epi64(low_ranks, wanted), _mm256_cmpeq_epi64(high_ranks, wanted)),
            signs(_mm256_cmpeq_epi64(low_ranks, none), _mm256_cmpeq_epi64(high_ranks, none)),
            signs(_mm256_slli_epi64(low, kFilterToSign), _mm256_slli_epi64(high, kFilterToSign))};
}

// clang-format off
#include "src/kernel/number_chain.inl"
#include "src/kernel/number_batch.inl"
#include "src/kernel/number_fill.inl"
// clang-format on

#undef RINGFENCE_TARGET

}  // namespace

const NumberKernel kNumberAvx2 = {Isa::kAvx2, find, find_batch, find_each, fill};

}  // namespace ringfence::kernel
#endif
