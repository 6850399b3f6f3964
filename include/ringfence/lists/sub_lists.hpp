// sub_lists.hpp - the index that stands for a list, or for the rows of it that say something of their own.
//
// Tables hold list indexes, never actions. Each list of the policy has one index; rows that carry their own
// action or category share one more for each distinct pair:
//
//     index   list          action   category
//     0       fraud-cards   -        -              the list's own
//     1       partners      -        -
//     2       fraud-cards   tag      -              rows "...,tag,,"
//     3       fraud-cards   -        gambling       rows "...,,gambling,"
//
// Build, then freeze: indexes are given out while lists are read, and mean the same as long as the object
// lives. Not thread-safe while building.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/base/vocabulary.hpp"
#include "ringfence/table/membership.hpp"

namespace ringfence {

struct SubList {
    std::uint16_t list = 0;  // position of the list in the policy
    std::optional<Action> action;
    std::string category;  // empty: the list's
};

class SubLists {
public:
    // Distinct indexes: what a membership of the tables can name.
    static constexpr std::size_t kMax = 65'000;

    // Index i for each of `lists` lists, which is at most kMax.
    explicit SubLists(std::uint16_t lists);

    // The index of the rows of `list` that say this. Fails with kFull past kMax.
    // Threads: one thread per object.
    Result<ListIndex> index_of(std::uint16_t list, std::optional<Action> action,
                               std::string_view category);

    std::span<const SubList> all() const { return all_; }

    // Every index of a list, its own first: what taking an entry off it must look at. Cold.
    // Threads: any thread, once built.
    std::vector<ListIndex> indexes_of(std::uint16_t list) const;

private:
    using Key = std::tuple<std::uint16_t, int, std::string>;

    std::vector<SubList> all_;
    std::map<Key, ListIndex, std::less<>> index_;
};

}  // namespace ringfence
