// units_avx512.cpp - a table as two permutations of sixty-four units.
#include "src/kernel/units_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <cstring>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,bmi2")))

#include "src/kernel/units_avx512.inl"
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
        _mm512_storeu_si512(out + at, units);
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
