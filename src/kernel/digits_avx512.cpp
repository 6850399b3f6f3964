// digits_avx512.cpp - a text as one masked load, which touches no octet outside of it.
#include "src/kernel/digits_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2,avx512f,avx512vl,avx512bw")))

#include "src/kernel/digits_x86.inl"

#include "src/kernel/digits_rows.inl"

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
        const auto mask = static_cast<__mmask16>(0xFFFFu << (16 - length));
        // The address may lie before the text: as a number, since no pointer may.
        const auto* begin =
            reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(text) + size - 16);
        const __m128i digits =
            _mm_maskz_sub_epi8(mask, _mm_maskz_loadu_epi8(mask, begin), _mm_set1_epi8('0'));
        const auto others = _cvtmask16_u32(_mm_cmpgt_epu8_mask(digits, _mm_set1_epi8(9)));
        const std::uint64_t rank = kFirstRanks[length] + value_of(digits);
        numbers[i] = Number::from_rank(others == 0 ? rank : 0);
    }
}

#undef RINGFENCE_TARGET

}  // namespace

const DigitsKernel kDigitsAvx512 = {Isa::kAvx512, parse, read_rows};

}  // namespace ringfence::kernel
#endif
