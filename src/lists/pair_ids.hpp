// pair_ids.hpp - small numbers that stand for pairs of a subscriber and a number, on one list.
//
// Notes and the expiry wheel know an entry by one integer; a pair has two. So each pair of which something is
// known gets an id, from 1 on, and ids of pairs that went are given again.
//
//     ids    (subscriber, number) -> id
//     pairs  id - 1 -> (subscriber, number), or, of an id that is free, (0, the next free one)
//
// Cost: about 50 bytes a pair.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "ringfence/table/pair_view.hpp"
#include "src/lists/make_room.hpp"

namespace ringfence {

// Threads: one thread per object.
class PairIds {
public:
    // The id of the pair; 0 when it has none.
    std::uint64_t find(SubscriberNumber pair) const {
        const auto at = ids_.find(ranks(pair));
        return at == ids_.end() ? 0 : at->second;
    }

    // The same, and a new one when it has none. Memory that is not there leaves all as it was.
    std::uint64_t give(SubscriberNumber pair) {
        if (const std::uint64_t known = find(pair)) return known;
        make_room(ids_);
        std::uint64_t id = free_;
        if (id == 0) {
            pairs_.emplace_back();
            id = pairs_.size();
        } else {
            free_ = pairs_[id - 1].second;
        }
        pairs_[id - 1] = ranks(pair);
        ids_.emplace(ranks(pair), id);
        return id;
    }

    // Lets the id stand for nothing, until it is given again.
    void free(std::uint64_t id) {
        ids_.erase(pairs_[id - 1]);
        pairs_[id - 1] = {0, free_};
        free_ = id;
    }

    // The pair that an id stands for.
    SubscriberNumber pair(std::uint64_t id) const {
        const auto& [subscriber, number] = pairs_[id - 1];
        return {Number::from_rank(subscriber), Number::from_rank(number)};
    }

    // Whether it was ever asked for one.
    bool used() const { return !pairs_.empty(); }

    std::size_t memory_bytes() const {
        return pairs_.capacity() * sizeof(Ranks) +
               ids_.capacity() * (sizeof(Ranks) + sizeof(std::uint64_t) + 1);
    }

private:
    using Ranks = std::pair<std::uint64_t, std::uint64_t>;  // of subscriber and number

    static Ranks ranks(SubscriberNumber pair) {
        return {pair.subscriber.rank(), pair.number.rank()};
    }

    absl::flat_hash_map<Ranks, std::uint64_t> ids_;
    std::vector<Ranks> pairs_;
    std::uint64_t free_ = 0;  // the first free id
};

}  // namespace ringfence
