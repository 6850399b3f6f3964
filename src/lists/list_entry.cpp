#include "ringfence/lists/list_entry.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "ringfence/base/trimmed.hpp"
#include "ringfence/number/country_of.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/number/whole.hpp"
#include "ringfence/source/utf8.hpp"
#include "ringfence/text/extract.hpp"
#include "src/lists/beginning.hpp"
#include "src/lists/name_entry.hpp"

namespace ringfence {
namespace {

constexpr std::string_view kSeparators = " -.()";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Error bad(std::string_view written, const std::string& what) {
    return {ErrorCode::kSyntax, "'" + printable(written) + "' " + what};
}

std::string character_at(std::string_view text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
    return (letter ? "has a letter at " : "has '" + printable(text.substr(at, 1)) + "' at ") +
           std::to_string(at + 1) +
           "; a number has digits, and blanks, hyphens, dots or parentheses between";
}

// The digits of a number as written, with a leading '+' if there is one.
struct Written {
    std::array<char, 64> chars{};
    std::size_t size = 0;
    bool plus = false;

    std::string_view digits() const { return {chars.data(), size}; }
    std::string address() const { return (plus ? "+" : "") + std::string(digits()); }
};

// `places` more digits may stand as '#' at the end; they are counted, not kept.
Status read_digits(std::string_view text, Written& written, unsigned* places) {
    const std::string_view inside = trimmed(text);
    const auto offset = static_cast<std::size_t>(inside.data() - text.data());
    for (std::size_t i = 0; i < inside.size(); ++i) {
        const char c = inside[i];
        if (places && c == '#') {
            ++*places;
        } else if (c == '+' && written.size == 0 && !written.plus) {
            written.plus = true;
        } else if (is_digit(c) && (!places || *places == 0)) {
            if (written.size == written.chars.size()) return bad(text, "has too many digits");
            written.chars[written.size++] = c;
        } else if (kSeparators.find(c) == std::string_view::npos) {
            return bad(text, character_at(text, offset + i));
        }
    }
    if (written.size == 0) return bad(text, "has no digit");
    return ok();
}

Normalized normalized(const Written& written, const DialPlan& plan) {
    const std::string address = written.address();
    return normalize(parse(AddressView(std::string_view(address))), plan);
}

std::string country_name(const DialPlan& plan) { return std::string(plan.country().text()); }

// Why a number cannot stand on a list; empty when it can.
std::string objection(const Normalized& number, const DialPlan& plan) {
    const std::string_view what = why_not_whole(number);
    return what == "is no number" ? "is no number in " + country_name(plan) : std::string(what);
}

// How the beginning of a number is to be read.
enum class Reading : std::uint8_t { kInternational, kTrunk, kCountryCode, kNational };

// Bare digits may carry the country code where they then make a complete number, and do not without: "33162######"
// does in FR, "3950" does not. `places` digits are yet to come.
bool carries_country_code(const Written& written, unsigned places, const DialPlan& plan) {
    if (written.plus || !written.digits().starts_with(plan.country_calling_code())) return false;
    bool may = false;
    for (const char fill : {'0', '1', '5', '9'}) {
        Written whole = written;
        for (unsigned i = 0; i < places && whole.size < whole.chars.size(); ++i)
            whole.chars[whole.size++] = fill;
        const Normalized bare = normalized(whole, plan);
        if (bare.valid) return bare.form == Form::kCountryCode;
        whole.plus = true;
        may |= has(bare.oddities, Oddity::kBadLength) &&
               objection(normalized(whole, plan), plan).empty();
    }
    return may;
}

Status read_number(std::string_view text, const EntryFormat& format, ListEntry& entry,
                   bool* unknown_range) {
    Written written;
    if (auto status = read_digits(text, written, nullptr); !status) return status;
    Normalized number = normalized(written, *format.plan);
    if (!number.valid && carries_country_code(written, 0, *format.plan)) {
        written.plus = true;
        number = normalized(written, *format.plan);
    }
    if (const std::string what = objection(number, *format.plan); !what.empty())
        return bad(text, what);
    entry.text = number.digits();
    if (unknown_range) *unknown_range = !number.valid;
    return ok();
}

// How many digits the international prefix in front has, the longest first; 0 for none.
std::size_t international_digits(std::string_view digits, const DialPlan& plan) {
    std::size_t most = 0;
    for (const std::string_view prefix : plan.row().international_prefixes) {
        if (digits.starts_with(prefix)) most = std::max(most, prefix.size());
    }
    return most;
}

Reading reading_of(const Written& written, unsigned places, const DialPlan& plan) {
    if (written.plus || international_digits(written.digits(), plan) != 0)
        return Reading::kInternational;
    const std::string_view trunk = plan.trunk_prefix();
    if (!trunk.empty() && written.digits().starts_with(trunk) && written.size > trunk.size())
        return Reading::kTrunk;
    return carries_country_code(written, places, plan) ? Reading::kCountryCode : Reading::kNational;
}

// The digits with the country code in front, under that reading.
std::string with_country(const Written& written, Reading reading, const DialPlan& plan) {
    std::string_view digits = written.digits();
    std::string text;
    switch (reading) {
        case Reading::kInternational:
            if (!written.plus) digits.remove_prefix(international_digits(digits, plan));
            break;
        case Reading::kTrunk:
            digits.remove_prefix(plan.trunk_prefix().size());
            text = plan.country_calling_code();
            break;
        case Reading::kNational: text = plan.country_calling_code(); break;
        case Reading::kCountryCode: break;
    }
    return text.append(digits);
}

Status check_begin(std::string_view written, const std::string& digits) {
    if (digits.empty()) return bad(written, "covers every number there is; give more digits");
    if (digits.size() > ListEntry::kMaxDigits)
        return bad(written, "has more than 24 digits, the country code included");
    if (digits[0] == '0') return bad(written, "begins as no number does");
    if (digits.size() >= 3 && calling_code_length(digits) == 0)
        return bad(written, "has a country code that is not in use");
    return ok();
}

// Whether there can be numbers that begin with `digits` and have the entry's lengths.
Status check_known(std::string_view written, std::string_view digits, const ListEntry& entry,
                   const DialPlan& plan, bool* unknown_range) {
    const Beginning known = beginning_of(digits, entry.min_length, entry.max_length, plan);
    if (known != Beginning::kOfNumbers && calling_code_length(digits) == 0)
        return bad(written, "has a country code that is not in use");
    const std::size_t least = std::max<std::size_t>(digits.size(), entry.min_length);
    if (known != Beginning::kOfNumbers && least > Number::kMaxDigits)
        return bad(written, "has more digits than a number");
    if (known == Beginning::kOfNone)
        return bad(written, "covers no number: its range has none of that length");
    if (unknown_range) *unknown_range = known == Beginning::kOfUnknown;
    return ok();
}

Status read_prefix(std::string_view text, const EntryFormat& format, ListEntry& entry,
                   bool* unknown_range) {
    const DialPlan& plan = *format.plan;
    std::string_view begin = trimmed(text);
    if (begin.ends_with('*')) begin.remove_suffix(1);
    Written written;
    unsigned places = 0;
    if (auto status = read_digits(begin, written, &places); !status) return status;
    Reading reading = reading_of(written, places, plan);
    const std::size_t size = written.size + places;
    if (reading == Reading::kNational &&
        has_country_code(written.digits(), size, places != 0 ? size : ListEntry::kMaxDigits, plan))
        reading = Reading::kCountryCode;
    entry.text = with_country(written, reading, plan);
    if (reading == Reading::kNational && written.digits() == plan.country_calling_code() &&
        beginning_of(entry.text, 0, ListEntry::kMaxDigits, plan) != Beginning::kOfNumbers)
        return bad(text, "is the country code alone; write '+" + std::string(written.digits()) +
                             "' for every number of the country");
    if (auto status = check_begin(text, entry.text); !status) return status;
    if (places != 0) {
        if (entry.text.size() + places > ListEntry::kMaxDigits)
            return bad(text, "stands for more than 24 digits, the country code included");
        entry.min_length = entry.max_length = static_cast<std::uint8_t>(entry.text.size() + places);
    }
    return check_known(text, entry.text, entry, plan, unknown_range);
}

// The two ends of a range: around "..", " - ", a dash of typography, or the only hyphen.
std::optional<std::pair<std::string_view, std::string_view>> split_range(std::string_view text) {
    for (const std::string_view between : {"..", " - ", "\xE2\x80\x93", "\xE2\x80\x94"}) {
        if (const std::size_t at = text.find(between); at != std::string_view::npos)
            return std::pair(text.substr(0, at), text.substr(at + between.size()));
    }
    const std::size_t at = text.find('-');
    if (at == std::string_view::npos || text.find('-', at + 1) != std::string_view::npos) return {};
    return std::pair(text.substr(0, at), text.substr(at + 1));
}

Status read_range(std::string_view text, const EntryFormat& format, ListEntry& entry,
                  bool* unknown_range) {
    const auto ends = split_range(text);
    if (!ends) return bad(text, "is no range; write 'first..last'");
    Written first;
    Written last;
    if (auto status = read_digits(ends->first, first, nullptr); !status) return status;
    if (auto status = read_digits(ends->second, last, nullptr); !status) return status;
    Reading reading = reading_of(first, 0, *format.plan);
    Reading reading_last = reading_of(last, 0, *format.plan);
    // An end of a range need not be a number that is issued: either may show that a country code is there.
    if (reading == Reading::kCountryCode && reading_last == Reading::kNational)
        reading_last = reading;
    if (reading_last == Reading::kCountryCode && reading == Reading::kNational)
        reading = reading_last;
    entry.text = with_country(first, reading, *format.plan);
    entry.last = with_country(last, reading_last, *format.plan);
    if (auto status = check_begin(text, entry.text); !status) return status;
    if (auto status = check_begin(text, entry.last); !status) return status;
    if (entry.text.size() != entry.last.size()) return bad(text, "has ends of unequal length");
    if (entry.text > entry.last) return bad(text, "ends before it begins");
    entry.min_length = entry.max_length = static_cast<std::uint8_t>(entry.text.size());
    const std::string_view digits = entry.text;
    const auto same = std::ranges::mismatch(digits, entry.last).in1 - digits.begin();
    return check_known(text, digits.substr(0, static_cast<std::size_t>(same)), entry, *format.plan,
                       unknown_range);
}

// How many numbers of `length` digits that begin with `prefix` are valid, by a sample of those that could be.
std::uint64_t valid_numbers(std::string_view prefix, unsigned length, const DialPlan& plan) {
    constexpr std::uint64_t kSample = 512;
    std::uint64_t all = 1;
    for (std::size_t i = prefix.size(); i < length; ++i) all *= 10;
    const std::uint64_t tried = std::min(all, kSample);
    std::uint64_t valid = 0;
    Written number;
    number.plus = true;
    number.size = length;
    std::copy(prefix.begin(), prefix.end(), number.chars.begin());
    for (std::uint64_t i = 0; i < tried; ++i) {
        // Evenly spread from the first to the last; the last digits then vary too, as tried is no divisor.
        std::uint64_t rest = all <= kSample ? i : all / tried * i + i % (all / tried);
        for (std::size_t at = length; at-- > prefix.size(); rest /= 10)
            number.chars[at] = static_cast<char>('0' + rest % 10);
        const Normalized seen = normalized(number, plan);
        valid += seen.valid && seen.digits().size() == length;
    }
    return all <= kSample ? valid : all / tried * valid;
}

std::uint64_t power_of_ten(std::size_t exponent) {
    std::uint64_t power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

}  // namespace

Status read_entry(std::string_view written, EntryKind kind, const EntryFormat& format,
                  ListEntry& entry, bool* unknown_range) {
    if (unknown_range) *unknown_range = false;
    entry.kind = kind;
    entry.min_length = 0;
    entry.max_length = ListEntry::kMaxDigits;
    entry.text.clear();
    entry.last.clear();
    entry.subscriber = {};
    if (trimmed(written).empty()) return bad(written, "is empty");
    switch (kind) {
        case EntryKind::kExact: return read_number(written, format, entry, unknown_range);
        case EntryKind::kPrefix: return read_prefix(written, format, entry, unknown_range);
        case EntryKind::kRange: return read_range(written, format, entry, unknown_range);
        case EntryKind::kSender:
        case EntryKind::kDomain:
        case EntryKind::kAccount: return read_name(written, kind, entry);
    }
    return bad(written, "is of no known kind");
}

Status read_entry(std::string_view written, const EntryFormat& format, ListEntry& entry,
                  bool* unknown_range) {
    EntryKind kind = format.exact;
    if (kind == EntryKind::kExact) {
        const std::string_view text = trimmed(written);
        if (text.find("..") != std::string_view::npos) {
            kind = EntryKind::kRange;
        } else if (text.ends_with('*') || text.ends_with('#')) {
            kind = EntryKind::kPrefix;
        }
    }
    return read_entry(written, kind, format, entry, unknown_range);
}

Status read_subscriber(std::string_view written, const EntryFormat& format, ListEntry& entry,
                       bool* unknown_range) {
    if (entry.number().empty())
        return Error{ErrorCode::kSyntax,
                     "a list by subscriber holds numbers of up to 15 digits alone"};
    ListEntry subscriber;
    if (auto status = read_entry(written, EntryKind::kExact, format, subscriber, unknown_range);
        !status)
        return Error{status.error().code, "subscriber: " + status.error().text};
    entry.subscriber = subscriber.number();
    if (entry.subscriber.empty())
        return Error{ErrorCode::kSyntax,
                     "subscriber: '" + printable(written) + "' is no number of up to 15 digits"};
    return ok();
}

std::string_view name_of(EntryKind kind) {
    switch (kind) {
        case EntryKind::kExact: return "exact";
        case EntryKind::kPrefix: return "prefix";
        case EntryKind::kRange: return "range";
        case EntryKind::kSender: return "sender";
        case EntryKind::kDomain: return "domain";
        case EntryKind::kAccount: return "account";
    }
    return {};
}

std::optional<EntryKind> entry_kind_from_name(std::string_view name) {
    for (const EntryKind kind : {EntryKind::kExact, EntryKind::kPrefix, EntryKind::kRange,
                                 EntryKind::kSender, EntryKind::kDomain, EntryKind::kAccount}) {
        if (name == name_of(kind)) return kind;
    }
    return {};
}

void fold_key(EntryKind kind, std::string_view written, std::string& folded) {
    if (kind == EntryKind::kDomain || kind == EntryKind::kAccount) {
        folded = fold_key(kind == EntryKind::kDomain ? FoundKind::kDomain : FoundKind::kAccount,
                          trimmed(written));
        return;
    }
    folded = trimmed(written);
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
}

bool covers_number(const ListEntry& entry, std::string_view digits) {
    if (digits.empty()) return false;
    switch (entry.kind) {
        case EntryKind::kExact: return entry.text == digits;
        case EntryKind::kPrefix:
            return digits.starts_with(entry.text) && digits.size() >= entry.min_length &&
                   digits.size() <= entry.max_length;
        case EntryKind::kRange:
            return digits.size() == entry.text.size() && entry.text <= digits &&
                   digits <= entry.last;
        default: return false;
    }
}

std::uint64_t assigned_numbers(const ListEntry& entry) {
    if (entry.kind == EntryKind::kRange) {
        // Of the shortest prefix that holds both ends, the share that lies between them.
        std::size_t same = 0;
        while (same < entry.text.size() && entry.text[same] == entry.last[same]) ++same;
        const auto value = [&](const std::string& digits) {
            std::uint64_t number = 0;
            for (std::size_t i = same; i < digits.size() && i < same + 18; ++i)
                number = number * 10 + static_cast<std::uint64_t>(digits[i] - '0');
            return number;
        };
        const std::uint64_t span = value(entry.last) - value(entry.text) + 1;
        if (span <= 1'000'000 || entry.text.size() > Number::kMaxDigits) return span;
        ListEntry around = entry;
        around.kind = EntryKind::kPrefix;
        around.text.resize(same);
        const std::uint64_t all = power_of_ten(entry.text.size() - same);
        return static_cast<std::uint64_t>(static_cast<double>(assigned_numbers(around)) *
                                          static_cast<double>(span) / static_cast<double>(all));
    }
    if (entry.kind != EntryKind::kPrefix) return 1;

    const DialPlan* plan = DialPlan::find(country_of(entry.text));
    if (!plan) plan = &DialPlan::all().front();  // any: the digits carry their country code
    const std::size_t longest = std::min<std::size_t>(entry.max_length, Number::kMaxDigits);
    if (longest <= entry.text.size()) return 1;
    constexpr std::size_t kFewPlaces = 6;  // no country issues every one of 15 digits
    if (longest - entry.text.size() <= kFewPlaces) return power_of_ten(longest - entry.text.size());
    std::uint64_t numbers = 0;
    for (std::size_t length = std::max<std::size_t>(entry.text.size(), entry.min_length);
         length <= longest; ++length)
        numbers += valid_numbers(entry.text, static_cast<unsigned>(length), *plan);
    return numbers;
}

}  // namespace ringfence
