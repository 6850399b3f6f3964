// answers.hpp - asks an image that was read for everything, and changes it: whatever octets it came from, every
// answer must be well-formed and the tables must take changes. Gives what is wrong, or nothing.
#pragma once

#include <algorithm>
#include <random>
#include <span>
#include <string>

#include "ringfence/image/image.hpp"

namespace ringfence::sample {

inline bool in_order(std::span<const ListIndex> lists, std::size_t count) {
    for (std::size_t i = 0; i < lists.size(); ++i)
        if (lists[i] >= count || (i > 0 && lists[i] <= lists[i - 1])) return false;
    return true;
}

inline bool in_order(std::span<const PrefixHit> hits, std::size_t count, std::size_t length) {
    for (std::size_t i = 0; i < hits.size(); ++i) {
        if (hits[i].list >= count || hits[i].prefix_length > length) return false;
        if (i > 0 && hits[i].prefix_length > hits[i - 1].prefix_length) return false;
    }
    return true;
}

inline std::string fault_in_answers(const Image& image, std::mt19937_64& random) {
    const TableSet& set = image.tables();
    const std::size_t count = image.sub_lists().all().size();
    NumberTable& numbers = *set.numbers;
    if (!numbers.consistent()) return "the numbers are not consistent";
    for (std::uint64_t line = 0; line < numbers.view().line_count(); ++line) {
        for (const auto& slot : numbers.view().lines()[line].slots) {
            const std::uint64_t word = slot.load(std::memory_order_relaxed);
            const Number number = Number::from_rank(NumberSlot::rank(word));
            if (number.empty()) continue;
            if (numbers.find(number) != NumberSlot::payload(word)) return "a number is not found";
            const auto lists = numbers.lists(number);
            if (lists.empty() || !in_order(lists, count)) return "a number's lists are wrong";
        }
    }
    for (unsigned i = 0; i < 20; ++i) {
        std::string digits(1 + random() % 24, '0');
        if (i % 2 == 0)
            digits.replace(0, std::min<std::size_t>(digits.size(), 6), "336399",
                           std::min<std::size_t>(digits.size(), 6));
        for (std::size_t k = i % 2 == 0 ? 6 : 0; k < digits.size(); ++k)
            digits[k] = static_cast<char>('0' + random() % 10);
        if (!in_order(set.prefixes->longest_match(digits), count, digits.size()))
            return "a prefix's lists are wrong";
        const Number number = Number::from_digits(digits);
        if (!in_order(set.prefixes->longest_match(number), count, digits.size()))
            return "a prefix's lists are wrong";
        if (!in_order(numbers.lists(number), count)) return "a number's lists are wrong";
    }
    for (const char* name : {"exemple", "bad.example", "a.bad.example", "some_body", "x"}) {
        for (unsigned kind = 0; kind < 4; ++kind)
            if (!in_order(set.keys->find(static_cast<KeyKind>(kind), name), count))
                return "a name's lists are wrong";
        if (!in_order(set.keys->find_domain(name).lists, count)) return "a host's lists are wrong";
    }
    (void)image.entries();  // may refuse; must not crash
    const Number fresh = Number::from_digits("33639989999");
    const auto added = numbers.insert(fresh, 0);
    if (added && *added && numbers.lists(fresh).empty()) return "an added number is not found";
    if (added) numbers.erase(fresh);
    const auto grown = numbers.grown();
    if (grown && (grown->size() != numbers.size() || !grown->consistent()))
        return "growing lost numbers";
    if (!numbers.consistent()) return "the numbers are not consistent after changes";
    return {};
}

}  // namespace ringfence::sample
