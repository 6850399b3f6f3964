// trimmed.hpp - a text without the blanks around it.
//
// Cost: a look at each blank.
#pragma once

#include <string_view>

namespace ringfence {

// What lies between the characters of `blanks` at both ends; a view into `text`. Threads: any thread.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") {
    const auto is_blank = [blanks](char c) { return blanks.find(c) != std::string_view::npos; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace ringfence
