// units_avx2.cpp - a table as eight shuffles for its low octets and eight for its high ones.
#include "src/kernel/units_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2")))

// The low octets of a table's units, and behind them the high ones: sixteen rows, which a register each would be too many for.
using Octets = std::array<std::uint8_t, 256>;

constexpr Octets octets_of(const gsm7::Table& table) {
    Octets octets{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        octets[i] = static_cast<std::uint8_t>(table[i]);
        octets[table.size() + i] = static_cast<std::uint8_t>(table[i] >> 8u);
    }
    return octets;
}

// Of the table that nearly every message is in.
alignas(64) constexpr Octets kDefaultOctets = octets_of(gsm7::kDefault);

class Planes {
public:
    explicit Planes(const gsm7::Table& table) {
        if (&table == &gsm7::kDefault) return;
        given_ = false;
        own_ = octets_of(table);
    }
    RINGFENCE_TARGET __m256i row(std::size_t i) const {
        const Octets& octets = given_ ? kDefaultOctets : own_;
        return _mm256_broadcastsi128_si256(
            _mm_loadu_si128(reinterpret_cast<const __m128i*>(octets.data() + 16 * i)));
    }

private:
    bool given_ = true;
    Octets own_;
};

inline Planes planes_of(const gsm7::Table& table) { return Planes(table); }

RINGFENCE_TARGET inline __m256i load_first(const std::uint8_t* octets, std::size_t count) {
    alignas(32) std::uint8_t copy[32] = {};
    std::memcpy(copy, octets, count);
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(copy));
}

RINGFENCE_TARGET inline std::size_t look_up(__m256i codes, const Planes& planes, std::size_t count,
                                            char16_t* out) {
    __m256i low = _mm256_setzero_si256();
    __m256i high = _mm256_setzero_si256();
    for (std::size_t i = 0; i < 8; ++i) {
        // The place in this sixteenth of the table, or an octet over 0x7F, for which a shuffle gives 0.
        const __m256i place =
            _mm256_adds_epu8(_mm256_xor_si256(codes, _mm256_set1_epi8(static_cast<char>(16 * i))),
                             _mm256_set1_epi8(0x70));
        low = _mm256_or_si256(low, _mm256_shuffle_epi8(planes.row(i), place));
        high = _mm256_or_si256(high, _mm256_shuffle_epi8(planes.row(8 + i), place));
    }
    // A code over 0x7F finds nothing in the table either.
    const __m256i none = _mm256_cmpeq_epi8(_mm256_or_si256(low, high), _mm256_setzero_si256());
    const __m256i escape = _mm256_cmpeq_epi8(codes, _mm256_set1_epi8(gsm7::kEscape));
    const auto ends = static_cast<unsigned>(_mm256_movemask_epi8(_mm256_or_si256(none, escape)));
    const __m256i even = _mm256_unpacklo_epi8(low, high);
    const __m256i odd = _mm256_unpackhi_epi8(low, high);
    auto* const to = reinterpret_cast<__m256i*>(out);
    _mm256_storeu_si256(to, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(even, odd, 0x31));
    // A branch that is hardly ever taken: where the next units go would wait for the answer.
    const unsigned inside = ends & _bzhi_u32(UINT32_MAX, static_cast<unsigned>(count));
    if (inside != 0) [[unlikely]]
        return static_cast<unsigned>(__builtin_ctz(inside));
    return count;
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
