#include "ringfence/caller_id/caller_id.hpp"

#include <algorithm>

namespace ringfence {
namespace {

// What stands before us, in the order in which the rules ask.
enum class Caller : std::uint8_t {
    kNobody,      // absent, or withheld without digits
    kName,        // a name: no digits to judge
    kImpossible,  // reads like a number that matters, and is none
    kEmergency,
    kProtected,
    kSmsPort,
    kSharedCost,
    kShortCode,
    kMobile,  // of the home country: may roam
    kFixed,   // of the home country: never roams
    kForeign,
    kOdd,  // digits that make no complete number
};

// Where the rules of countries part (docs/decisions/caller-id.md).
struct HomeRules {
    bool shared_cost_tags_at_home;  // 400/800 are there to be called
    bool fixed_stays_home;          // a home number that cannot roam does not come from abroad
};

HomeRules home_rules(CountryCode home) {
    if (home == CountryCode("CN")) return {true, true};
    if (home == CountryCode("US"))
        return {false, false};  // nobody can tell mobile from fixed there
    return {false, true};
}

bool is_short_form(const Normalized& number) {
    switch (number.kind) {
        case NumberKind::kShortCode:
        case NumberKind::kEmergency:
        case NumberKind::kTollFree:
        case NumberKind::kSharedCost:
        case NumberKind::kSmsPort: return true;
        default: return number.emergency || number.is_protected;
    }
}

bool is_impossible(const Normalized& number) {
    constexpr Oddity kNever = Oddity::kLookAlike | Oddity::kPlusZero | Oddity::kTripleZero;
    if (has(number.oddities, kNever)) return true;
    return has(number.oddities, Oddity::kPlusOnNational) && is_short_form(number);
}

bool is_mobile(NumberKind kind) {
    return kind == NumberKind::kMobile || kind == NumberKind::kFixedOrMobile ||
           kind == NumberKind::kIot || kind == NumberKind::kReserved ||
           kind == NumberKind::kSatellite;
}

Caller classify(const CallerIdInput& input, const HomeRules& rules) {
    const Normalized& number = input.number;
    if (input.calling.kind == AddressKind::kAlphanumeric) return Caller::kName;
    if (input.calling.kind == AddressKind::kService) return Caller::kOdd;
    if (input.calling.size == 0) return Caller::kNobody;
    if (is_impossible(number)) return Caller::kImpossible;
    if (number.emergency) return Caller::kEmergency;
    if (number.is_protected) return Caller::kProtected;
    if (!number.domestic) return number.valid ? Caller::kForeign : Caller::kOdd;
    switch (number.kind) {
        case NumberKind::kEmergency: return Caller::kEmergency;
        case NumberKind::kSmsPort: return Caller::kSmsPort;
        case NumberKind::kTollFree:
        case NumberKind::kSharedCost: return Caller::kSharedCost;
        case NumberKind::kShortCode: return Caller::kShortCode;
        default: break;
    }
    const bool complete = number.valid || (number.kind == NumberKind::kReserved &&
                                           !has(number.oddities, Oddity::kBadLength));
    if (!complete) return Caller::kOdd;
    return is_mobile(number.kind) || !rules.fixed_stays_home ? Caller::kMobile : Caller::kFixed;
}

using Found = CallerIdFinding;  // Reason::kNone: nothing

constexpr Found reject(Reason reason) { return {reason, Action::kReject}; }
constexpr Found tag(Reason reason) { return {reason, Action::kTag}; }

Found oddity_finding(const Normalized& number) {
    constexpr Oddity kMalformed = Oddity::kMalformedPrefix | Oddity::kPlusOnNational |
                                  Oddity::kTrunkAfterCountry | Oddity::kTooLong;
    if (has(number.oddities, Oddity::kBadLength)) return tag(Reason::kCliOddLength);
    if (has(number.oddities, kMalformed)) return tag(Reason::kCliMalformed);
    return {};
}

bool written_with_country(const Normalized& number) {
    return number.form == Form::kPlus || number.form == Form::kPrefix ||
           number.form == Form::kCountryCode;
}

// Whether the trunk may show this protected number: as listed, or behind an area code of 2 to 4 digits.
bool is_listed(const TrunkRules& trunk, const Normalized& number) {
    constexpr std::size_t kShortestWithArea = 7;  // country code and a code of five, "8696110"
    std::array<char, Number::kMaxDigits> buffer{};
    return std::ranges::any_of(trunk.protected_numbers, [&](Number listed) {
        if (listed == number.number) return true;
        if (!number.is_protected) return false;
        const std::string_view digits(buffer.data(), listed.write_digits(buffer));
        const std::string_view seen = number.digits();
        if (digits.size() < kShortestWithArea || seen.size() <= digits.size()) return false;
        const std::size_t area = seen.size() - digits.size();
        constexpr std::size_t kCountryDigits = 2;
        return area >= 2 && area <= 4 && seen.substr(0, 2) == digits.substr(0, 2) &&
               seen.substr(kCountryDigits + area) == digits.substr(kCountryDigits);
    });
}

// On a subscriber's or a national trunk.
Found judge_at_home(Caller caller, const CallerIdInput& input, const HomeRules& rules) {
    const Normalized& number = input.number;
    const TrunkRules& trunk = *input.trunk;
    const bool listed = is_listed(trunk, number);
    const bool strange_country =
        has(number.oddities, Oddity::kCountryBeforeShort) ||
        (trunk.format == TrunkFormat::kNational && number.domestic && written_with_country(number));
    // A declared number passes in the form in which it is shown: never behind a country code, but on
    // trunks that write every number so.
    const Found declared = written_with_country(number) && trunk.format != TrunkFormat::kE164
                               ? tag(Reason::kCliInternalPrefix)
                               : Found{};
    switch (caller) {
        case Caller::kNobody:
        case Caller::kName: return {};
        case Caller::kImpossible: return reject(Reason::kCliLookAlike);
        case Caller::kEmergency: return listed ? declared : tag(Reason::kCliEmergencyCode);
        case Caller::kProtected:
            if (listed) return declared;
            return trunk.protected_numbers.empty() ? tag(Reason::kCliProtected)
                                                   : reject(Reason::kCliProtected);
        case Caller::kSmsPort: return reject(Reason::kCliSmsPort);
        case Caller::kSharedCost:
            if (listed) return declared;
            if (rules.shared_cost_tags_at_home) return tag(Reason::kCliSharedCost);
            break;
        case Caller::kShortCode:
            if (listed) return declared;
            break;
        default: break;
    }
    if (input.calling.kind == AddressKind::kService) return tag(Reason::kCliMalformed);
    if (strange_country) return tag(Reason::kCliInternalPrefix);
    return oddity_finding(number);
}

// On an international or a roaming trunk; sets `asks` where a roaming answer decides.
Found judge_from_abroad(Caller caller, const CallerIdInput& input, const HomeRules& rules,
                        bool& asks) {
    const bool roaming_trunk = input.trunk->kind == TrunkKind::kRoaming;
    const bool unknown = input.roaming == Roaming::kUnknown && !roaming_trunk;
    switch (caller) {
        case Caller::kNobody:
        case Caller::kName: return tag(Reason::kCliMissing);
        case Caller::kImpossible: return reject(Reason::kCliLookAlike);
        case Caller::kEmergency: return reject(Reason::kCliEmergencyCode);
        case Caller::kProtected: return reject(Reason::kCliProtected);
        case Caller::kSmsPort: return reject(Reason::kCliSmsPort);
        case Caller::kSharedCost:
            return rules.fixed_stays_home ? reject(Reason::kCliSharedCost)
                                          : tag(Reason::kCliSharedCost);
        case Caller::kShortCode: return reject(Reason::kCliShortCode);
        case Caller::kMobile:
            if (input.roaming == Roaming::kNo) return reject(Reason::kCliMobileNotRoaming);
            asks = unknown;
            if (unknown) return tag(Reason::kCliRoamingUnknown);
            return oddity_finding(input.number);
        case Caller::kFixed: {
            const Normalized* by = input.redirecting;
            const bool forwarded =
                by != nullptr && by->domestic && by->valid && is_mobile(by->kind);
            // Yes says that the mobile is abroad, not that this landline called it.
            if (!forwarded || input.roaming == Roaming::kNo)
                return reject(Reason::kCliLandlineAbroad);
            asks = unknown;
            return tag(Reason::kCliForwardedAbroad);
        }
        case Caller::kForeign: return oddity_finding(input.number);
        case Caller::kOdd: {
            const Found odd = oddity_finding(input.number);
            return odd.reason != Reason::kNone ? odd : tag(Reason::kCliMalformed);
        }
    }
    return {};
}

Found judge_call(Caller caller, const CallerIdInput& input, const HomeRules& rules, bool& asks) {
    const TrunkKind kind = input.trunk != nullptr ? input.trunk->kind : TrunkKind::kNone;
    switch (kind) {
        case TrunkKind::kSubscriber:
        case TrunkKind::kNational: return judge_at_home(caller, input, rules);
        case TrunkKind::kInternational:
        case TrunkKind::kRoaming: return judge_from_abroad(caller, input, rules, asks);
        case TrunkKind::kNone: break;
    }
    if (caller == Caller::kSmsPort) return reject(Reason::kCliSmsPort);
    return {};
}

bool on_trunk(const CallerIdInput& input) {
    const TrunkRules& trunk = *input.trunk;
    const std::string_view digits = input.number.digits();
    return trunk.cli.empty() || digits.empty() || is_listed(trunk, input.number) ||
           std::ranges::any_of(
               trunk.cli, [&](const std::string& prefix) { return digits.starts_with(prefix); });
}

}  // namespace

bool CallerIdFindings::rejects() const {
    return std::ranges::any_of(
        all(), [](const CallerIdFinding& one) { return one.action == Action::kReject; });
}

CallerIdFindings judge(const CallerIdInput& input) {
    const Normalized& number = input.number;
    const HomeRules rules = home_rules(input.home);
    const Caller caller = classify(input, rules);
    const bool has_trunk = input.trunk != nullptr && input.trunk->kind != TrunkKind::kNone;
    const bool is_call = input.medium == Medium::kCall;

    CallerIdFindings findings;
    bool asks = false;
    Found main;
    if (is_call) {
        main = judge_call(caller, input, rules, asks);
    } else if (has_trunk && caller == Caller::kImpossible) {
        main = reject(Reason::kCliLookAlike);
    }
    if (main.reason != Reason::kNone) findings.add(main.reason, main.action);
    if (has_trunk && !on_trunk(input)) findings.add(Reason::kCliNotOnTrunk, Action::kReject);

    if (is_call && number.domestic) {
        if (number.kind == NumberKind::kIot) findings.add(Reason::kCliIotRange, Action::kTag);
        if (number.kind == NumberKind::kReserved)
            findings.add(Reason::kCliReservedRange, Action::kTag);
    }
    if (input.verstat == Verstat::kFailed) findings.add(Reason::kCliVerstatFailed, Action::kTag);
    if (caller == Caller::kForeign && std::ranges::count(input.listed_regions, number.country) != 0)
        findings.add(Reason::kCliForeignRegion, Action::kTag);

    findings.set_needs_roaming(asks && !findings.rejects());
    return findings;
}

}  // namespace ringfence
