// digits_x86.inl - sixteen digits at once, for the files that include it with RINGFENCE_TARGET defined.

// The first rank of each length, so that a length of 16 reads something.
constexpr std::array<std::uint64_t, Number::kMaxDigits + 2> kFirstRanks = [] {
    std::array<std::uint64_t, Number::kMaxDigits + 2> ranks{};
    for (unsigned i = 0; i < ranks.size(); ++i) ranks[i] = Number::first_rank(i);
    return ranks;
}();

// Of sixteen octets 0 to 9, the first the most significant.
RINGFENCE_TARGET inline std::uint64_t value_of(__m128i digits) {
    const __m128i pairs = _mm_maddubs_epi16(
        digits, _mm_setr_epi8(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1));
    const __m128i fours = _mm_madd_epi16(pairs, _mm_setr_epi16(100, 1, 100, 1, 100, 1, 100, 1));
    const __m128i packed = _mm_packus_epi32(fours, fours);
    const __m128i eights =
        _mm_madd_epi16(packed, _mm_setr_epi16(10000, 1, 10000, 1, 10000, 1, 10000, 1));
    const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
    return (both & 0xFFFFFFFFu) * 100'000'000u + (both >> 32u);
}

struct Run {
    unsigned length;
    std::uint64_t rank;
};

// Sixteen octets that name none, then one for each octet: from [n] on, the first n octets moved to the end.
alignas(32) constexpr std::array<std::int8_t, 32> kToEnd = [] {
    std::array<std::int8_t, 32> places{};
    for (unsigned i = 0; i < 32; ++i)
        places[i] = i < 16 ? std::int8_t{-128} : static_cast<std::int8_t>(i - 16);
    return places;
}();

RINGFENCE_TARGET inline Run run_at(const char* text) {
    const __m128i digits =
        _mm_sub_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text)), _mm_set1_epi8('0'));
    const __m128i are = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
    const auto others = ~static_cast<unsigned>(_mm_movemask_epi8(are));  // the upper half is ones
    const auto length = static_cast<unsigned>(__builtin_ctz(others));
    const __m128i at_end = _mm_shuffle_epi8(
        digits, _mm_loadu_si128(reinterpret_cast<const __m128i*>(kToEnd.data() + length)));
    return {length, kFirstRanks[length] + value_of(at_end)};
}
