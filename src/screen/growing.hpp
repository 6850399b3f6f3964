// growing.hpp - changes of a table of numbers or pairs that may find it full.
#pragma once

#include <optional>

#include "ringfence/table/table_set.hpp"

namespace ringfence {

// Runs `change` on the table of `next`, or of `set` when there is none. A full table is grown: then `next` holds
// the set to publish, and the change is run again.
template <class Change>
Result<bool> growing(const TableSet& set, std::optional<TableSet>& next, const Change& change) {
    auto done = change(*(next ? *next : set).numbers);
    if (done || done.error().code != ErrorCode::kFull) return done;
    auto grown = with_grown_numbers(next ? *next : set);
    if (!grown) return grown.error();
    next = *std::move(grown);
    return change(*next->numbers);
}

// The same for the table of pairs, of which there must be one.
template <class Change>
Result<bool> growing_pairs(const TableSet& set, std::optional<TableSet>& next,
                           const Change& change) {
    auto done = change(*(next ? *next : set).pairs);
    if (done || done.error().code != ErrorCode::kFull) return done;
    auto grown = with_grown_pairs(next ? *next : set);
    if (!grown) return grown.error();
    next = *std::move(grown);
    return change(*next->pairs);
}

}  // namespace ringfence
