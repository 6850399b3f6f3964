// plan.hpp - how one expression is looked for: in which tier, and by which of its elements.
//
// An expression is first written in a simpler form that matches the same, and at the same place: what may be absent at its
// end goes, neighbours become one phrase, a weak phrase takes a digit of the class beside it. The element whose phrases
// are rarest becomes the anchor, if both sides of it fit the window of the gap tier.
//
//     [0-9]{2,5}(a|b)?c{0,9}      ->   [0-9]{2,5}(ac|bc|c)                      last gap is optional
//     加(我)?微信[0-9]{5,11}      ->   (加我微信|加微信)[0-9]{5}                anchor: the phrases
#pragma once

#include <cstddef>
#include <string>

#include "ringfence/pattern/expression.hpp"
#include "ringfence/pattern/pattern_set.hpp"
#include "src/kernel/window_kernel.hpp"

namespace ringfence::pattern {

inline constexpr std::size_t kNoElement = SIZE_MAX;

struct Plan {
    PatternTier tier = PatternTier::kWhole;
    std::size_t anchor =
        kNoElement;  // the element whose phrases are its anchors; none: it has none
};

// Brings `expression`, whose last elements may be open (linear.hpp), into the simpler form. Nothing may be left of one
// that can match nothing. Threads: any thread.
void simplify(Expression& expression);

// Of a simple expression. Threads: any thread.
Plan plan_of(const Expression& expression);

// How an expression of the gap tier is checked around its anchor.
struct GapCheck {
    // Units of a phrase that a probe may leave to be compared.
    static constexpr std::size_t kMostRest = 8;

    kernel::WindowProbe probe;  // the one that is likely to fail most
    kernel::WindowSteps steps;  // `first` is left to the caller
    // Of an expression in which nothing but the probe is beside the anchor: how many units it asks for, 0 for others; and
    // those of its phrase that it says nothing of.
    std::uint8_t size = 0;
    std::u16string rest;
};

// Threads: any thread.
GapCheck gap_check(const Expression& expression, std::size_t anchor);

// Why `plan` is what it is, for people. Threads: any thread.
std::string reason_of(const Expression& expression, const Plan& plan);

// Sorts the phrases of an element, each once. Threads: any thread.
void sort_phrases(Element& element);

}  // namespace ringfence::pattern
