// matcher.hpp - where one expression matches in a text: exact, bounded, without backtracking.
//
// A set of positions is a row of bits, one for each place between two units. An element maps the set of
// places before it to the set of places behind it: a gap smears the row, a class walks it along the units
// that it holds, a phrase moves each place where it stands. After the last element the lowest bit is the
// end that comes first; walking back from it gives where the match begins.
//
//     text      a  d  d  m  e  v  x        add{0,2}vx
//     places   0  1  2  3  4  5  6  7
//     add      bit 3
//     {0,2}    bits 3 4 5
//     vx       bit 7             -> ends at 7, begins at 0
//
// 64 places are looked at together, by the form of the window kernel that the caller gives (src/kernel/window_kernel.hpp).
//
// Cost: elements x units / 64 words, a phrase some 4 ns a word; no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "ringfence/pattern/pattern_set.hpp"
#include "src/pattern/padded_text.hpp"
#include "src/pattern/program.hpp"
#include "src/pattern/text_heads.hpp"

namespace ringfence::pattern {

inline constexpr std::size_t kMaxTextUnits = PatternSet::kMaxTextUnits;

struct Extent {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    friend constexpr bool operator==(const Extent&, const Extent&) = default;
};

// A set of places 0..kMaxTextUnits in a text.
class Places {
public:
    static constexpr std::size_t kWords = kMaxTextUnits / 64 + 1;

    // Makes all of the first `places` places members, or none.
    void fill(std::size_t places);
    void clear(std::size_t words);

    void put(std::size_t place) { words_[place / 64] |= std::uint64_t{1} << place % 64; }
    // Bit j of `bits`: the place `place` + j, which has to be in the row.
    void put(std::size_t place, std::uint64_t bits);
    std::uint64_t from(std::size_t place) const;

    // And one behind, read by `from`. What an earlier, longer text left behind the row of this one is read too: callers mask it.
    std::array<std::uint64_t, kWords + 1> words_{};
};

// Rows that a search needs; part of a scratch.
struct MatchSpace {
    Places from, to, step, members;
};

// The match of `program` in `text` that ends first, and of those that end there the longest; nothing
// when there is none. `text` has kMaxTextUnits units at most, and the heads `heads`.
// Threads: any thread, one space each.
std::optional<Extent> find_first(const ProgramView& view, Program program, const PaddedText& text,
                                 const TextHeads& heads, MatchSpace& space,
                                 const kernel::WindowKernel& kernel);

}  // namespace ringfence::pattern
