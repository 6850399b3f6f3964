// emergency.hpp - whether an address is an emergency number where a roaming caller is.
//
// A subscriber abroad dials the emergency number of the country that serves the call, or the one that
// every telephone knows. At home normalize(...).emergency tells the same under the plan that screens.
//
// Cost: one reading of the address under the other plan; no allocation.
// Source: 3GPP TS 22.101 clause 10.1 (112 and 911 are emergency numbers for every telephone).
#pragma once

#include "ringfence/number/address.hpp"
#include "ringfence/number/country.hpp"

namespace ringfence {

// Whether `called` is an emergency number of the country `serving`, in any form that
// normalize(...).emergency knows under that country's plan; 112 and 911 are, in every country, with or
// without a plan here. False for no country. The whole number, never a prefix.
// Threads: any thread.
constexpr bool is_emergency_in(const Address& called, CountryCode serving);

}  // namespace ringfence

#include "ringfence/number/emergency.inl"
