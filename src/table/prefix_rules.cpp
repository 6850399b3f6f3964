// prefix_rules.cpp - the rules of a prefix table as they were given.
#include <algorithm>
#include <new>
#include <set>
#include <stdexcept>
#include <utility>

#include "src/table/prefix_build.hpp"

namespace ringfence {
namespace {

struct Range {
    std::string first;
    std::string last;
    ListIndex list = 0;

    friend auto operator<=>(const Range&, const Range&) = default;
};

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Status check_digits(std::string_view digits) {
    if (!all_digits(digits))
        return Error{
            ErrorCode::kSyntax,
            "'" + std::string(digits.substr(0, PrefixView::kMaxDigits)) + "' is not all digits"};
    if (digits.size() > PrefixView::kMaxDigits)
        return Error{ErrorCode::kTooLarge,
                     "'" + std::string(digits.substr(0, PrefixView::kMaxDigits)) +
                         "...' has more than 24 digits"};
    return ok();
}

// Calls `each(prefix)` for the prefixes that together are the strings from `first` to `last`.
// From the left end: the largest block of ten, hundred, ... that begins there and does not pass the right end.
template <class Each>
void split_range(std::string first, const std::string& last, Each each) {
    for (;;) {
        std::size_t keep = first.size();  // digits of the block's prefix
        while (keep > 0 && first[keep - 1] == '0') {
            // Taking one digit more into the block: its last string must not pass the end.
            std::string end = first.substr(0, keep - 1);
            end.append(first.size() - keep + 1, '9');
            if (end > last) break;
            --keep;
        }
        each(std::string_view(first).substr(0, keep));
        std::string end = first.substr(0, keep);
        end.append(first.size() - keep, '9');
        if (end >= last) return;
        std::size_t i = end.size();  // the next string: one more than the block's last
        while (i > 0 && end[i - 1] == '9') end[--i] = '0';
        ++end[i - 1];  // some digit is no 9, since `end` is below `last`
        first = std::move(end);
    }
}

}  // namespace

// Ranges are kept as they were given, since two of them may share parts.
class PrefixRules::Rules {
public:
    std::set<KeptRule> prefixes;
    std::set<Range> ranges;
};

namespace {

// The rule as it is kept, or what is wrong with it.
Result<KeptRule> kept_rule(const PrefixRule& rule) {
    if (const Status digits = check_digits(rule.prefix); !digits) return digits.error();
    InheritedRule says;
    says.list = rule.list;
    says.specificity = static_cast<std::uint8_t>(rule.prefix.size());
    says.min_length = std::max(rule.min_length, says.specificity);
    says.max_length = std::min<std::uint8_t>(rule.max_length, PrefixView::kMaxDigits);
    if (says.min_length > says.max_length)
        return Error{ErrorCode::kOutOfRange, "no number that begins with '" +
                                                 std::string(rule.prefix) + "' has " +
                                                 std::to_string(rule.min_length) + " to " +
                                                 std::to_string(rule.max_length) + " digits"};
    return KeptRule{std::string(rule.prefix), says};
}

Result<Range> kept_range(std::string_view first, std::string_view last, ListIndex list) {
    for (const std::string_view end : {first, last})
        if (const Status digits = check_digits(end); !digits) return digits.error();
    const std::string text = "'" + std::string(first) + "' to '" + std::string(last) + "'";
    if (first.empty() || first.size() != last.size())
        return Error{ErrorCode::kOutOfRange, "the ends " + text + " differ in length"};
    if (first > last) return Error{ErrorCode::kOutOfRange, text + " is the wrong way round"};
    return Range{std::string(first), std::string(last), list};
}

// Adds the parts of a range, each a rule for numbers of its length alone and as specific as the shortest.
void add_parts(const Range& range, std::vector<KeptRule>& rules) {
    const auto length = static_cast<std::uint8_t>(range.first.size());
    std::uint8_t shortest = length;
    const std::size_t before = rules.size();
    split_range(range.first, range.last, [&](std::string_view prefix) {
        shortest = std::min(shortest, static_cast<std::uint8_t>(prefix.size()));
        rules.push_back({std::string(prefix), {range.list, 0, length, length}});
    });
    for (std::size_t i = before; i < rules.size(); ++i) rules[i].says.specificity = shortest;
}

Error no_room_for_prefixes() {
    return {ErrorCode::kOutOfMemory, "no memory is left for the table of prefixes"};
}

}  // namespace

PrefixRules::PrefixRules() : rules_(std::make_unique<Rules>()) {}
PrefixRules::PrefixRules(PrefixRules&&) noexcept = default;
PrefixRules& PrefixRules::operator=(PrefixRules&&) noexcept = default;
PrefixRules::~PrefixRules() = default;

Result<bool> PrefixRules::add(const PrefixRule& rule) {
    try {
        auto kept = kept_rule(rule);
        if (!kept) return kept.error();
        return rules_->prefixes.insert(std::move(*kept)).second;
    } catch (const std::bad_alloc&) {
        return no_room_for_prefixes();
    }
}

Result<bool> PrefixRules::remove(const PrefixRule& rule) {
    try {
        const auto kept = kept_rule(rule);
        if (!kept) return kept.error();
        return rules_->prefixes.erase(*kept) != 0;
    } catch (const std::bad_alloc&) {
        return no_room_for_prefixes();
    }
}

Result<bool> PrefixRules::add_range(std::string_view first, std::string_view last, ListIndex list) {
    try {
        auto kept = kept_range(first, last, list);
        if (!kept) return kept.error();
        return rules_->ranges.insert(std::move(*kept)).second;
    } catch (const std::bad_alloc&) {
        return no_room_for_prefixes();
    }
}

Result<bool> PrefixRules::remove_range(std::string_view first, std::string_view last,
                                       ListIndex list) {
    try {
        const auto kept = kept_range(first, last, list);
        if (!kept) return kept.error();
        return rules_->ranges.erase(*kept) != 0;
    } catch (const std::bad_alloc&) {
        return no_room_for_prefixes();
    }
}

std::optional<std::uint8_t> PrefixRules::specificity(std::string_view first,
                                                     std::string_view last) {
    if (!kept_range(first, last, 0)) return {};
    auto shortest = static_cast<std::uint8_t>(first.size());
    split_range(std::string(first), std::string(last), [&](std::string_view prefix) {
        shortest = std::min(shortest, static_cast<std::uint8_t>(prefix.size()));
    });
    return shortest;
}

Result<PrefixTable> PrefixRules::build() const {
    try {
        std::vector<KeptRule> parts;
        for (const Range& range : rules_->ranges) add_parts(range, parts);
        std::vector<const KeptRule*> sorted;
        sorted.reserve(rules_->prefixes.size() + parts.size());
        for (const KeptRule& rule : rules_->prefixes) sorted.push_back(&rule);
        for (const KeptRule& rule : parts) sorted.push_back(&rule);
        std::ranges::sort(sorted, [](const KeptRule* a, const KeptRule* b) { return *a < *b; });
        return PrefixTableBuild(std::move(sorted)).build();
    } catch (const std::bad_alloc&) {
        return no_room_for_prefixes();
    } catch (const std::length_error&) {
        return Error{ErrorCode::kFull, "the prefixes need a larger table than there can be"};
    }
}

std::size_t PrefixRules::size() const { return rules_->prefixes.size() + rules_->ranges.size(); }

}  // namespace ringfence
