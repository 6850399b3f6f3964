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
// Most anchors stand where the rest of the expression does not, and many rules may share one. A probe says what must be
// there besides, in the check itself: the first two units of another phrase, or a run of a class, and between which places.
// All checks of an anchor are sifted by their probes, without a branch on whether one fails, before the steps and all that
// is known of an expression are touched, which lie elsewhere in memory.
//
// One contract, three forms: window_scalar.cpp is the truth, the others differ only in speed.
// Cost: some 2 ns for a probe, 20 for a gap and a phrase.
#pragma once

#include <array>
#include <cstdint>

#include "src/kernel/isa.hpp"
#include "src/pattern/program.hpp"

namespace ringfence::kernel {

inline constexpr std::size_t kMaxSide = 63;
// Units that can be read before a text and behind it.
inline constexpr std::size_t kWindowMargin = 128;

// What must stand at one of `places` places, the first of which lies `offset` units behind the anchor's end, or before its
// begin where it is negative: `run` units in a row, each of one of two ranges; or, where `run` is 0, the pair of units
// {first[0], first[1]}. No places: nothing is asked.
struct WindowProbe {
    std::int8_t offset = 0;
    std::uint8_t places = 0;
    std::uint8_t run = 0;
    std::uint8_t spare = 0;
    std::array<char16_t, 2> first{}, last{};
};

// What an anchor calls for, once its probe holds.
struct WindowCheck {
    WindowProbe probe;
    std::uint32_t body = 0;  // the caller's
};
static_assert(sizeof(WindowCheck) == 16);
inline constexpr unsigned kMostChecks = 64;  // of one anchor

// The steps `first` to `first` + `left` - 1 lie before the anchor, the `right` ones behind its own step after it.
struct WindowSteps {
    std::uint32_t first = 0;
    std::uint8_t left = 0;
    std::uint8_t right = 0;
};

// An anchor that stands at [begin, end), with what it calls for: 1 to kMostChecks.
struct WindowHit {
    const WindowCheck* checks = nullptr;
    std::uint32_t count = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

// A check of which the probe holds, and which hit it is of.
struct WindowSurvivor {
    const WindowCheck* check = nullptr;
    std::uint32_t hit = 0;
};

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

    // Those checks of hits[at] and the hits behind it of which the probe holds: what it asks for stands where it asks, which
    // may lie beyond the text. There are `count` hits, and `at` is one of them. Ends where less than kMostChecks of `room` are
    // left, with `at` behind the last hit that was looked at; gives how many survive.
    std::size_t (*sift)(const char16_t* text, const WindowHit* hits, std::size_t count,
                        std::size_t& at, WindowSurvivor* survivors, std::size_t room) = nullptr;

    // Bit j: it stands at the place `offset` + j. Of a probe that asks for something.
    std::uint64_t (*places)(const WindowProbe& probe, const WindowPlace& place) = nullptr;

    // Whether the steps before the anchor match up to it, and those behind it from it on, each at most kMaxSide units wide;
    // then `match` says where.
    bool (*match)(const pattern::ProgramView& view, const WindowSteps& steps,
                  const WindowPlace& place, WindowMatch& match) = nullptr;

    // The two that a walk over a whole text is made of (src/pattern/matcher.hpp), for the 64 units from `at` on. Bit j:
    // at[j] is of the class, or a word begins or ends before it, as the kind of `step` asks.
    std::uint64_t (*units)(const pattern::ProgramView& view, const pattern::Step& step,
                           const char16_t* at) = nullptr;

    // Bit j of `wanted`: the phrase stands at at[j]. No phrase wanted there reaches farther than the text's margin.
    std::uint64_t (*phrase)(const pattern::ProgramView& view, const pattern::PhraseRef& phrase,
                            const char16_t* at, std::uint64_t wanted) = nullptr;
};

// The form for `isa`; null when this processor or build lacks it. Threads: any thread.
const WindowKernel* window_kernel(Isa isa);

// The form of chosen_isa(). Threads: any thread.
const WindowKernel& window_kernel();

extern const WindowKernel kWindowScalar;
extern const WindowKernel kWindowAvx2;
extern const WindowKernel kWindowAvx512;

}  // namespace ringfence::kernel
