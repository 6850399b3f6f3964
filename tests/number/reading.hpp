// reading.hpp - what the tests of this room read numbers with.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"

namespace ringfence {

inline const DialPlan& plan_of(std::string_view country) {
    return *DialPlan::find(CountryCode(country));
}

inline Normalized read(std::string_view text, std::string_view country = "CN",
                       TypeOfNumber ton = TypeOfNumber::kUnknown) {
    return normalize(parse(AddressView(text, ton)), plan_of(country));
}

inline std::string oddities_of(const Normalized& n) {
    std::string text;
    for_each_oddity(n.oddities, [&](Oddity bit) {
        if (!text.empty()) text += ' ';
        text += name_of(bit);
    });
    return text;
}

// "8613800138000 trunk mobile" and the oddities behind, "invalid" before them where it is.
inline std::string meaning(std::string_view text, std::string_view country = "CN",
                           TypeOfNumber ton = TypeOfNumber::kUnknown) {
    const Normalized n = read(text, country, ton);
    std::string meant(n.digits());
    meant.append(" ").append(name_of(n.form)).append(" ").append(name_of(n.kind));
    if (!n.valid) meant += " invalid";
    const std::string oddities = oddities_of(n);
    return oddities.empty() ? meant : meant + " " + oddities;
}

}  // namespace ringfence
