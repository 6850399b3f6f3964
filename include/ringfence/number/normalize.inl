// normalize.inl - bodies of normalize.hpp.
//
// Each reader tries one way to read the digits and says whether they are a complete number that way;
// the first that is wins. `dialled` is for digits as a subscriber of the plan's country dials them,
// `international` for what stands behind a '+' or an international prefix.
#pragma once

#include <array>
#include <cstddef>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/emergency_forms.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/normalize_e164.inl"
#include "ringfence/number/range_walk.hpp"

namespace ringfence {
namespace detail {

constexpr void mark_misfit(Normalized& n, Misfit misfit) {
    mark(n, misfit == Misfit::kLength ? Oddity::kBadLength : Oddity::kUnknownRange);
}

// Whether digits behind a '+' that are no E.164 number may be national ones. Where national numbers have
// no fixed length only mobiles are told from the foreign number that was meant.
constexpr bool may_be_national(const data::PlanRow& plan, Digits digits, std::uint8_t label) {
    if (label == 0 || digits.starts_with(plan.calling_code)) return false;
    const NumberKind kind = kind_of(label);
    return kind == NumberKind::kMobile || kind == NumberKind::kFixedOrMobile ||
           plan.area_length[static_cast<unsigned>(digits[0] - '0')] != 0;
}

// What stands behind a '+' or an international prefix.
constexpr void international(Normalized& n, const data::PlanRow& plan, Digits whole, Form form) {
    if (try_e164(n, plan, whole, form)) return;
    n.form = form;
    const std::uint8_t code = label_at(plan.short_root, whole);
    const std::uint8_t label = code != 0 ? code : label_at(plan.national_root, whole);
    const bool look_alike = (label & data::kNeverAfterPlusFlag) != 0;
    if (!look_alike && may_be_national(plan, whole, label)) {
        set_home(n, plan, whole, label, form);
        mark(n, Oddity::kPlusOnNational);
        return;
    }
    if (look_alike) mark(n, Oddity::kLookAlike | Oddity::kPlusOnNational);
    const data::CallingCode& row = calling_code(whole);
    if (whole.size() == row.length) {
        // A country code alone, and no number; Georgia's, 995, is an emergency in Singapore.
        mark(n, Oddity::kBadLength);
        n.country = country_at(row, {});
        if ((code & data::kEmergencyFlag) != 0) {
            set_emergency(n);
        } else {
            n.form = Form::kMalformed;
        }
        return;
    }
    set_digits(n, {}, whole);
    if (whole.size() > Number::kMaxDigits) mark(n, Oddity::kTooLong);
    // A plus, or the type that networks turn it into, is put before whatever was dialled.
    if ((code & data::kEmergencyFlag) != 0) set_emergency(n);
    if (row.length == 0) {
        mark(n, Oddity::kUnknownRange);
        if (is_dialled_emergency(plan, whole)) set_emergency(n);
        return;
    }
    const Digits national = whole.substr(row.length);
    mark_misfit(n, misfit_at(row.national_root, national));
    n.country = country_at(row, national);
    n.domestic = whole.substr(0, row.length) == plan.calling_code;
    // New ranges appear every year: abroad a number that could be one is taken for one.
    n.valid = !look_alike && !n.domestic && whole.size() <= Number::kMaxDigits &&
              loose_label_at(row.national_root, national) == data::kPlausible;
    if (!n.valid && is_dialled_emergency(plan, whole)) set_emergency(n);
}

// Zeros that no plan writes, 000... or +0...: the number is what remains when there is one, but the form
// makes it invalid. Codes count behind the home country code alone.
constexpr void stray_zeros(Normalized& n, const data::PlanRow& plan, Digits digits, Oddity oddity) {
    Digits rest = digits;
    while (rest.starts_with('0')) rest.remove_prefix(1);
    const bool one_zero = digits.size() - rest.size() == 1;
    const auto is_national = [&] {
        const std::uint8_t label = label_at(plan.national_root, rest);
        if (label == 0 || (label & data::kNeverAfterPlusFlag) != 0) return false;
        set_home(n, plan, rest, label, Form::kMalformed);
        return true;
    };
    const bool found = (one_zero && is_national()) || try_e164(n, plan, rest, Form::kMalformed) ||
                       (!one_zero && is_national());
    if (!found) mark(n, Oddity::kUnknownRange);
    n.form = Form::kMalformed;
    n.valid = false;
    n.long_national = false;
    mark(n, oddity);
}

// The home country code with nothing before it: numbers that are complete, and emergencies.
constexpr bool try_bare_code(Normalized& n, const data::PlanRow& plan, Digits digits, Form form) {
    if (!digits.starts_with(plan.calling_code)) return false;
    const Digits rest = digits.substr(plan.calling_code.size());
    const std::uint8_t label = label_at(plan.national_root, rest);
    if (label != 0 &&
        (label & (data::kNeverAfterPlusFlag | data::kEmergencyFlag)) != data::kNeverAfterPlusFlag) {
        set_home(n, plan, rest, label, form);
        return true;
    }
    if (const std::uint8_t code = label_at(plan.short_root, rest);
        (code & data::kEmergencyFlag) != 0) {
        set_home(n, plan, rest, code, form);
        mark(n, Oddity::kCountryBeforeShort);
        return true;
    }
    // An area code as it is dialled, 0 and all, and an emergency code: 86 010 110.
    if (plan.trunk_prefix.empty() || !rest.starts_with(plan.trunk_prefix)) return false;
    const Digits area = rest.substr(plan.trunk_prefix.size());
    const std::uint8_t behind_trunk = label_at(plan.national_root, area);
    if ((behind_trunk & data::kEmergencyFlag) == 0) return false;
    set_home(n, plan, area, behind_trunk, form);
    mark(n, Oddity::kTrunkAfterCountry | Oddity::kCountryBeforeShort);
    return true;
}

// Behind the trunk prefix. Its malformed uses are read too: 086 138..., 0110.
constexpr bool try_trunk(Normalized& n, const data::PlanRow& plan, Digits digits) {
    if (plan.trunk_prefix.empty() || !digits.starts_with(plan.trunk_prefix)) return false;
    const Digits rest = digits.substr(plan.trunk_prefix.size());
    if (try_national(n, plan, rest, Form::kTrunk)) return true;
    // Only where no area code begins like the country code.
    std::uint16_t area = plan.national_root;
    for (const char c : plan.calling_code) area = next_state(area, c);
    const bool told_apart = area == 0 && plan.trunk_prefix != plan.calling_code;
    if (told_apart && try_bare_code(n, plan, rest, Form::kMalformed)) {
        mark(n, Oddity::kMalformedPrefix);
        return true;
    }
    if (try_short(n, plan, rest, Form::kMalformed)) {
        mark(n, Oddity::kMalformedPrefix);
        n.valid = false;
        return true;
    }
    return false;
}

// Behind the international prefix.
constexpr bool try_prefix(Normalized& n, const data::PlanRow& plan, Digits digits) {
    if (!digits.starts_with('0')) return false;
    for (const Digits prefix : plan.international_prefixes) {
        if (!digits.starts_with(prefix)) continue;
        const Digits rest = digits.substr(prefix.size());
        if (digits.starts_with("000") && !try_e164(n, plan, rest, Form::kPrefix)) {
            stray_zeros(n, plan, digits, Oddity::kTripleZero);
            if (n.number.empty() && is_dialled_emergency(plan, rest)) {
                set_emergency(n);
                n.form = Form::kPrefix;
            }
        } else if (!n.valid) {
            international(n, plan, rest, Form::kPrefix);
        }
        return true;
    }
    if (digits.starts_with("000")) {
        stray_zeros(n, plan, digits, Oddity::kTripleZero);
        return true;
    }
    // 00 where it is not the prefix of the country.
    if (!digits.starts_with("00") || !try_e164(n, plan, digits.substr(2), Form::kMalformed))
        return false;
    mark(n, Oddity::kMalformedPrefix);
    return true;
}

// Bare digits, or digits behind the prefixes of the plan's country.
constexpr bool try_dialled(Normalized& n, const data::PlanRow& plan, Digits digits) {
    if (const std::uint8_t label = label_at(plan.short_root, digits); label != 0) {
        set_home(n, plan, digits, label, is_code(label) ? Form::kShort : Form::kNational);
        return true;
    }
    return try_national(n, plan, digits, Form::kNational) || try_prefix(n, plan, digits) ||
           try_trunk(n, plan, digits) || try_bare_code(n, plan, digits, Form::kCountryCode);
}

// An IP-call prefix, if a complete number remains behind it.
constexpr bool try_ip_call(Normalized& n, const data::PlanRow& plan, Digits digits) {
    for (const data::CodeRange& range : plan.ip_call) {
        if (!digits.starts_with(range.prefix) || digits.size() <= range.max_length) continue;
        Normalized behind;
        if (!try_dialled(behind, plan, digits.substr(range.max_length))) continue;
        if (!behind.valid || behind.kind == NumberKind::kShortCode ||
            behind.kind == NumberKind::kEmergency)
            continue;
        n = behind;
        n.form = Form::kIpCall;
        mark(n, Oddity::kIpPrefix);
        return true;
    }
    return false;
}

constexpr void dialled(Normalized& n, const data::PlanRow& plan, Digits digits) {
    if (try_dialled(n, plan, digits) || try_ip_call(n, plan, digits)) return;
    // No number: keep it as the national digits it would be.
    const bool trunk = !plan.trunk_prefix.empty() && digits.starts_with(plan.trunk_prefix);
    const Digits national = trunk ? digits.substr(plan.trunk_prefix.size()) : digits;
    n.form = trunk ? Form::kTrunk : Form::kNational;
    n.country = CountryCode(plan.country);
    n.domestic = true;
    if (national.empty()) {
        n.form = Form::kMalformed;
        mark(n, Oddity::kBadLength);
        return;
    }
    set_digits(n, plan.calling_code, national);
    const bool begins_code = misfit_at(plan.short_root, digits) == Misfit::kLength &&
                             loose_label_at(plan.national_root, national) == 0;
    mark_misfit(n, begins_code ? Misfit::kLength : misfit_at(plan.national_root, national));
    if (plan.calling_code.size() + national.size() > Number::kMaxDigits) mark(n, Oddity::kTooLong);
}

constexpr void read_plus(Normalized& n, const data::PlanRow& plan, Digits digits) {
    if (digits.starts_with('0')) {
        stray_zeros(n, plan, digits, Oddity::kPlusZero);
        if (!n.number.empty()) return;
        Normalized without;
        dialled(without, plan, digits);
        if (without.emergency) set_emergency(n);
    } else {
        international(n, plan, digits, Form::kPlus);
    }
}

// Digits of type international without a '+'. Some networks set the type on whatever was dialled: a
// leading zero is believed before the type.
constexpr void read_typed_international(Normalized& n, const data::PlanRow& plan, Digits digits) {
    if (digits.starts_with('0')) {
        dialled(n, plan, digits);
        mark(n, Oddity::kTonDisagrees);
        return;
    }
    international(n, plan, digits, Form::kPlus);
    if (has(n.oddities, Oddity::kPlusOnNational)) mark(n, Oddity::kTonDisagrees);
}

// Digits of type national: an area code needs no trunk prefix here.
constexpr void read_typed_national(Normalized& n, const data::PlanRow& plan, Digits digits) {
    if (!try_national(n, plan, digits, Form::kNational)) dialled(n, plan, digits);
    if (n.form == Form::kPrefix || n.form == Form::kCountryCode) mark(n, Oddity::kTonDisagrees);
}

// Digits of whatever type.
constexpr void read_digits(Normalized& n, const data::PlanRow& plan, const Address& address) {
    if (address.plus) {
        read_plus(n, plan, address.text());
    } else if (address.ton == TypeOfNumber::kInternational) {
        read_typed_international(n, plan, address.text());
    } else if (address.ton == TypeOfNumber::kNational) {
        read_typed_national(n, plan, address.text());
    } else {
        dialled(n, plan, address.text());
    }
}

// Digits that make no number but are an emergency with digits before it that say something else: a prefix
// that withholds the caller, or a context that a telephone put before what was dialled.
constexpr void find_emergency(Normalized& n, const data::PlanRow& plan, const Address& address) {
    if (n.emergency || (n.valid && !has(n.oddities, Oddity::kUnknownRange))) return;
    Digits digits = address.text();
    if (address.local != 0) digits.remove_prefix(digits.size() - address.local);
    const auto is_emergency = [&](Digits some) {
        Normalized inside;
        dialled(inside, plan, some);
        return inside.emergency;
    };
    if (address.local != 0 && is_emergency(digits)) {
        set_emergency(n);
        return;
    }
    const std::size_t prefix = restriction_prefix(digits, plan.calling_code);
    if (prefix == 0 || (address.plus && address.local == 0) || !is_emergency(digits.substr(prefix)))
        return;
    set_emergency(n);
    n.form = Form::kRestriction;
}

// What is no number as it stands: an emergency in one of the forms of emergency_forms.hpp, or nothing.
constexpr void read_wrapped(Normalized& n, const data::PlanRow& plan, const Address& address) {
    if (address.kind == AddressKind::kAlphanumeric &&
        names_emergency_services(address.text(), address.truncated)) {
        set_emergency(n);
        n.form = Form::kServiceUrn;
        return;
    }
    const Unwrapped inside = unwrap(address, plan.calling_code);
    if (inside.address.size == 0) return;
    Normalized number;
    read_digits(number, plan, inside.address);
    find_emergency(number, plan, inside.address);
    if (!number.emergency) return;
    set_emergency(n);
    n.form = inside.restricted ? Form::kRestriction : Form::kEnded;
}

inline constexpr std::array<std::string_view, 12> kFormNames = {
    "none",      "national", "trunk",   "plus",        "prefix",      "country_code",
    "malformed", "short",    "ip_call", "service_urn", "restriction", "ended"};
inline constexpr std::array<std::string_view, 16> kKindNames = {
    "unknown",     "mobile",   "landline", "short_code",     "emergency", "toll_free",
    "shared_cost", "premium",  "iot",      "sms_port",       "reserved",  "satellite",
    "voip",        "personal", "other",    "fixed_or_mobile"};
inline constexpr std::array<std::string_view, 13> kOddityNames = {
    "bad_length",       "unknown_range",        "plus_on_national",
    "look_alike",       "triple_zero",          "plus_zero",
    "malformed_prefix", "country_before_short", "trunk_after_country",
    "too_long",         "reserved_range",       "ton_disagrees",
    "ip_prefix"};

}  // namespace detail

constexpr Normalized normalize(const Address& address, const DialPlan& plan) {
    Normalized n;
    if (address.size == 0) return n;
    const data::PlanRow& row = plan.row();
    const bool numeric =
        address.kind == AddressKind::kDigits || address.kind == AddressKind::kWithheld;
    if (!numeric || !detail::all_digits(address.text())) {
        detail::read_wrapped(n, row, address);
        return n;
    }
    if (address.truncated) {
        detail::mark(n, Oddity::kTooLong);
        return n;
    }
    detail::read_digits(n, row, address);
    detail::find_emergency(n, row, address);
    const bool own_type =
        (address.ton == TypeOfNumber::kNational && address.plus) ||
        address.ton == TypeOfNumber::kAlphanumeric ||
        (address.ton == TypeOfNumber::kSubscriber &&
         (n.form == Form::kPlus || n.form == Form::kPrefix || n.form == Form::kTrunk));
    if (own_type) detail::mark(n, Oddity::kTonDisagrees);
    return n;
}

constexpr std::string_view name_of(Form form) {
    return detail::kFormNames[static_cast<unsigned>(form)];
}

constexpr std::string_view name_of(NumberKind kind) {
    return detail::kKindNames[static_cast<unsigned>(kind)];
}

constexpr std::string_view name_of(Oddity bit) {
    for (unsigned i = 0; i < detail::kOddityNames.size(); ++i)
        if (static_cast<unsigned>(bit) == 1u << i) return detail::kOddityNames[i];
    return "none";
}

template <class Take>
constexpr void for_each_oddity(Oddity set, Take&& take) {
    for (unsigned i = 0; i < detail::kOddityNames.size(); ++i)
        if (const auto bit = static_cast<Oddity>(1u << i); has(set, bit)) take(bit);
}

}  // namespace ringfence
