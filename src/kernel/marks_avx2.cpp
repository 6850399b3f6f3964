// marks_avx2.cpp - a word of marks from four registers.
#include "src/kernel/marks_kernel.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2,popcnt")))

struct Units {
    __m256i part[4];
};

RINGFENCE_TARGET inline Units load(const char16_t* at) {
    const auto* from = reinterpret_cast<const __m256i*>(at);
    return {{_mm256_loadu_si256(from), _mm256_loadu_si256(from + 1), _mm256_loadu_si256(from + 2),
             _mm256_loadu_si256(from + 3)}};
}

// Ones in the units that are in it.
using Set = Units;

RINGFENCE_TARGET inline Set either(const Set& a, const Set& b) {
    return {{_mm256_or_si256(a.part[0], b.part[0]), _mm256_or_si256(a.part[1], b.part[1]),
             _mm256_or_si256(a.part[2], b.part[2]), _mm256_or_si256(a.part[3], b.part[3])}};
}

#include "src/kernel/unit_tests_avx2.inl"

RINGFENCE_TARGET inline std::uint64_t bits_of(const Set& set) {
    const std::uint64_t high = bits_of(set.part[2], set.part[3]);
    return bits_of(set.part[0], set.part[1]) | high << 32;
}

RINGFENCE_TARGET inline Set equal(const Units& units, char16_t unit) {
    const __m256i wanted = _mm256_set1_epi16(static_cast<short>(unit));
    return {{_mm256_cmpeq_epi16(units.part[0], wanted), _mm256_cmpeq_epi16(units.part[1], wanted),
             _mm256_cmpeq_epi16(units.part[2], wanted), _mm256_cmpeq_epi16(units.part[3], wanted)}};
}

RINGFENCE_TARGET inline Set in_range(const Units& units, char16_t first, char16_t last) {
    const __m256i least = _mm256_set1_epi16(static_cast<short>(first));
    const __m256i most = _mm256_set1_epi16(static_cast<short>(last));
    return {{between(units.part[0], least, most), between(units.part[1], least, most),
             between(units.part[2], least, most), between(units.part[3], least, most)}};
}

#include "src/kernel/marks_words.inl"

#undef RINGFENCE_TARGET

}  // namespace

const MarksKernel kMarksAvx2 = {Isa::kAvx2, mark};

}  // namespace ringfence::kernel
#endif
