// beginning.hpp - whether there can be numbers that begin so.
//
// An entry for many numbers names none of them, so no number tells whether it can ever meet one: the ranges of the
// country do, walked from its digits on.
//
// Cost: cold, some microseconds where there are numbers; for one or two digits of which there are none up to a millisecond. Allocates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringfence {

class DialPlan;

enum class Beginning : std::uint8_t {
    kOfNone = 0,     // its range has no number of these lengths
    kOfUnknown = 1,  // in no range that is known
    kOfNumbers = 2,
};

// What is known of numbers that begin with `digits`, which has the country code in front, and have `least` to `most`
// digits in all. Codes dialled alone count in the plan's own country.
// Threads: any thread.
Beginning beginning_of(std::string_view digits, std::size_t least, std::size_t most,
                       const DialPlan& plan);

// Whether bare digits that begin with the plan's country code have it in front, and `least` to `most` digits with it: where
// they would begin no number without it, or only such as are written behind the trunk prefix, and mobiles are not.
// Threads: any thread.
bool has_country_code(std::string_view digits, std::size_t least, std::size_t most,
                      const DialPlan& plan);

}  // namespace ringfence
