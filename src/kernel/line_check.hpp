// line_check.hpp - looks through lines of a number table that came from a file, in the form that suits the processor.
//
// What every line must hold is in table/parts.hpp. Here is the pass that nearly all lines go through without a word: it
// counts, notes the numbers that lie in another than their first line, and stops at a line that is not
// plainly good. Whoever asked looks at that one closely, and goes on behind it. One contract, three forms;
// line_check_scalar.cpp is the truth.
//
// Nobody writes the lines meanwhile: plain loads. Cost: 2.5 ns a line that is in cache with AVX-512, 13 scalar.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ringfence/table/number_view.hpp"
#include "src/kernel/isa.hpp"

namespace ringfence::kernel {

struct LineBounds {
    std::uint64_t seed = 0;
    std::uint64_t line_count = 0;   // of the table
    std::uint64_t narrow_sets = 0;  // payloads 1 to this name a set
};

struct LineFindings {
    std::uint64_t numbers = 0;
    std::uint64_t filter_bits = 0;
    // Numbers whose first line is another: their slots, counted from the table's first, and ranks. Whoever asks has
    // room there for eight a line and eight more.
    std::size_t displaced = 0;
    std::uint64_t* slots = nullptr;
    std::uint64_t* ranks = nullptr;
};

struct LineCheck {
    Isa isa = Isa::kScalar;

    // Looks at lines `first` to `end` - 1, of the table that begins at `lines`, and adds to `found`. Gives the first
    // line that is not plainly good, of which nothing was added, or `end`. Plainly good: each slot is free, or holds
    // the rank of a number and a payload from 1 to narrow_sets; no rank is there twice.
    std::uint64_t (*check)(const NumberLine* lines, std::uint64_t first, std::uint64_t end,
                           const LineBounds& bounds, LineFindings& found) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const LineCheck* line_check(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const LineCheck& line_check();

inline constexpr std::uint64_t kRankEnd = Number::first_rank(Number::kMaxDigits + 1);

extern const LineCheck kLineCheckScalar;
extern const LineCheck kLineCheckAvx2;
extern const LineCheck kLineCheckAvx512;

}  // namespace ringfence::kernel
