// csv_marks.hpp - where the commas, quotes and line ends of 64 bytes of CSV stand.
//
//     text    1 7 , x , " a " \n ...
//     commas  0 0 1 0 1 0 0 0 0          bit i = byte i
//     quotes  0 0 0 0 0 1 0 1 0
//     ends    0 0 0 0 0 0 0 0 1
//
// The portable form is the truth; SSE2 belongs to every x86-64, so nothing is dispatched.
// Cost: about 4 ns with SSE2, 15 without.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ringfence::kernel {

struct CsvMarks {
    std::uint64_t commas = 0;
    std::uint64_t quotes = 0;
    std::uint64_t ends = 0;
};

inline constexpr unsigned kCsvMarksBytes = 64;

// Reads kCsvMarksBytes bytes.
inline CsvMarks csv_marks_portable(const char* text) {
    CsvMarks marks;
    for (unsigned i = 0; i < kCsvMarksBytes; ++i) {
        marks.commas |= std::uint64_t{text[i] == ','} << i;
        marks.quotes |= std::uint64_t{text[i] == '"'} << i;
        marks.ends |= std::uint64_t{text[i] == '\n'} << i;
    }
    return marks;
}

#if defined(__SSE2__)

inline std::uint64_t bytes_equal_sse2(const char* text, char wanted) {
    const __m128i all = _mm_set1_epi8(wanted);
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < kCsvMarksBytes; i += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + i));
        const int equal = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, all));
        bits |= std::uint64_t{static_cast<unsigned>(equal)} << i;
    }
    return bits;
}

inline CsvMarks csv_marks(const char* text) {
    return {bytes_equal_sse2(text, ','), bytes_equal_sse2(text, '"'), bytes_equal_sse2(text, '\n')};
}

#else

inline CsvMarks csv_marks(const char* text) { return csv_marks_portable(text); }

#endif

}  // namespace ringfence::kernel
