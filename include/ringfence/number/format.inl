// format.inl - bodies of format.hpp.
#pragma once

#include "ringfence/number/format.hpp"
#include "ringfence/number/range_walk.hpp"

namespace ringfence {
namespace detail {

// `digits` begin with the country code.
constexpr NumberText format_digits(std::string_view digits, NumberStyle style,
                                   const data::PlanRow& row) {
    NumberText text;
    if (digits.empty()) return text;
    if (style == NumberStyle::kNational && digits.starts_with(row.calling_code)) {
        const std::string_view national = digits.substr(row.calling_code.size());
        const std::uint8_t label = label_at(row.national_root, national);
        const bool known = label != 0 || label_at(row.short_root, national) != 0;
        const unsigned kind = label & data::kKindMask;
        if (label != 0 && (row.trunk_kinds >> kind & 1u) != 0) text.append(row.trunk_prefix);
        if ((label & data::kBehindAreaFlag) != 0) text.append(row.trunk_prefix);
        if (known) {
            text.append(national);
            return text;
        }
    }
    text.append(style == NumberStyle::kE164 ? std::string_view("+") : row.international_prefix);
    text.append(digits);
    return text;
}

}  // namespace detail

constexpr NumberText format(Number number, NumberStyle style, const DialPlan& plan) {
    std::array<char, Number::kMaxDigits> buffer{};
    const unsigned size = number.write_digits(buffer);
    return detail::format_digits(std::string_view(buffer.data(), size), style, plan.row());
}

constexpr NumberText format(const Normalized& number, NumberStyle style, const DialPlan& plan) {
    const bool any = !number.number.empty() || number.long_national;
    return detail::format_digits(any ? number.digits() : std::string_view(), style, plan.row());
}

constexpr NumberText format_e164(Number number) {
    NumberText text;
    if (number.empty()) return text;
    std::array<char, Number::kMaxDigits> buffer{};
    const unsigned size = number.write_digits(buffer);
    text.append("+");
    text.append(std::string_view(buffer.data(), size));
    return text;
}

}  // namespace ringfence
