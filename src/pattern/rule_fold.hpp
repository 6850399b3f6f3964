// rule_fold.hpp - the text of rules, folded as messages are.
//
// A rule must be folded before anything in it gets a meaning: a full-width bracket folds to '[', and it
// is the letter that the author meant, not a class. So the readers of rules take the grammar apart first
// and send only the letters here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ringfence/pattern/expression.hpp"

namespace ringfence::pattern {

// The code points of `utf8`, or nothing where it is not valid UTF-8. Threads: any thread.
std::optional<std::u32string> code_points(std::string_view utf8);

// `point` appended to `out` in UTF-8; a surrogate or a value beyond Unicode becomes U+FFFD.
// Threads: any thread.
void append_utf8(std::string& out, char32_t point);

// The folded units of a piece of text, in `view`; empty where the fold drops all of it.
// Threads: any thread.
std::u16string fold_phrase(std::string_view utf8, TextView view);

// Whether a folded unit is part of a word for `<` and `>`: ASCII letters, digits and '_'.
constexpr bool is_word_unit(char16_t unit) {
    return (unit >= u'0' && unit <= u'9') || (unit >= u'a' && unit <= u'z') ||
           (unit >= u'A' && unit <= u'Z') || unit == u'_';
}

}  // namespace ringfence::pattern
