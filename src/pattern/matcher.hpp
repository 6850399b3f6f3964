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
// Cost: elements x units / 64 words, and a compare for each place and phrase; no allocation. The longest
// text and the largest expression together are below a millisecond.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "ringfence/pattern/pattern_set.hpp"
#include "src/pattern/program.hpp"

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
    bool has(std::size_t place) const { return words_[place / 64] >> place % 64 & 1u; }

    std::array<std::uint64_t, kWords> words_{};
};

// Rows that a search needs; part of a scratch.
struct MatchSpace {
    Places from, to, step, members;
};

// The match of `program` in `units` that ends first, and of those that end there the longest; nothing
// when there is none. Only the first kMaxTextUnits units are looked at.
// Threads: any thread, one space each.
std::optional<Extent> find_first(const ProgramView& view, Program program,
                                 std::span<const char16_t> units, MatchSpace& space);

}  // namespace ringfence::pattern
