// units_avx2.cpp - a table as eight shuffles for its low octets and eight for its high ones.
#include "src/kernel/units_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <cstring>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2")))

struct Planes {
    __m256i low[8];
    __m256i high[8];
};

RINGFENCE_TARGET inline Planes planes_of(const gsm7::Table& table) {
    Planes planes;
    for (std::size_t i = 0; i < 8; ++i) {
        const auto* units = reinterpret_cast<const __m128i*>(table.data() + 16 * i);
        const __m128i first = _mm_loadu_si128(units);
        const __m128i second = _mm_loadu_si128(units + 1);
        const __m128i octet = _mm_set1_epi16(0xFF);
        planes.low[i] = _mm256_broadcastsi128_si256(
            _mm_packus_epi16(_mm_and_si128(first, octet), _mm_and_si128(second, octet)));
        planes.high[i] = _mm256_broadcastsi128_si256(
            _mm_packus_epi16(_mm_srli_epi16(first, 8), _mm_srli_epi16(second, 8)));
    }
    return planes;
}

RINGFENCE_TARGET inline __m256i load_first(const std::uint8_t* octets, std::size_t count) {
    alignas(32) std::uint8_t copy[32] = {};
    std::memcpy(copy, octets, count);
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(copy));
}

RINGFENCE_TARGET inline std::size_t look_up(__m256i codes, const Planes& planes, std::size_t count,
                                            char16_t* out) {
    __m256i low = _mm256_setzero_si256();
    __m256i high = _mm256_setzero_si256();
    for (int i = 0; i < 8; ++i) {
        // The place in this sixteenth of the table, or an octet over 0x7F, for which a shuffle gives 0.
        const __m256i place =
            _mm256_adds_epu8(_mm256_xor_si256(codes, _mm256_set1_epi8(static_cast<char>(16 * i))),
                             _mm256_set1_epi8(0x70));
        low = _mm256_or_si256(low, _mm256_shuffle_epi8(planes.low[i], place));
        high = _mm256_or_si256(high, _mm256_shuffle_epi8(planes.high[i], place));
    }
    // A code over 0x7F finds nothing in the table either.
    const __m256i none = _mm256_cmpeq_epi8(_mm256_or_si256(low, high), _mm256_setzero_si256());
    const __m256i escape = _mm256_cmpeq_epi8(codes, _mm256_set1_epi8(gsm7::kEscape));
    const auto ends = static_cast<unsigned>(_mm256_movemask_epi8(_mm256_or_si256(none, escape)));
    const std::size_t good = ends == 0 ? 32 : static_cast<unsigned>(__builtin_ctz(ends));
    const __m256i even = _mm256_unpacklo_epi8(low, high);
    const __m256i odd = _mm256_unpackhi_epi8(low, high);
    const __m256i units[2] = {_mm256_permute2x128_si256(even, odd, 0x20),
                              _mm256_permute2x128_si256(even, odd, 0x31)};
    if (count == 32) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), units[0]);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out) + 1, units[1]);
        return good;
    }
    std::memcpy(out, units, count * sizeof(char16_t));
    return std::min(good, count);
}

#include "src/kernel/units_batch.inl"

RINGFENCE_TARGET std::size_t big_endian(const std::uint8_t* octets, std::size_t count,
                                        char16_t* out) {
    const __m256i swap = _mm256_setr_epi8(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14, 1,
                                          0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    const __m256i top = _mm256_set1_epi16(static_cast<short>(0xF800));
    const __m256i half = _mm256_set1_epi16(static_cast<short>(0xD800));
    std::size_t at = 0;
    for (; at + 16 <= count; at += 16) {
        const __m256i units = _mm256_shuffle_epi8(
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(octets + 2 * at)), swap);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at), units);
        const auto halves = static_cast<unsigned>(
            _mm256_movemask_epi8(_mm256_cmpeq_epi16(_mm256_and_si256(units, top), half)));
        if (halves != 0) return at + static_cast<unsigned>(__builtin_ctz(halves)) / 2;
    }
    return at + kUnitsScalar.big_endian(octets + 2 * at, count - at, out + at);
}

#undef RINGFENCE_TARGET

}  // namespace

const UnitsKernel kUnitsAvx2 = {Isa::kAvx2, septets, packed, big_endian};

}  // namespace ringfence::kernel
#endif
