// country_of.hpp - the country that a number belongs to, for the 215 country codes that are in use.
//
// Codes that several countries share (+1, +7, +44, +262 ...) are told apart by the digits behind them,
// as far as the number goes: +1876 is Jamaica. What no country can be told from belongs to the main one of
// its code. Codes of no country (+800 freephone, +870 Inmarsat, +882 networks) have none.
//
// Cost: a few loads a digit.
// Source: libphonenumber's metadata, by tools/gen_numbering.py.
#pragma once

#include <string_view>

#include "ringfence/number/country.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence {

// The country of a number with its country code; none for codes not in use and codes of no country. The
// number need not be complete or valid.
// Threads: any thread.
constexpr CountryCode country_of(Number number);
constexpr CountryCode country_of(std::string_view digits);

// How many of the first digits are the country code: 1 to 3; 0 when it is not in use.
// Threads: any thread.
constexpr unsigned calling_code_length(std::string_view digits);

}  // namespace ringfence

#include "ringfence/number/country_of.inl"
