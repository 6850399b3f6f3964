// digits_avx2.cpp - a text as two loads that overlap.
#include "src/kernel/digits_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2")))

#include "src/kernel/digits_x86.inl"

#include "src/kernel/digits_rows.inl"

template <class Word>
inline Word load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

// `size` octets, 1 to 15, to the end of sixteen; zeros in front. Characters of digits become 0 to 9, no others do.
RINGFENCE_TARGET inline __m128i to_end(const char* text, unsigned size) {
    constexpr std::uint64_t kZeros = 0x3030303030303030u;
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    if (size >= 8) {
        // Both loads hold the octets in the middle: of the first those are shifted out. By 8 to 64 bits, in two.
        high = (load<std::uint64_t>(text) ^ kZeros) << 8 * (15 - size) << 8u;
        low = load<std::uint64_t>(text + size - 8) ^ kZeros;
    } else if (size >= 4) {
        const std::uint64_t first = load<std::uint32_t>(text) ^ (kZeros & 0xFFFFFFFFu);
        const std::uint64_t last = load<std::uint32_t>(text + size - 4) ^ (kZeros & 0xFFFFFFFFu);
        low = (first << 8 * (8 - size) & 0xFFFFFFFFu) | last << 32u;
    } else {
        for (unsigned i = 0; i < size; ++i)
            low = low >> 8u | std::uint64_t{static_cast<unsigned char>(text[i] ^ '0')} << 56u;
    }
    return _mm_set_epi64x(static_cast<long long>(low), static_cast<long long>(high));
}

RINGFENCE_TARGET void parse(const std::string_view* texts, Number* numbers, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const char* text = texts[i].data();
        const std::size_t size = texts[i].size();
        const std::size_t plus = size != 0 && *text == '+' ? 1u : 0u;
        if (size - plus - 1 >= Number::kMaxDigits) {  // none wraps to many
            numbers[i] = Number();
            continue;
        }
        const auto length = static_cast<unsigned>(size - plus);
        const __m128i digits = to_end(text + plus, length);
        const __m128i others = _mm_subs_epu8(digits, _mm_set1_epi8(9));
        const std::uint64_t rank = kFirstRanks[length] + value_of(digits);
        numbers[i] = Number::from_rank(_mm_testz_si128(others, others) != 0 ? rank : 0);
    }
}

#undef RINGFENCE_TARGET

}  // namespace

const DigitsKernel kDigitsAvx2 = {Isa::kAvx2, parse, read_rows};

}  // namespace ringfence::kernel
#endif
