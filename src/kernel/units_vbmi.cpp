// units_vbmi.cpp - packed septets where octets can be moved and shifted as they are needed: thirty-two in three instructions.
//
// Without it four times eight septets are loaded by themselves, and the last of them from a copy that can be read beyond its
// end, for which the loads have to wait.
#include "src/kernel/units_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <array>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,bmi2")))

#include "src/kernel/units_avx512.inl"

constexpr std::size_t kSeptets = 32, kOctets = 28;

// All lanes of masked forms: the plain ones begin with a register of no value, at which GCC 12 warns.
constexpr __mmask32 kEvery = 0xFFFFFFFF;

// Of eight septets the eight octets they lie in, wherever in the first of them they begin.
alignas(32) constexpr std::array<std::uint8_t, 32> kEights = [] {
    std::array<std::uint8_t, 32> places{};
    for (unsigned i = 0; i < places.size(); ++i)
        places[i] = static_cast<std::uint8_t>(i / 8 * 7 + i % 8);
    return places;
}();

}  // namespace

RINGFENCE_TARGET std::size_t packed_vbmi(std::span<const std::uint8_t> octets,
                                         std::size_t first_bit, std::size_t count,
                                         const gsm7::Table& table, char16_t* out) {
    const Planes planes = planes_of(table);
    const __m256i eights = _mm256_load_si256(reinterpret_cast<const __m256i*>(kEights.data()));
    // Of each eight octets those 8 bits that begin with septet 0 to 7.
    const __m256i bits = _mm256_add_epi8(_mm256_set1_epi64x(0x312A231C150E0700),
                                         _mm256_set1_epi8(static_cast<char>(first_bit % 8)));
    std::size_t first = first_bit / 8, at = 0;
    for (; at < count; first += kOctets) {
        const std::size_t left = std::min(octets.size() - first, kSeptets);
        const __m256i text = load_first(octets.data() + first, left);
        const __m256i codes =
            _mm256_and_si256(_mm256_maskz_multishift_epi64_epi8(
                                 kEvery, bits, _mm256_maskz_permutexvar_epi8(kEvery, eights, text)),
                             _mm256_set1_epi8(0x7F));
        const std::size_t size = std::min(count - at, kSeptets);
        const std::size_t good = look_up(codes, planes, size, out + at);
        at += good;
        if (good < size) break;
    }
    return at;
}

#undef RINGFENCE_TARGET

}  // namespace ringfence::kernel
#endif
