// unit_tests_avx2.inl - questions about sixteen units at a time, answered by lanes of ones; included by the AVX2 forms that
// look at text, behind their RINGFENCE_TARGET.
#pragma once

// Ones in those that lie between `least` and `most`, both included.
RINGFENCE_TARGET inline __m256i between(__m256i units, __m256i least, __m256i most) {
    return _mm256_cmpeq_epi16(_mm256_min_epu16(_mm256_max_epu16(units, least), most), units);
}

// A bit for each of two times sixteen units that are all ones.
RINGFENCE_TARGET inline std::uint32_t bits_of(__m256i first, __m256i second) {
    const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(first, second), 0b11011000);
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
}
