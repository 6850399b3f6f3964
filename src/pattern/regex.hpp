// regex.hpp - the regular expression of a rule, folded and bounded before the engine sees it.
//
// Letters are folded one by one and then escaped, so that a full-width bracket stays a letter; signs with a
// meaning are kept; what the rule language does not have (look-around, back references, flags, Unicode
// properties) is refused with the way out. Its positions with all counts written out are counted here, because a counted
// repeat of a counted repeat can hold a compiler for seconds: no count above 100, and no more of them than any
// RegexLimits allow. What the limits of a policy allow is seen when the set is compiled (set_builder.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/pattern/expression.hpp"

namespace ringfence::pattern {

struct FoldedRegex {
    std::string text;
    std::uint32_t states = 0;  // PatternRule::states
};

// `regex` (UTF-8) ready for the engine, or kSyntax / kTooLarge with what to do; no file in the text.
// Threads: any thread.
Result<FoldedRegex> fold_regex(std::string_view regex, TextView view);

// `unit` as the engine must be given it to mean itself, outside a class or in one. Threads: any thread.
void append_escaped(std::string& out, char16_t unit);

}  // namespace ringfence::pattern
