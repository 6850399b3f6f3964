#include "src/screen/ended.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "ringfence/table/prefix_table.hpp"

namespace ringfence {
namespace {

std::tuple<ListIndex, EntryKind, std::string_view> key_of(const NextEnds::OfRule& rule) {
    return {rule.list, rule.entry.kind, rule.entry.text};
}

// How many digits a prefix or range counts for; none of one that no table holds.
std::optional<std::uint8_t> length_of(const ListEntry& entry) {
    if (entry.kind == EntryKind::kRange) return PrefixRules::specificity(entry.text, entry.last);
    return static_cast<std::uint8_t>(entry.text.size());
}

}  // namespace

std::uint64_t Ended::second_of(Time now) {
    return to_ms(now) < 0 ? 0 : static_cast<std::uint64_t>(to_ms(now)) / 1000;
}

Ended::Count Ended::count_by(const SharedEnds& ends, Time now) {
    const std::uint64_t second = second_of(now);
    const auto due = [second](const auto& end) { return end.second <= second; };
    const auto count = [&](const auto& all) {
        return static_cast<std::size_t>(std::ranges::partition_point(all, due) - all.begin());
    };
    return {count(ends.numbers), count(ends.rules), count(ends.rest)};
}

Ended::Ended(const SharedEnds& ends, const Count& count) : count_(count) {
    numbers_.reserve(count.numbers);
    for (const SharedEnds::OfNumber& end : ends.numbers.first(count.numbers))
        numbers_.push_back({end.rank, end.list});
    std::ranges::sort(numbers_);
    for (std::size_t i = 0; i < count.rules; ++i) {
        const NextEnds::OfRule& rule = ends.rules[i];
        if (rule.entry.kind != EntryKind::kPrefix && rule.entry.kind != EntryKind::kRange)
            names_.push_back(rule);
        else if (const auto length = length_of(rule.entry))
            ranges_.push_back({rule.list, *length, rule.entry});
    }
    std::ranges::stable_sort(ranges_, {}, &OfRange::list);
    std::ranges::sort(names_, {}, key_of);
    for (std::size_t i = 0; i < count.lists; ++i) silent_.insert(ends.rest[i].list);
}

bool Ended::number(ListIndex list, Number number) const {
    return is_silent(list) || std::ranges::binary_search(numbers_, OfNumber{number.rank(), list});
}

bool Ended::prefix(ListIndex list, std::string_view digits, unsigned length) const {
    if (is_silent(list)) return true;
    auto range = std::ranges::lower_bound(ranges_, list, {}, &OfRange::list);
    for (; range != ranges_.end() && range->list == list; ++range)
        if (range->length == length && covers_number(range->entry, digits)) return true;
    return false;
}

bool Ended::name(ListIndex list, EntryKind kind, std::string_view text) const {
    return is_silent(list) ||
           std::ranges::binary_search(names_, std::tuple(list, kind, text), {}, key_of);
}

}  // namespace ringfence
