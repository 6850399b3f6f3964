// emergency.inl - bodies of emergency.hpp.
#pragma once

#include <string_view>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/emergency.hpp"
#include "ringfence/number/emergency_forms.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/range_walk.hpp"

namespace ringfence {
namespace detail {

// TS 22.101 clause 10.1 a).
constexpr bool is_emergency_everywhere(std::string_view digits) {
    return digits == "112" || digits == "911";
}

// Whether `code` is the country code of `country`, or one that it may share: such a country has none of
// its own.
constexpr bool may_be_code_of(const data::CallingCode& code, CountryCode country) {
    const auto leads = [&](const data::CallingCode& row) {
        return std::string_view(data::kRegions[row.region], 2) == country.text();
    };
    if (code.region_root == 0 || leads(code)) return leads(code);
    for (const data::CallingCode& row : data::kCallingCodes)
        if (leads(row)) return false;
    return true;
}

// `digits` behind a '+': one of these codes, alone or behind the country code of `serving`.
constexpr bool is_emergency_behind_plus(std::string_view digits, CountryCode serving) {
    if (is_emergency_everywhere(digits)) return true;
    const data::CallingCode& row = calling_code(digits);
    return row.length != 0 && is_emergency_everywhere(digits.substr(row.length)) &&
           may_be_code_of(row, serving);
}

}  // namespace detail

constexpr bool is_emergency_in(const Address& called, CountryCode serving) {
    if (serving.empty()) return false;
    if (const DialPlan* plan = DialPlan::find(serving);
        plan != nullptr && normalize(called, *plan).emergency)
        return true;
    if (called.kind == AddressKind::kAlphanumeric &&
        detail::names_emergency_services(called.text(), called.truncated))
        return true;
    const Address number = detail::unwrap(called, {}).address;
    const std::string_view digits = number.text();
    if (called.local != 0 && digits.size() == called.size &&
        detail::is_emergency_everywhere(digits.substr(digits.size() - called.local)))
        return true;
    if (number.plus || number.ton == TypeOfNumber::kInternational)
        return detail::is_emergency_behind_plus(digits, serving);
    return detail::is_emergency_everywhere(digits);
}

}  // namespace ringfence
