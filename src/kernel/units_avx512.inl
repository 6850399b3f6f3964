// units_avx512.inl - thirty-two septets by a table of two permutations of sixty-four units; included by the forms for AVX-512, behind
// their RINGFENCE_TARGET.
#pragma once

struct Planes {
    __m512i units[4];
};

RINGFENCE_TARGET inline Planes planes_of(const gsm7::Table& table) {
    Planes planes;
    for (std::size_t i = 0; i < 4; ++i) planes.units[i] = _mm512_loadu_si512(table.data() + 32 * i);
    return planes;
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
    _mm512_storeu_si512(out, units);
    // A branch that is hardly ever taken: where the next units go would wait for the answer.
    const unsigned inside = ends & _bzhi_u32(UINT32_MAX, static_cast<unsigned>(count));
    if (inside != 0) [[unlikely]]
        return static_cast<unsigned>(__builtin_ctz(inside));
    return count;
}

RINGFENCE_TARGET inline __m256i load_first(const std::uint8_t* octets, std::size_t count) {
    return _mm256_maskz_loadu_epi8(
        _cvtu32_mask32(_bzhi_u32(UINT32_MAX, static_cast<unsigned>(count))), octets);
}
