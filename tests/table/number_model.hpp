// number_model.hpp - a number table as plain as can be, and numbers to fill it with.
#pragma once

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/deep.hpp"
#include "ringfence/number/number.hpp"
#include "ringfence/table/membership.hpp"
#include "ringfence/table/number_table.hpp"

namespace ringfence::model {

struct NumberLists {
    std::unordered_map<std::uint64_t, std::set<ListIndex>> lists;

    bool insert(Number number, ListIndex list) { return lists[number.rank()].insert(list).second; }
    bool erase(Number number, ListIndex list) {
        const auto at = lists.find(number.rank());
        if (at == lists.end() || at->second.erase(list) == 0) return false;
        if (at->second.empty()) lists.erase(at);
        return true;
    }
    bool erase(Number number) { return lists.erase(number.rank()) != 0; }
    std::vector<ListIndex> of(Number number) const {
        const auto at = lists.find(number.rank());
        if (at == lists.end()) return {};
        return {at->second.begin(), at->second.end()};
    }
};

// Numbers of 1 to 15 digits, most of them of 10 to 13.
inline Number random_number(std::mt19937_64& random) {
    const unsigned length = random() % 8 == 0 ? 1 + static_cast<unsigned>(random() % 15)
                                              : 10 + static_cast<unsigned>(random() % 4);
    std::uint64_t count = 1;
    for (unsigned i = 0; i < length; ++i) count *= 10;
    return Number::from_rank(Number::first_rank(length) + random() % count);
}

// `count` numbers, no two of them the same.
inline std::vector<Number> distinct_numbers(std::size_t count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::set<Number> seen;
    std::vector<Number> numbers;
    while (numbers.size() < count) {
        const Number number = random_number(random);
        if (seen.insert(number).second) numbers.push_back(number);
    }
    return numbers;
}

inline std::vector<ListIndex> lists_of(const NumberTable& table, Number number) {
    const auto lists = table.lists(number);
    return {lists.begin(), lists.end()};
}

}  // namespace ringfence::model
