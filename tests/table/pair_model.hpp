// pair_model.hpp - a pair table as plain as can be.
#pragma once

#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "number_model.hpp"
#include "ringfence/table/pair_table.hpp"

namespace ringfence::model {

struct PairLists {
    using Key = std::pair<std::uint64_t, std::uint64_t>;
    std::map<Key, std::set<ListIndex>> lists;

    static Key key(SubscriberNumber pair) { return {pair.subscriber.rank(), pair.number.rank()}; }

    bool insert(SubscriberNumber pair, ListIndex list) {
        return lists[key(pair)].insert(list).second;
    }
    bool erase(SubscriberNumber pair, ListIndex list) {
        const auto at = lists.find(key(pair));
        if (at == lists.end() || at->second.erase(list) == 0) return false;
        if (at->second.empty()) lists.erase(at);
        return true;
    }
    bool erase(SubscriberNumber pair) { return lists.erase(key(pair)) != 0; }
    std::vector<ListIndex> of(SubscriberNumber pair) const {
        const auto at = lists.find(key(pair));
        if (at == lists.end()) return {};
        return {at->second.begin(), at->second.end()};
    }
};

inline std::vector<ListIndex> lists_of(const PairTable& table, SubscriberNumber pair) {
    const auto lists = table.lists(pair);
    return {lists.begin(), lists.end()};
}

// Every subscriber with every number: pairs that share words with one another.
inline std::vector<SubscriberNumber> crossed(std::size_t subscribers, std::size_t numbers,
                                             std::uint64_t seed) {
    std::vector<SubscriberNumber> pairs;
    for (const Number subscriber : distinct_numbers(subscribers, seed))
        for (const Number number : distinct_numbers(numbers, seed + 1))
            pairs.push_back({subscriber, number});
    return pairs;
}

}  // namespace ringfence::model
