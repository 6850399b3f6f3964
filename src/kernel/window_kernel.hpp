// window_kernel.hpp - whether an expression matches around an anchor that was found, and where.
//
// Places are bits of one word: to the right of the anchor bit j is the place j units behind its end, to the left bit j is
// the place 63 - j units before its begin. An element maps the places before it to those behind it: a gap smears, a run of
// a class is shift and mask, a phrase is looked for at all places at once.
//
//     text         x  x  a  d  d  m  e  v  x  x        add{0,2}vx, found by its "add"
//     right of it              0  1  2  3  4  5
//     {0,2}                    bits 0 1 2
//     vx                       bit 4              -> the match ends 4 units behind the anchor
//
// So both sides may be up to kMaxSide units wide. The end is the first that there is, the begin the farthest: of all
// matches through this anchor the one that ends first, and of those the longest.
//
// One contract, three forms: window_scalar.cpp is the truth, the others differ only in speed.
// Cost: some 15 ns for a gap and a phrase.
#pragma once

#include <cstdint>

#include "src/kernel/isa.hpp"
#include "src/pattern/program.hpp"

namespace ringfence::kernel {

inline constexpr std::size_t kMaxSide = 63;
// Units that can be read before a text and behind it.
inline constexpr std::size_t kWindowMargin = 128;

// An anchor that stands in a text of `size` units at [begin, end).
struct WindowPlace {
    const char16_t* text = nullptr;
    std::uint32_t size = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

// Where a match begins and ends.
struct WindowMatch {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

struct WindowKernel {
    Isa isa = Isa::kScalar;

    // Whether `left` matches up to the anchor and `right` from it on, each at most kMaxSide units wide; then `match`
    // says where.
    bool (*match)(const pattern::ProgramView& view, pattern::Program left, pattern::Program right,
                  const WindowPlace& place, WindowMatch& match) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const WindowKernel* window_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const WindowKernel& window_kernel();

extern const WindowKernel kWindowScalar;
extern const WindowKernel kWindowAvx2;
extern const WindowKernel kWindowAvx512;

}  // namespace ringfence::kernel
