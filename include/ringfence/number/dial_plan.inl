// dial_plan.inl - bodies of dial_plan.hpp.
#pragma once

#include <array>
#include <cstddef>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/range_walk.hpp"

namespace ringfence {
namespace detail {

inline constexpr std::array<DialPlan, data::kPlans.size()> kDialPlans = [] {
    static_assert(data::kPlans.size() == 7);
    const auto& rows = data::kPlans;
    return std::array<DialPlan, 7>{DialPlan(rows[0]), DialPlan(rows[1]), DialPlan(rows[2]),
                                   DialPlan(rows[3]), DialPlan(rows[4]), DialPlan(rows[5]),
                                   DialPlan(rows[6])};
}();

}  // namespace detail

constexpr const DialPlan* DialPlan::find(CountryCode country) {
    for (const DialPlan& plan : detail::kDialPlans)
        if (plan.country() == country) return &plan;
    return nullptr;
}

constexpr std::span<const DialPlan> DialPlan::all() { return detail::kDialPlans; }

constexpr bool DialPlan::is_emergency(std::string_view digits) const {
    return detail::all_digits(digits) &&
           (detail::label_at(row_->short_root, digits) & data::kEmergencyFlag) != 0;
}

constexpr bool DialPlan::is_protected(std::string_view digits) const {
    for (const data::CodeRange& range : row_->protected_numbers)
        if (range.covers(digits)) return detail::all_digits(digits);
    return false;
}

}  // namespace ringfence
