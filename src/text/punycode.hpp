// punycode.hpp - letters of any script as letters, digits and hyphens.
//
// Written alone: a label that came as Punycode is its own key, so nobody has to read it (docs/decisions/hosts.md).
// Cost: at most one walk over the label for each code point beyond ASCII in it; no allocation.
// Source: RFC 3492 clauses 5 and 6.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace ringfence {

// Writes the Punycode of `label`, of at most 1,024 code points, without "xn--"; gives its size, or 0 when it does not fit.
// Threads: any thread.
std::size_t write_punycode(std::u32string_view label, std::span<char> out);

}  // namespace ringfence
