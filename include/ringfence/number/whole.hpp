// whole.hpp - whether a number is whole, as far as its plan can tell: what a list may name, and whose lists apply.
//
// A number of a range that the plan does not know is whole. New ranges open every year, and a police list, or a
// subscriber who has a number of one, must not wait for the plan.
#pragma once

#include <string_view>

#include "ringfence/number/normalize.hpp"

namespace ringfence {

// What keeps the number from being whole, as "has a length that its range does not have"; empty when it is whole.
// Threads: any thread.
constexpr std::string_view why_not_whole(const Normalized& number) {
    if (has(number.oddities, Oddity::kTooLong)) return "has more digits than a number";
    if (number.number.empty() && !number.long_national) return "is no number";
    if (number.valid) return {};
    if (has(number.oddities, Oddity::kLookAlike))
        return "is no valid number, and only reads like a short or protected one";
    if (has(number.oddities, Oddity::kTripleZero) || has(number.oddities, Oddity::kPlusZero) ||
        has(number.oddities, Oddity::kMalformedPrefix) || number.form == Form::kMalformed)
        return "begins as no number does";
    if (has(number.oddities, Oddity::kBadLength))
        return "has a length that its range does not have";
    if (number.country.empty()) return "has a country code that is not in use";
    constexpr std::size_t kShortestForeign = 8;  // country code included
    if (!number.domestic && number.digits().size() < kShortestForeign)
        return "is too short for a number of another country";
    return {};
}

// Whether an event may name it as its subscriber: whole, of up to 15 digits. Threads: any thread.
constexpr bool is_subscriber_number(const Normalized& number) {
    return !number.number.empty() && why_not_whole(number).empty();
}

}  // namespace ringfence
