// units_avx512.cpp - a table as two permutations of sixty-four units.
#include "src/kernel/units_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <cstring>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,bmi2")))

struct Planes {
    __m512i units[4];
};

RINGFENCE_TARGET inline Planes planes_of(const gsm7::Table& table) {
    Planes planes;
    for (std::size_t i = 0; i < 4; ++i) planes.units[i] = _mm512_loadu_si512(table.data() + 32 * i);
    return planes;
}

RINGFENCE_TARGET inline __m256i load_first(const std::uint8_t* octets, std::size_t count) {
    return _mm256_maskz_loadu_epi8(
        _cvtu32_mask32(_bzhi_u32(UINT32_MAX, static_cast<unsigned>(count))), octets);
}

RINGFENCE_TARGET inline std::size_t look_up(__m256i codes, const Planes& planes, std::size_t count,
                                            char16_t* out) {
    const __m512i places = _mm512_cvtepu8_epi16(codes);
    const __m512i first = _mm512_permutex2var_epi16(planes.units[0], places, planes.units[1]);
    const __m512i second = _mm512_permutex2var_epi16(planes.units[2], places, planes.units[3]);
    const __mmask32 upper = _mm512_test_epi16_mask(places, _mm512_set1_epi16(0x40));
    const __m512i units = _mm512_mask_blend_epi16(upper, first, second);
    const unsigned ends =
        _cvtmask32_u32(_mm512_testn_epi16_mask(units, units)) |
        _cvtmask32_u32(_mm256_cmpeq_epi8_mask(codes, _mm256_set1_epi8(gsm7::kEscape))) |
        static_cast<unsigned>(_mm256_movemask_epi8(codes));
    const std::size_t good = ends == 0 ? 32 : static_cast<unsigned>(__builtin_ctz(ends));
    if (count == 32) {
        _mm512_storeu_si512(out, units);
        return good;
    }
    _mm512_mask_storeu_epi16(out, _cvtu32_mask32((1u << count) - 1), units);
    return std::min(good, count);
}

#include "src/kernel/units_batch.inl"

RINGFENCE_TARGET std::size_t big_endian(const std::uint8_t* octets, std::size_t count,
                                        char16_t* out) {
    const __m512i top = _mm512_set1_epi16(static_cast<short>(0xF800));
    const __m512i half = _mm512_set1_epi16(static_cast<short>(0xD800));
    for (std::size_t at = 0; at < count; at += 32) {
        const std::size_t size = std::min<std::size_t>(32, count - at);
        const __mmask32 lanes =
            _cvtu32_mask32(size == 32 ? UINT32_MAX : (std::uint32_t{1} << size) - 1);
        const __m512i pairs = _mm512_maskz_loadu_epi16(lanes, octets + 2 * at);
        const __m512i units =
            _mm512_or_si512(_mm512_slli_epi16(pairs, 8), _mm512_srli_epi16(pairs, 8));
        _mm512_mask_storeu_epi16(out + at, lanes, units);
        const unsigned halves =
            _cvtmask32_u32(_mm512_cmpeq_epi16_mask(_mm512_and_si512(units, top), half));
        if (halves != 0) return at + static_cast<unsigned>(__builtin_ctz(halves));
    }
    return count;
}

#undef RINGFENCE_TARGET

}  // namespace

const UnitsKernel kUnitsAvx512 = {Isa::kAvx512, septets, packed, big_endian};

}  // namespace ringfence::kernel
#endif
