#include "src/image/shared_ends.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <new>
#include <optional>

namespace ringfence::image {
namespace {

struct Head {
    std::uint64_t catalogue = 0;  // octets of each part
    std::uint64_t numbers = 0;
    std::uint64_t rest = 0;
    std::uint64_t rules = 0;
};
static_assert(sizeof(Head) == 32);

struct EndHead {
    std::uint32_t second = 0;
    ListIndex list = 0;
    std::uint8_t kind = 0;
    std::uint8_t min_length = 0;
    std::uint8_t max_length = 0;
    std::uint8_t text = 0;  // octets
    std::uint8_t last = 0;
    std::uint8_t zero = 0;
};
static_assert(sizeof(EndHead) == 12);
static_assert(ListEntry::kMaxText <= 0xFF);

template <class Value>
void put(std::string& octets, const Value& value) {
    octets.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

struct Parts {
    Head head;
    std::string_view numbers, rest, rules, catalogue;
};

// Where the parts are; none when they are not all there.
std::optional<Parts> parts_in(std::string_view about) {
    Parts parts;
    if (about.size() < sizeof(Head)) return {};
    std::memcpy(&parts.head, about.data(), sizeof(Head));
    about.remove_prefix(sizeof(Head));
    const auto take = [&](std::uint64_t bytes, std::size_t each, std::string_view& part) {
        if (bytes > about.size() || bytes % each != 0) return false;
        part = about.substr(0, bytes);
        about.remove_prefix(bytes);
        return true;
    };
    if (!take(parts.head.numbers, sizeof(SharedEnds::OfNumber), parts.numbers) ||
        !take(parts.head.rest, sizeof(NextEnds::OfList), parts.rest) ||
        !take(parts.head.rules, 1, parts.rules) ||
        !take(parts.head.catalogue, 1, parts.catalogue) || !about.empty())
        return {};
    return parts;
}

Error damaged() {
    return {ErrorCode::kSyntax,
            "is damaged: the ends of its entries; remove it and create it anew"};
}

}  // namespace

void leave_out(NextEnds& ends, std::uint64_t bytes) {
    std::map<ListIndex, std::uint32_t> left;
    for (const NextEnds::OfList& end : ends.rest) left.emplace(end.list, end.second);
    const std::size_t before = left.size();
    const auto leave = [&](ListIndex list, std::uint32_t second) {
        const auto at = left.try_emplace(list, second).first;
        at->second = std::min(at->second, second);
    };
    std::uint64_t freed = 0;
    while (freed < bytes + (left.size() - before) * sizeof(NextEnds::OfList)) {
        const bool number = !ends.numbers.empty();
        if (!number && ends.rules.empty()) break;
        if (number &&
            (ends.rules.empty() || ends.numbers.back().second >= ends.rules.back().second)) {
            leave(ends.numbers.back().list, ends.numbers.back().second);
            ends.numbers.pop_back();
            freed += sizeof(SharedEnds::OfNumber);
        } else {
            const NextEnds::OfRule& rule = ends.rules.back();
            leave(rule.list, rule.second);
            freed += sizeof(EndHead) + rule.entry.text.size() + rule.entry.last.size();
            ends.rules.pop_back();
        }
    }
    ends.rest.clear();
    for (const auto& [list, second] : left) ends.rest.push_back({second, list, 0});
    std::ranges::sort(ends.rest);
}

std::string about_of(std::string_view catalogue, const NextEnds& ends) {
    std::string rules;
    for (const NextEnds::OfRule& rule : ends.rules) {
        const ListEntry& entry = rule.entry;
        put(rules,
            EndHead{rule.second, rule.list, static_cast<std::uint8_t>(entry.kind), entry.min_length,
                    entry.max_length, static_cast<std::uint8_t>(entry.text.size()),
                    static_cast<std::uint8_t>(entry.last.size()), 0});
        rules.append(entry.text).append(entry.last);
    }
    Head head;
    head.catalogue = catalogue.size();
    head.numbers = ends.numbers.size() * sizeof(SharedEnds::OfNumber);
    head.rest = ends.rest.size() * sizeof(NextEnds::OfList);
    head.rules = rules.size();
    std::string about;
    about.reserve(sizeof(head) + head.numbers + head.rest + rules.size() + catalogue.size());
    put(about, head);
    for (const NextEnds::OfNumber& end : ends.numbers)
        put(about, SharedEnds::OfNumber{end.rank, end.second, end.list, 0});
    for (const NextEnds::OfList& end : ends.rest) put(about, end);
    return about.append(rules).append(catalogue);
}

std::string_view catalogue_in(std::string_view about) {
    const auto parts = parts_in(about);
    return parts ? parts->catalogue : std::string_view();
}

Result<SharedEnds> ends_in(std::string_view about) {
    const auto parts = parts_in(about);
    if (!parts) return damaged();
    try {
        SharedEnds ends;
        ends.numbers = {reinterpret_cast<const SharedEnds::OfNumber*>(parts->numbers.data()),
                        parts->numbers.size() / sizeof(SharedEnds::OfNumber)};
        ends.rest.resize(parts->rest.size() / sizeof(NextEnds::OfList));
        if (!ends.rest.empty())
            std::memcpy(ends.rest.data(), parts->rest.data(), parts->rest.size());
        for (std::string_view rules = parts->rules; !rules.empty();) {
            EndHead head;
            if (rules.size() < sizeof(head)) return damaged();
            std::memcpy(&head, rules.data(), sizeof(head));
            rules.remove_prefix(sizeof(head));
            if (head.kind > static_cast<std::uint8_t>(EntryKind::kAccount) ||
                std::size_t{head.text} + head.last > rules.size())
                return damaged();
            NextEnds::OfRule& rule = ends.rules.emplace_back();
            rule.second = head.second;
            rule.list = head.list;
            rule.entry.kind = static_cast<EntryKind>(head.kind);
            rule.entry.min_length = head.min_length;
            rule.entry.max_length = head.max_length;
            rule.entry.text = rules.substr(0, head.text);
            rule.entry.last = rules.substr(head.text, head.last);
            rules.remove_prefix(std::size_t{head.text} + head.last);
        }
        return ends;
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

}  // namespace ringfence::image
