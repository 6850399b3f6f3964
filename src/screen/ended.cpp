#include "src/screen/ended.hpp"

#include <algorithm>
#include <tuple>

namespace ringfence {
namespace {

std::tuple<ListIndex, EntryKind, std::string_view> key_of(const NextEnds::OfRule& rule) {
    return {rule.list, rule.entry.kind, rule.entry.text};
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
    return {count(ends.numbers), count(ends.rules), ends.rest && *ends.rest <= second};
}

Ended::Ended(const SharedEnds& ends, const Count& count) : count_(count) {
    numbers_.reserve(count.numbers);
    for (const SharedEnds::OfNumber& end : ends.numbers.first(count.numbers))
        numbers_.push_back({end.rank, end.list});
    std::ranges::sort(numbers_);
    for (std::size_t i = 0; i < count.rules; ++i) {
        const NextEnds::OfRule& rule = ends.rules[i];
        const bool covers_many =
            rule.entry.kind == EntryKind::kPrefix || rule.entry.kind == EntryKind::kRange;
        (covers_many ? ranges_ : names_).push_back(rule);
    }
    std::ranges::stable_sort(ranges_, {}, &NextEnds::OfRule::list);
    std::ranges::sort(names_, {}, key_of);
    if (count.rest) silent_.insert(ends.rest_lists.begin(), ends.rest_lists.end());
}

bool Ended::number(ListIndex list, Number number) const {
    return is_silent(list) || std::ranges::binary_search(numbers_, OfNumber{number.rank(), list});
}

bool Ended::prefix(ListIndex list, std::string_view digits, unsigned length) const {
    if (is_silent(list)) return true;
    auto rule = std::ranges::lower_bound(ranges_, list, {}, &NextEnds::OfRule::list);
    for (; rule != ranges_.end() && rule->list == list; ++rule) {
        // A range counts as the shortest of the prefixes that it is made of.
        const bool may = rule->entry.kind == EntryKind::kRange || rule->entry.text.size() == length;
        if (may && covers_number(rule->entry, digits)) return true;
    }
    return false;
}

bool Ended::name(ListIndex list, EntryKind kind, std::string_view text) const {
    return is_silent(list) ||
           std::ranges::binary_search(names_, std::tuple(list, kind, text), {}, key_of);
}

}  // namespace ringfence
