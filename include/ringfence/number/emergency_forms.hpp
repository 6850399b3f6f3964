// emergency_forms.hpp - what is written around an emergency number and does not change whom it calls.
//
// Internal to the number room. The whole of the dialled text is taken apart, and what remains is an
// emergency number as a whole or the text is none: an ordinary number stays what it is.
//
//     urn:service:sos.police, sip:sos@...    a name of the emergency services    RFC 5031 clause 4.2
//     *31#110, #31#110                       caller shown or withheld            TS 22.030 annex B
//     *67911, *82911, 1167911, 1182911       the same in North America           vertical service codes
//     141999, 1470999                        the same in Britain                 Ofcom, access codes
//     365115                                 the same in France
//     112#                                   the end of what is keyed            TS 22.030 clause 6.5.2
//     110F, 110FF                            filler of a BCD number, kept as text  TS 29.002 17.7.8
//     full-width digits                      parse keeps them as a name in ASCII
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "ringfence/number/address.hpp"
#include "ringfence/number/range_walk.hpp"

namespace ringfence::detail {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool begins_as(std::string_view text, std::string_view lower_case) {
    if (text.size() < lower_case.size()) return false;
    for (std::size_t i = 0; i < lower_case.size(); ++i)
        if (lower(text[i]) != lower_case[i]) return false;
    return true;
}

inline constexpr std::string_view kServiceUrn = "urn:service:";

// Whether a name is "sos", with sub-services or without, alone (the user of a SIP URI) or as URN. Of a name
// that was cut the beginning decides.
constexpr bool names_emergency_services(std::string_view name, bool cut) {
    if (begins_as(name, kServiceUrn)) name.remove_prefix(kServiceUrn.size());
    if (!begins_as(name, "sos")) return false;
    name.remove_prefix(3);
    while (name.starts_with('.')) {
        name.remove_prefix(1);
        std::size_t label = 0;
        while (label < name.size() &&
               ((lower(name[label]) >= 'a' && lower(name[label]) <= 'z') ||
                (name[label] >= '0' && name[label] <= '9') || name[label] == '-'))
            ++label;
        if (label == 0) return cut && name.empty();
        name.remove_prefix(label);
    }
    return name.empty();
}

// What says before a number whether the called party sees the caller's.
struct RestrictionPrefix {
    std::string_view digits;
    std::string_view calling_code;  // of the plans that have it; empty for all
};
inline constexpr std::array<RestrictionPrefix, 9> kRestrictionPrefixes = {{{"*31#", ""},
                                                                           {"#31#", ""},
                                                                           {"*67", "1"},
                                                                           {"*82", "1"},
                                                                           {"1167", "1"},
                                                                           {"1182", "1"},
                                                                           {"141", "44"},
                                                                           {"1470", "44"},
                                                                           {"3651", "33"}}};

// How long the prefix is that `text` begins with under a plan of this country code; 0 for none.
constexpr std::size_t restriction_prefix(std::string_view text, std::string_view calling_code) {
    for (const RestrictionPrefix& one : kRestrictionPrefixes)
        if ((one.calling_code.empty() || one.calling_code == calling_code) &&
            text.starts_with(one.digits))
            return one.digits.size();
    return 0;
}

// The number inside of a name or a service code.
struct Unwrapped {
    Address address = {};  // kDigits, or kAbsent where there is no number inside
    bool restricted = false;
};

constexpr Unwrapped unwrap(const Address& wrapped, std::string_view calling_code) {
    Unwrapped inside;
    if (wrapped.truncated) return inside;
    std::string_view text = wrapped.text();
    const std::size_t prefix = restriction_prefix(text, calling_code);
    inside.restricted = prefix != 0;
    text.remove_prefix(prefix);
    while (text.ends_with('f') || text.ends_with('F')) text.remove_suffix(1);
    if (text.ends_with('#')) text.remove_suffix(1);

    Address number;
    number.ton = wrapped.ton;
    number.plus = wrapped.plus;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            number.chars[number.size++] = c;
        } else if (c == '+' && number.size == 0 && !number.plus) {
            number.plus = true;
        } else if (std::string_view(" \t-./()").find(c) == std::string_view::npos) {
            return inside;
        }
    }
    if (number.size == 0) return inside;
    number.kind = AddressKind::kDigits;
    inside.address = number;
    return inside;
}

}  // namespace ringfence::detail
