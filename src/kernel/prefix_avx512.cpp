// prefix_avx512.cpp - the digits of eight numbers at once.
#include <algorithm>
#include <array>
#include <cstdint>

#include "src/kernel/prefix_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET \
    __attribute__((target("avx512f,avx512dq,avx512cd,avx512vl,avx512bw,bmi2,lzcnt,popcnt")))
#include "src/kernel/prefix_batch.inl"

// Every lane kept: the forms without a mask make GCC 12 warn inside its own header.
constexpr __mmask8 kAll = 0xFF;

// A table of 16 words by index, as two vectors.
struct Table {
    __m512i low;
    __m512i high;
};

RINGFENCE_TARGET inline Table table_of(const std::array<std::uint64_t, 16>& values) {
    return {_mm512_loadu_si512(values.data()), _mm512_loadu_si512(values.data() + 8)};
}

RINGFENCE_TARGET inline __m512i at(const Table& table, __m512i index) {
    return _mm512_permutex2var_epi64(table.low, index, table.high);
}

template <class Of>
constexpr std::array<std::uint64_t, 16> each_length(Of of) {
    std::array<std::uint64_t, 16> values{};
    for (unsigned length = 0; length < values.size(); ++length) values[length] = of(length);
    return values;
}
constexpr auto kNextRank =
    each_length([](unsigned length) { return Number::first_rank(length + 1); });
constexpr auto kTimes =
    each_length([](unsigned length) { return PrefixView::kAlign[length].times; });
constexpr auto kLess = each_length([](unsigned length) { return PrefixView::kAlign[length].less; });

RINGFENCE_TARGET void take_apart(const Number* numbers, std::size_t count, Asked& asked) {
    static_assert(sizeof(Number) == 8);
    const Table next_rank = table_of(kNextRank);
    const Table times = table_of(kTimes);
    const Table less = table_of(kLess);
    for (std::size_t i = 0; i < count; i += 8) {
        const std::size_t left = count - i;
        const auto lanes = static_cast<__mmask8>(left >= 8 ? 0xFFu : (1u << left) - 1);
        const __m512i rank = _mm512_maskz_loadu_epi64(lanes, numbers + i);

        // As Number::length.
        const __m512i bits = _mm512_sub_epi64(_mm512_set1_epi64(64), _mm512_lzcnt_epi64(rank));
        const __m512i least = _mm512_maskz_srli_epi64(
            kAll, _mm512_maskz_mul_epu32(kAll, bits, _mm512_set1_epi64(1233)), 12);
        const __mmask8 more = _mm512_cmpge_epu64_mask(rank, at(next_rank, least));
        const __m512i length = _mm512_mask_add_epi64(least, more, least, _mm512_set1_epi64(1));

        // The quotient by 10^6 through floating point, which holds the 15 digits: (x + 1/2) / 10^6 is at least
        // 1 / (2 * 10^6) away from a whole number, and the product with the rounded reciprocal, which is below 10^9,
        // is off by less than 2^-52 of itself: by less than half of that.
        const __m512i aligned =
            _mm512_sub_epi64(_mm512_mullo_epi64(rank, at(times, length)), at(less, length));
        const __m512d middle = _mm512_add_pd(_mm512_cvtepu64_pd(aligned), _mm512_set1_pd(0.5));
        const __m256i front =
            _mm512_maskz_cvttpd_epu32(kAll, _mm512_mul_pd(middle, _mm512_set1_pd(1e-6)));
        _mm256_store_si256(reinterpret_cast<__m256i*>(asked.front + i), front);
        _mm256_store_si256(reinterpret_cast<__m256i*>(asked.length + i),
                           _mm512_maskz_cvtepi64_epi32(kAll, length));
    }
}

#undef RINGFENCE_TARGET

}  // namespace

const PrefixKernel kPrefixAvx512 = {Isa::kAvx512, find, find_batch, find_each};

}  // namespace ringfence::kernel
#endif
