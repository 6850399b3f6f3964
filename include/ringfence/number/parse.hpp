// parse.hpp - reads what arrived into an Address: digits, a name or a service code, and how they came.
//
// Text may be a number with separators, a whole `sip:`, `sips:` or `tel:` URI, such a URI in angle
// brackets behind a display name, or the user part of one. Octets are TBCD or a whole Q.763 parameter.
//
//     "+86 (138) 0013-8000"                          digits 8613800138000, plus, separators
//     "sip:%2B8613800138000;npdi@gw.example"         digits 8613800138000, plus
//     "tel:62345678;phone-context=+8610"             digits 861062345678, plus
//     "<sip:anonymous@anonymous.invalid>"            withheld
//     "ICBC"                                         a name, never a number
//     "*21*110#"                                     a service code, never a number
//     "urn:service:sos.police"                       a name; normalize knows this one
//
// Nothing is read into a name: a string with any character that a telephone number cannot hold is a
// name as a whole. A name of full-width digits is kept in ASCII and stays a name. What the digits mean
// is normalize.hpp's affair.
//
// Cost: one pass over the text, no allocation; text past the URI's user part is not looked at.
// Sources: RFC 3966 (tel), RFC 5031 (urn:service), RFC 3261 clause 19.1 (sip), 3GPP TS 29.002 clause 17.7.8 (TBCD),
// ITU-T Q.763 clauses 3.9 and 3.10 (called and calling party number).
#pragma once

#include "ringfence/number/address.hpp"

namespace ringfence {

// The address that `view` holds; never fails. Nothing, blanks alone, and a Q.763 parameter without its
// two header octets are kAbsent. More digits than Address::kMaxText set `truncated` and keep the first
// of them: such an address is no number, and its text must not be looked up. A filler inside TBCD
// stands as 'f' in a service code. A phone-context that is no global number of up to 15 digits counts for
// nothing. Octets of type kAlphanumeric are kept as they are: text/decode.hpp
// reads packed septets.
// Threads: any thread.
constexpr Address parse(const AddressView& view);

}  // namespace ringfence

#include "ringfence/number/parse.inl"
