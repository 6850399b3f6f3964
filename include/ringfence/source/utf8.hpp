// utf8.hpp - whether bytes are UTF-8, and how outside text appears in a one-line error.
//
// Source: RFC 3629 section 4 (no surrogates, no overlong forms, nothing past U+10FFFF).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ringfence {

// The length of the longest front of `text` that is whole, valid UTF-8: text.size() when all is.
// Cost: about 8 bytes a nanosecond for ASCII. Threads: any thread.
std::size_t valid_utf8_prefix(std::string_view text);

inline bool is_utf8(std::string_view text) { return valid_utf8_prefix(text) == text.size(); }

// `text` for a person: control characters (C0, DEL, C1) and bytes that are not UTF-8 as \xNN, cut with "..."
// past `max_bytes` of input. Holds no line end, no tab and nothing that a terminal obeys. Threads: any thread.
std::string printable(std::string_view text, std::size_t max_bytes = 48);

}  // namespace ringfence
