// mark_lanes.hpp - which of six short marks are the wanted one, beside a number that says whose they are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ringfence::kernel {

// A quarter of a line. Marks that are not in use are 0, which is never wanted.
struct alignas(16) MarkBucket {
    static constexpr std::size_t kMarks = 6;

    std::uint32_t first = 0;
    std::array<std::uint16_t, kMarks> marks{};
};
static_assert(sizeof(MarkBucket) == 16);

// Bit i: marks[i] is `mark`. Threads: any thread.
inline unsigned equal_marks(const MarkBucket& bucket, std::uint16_t mark) {
#if defined(__SSE2__)
    const __m128i all = _mm_load_si128(reinterpret_cast<const __m128i*>(&bucket));
    const __m128i equal = _mm_cmpeq_epi16(all, _mm_set1_epi16(static_cast<short>(mark)));
    const int lanes = _mm_movemask_epi8(_mm_packs_epi16(equal, _mm_setzero_si128()));
    return static_cast<unsigned>(lanes) >> 2u;  // `first` is the lower two lanes
#else
    unsigned lanes = 0;
    for (std::size_t i = 0; i < MarkBucket::kMarks; ++i)
        lanes |= static_cast<unsigned>(bucket.marks[i] == mark) << i;
    return lanes;
#endif
}

}  // namespace ringfence::kernel
