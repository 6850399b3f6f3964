// country_of.inl - bodies of country_of.hpp.
#pragma once

#include <array>

#include "ringfence/number/country_of.hpp"
#include "ringfence/number/range_walk.hpp"

namespace ringfence {

constexpr CountryCode country_of(std::string_view digits) {
    if (!detail::all_digits(digits)) return {};
    const data::CallingCode& row = detail::calling_code(digits);
    if (row.length == 0) return {};
    const std::uint8_t region = detail::region_at(row, digits.substr(row.length));
    return region == 0 ? CountryCode() : CountryCode(std::string_view(data::kRegions[region], 2));
}

constexpr CountryCode country_of(Number number) {
    std::array<char, Number::kMaxDigits> buffer{};
    const unsigned size = number.write_digits(buffer);
    return country_of(std::string_view(buffer.data(), size));
}

constexpr unsigned calling_code_length(std::string_view digits) {
    if (!detail::all_digits(digits)) return 0;
    return detail::calling_code(digits).length;
}

}  // namespace ringfence
