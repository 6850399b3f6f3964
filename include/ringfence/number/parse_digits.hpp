// parse_digits.hpp - many bare numbers as text into Numbers at once.
//
//     texts      "8613800138000"  "+33639980001"  "86 138"  ""      "+"
//     numbers    8613800138000    33639980001     (empty)   (empty) (empty)
//
// For columns of digits as they come from files: nothing is understood, a national number stays one. What has
// separators, letters or more digits than a number is for parse.hpp and normalize.hpp.
//
// Cost: see docs/performance.md; a few nanoseconds a number, whatever the order of lengths, by the vector form chosen
// at start; no octet outside of the texts is read.
// Source: W. Mula, "SIMD-ized parsing of numbers".
#pragma once

#include <span>
#include <string_view>

#include "ringfence/base/export.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence {

// The number of each text to the same place of `numbers`, which has room for as many: perhaps a '+', which is passed
// over, and 1 to Number::kMaxDigits digits; the empty Number for any other text.
// Threads: any thread.
void parse_digits(std::span<const std::string_view> texts, std::span<Number> numbers);

}  // namespace ringfence
