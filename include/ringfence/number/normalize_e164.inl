// normalize_e164.inl - complete numbers: those of the plan's own country, and those behind a country code.
//
// Internal to normalize.inl. Each `try_` says whether the digits, whole, are a number that way, and only then
// writes to its Normalized. `set_home` and `set_emergency` are how a reader says what it found.
#pragma once

#include <cstddef>
#include <string_view>

#include "ringfence/number/normalize.hpp"
#include "ringfence/number/range_walk.hpp"

namespace ringfence::detail {

using Digits = std::string_view;

constexpr void mark(Normalized& n, Oddity oddity) { n.oddities = n.oddities | oddity; }

constexpr NumberKind kind_of(std::uint8_t label) {
    return static_cast<NumberKind>(label & data::kKindMask);
}

// In a form that is no number of the plan: all else stays as it is.
constexpr void set_emergency(Normalized& n) {
    n.emergency = true;
    n.kind = NumberKind::kEmergency;
}

constexpr bool is_code(std::uint8_t label) {
    return kind_of(label) == NumberKind::kShortCode || kind_of(label) == NumberKind::kEmergency;
}

// The whole of `digits`: an emergency code, or one of China's behind an area code.
constexpr bool is_emergency_code(const data::PlanRow& plan, Digits digits) {
    return ((label_at(plan.short_root, digits) | label_at(plan.national_root, digits)) &
            data::kEmergencyFlag) != 0;
}

// The same, perhaps behind the trunk prefix.
constexpr bool is_dialled_emergency(const data::PlanRow& plan, Digits digits) {
    if (is_emergency_code(plan, digits)) return true;
    return !plan.trunk_prefix.empty() && digits.starts_with(plan.trunk_prefix) &&
           is_emergency_code(plan, digits.substr(plan.trunk_prefix.size()));
}

// The whole number; none when it is longer than an Address holds.
constexpr void set_digits(Normalized& n, Digits code, Digits national) {
    n.size = 0;
    if (code.size() + national.size() > n.chars.size()) return;
    for (const char c : code) n.chars[n.size++] = c;
    for (const char c : national) n.chars[n.size++] = c;
    n.number = Number::from_digits(n.digits());
}

constexpr void set_kind(Normalized& n, std::uint8_t label) {
    n.kind = kind_of(label);
    n.valid = true;
    n.long_national = n.size > Number::kMaxDigits;
    if (n.kind == NumberKind::kReserved) mark(n, Oddity::kReservedRange);
}

constexpr CountryCode country_at(const data::CallingCode& row, Digits national) {
    const std::uint8_t region = region_at(row, national);
    return region == 0 ? CountryCode() : CountryCode(Digits(data::kRegions[region], 2));
}

// A number of the plan's own country code. Emergency and protected codes lose the area before them.
constexpr void set_home(Normalized& n, const data::PlanRow& plan, Digits national,
                        std::uint8_t label, Form form) {
    n.emergency = (label & data::kEmergencyFlag) != 0;
    n.is_protected = (label & data::kProtectedFlag) != 0;
    if ((label & data::kBehindAreaFlag) != 0 && (n.emergency || n.is_protected))
        national = national.substr(plan.area_length[static_cast<unsigned>(national[0] - '0')]);
    set_digits(n, plan.calling_code, national);
    set_kind(n, label);
    n.form = form;
    n.country = CountryCode(plan.country);
    n.domestic = true;
    if (plan.kin.size() == 1 || is_code(label)) return;
    const data::CallingCode& row = calling_code(n.digits());
    n.country = country_at(row, n.digits().substr(row.length));
    n.domestic = false;
    for (const Digits kin : plan.kin) n.domestic = n.domestic || kin == n.country.text();
}

constexpr bool try_national(Normalized& n, const data::PlanRow& plan, Digits national, Form form) {
    const std::uint8_t label = label_at(plan.national_root, national);
    if (label != 0) set_home(n, plan, national, label, form);
    return label != 0;
}

constexpr bool try_short(Normalized& n, const data::PlanRow& plan, Digits digits, Form form) {
    const std::uint8_t label = label_at(plan.short_root, digits);
    if (label != 0) set_home(n, plan, digits, label, form);
    return label != 0;
}

// What stands behind the home country code.
constexpr bool try_behind_home_code(Normalized& n, const data::PlanRow& plan, Digits rest,
                                    Form form) {
    for (const bool behind_trunk : {false, true}) {
        if (behind_trunk) {
            if (plan.trunk_prefix.empty() || !rest.starts_with(plan.trunk_prefix)) return false;
            rest.remove_prefix(plan.trunk_prefix.size());
        }
        const Oddity trunk = behind_trunk ? Oddity::kTrunkAfterCountry : Oddity::kNone;
        if (const std::uint8_t label = label_at(plan.national_root, rest); label != 0) {
            set_home(n, plan, rest, label, form);
            mark(n, trunk);
            // An area code before a code of the whole country does not make it one of that area.
            const bool of_area =
                (label & data::kBehindAreaFlag) != 0 && !n.emergency && !n.is_protected;
            if (is_code(label) && !of_area) mark(n, Oddity::kCountryBeforeShort);
            return true;
        }
        const std::uint8_t code = label_at(plan.short_root, rest);
        if (code != 0 && (!behind_trunk || (code & data::kEmergencyFlag) != 0)) {
            set_home(n, plan, rest, code, form);
            mark(n, trunk | Oddity::kCountryBeforeShort);
            return true;
        }
    }
    return false;
}

// What stands behind a foreign country code.
constexpr bool try_foreign(Normalized& n, const data::CallingCode& row, Digits whole, Form form) {
    if (whole.size() > Number::kMaxDigits) return false;
    const Digits code = whole.substr(0, row.length);
    Digits national = whole.substr(row.length);
    std::uint8_t label = label_at(row.national_root, national);
    if (label == 0 && row.trunk_zero != 0 && national.starts_with('0')) {
        national.remove_prefix(1);
        label = label_at(row.national_root, national);
        if (label != 0) mark(n, Oddity::kTrunkAfterCountry);
    }
    if (label == 0) return false;
    set_digits(n, code, national);
    set_kind(n, label);
    n.form = form;
    n.country = country_at(row, national);
    return true;
}

// A country code and what stands behind it, read as E.164 alone.
constexpr bool try_e164(Normalized& n, const data::PlanRow& plan, Digits whole, Form form) {
    const data::CallingCode& row = calling_code(whole);
    if (row.length == 0) return false;
    if (whole.substr(0, row.length) == plan.calling_code)
        return try_behind_home_code(n, plan, whole.substr(row.length), form);
    return try_foreign(n, row, whole, form);
}

}  // namespace ringfence::detail
