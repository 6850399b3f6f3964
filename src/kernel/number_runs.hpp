// number_runs.hpp - whether a Chinese numeral may be a digit: whether one stands in a number run of five or more.
//
// Nearly every message has digits, and every other Chinese one a numeral, mostly alone inside a word. So the fold looks, while
// the kinds are in registers, whether a numeral stands beside another member of a number at all; who is told that one
// does asks further.
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/kernel/unit_kinds.hpp"

namespace ringfence::kernel {

// Has kIsNumeral where two members of one number run stand beside each other and one of them is a numeral: right behind
// each other (`before` and `last`) or with one unit between (`first` and `last`) that is in no dense view. Of Kinds one or
// many at a time.
template <class Kinds>
constexpr Kinds numeral_beside(Kinds first, Kinds before, Kinds last) {
    // Bits of kInNumber, moved to where kIsNumeral stands.
    static_assert(kInNumber << 1u == kIsNumeral && kInDense << 1u == kInNumber);
    return ((before & last) << 1 & (before | last)) |
           ((first & last & ~(before << 1)) << 1 & (first | last));
}

// Whether five members or more, and a numeral among them, follow one another in a light view of these kinds, each right behind
// the one before or behind one unit between. What is in no dense view is taken for a separator, though a comma, a
// bracket and the like are none: some runs are seen where there is none, and none is missed. A kind before the first can be
// read, and 64 behind the last.
// Threads: any thread.
bool may_have_number(const std::uint8_t* kinds, std::size_t size);

}  // namespace ringfence::kernel
