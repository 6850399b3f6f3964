// number_model.hpp - the plain model that `normalize` is held against: backtracking over the metadata's own
// patterns, loops over China's rows, and a list of all readings in order, of which the first complete one wins.
// Slow: some tens of microseconds a number.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

#include "number/metadata_patterns.hpp"
#include "number/pattern_model.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"

namespace ringfence::model {

inline bool matches(const char* pattern, std::string_view text, bool whole = true) {
    return PatternMatcher(pattern).matches(text, whole);
}

struct Known {
    NumberKind kind = NumberKind::kUnknown;
    bool emergency = false;
    bool is_protected = false;
    bool never_after_plus = false;
    std::string digits;  // national, without an area code that does not count
    std::string region;
    bool of_area = false;  // an area code stands before a code that is its own
};
using Reading = std::optional<Known>;

// Metadata of any country but China.
struct Abroad {
    Reading known;
    bool plausible = false;
};
inline Abroad read_metadata(const std::string& code, const std::string& national) {
    Abroad result;
    for (const RegionPatterns& row : kRegionPatterns) {
        if (row.code != code) continue;
        const bool leading = *row.leading != 0;
        const bool leads = leading && matches(row.leading, national, false);
        int kind = 0;
        bool general = false, fixed = false, mobile = false;
        for (const TypePattern& type : row.types) {
            if (type.pattern == nullptr) break;
            const std::string lengths = type.lengths;
            if (!lengths.empty() &&
                lengths.find(static_cast<char>('a' + national.size())) == std::string::npos)
                continue;
            if (!matches(type.pattern, national)) continue;
            if (type.kind == -1) general = true;
            if (type.kind == -2) fixed = true;
            if (type.kind == -3) mobile = true;
            if (type.kind > 0 && kind == 0) kind = type.kind;
        }
        if (kind == 0 && (fixed || mobile))
            kind = static_cast<int>(fixed && mobile ? NumberKind::kFixedOrMobile
                                    : fixed         ? NumberKind::kLandline
                                                    : NumberKind::kMobile);
        result.plausible = result.plausible || general;
        if (result.known || (leading ? !leads : !general || kind == 0)) continue;
        if (!general || kind == 0) break;
        if (code == "870" || code == "881") kind = static_cast<int>(NumberKind::kSatellite);
        result.known =
            Known{static_cast<NumberKind>(kind), false, false, false, national, row.region, false};
    }
    return result;
}

inline bool covers(std::string_view prefix, unsigned least, unsigned most,
                   std::string_view digits) {
    return digits.size() >= least && digits.size() <= most && digits.starts_with(prefix);
}

inline bool in_emergency_set(const DialPlan& plan, std::string_view digits) {
    for (const std::string_view one : plan.emergency_numbers())
        if (one == digits) return true;
    return false;
}

inline Reading china_row(std::string_view digits, bool is_short) {
    const ChinaRow* best = nullptr;
    for (const ChinaRow& row : kChinaRows) {
        const std::string_view prefix = row.prefix;
        if (row.is_short != is_short || !covers(prefix, row.least, row.most, digits)) continue;
        if (best == nullptr || prefix.size() > std::string_view(best->prefix).size()) best = &row;
    }
    if (best == nullptr) return {};
    Known known{
        static_cast<NumberKind>(best->kind), false, false, false, std::string(digits), "CN", false};
    known.never_after_plus =
        known.kind == NumberKind::kShortCode || known.kind == NumberKind::kTollFree ||
        known.kind == NumberKind::kSharedCost || known.kind == NumberKind::kPremium ||
        known.kind == NumberKind::kSmsPort || digits.starts_with("106");
    return known;
}

// Codes dialled alone.
inline Reading read_short(const DialPlan& plan, const std::string& digits) {
    const std::string country(plan.country().text());
    Known code{NumberKind::kShortCode, false, false, true, digits, country, false};
    code.is_protected = plan.is_protected(digits) && (country == "CN" || digits.size() <= 6);
    code.emergency = in_emergency_set(plan, digits);
    if (country == "CN" && digits.starts_with("12110"))
        for (const ChinaArea& area : kChinaAreas)
            code.emergency = code.emergency || digits == std::string("12110") + area.area ||
                             digits == std::string("121100") + area.area;
    if (code.emergency) code.kind = NumberKind::kEmergency;
    if (code.emergency || code.is_protected) return code;
    if (country == "CN") return china_row(digits, true);
    for (const ShortPatterns& row : kShortPatterns)
        if (row.country == country && matches(row.general, digits) && matches(row.code, digits))
            return code;
    return {};
}

// Numbers behind the home country code.
inline Reading read_national(const DialPlan& plan, const std::string& digits) {
    const std::string code(plan.country_calling_code());
    if (code != "86") {
        Reading known = read_metadata(code, digits).known;
        if (known) known->is_protected = plan.is_protected(digits);
        return known;
    }
    for (const ChinaArea& row : kChinaAreas) {
        const std::string_view area = row.area;
        if (!digits.starts_with(area) || digits.size() != area.size() + row.subscriber) continue;
        for (const RegionPatterns& region : kRegionPatterns) {
            if (std::string_view(region.code) != "86") continue;
            for (const TypePattern& type : region.types)
                if (type.pattern != nullptr && type.kind == -2 && matches(type.pattern, digits))
                    return Known{NumberKind::kLandline, false, false, false, digits, "CN", false};
        }
    }
    for (const ChinaArea& row : kChinaAreas) {
        const std::string area = row.area;
        if (!digits.starts_with(area)) continue;
        const std::string rest = digits.substr(area.size());
        Known known{NumberKind::kShortCode,
                    in_emergency_set(plan, rest),
                    plan.is_protected(rest),
                    true,
                    rest,
                    "CN",
                    false};
        if (known.emergency) known.kind = NumberKind::kEmergency;
        if (known.emergency || known.is_protected) return known;
        if (china_row(digits, false)) break;
        if (!matches("100[0-9][0-9]|114|12[13][0-9][0-9]|95[0-9]{3,4}|96[0-9]{3,4}", rest))
            continue;
        known.digits = digits;
        known.of_area = true;
        return known;
    }
    return china_row(digits, false);
}

class Normalizer {
public:
    explicit Normalizer(const DialPlan& plan)
        : plan_(plan), code_(plan.country_calling_code()), trunk_(plan.trunk_prefix()) {}

    Normalized operator()(const Address& address) {
        n_ = {};
        const std::string digits(address.text());
        const bool numeric =
            address.kind == AddressKind::kDigits || address.kind == AddressKind::kWithheld;
        if (!numeric || digits.find_first_not_of("0123456789") != std::string::npos) {
            wrapped(address, digits);
            return n_;
        }
        if (digits.empty()) return n_;
        if (address.truncated) {
            add(Oddity::kTooLong);
            return n_;
        }
        const TypeOfNumber ton = address.ton;
        if (address.plus) {
            if (digits[0] == '0') {
                zeros(digits, Oddity::kPlusZero);
                emergency(n_.size == 0 && is_dialled_emergency(digits));
            } else {
                international(digits, Form::kPlus);
            }
        } else if (ton == TypeOfNumber::kInternational && digits[0] != '0') {
            international(digits, Form::kPlus);
            if (has(n_.oddities, Oddity::kPlusOnNational)) add(Oddity::kTonDisagrees);
        } else if (ton == TypeOfNumber::kNational) {
            if (const Reading r = read_national(plan_, digits))
                home(*r, Form::kNational);
            else
                dialled(digits);
        } else {
            dialled(digits);
        }
        if (!n_.emergency && (!n_.valid || misfit_unchecked_)) behind_other_digits(address, digits);
        const bool abroad = n_.form == Form::kPrefix || n_.form == Form::kCountryCode;
        if ((ton == TypeOfNumber::kInternational && !address.plus && digits[0] == '0') ||
            (ton == TypeOfNumber::kNational && (address.plus || (abroad && !address.plus))) ||
            ton == TypeOfNumber::kAlphanumeric ||
            (ton == TypeOfNumber::kSubscriber &&
             (n_.form == Form::kPlus || n_.form == Form::kPrefix || n_.form == Form::kTrunk)))
            add(Oddity::kTonDisagrees);
        return n_;
    }

private:
    void add(Oddity oddity) { n_.oddities = n_.oddities | oddity; }

    void emergency(bool is = true) {
        if (!is) return;
        n_.emergency = true;
        n_.kind = NumberKind::kEmergency;
    }

    bool is_emergency_code(const std::string& all) const {
        const Reading code = read_short(plan_, all);
        return code && code->emergency;
    }

    // An emergency code, in China behind an area code, either perhaps behind the trunk prefix.
    bool is_emergency_area(const std::string& all, bool trunk = true) const {
        const Reading code = read_national(plan_, all);
        if (is_emergency_code(all) || (code && code->emergency)) return true;
        return trunk && !trunk_.empty() && all.starts_with(trunk_) &&
               is_emergency_area(all.substr(trunk_.size()), false);
    }

    bool is_dialled_emergency(const std::string& all) const {
        Normalizer other(plan_);
        other.dialled(all);
        return other.n_.emergency;
    }

    // The main region of a country code.
    static CountryCode region_of(const std::string& code) {
        for (const RegionPatterns& row : kRegionPatterns)
            if (row.code == code) return CountryCode(row.region);
        return {};
    }

    // The prefixes about the caller's number, then `behind`.
    const std::regex& behind_restriction(const char* behind, bool must) const {
        static std::map<std::string, std::regex> made;
        std::string prefixes = R"(\*31#|#31#)";
        if (code_ == "1") prefixes += R"(|\*67|\*82|1167|1182)";
        if (code_ == "44") prefixes += "|1470|141";
        if (code_ == "33") prefixes += "|3651";
        const std::string text = "(" + prefixes + (must ? ")" : ")?") + behind;
        return made.try_emplace(text, text).first->second;
    }

    // Names, service codes, and whatever else is no digits alone.
    void wrapped(const Address& address, const std::string& text) {
        static const std::regex kName(R"((urn:service:)?sos(\.[a-z0-9-]+)*(\.?))",
                                      std::regex::icase);
        std::smatch parts;
        if (address.kind == AddressKind::kAlphanumeric && std::regex_match(text, parts, kName) &&
            (address.truncated || parts[3].length() == 0)) {
            emergency();
            n_.form = Form::kServiceUrn;
            return;
        }
        const std::regex& form = behind_restriction(R"(([0-9+ \t./()-]*)#?[fF]*)", false);
        if (address.truncated || !std::regex_match(text, parts, form)) return;
        std::string number = address.plus ? "+" : "";
        for (const char c : parts[2].str())
            if (c == '+' || (c >= '0' && c <= '9')) number += c;
        static const std::regex kNumber(R"(\+?[0-9]+)");
        if (!std::regex_match(number, kNumber)) return;
        Address inner;
        inner.kind = AddressKind::kDigits;
        inner.ton = address.ton;
        inner.plus = number[0] == '+';
        for (const char c : number.substr(inner.plus ? 1 : 0)) inner.chars[inner.size++] = c;
        Normalizer behind(plan_);
        if (!behind(inner).emergency) return;
        emergency();
        n_.form = parts[1].length() != 0 ? Form::kRestriction : Form::kEnded;
    }

    void behind_other_digits(const Address& address, const std::string& whole) {
        const std::string all =
            address.local != 0 ? whole.substr(whole.size() - address.local) : whole;
        if (address.local != 0 && is_dialled_emergency(all)) {
            emergency();
            return;
        }
        std::smatch parts;
        if (address.plus && address.local == 0) return;
        if (!std::regex_match(all, parts, behind_restriction("(.*)", true))) return;
        if (!is_dialled_emergency(parts[2].str())) return;
        emergency();
        n_.form = Form::kRestriction;
    }

    void digits(const std::string& whole) {
        n_.size = 0;
        if (whole.size() > n_.chars.size()) return;
        for (const char c : whole) n_.chars[n_.size++] = c;
        n_.number = Number::from_digits(whole);
    }

    void home(const Known& known, Form form) {
        digits(code_ + known.digits);
        n_.form = form;
        n_.kind = known.kind;
        n_.emergency = known.emergency;
        n_.is_protected = known.is_protected;
        n_.valid = true;
        n_.long_national = n_.size > 15;
        n_.country = CountryCode(known.region);
        n_.domestic = false;
        for (const std::string_view kin : plan_.row().kin)
            n_.domestic = n_.domestic || kin == known.region;
        if (known.kind == NumberKind::kReserved) add(Oddity::kReservedRange);
    }

    static bool is_code(const Known& known) {
        return known.kind == NumberKind::kShortCode || known.kind == NumberKind::kEmergency;
    }

    static std::string code_of(const std::string& whole) {
        for (unsigned size = 1; size <= 3 && size <= whole.size(); ++size)
            for (const RegionPatterns& row : kRegionPatterns)
                if (whole.substr(0, size) == row.code) return row.code;
        return {};
    }

    // China seen from elsewhere is read by China's own facts.
    static Abroad abroad(const std::string& code, const std::string& national) {
        if (code != "86") return read_metadata(code, national);
        Abroad result;
        result.known = read_national(*DialPlan::find(CountryCode("CN")), national);
        if (result.known) result.known->digits = national;
        return result;
    }

    bool e164(const std::string& whole, Form form) {
        const std::string code = code_of(whole);
        if (code.empty()) return false;
        std::string rest = whole.substr(code.size());
        if (code == code_) {
            for (const bool trunk : {false, true}) {
                if (trunk) {
                    if (trunk_.empty() || !rest.starts_with(trunk_)) return false;
                    rest = rest.substr(trunk_.size());
                }
                const Reading national = read_national(plan_, rest);
                const Reading code_alone = national ? Reading() : read_short(plan_, rest);
                if (!national && (!code_alone || (trunk && !code_alone->emergency))) continue;
                const Known& known = national ? *national : *code_alone;
                home(known, form);
                if (trunk) add(Oddity::kTrunkAfterCountry);
                if (!national || (is_code(known) && !known.of_area))
                    add(Oddity::kCountryBeforeShort);
                return true;
            }
            return false;
        }
        if (whole.size() > 15) return false;
        Reading known = abroad(code, rest).known;
        bool trunk = false;
        if (!known && rest.starts_with("0")) {
            for (const RegionPatterns& row : kRegionPatterns)
                if (row.code == code) {
                    trunk = std::string_view(row.trunk) == "0";
                    break;
                }
            if (trunk) known = abroad(code, rest.substr(1)).known;
        }
        if (!known) return false;
        if (trunk) add(Oddity::kTrunkAfterCountry);
        digits(code + known->digits);
        n_.form = form;
        n_.kind = known->kind;
        n_.valid = true;
        n_.country = CountryCode(known->region);
        if (known->kind == NumberKind::kReserved) add(Oddity::kReservedRange);
        return true;
    }

    void international(const std::string& whole, Form form) {
        if (e164(whole, form)) return;
        n_.form = form;
        Reading home_reading = read_short(plan_, whole);
        if (!home_reading) home_reading = read_national(plan_, whole);
        const bool like = home_reading && home_reading->never_after_plus;
        if (home_reading && !like && !whole.starts_with(code_) &&
            (code_ == "86" || home_reading->kind == NumberKind::kMobile ||
             home_reading->kind == NumberKind::kFixedOrMobile)) {
            home(*home_reading, form);
            add(Oddity::kPlusOnNational);
            return;
        }
        if (like) add(Oddity::kLookAlike | Oddity::kPlusOnNational);
        const std::string code = code_of(whole);
        if (code == whole) {
            add(Oddity::kBadLength);
            if (!code.empty()) n_.country = region_of(code);
            emergency(is_emergency_code(whole));
            if (!n_.emergency) n_.form = Form::kMalformed;
            return;
        }
        emergency(is_emergency_code(whole));
        digits(whole);
        if (whole.size() > 15) add(Oddity::kTooLong);
        n_.domestic = code == code_;
        n_.valid = !like && !code.empty() && !n_.domestic && whole.size() <= 15 &&
                   abroad(code, whole.substr(code.size())).plausible;
        emergency(!n_.valid && is_emergency_area(whole));
        misfit_unchecked_ = true;
    }

    void zeros(const std::string& all, Oddity oddity) {
        const std::size_t first = std::min(all.find_first_not_of('0'), all.size());
        const std::string rest = all.substr(first);
        const auto national = [&] {
            const Reading r = read_national(plan_, rest);
            if (!r || r->never_after_plus) return false;
            home(*r, Form::kMalformed);
            return true;
        };
        const bool found = (first == 1 && national()) || e164(rest, Form::kMalformed) ||
                           (first != 1 && national());
        if (!found) add(Oddity::kUnknownRange);
        n_.form = Form::kMalformed;
        n_.valid = n_.long_national = false;
        add(oddity);
    }

    bool bare_code(const std::string& all, Form form) {
        if (!all.starts_with(code_)) return false;
        const std::string rest = all.substr(code_.size());
        if (const Reading r = read_national(plan_, rest);
            r && (!r->never_after_plus || r->emergency)) {
            home(*r, form);
            return true;
        }
        if (const Reading r = read_short(plan_, rest); r && r->emergency) {
            home(*r, form);
            add(Oddity::kCountryBeforeShort);
            return true;
        }
        if (trunk_.empty() || !rest.starts_with(trunk_)) return false;
        const Reading r = read_national(plan_, rest.substr(trunk_.size()));
        if (!r || !r->emergency) return false;
        home(*r, form);
        add(Oddity::kTrunkAfterCountry | Oddity::kCountryBeforeShort);
        return true;
    }

    bool prefixed(const std::string& all) {
        if (!all.starts_with("0")) return false;
        for (const std::string_view prefix : plan_.row().international_prefixes) {
            if (!all.starts_with(prefix)) continue;
            const std::string rest = all.substr(prefix.size());
            if (!all.starts_with("000")) {
                international(rest, Form::kPrefix);
            } else if (!e164(rest, Form::kPrefix)) {
                zeros(all, Oddity::kTripleZero);
                if (n_.size == 0 && is_emergency_area(rest)) {
                    emergency();
                    n_.form = Form::kPrefix;
                }
            }
            return true;
        }
        if (all.starts_with("000")) {
            zeros(all, Oddity::kTripleZero);
            return true;
        }
        if (!all.starts_with("00") || !e164(all.substr(2), Form::kMalformed)) return false;
        add(Oddity::kMalformedPrefix);
        return true;
    }

    bool trunked(const std::string& all) {
        if (trunk_.empty() || !all.starts_with(trunk_)) return false;
        const std::string rest = all.substr(trunk_.size());
        if (const Reading r = read_national(plan_, rest)) {
            home(*r, Form::kTrunk);
            return true;
        }
        // 086, 044: no area of China or the United Kingdom begins so; elsewhere areas do.
        const bool told_apart = code_ == "86" || code_ == "44";
        if (told_apart && bare_code(rest, Form::kMalformed)) {
            add(Oddity::kMalformedPrefix);
            return true;
        }
        const Reading r = read_short(plan_, rest);
        if (!r) return false;
        home(*r, Form::kMalformed);
        add(Oddity::kMalformedPrefix);
        n_.valid = false;
        return true;
    }

    bool plain(const std::string& all) {
        if (const Reading r = read_short(plan_, all)) {
            home(*r, is_code(*r) ? Form::kShort : Form::kNational);
            return true;
        }
        if (const Reading r = read_national(plan_, all)) {
            home(*r, Form::kNational);
            return true;
        }
        return prefixed(all) || trunked(all) || bare_code(all, Form::kCountryCode);
    }

    void dialled(const std::string& all) {
        if (plain(all)) return;
        const bool ip =
            code_ == "86" && all.size() > 5 && (all.starts_with("125") || all.starts_with("179"));
        if (ip) {
            Normalizer behind(plan_);
            if (behind.plain(all.substr(5)) && behind.n_.valid &&
                behind.n_.kind != NumberKind::kShortCode &&
                behind.n_.kind != NumberKind::kEmergency) {
                n_ = behind.n_;
                misfit_unchecked_ = behind.misfit_unchecked_;
                n_.form = Form::kIpCall;
                add(Oddity::kIpPrefix);
                return;
            }
        }
        const bool trunk = !trunk_.empty() && all.starts_with(trunk_);
        const std::string national = trunk ? all.substr(trunk_.size()) : all;
        n_.form = trunk ? Form::kTrunk : Form::kNational;
        n_.country = plan_.country();
        n_.domestic = true;
        if (national.empty()) {
            n_.form = Form::kMalformed;
            add(Oddity::kBadLength);
            return;
        }
        digits(code_ + national);
        if (code_.size() + national.size() > 15) add(Oddity::kTooLong);
        misfit_unchecked_ = true;
    }

    const DialPlan& plan_;
    std::string code_, trunk_;
    Normalized n_;

public:
    // Digits that are no number: of kBadLength and kUnknownRange the model does not say which.
    bool misfit_unchecked_ = false;
};

// Where the two disagree, as text; empty when they agree.
inline std::string disagreement(const Address& address, const DialPlan& plan) {
    Normalizer normalizer(plan);
    const Normalized want = normalizer(address);
    const Normalized got = normalize(address, plan);
    constexpr unsigned kMisfits =
        static_cast<unsigned>(Oddity::kBadLength) | static_cast<unsigned>(Oddity::kUnknownRange);
    unsigned got_oddities = static_cast<unsigned>(got.oddities);
    bool country = got.country == want.country;
    if (normalizer.misfit_unchecked_) {
        const unsigned misfit = got_oddities & kMisfits;
        if (misfit == 0 || misfit == kMisfits) return "no number, and not exactly one reason";
        got_oddities &= ~kMisfits;
        country = true;
    }
    std::string text;
    const auto differ = [&](const char* what, auto a, auto b) {
        if (a == b) return;
        text.append(what).append(" ").append(a).append(" for ").append(b).append("; ");
    };
    const auto yes = [](bool b) { return std::string(b ? "yes" : "no"); };
    differ("digits", std::string(got.digits()), std::string(want.digits()));
    differ("number", got.number.digits(), want.number.digits());
    differ("form", std::string(name_of(got.form)), std::string(name_of(want.form)));
    differ("kind", std::string(name_of(got.kind)), std::string(name_of(want.kind)));
    differ("oddities", std::to_string(got_oddities),
           std::to_string(static_cast<unsigned>(want.oddities)));
    if (!country)
        differ("country", std::string(got.country.text()), std::string(want.country.text()));
    differ("domestic", yes(got.domestic), yes(want.domestic));
    differ("valid", yes(got.valid), yes(want.valid));
    differ("emergency", yes(got.emergency), yes(want.emergency));
    differ("protected", yes(got.is_protected), yes(want.is_protected));
    differ("long", yes(got.long_national), yes(want.long_national));
    return text;
}

}  // namespace ringfence::model
