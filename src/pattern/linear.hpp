// linear.hpp - a regular expression as a few linear ones, where it is that simple.
//
// Linear is what an Expression can say: phrases, runs of a class and gaps, one behind the other. Alternatives of other
// things are written out, `ab(?:c|[0-9]x)` as `abc` and `ab[0-9]x`; the rule matches where any of them does. What remains
// (counts without an upper bound before the end, borders, `^`, `$`, too many alternatives) becomes an open gap:
// then the expressions are only necessary, not the rule itself, and their phrases tell when to ask the engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ringfence/pattern/expression.hpp"

namespace ringfence::pattern {

// Of an element's `max`: no bound. Only in expressions that are not exact.
inline constexpr std::uint16_t kOpen = 0xFFFF;

struct Linear {
    bool exact = false;
    // One of them matches in every text in which the regular expression does, and in no other if exact. None: nothing
    // could be told.
    std::vector<Expression> expressions;
    std::string why;  // of what is not exact, what it is about: "'\\b'"
};

// `regex` as fold_regex gives it. A surrogate in a text reads as U+FFFD, as the engine sees it.
// Threads: any thread.
Linear linear_form(const std::string& regex, TextView view);

}  // namespace ringfence::pattern
