#include "src/text/text_number.hpp"

#include <algorithm>

#include "ringfence/number/normalize.hpp"
#include "ringfence/number/range_walk.hpp"

namespace ringfence {
namespace {

// Whole and written with its prefix, in a range that the plan does not know: ranges are issued every
// year, and lists may hold such numbers.
bool in_new_range(const Normalized& number) {
    return number.domestic && number.oddities == Oddity::kUnknownRange &&
           (number.form == Form::kTrunk || number.form == Form::kPlus ||
            number.form == Form::kPrefix) &&
           number.size >= kLeastInNewRange;
}

// What a number is believed by that has no '+' before it.
struct Seen {
    Form form;
    NumberKind kind;
    bool long_national;
};

bool believable(const Seen& seen, const data::PlanRow& plan, std::size_t groups) {
    if (seen.form == Form::kMalformed) return false;
    // A landline without its trunk prefix looks like any other eight to eleven digits.
    if (seen.form == Form::kNational && seen.kind == NumberKind::kLandline &&
        plan.trunk_prefix == "0") {
        return false;
    }
    const bool port = seen.long_national || seen.kind == NumberKind::kSmsPort;
    return groups <= 1 || (!port && seen.form != Form::kShort);
}

// Whether `normalize` makes of a label what stands there: codes may lose the area before them, and countries share a code.
bool is_plain_home(std::uint8_t label, const data::PlanRow& plan) {
    return (label & data::kBehindAreaFlag) == 0 && (plan.kin.size() == 1 || detail::is_code(label));
}

bool has_length(std::uint32_t lengths, std::size_t size) { return (lengths >> size & 1u) != 0; }

}  // namespace

bool TextNumberReader::read(std::string_view digits, std::size_t groups, bool plus,
                            TextNumber& out) const {
    return plus ? read_whole(digits, groups, true, out) : read_bare(digits, groups, out);
}

// The first two readings of `dialled` in number/normalize.inl: a code, or a national number. Both are home numbers.
bool TextNumberReader::read_bare(std::string_view digits, std::size_t groups,
                                 TextNumber& out) const {
    const NumberLead& row = leads_[first_three(digits.data())];
    const std::string_view rest = digits.substr(NumberLeads::kDigits);
    std::uint8_t label = 0;
    Form form = Form::kNational;
    if (has_length(row.short_lengths, digits.size())) {
        label = detail::label_at(row.short_state, rest);
        if (detail::is_code(label)) form = Form::kShort;
    }
    if (label == 0 && has_length(row.national_lengths, digits.size()))
        label = detail::label_at(row.national_state, rest);
    if (label == 0) {
        return has_length(row.other_lengths, digits.size()) && read_trunk(digits, groups, out);
    }
    if (!is_plain_home(label, plan_)) return read_whole(digits, groups, false, out);
    const bool is_long = plan_.calling_code.size() + digits.size() > Number::kMaxDigits;
    return believable({form, detail::kind_of(label), is_long}, plan_, groups) && write(digits, out);
}

// The next one that is common: a trunk zero, which is no international prefix, and a national number.
bool TextNumberReader::read_trunk(std::string_view digits, std::size_t groups,
                                  TextNumber& out) const {
    const auto& prefixes = plan_.international_prefixes;
    if (plan_.trunk_prefix == "0" && digits[0] == '0' && digits[1] != '0' && prefixes.size() == 1 &&
        prefixes[0] == "00") {
        const std::string_view national = digits.substr(1);
        const std::uint8_t label = detail::label_at(plan_.national_root, national);
        if (label != 0 && is_plain_home(label, plan_)) {
            const bool is_long = plan_.calling_code.size() + national.size() > Number::kMaxDigits;
            return believable({Form::kTrunk, detail::kind_of(label), is_long}, plan_, groups) &&
                   write(national, out);
        }
    }
    return read_whole(digits, groups, false, out);
}

bool TextNumberReader::write(std::string_view national, TextNumber& out) const {
    const std::string_view code = plan_.calling_code;
    const std::size_t size = code.size() + national.size();
    if (size > out.chars.size()) return false;
    out.size = 0;
    for (const char c : code) out.chars[out.size++] = c;
    std::copy(national.begin(), national.end(), out.chars.begin() + out.size);
    out.size = static_cast<std::uint8_t>(size);
    out.number = Number::from_digits(out.digits());
    return true;
}

bool TextNumberReader::read_whole(std::string_view digits, std::size_t groups, bool plus,
                                  TextNumber& out) const {
    Address address;
    address.kind = AddressKind::kDigits;
    address.plus = plus;
    address.size = static_cast<std::uint8_t>(digits.size());
    std::copy(digits.begin(), digits.end(), address.chars.begin());
    const Normalized number = normalize(address, DialPlan(plan_));
    if (number.size == 0 || !(number.valid || in_new_range(number))) return false;
    if (!plus) {
        if (!believable({number.form, number.kind, number.long_national}, plan_, groups))
            return false;
        if (!number.domestic && number.form != Form::kPrefix) return false;
    }
    out.number = number.number;
    out.size = number.size;
    out.chars = number.chars;
    return true;
}

}  // namespace ringfence
