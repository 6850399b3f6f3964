// unit_lookups.inl - the kinds of sixteen units, a look-up each, straight into lanes; included by each vector form of the fold,
// behind its RINGFENCE_TARGET.
#pragma once

// Four units at a time are loaded and taken apart: a load for each would leave too few for the look-ups.
template <int kFirst>
RINGFENCE_TARGET inline __m128i insert_four(__m128i found, const UnitKinds& kinds,
                                            const char16_t* units) {
    std::uint64_t four = 0;
    std::memcpy(&four, units + kFirst, sizeof four);
    found = _mm_insert_epi8(found, kinds[four & 0xFFFFu], kFirst);
    found = _mm_insert_epi8(found, kinds[_bextr_u64(four, 16, 16)], kFirst + 1);
    found = _mm_insert_epi8(found, kinds[_bextr_u64(four, 32, 16)], kFirst + 2);
    return _mm_insert_epi8(found, kinds[four >> 48], kFirst + 3);
}

RINGFENCE_TARGET inline __m128i kinds_of_eight(const UnitKinds& kinds, const char16_t* units) {
    return insert_four<4>(insert_four<0>(_mm_setzero_si128(), kinds, units), kinds, units);
}

// Two halves that do not wait for each other.
RINGFENCE_TARGET inline __m128i kinds_of_sixteen(const UnitKinds& kinds, const char16_t* units) {
    return _mm_unpacklo_epi64(kinds_of_eight(kinds, units), kinds_of_eight(kinds, units + 8));
}
