// table_views.hpp - what look-ups read of a set of tables, wherever its arrays lie.
//
// A TableSet (table_set.hpp) owns its arrays and can change them; flat tables (flat_tables.hpp) lie in memory that another
// process writes. Both are read through the same views, by the same kernels.
//
// Copies are cheap. Good as long as the arrays. Threads: any thread, beside one writer.
#pragma once

#include <span>
#include <string_view>

#include "ringfence/number/number.hpp"
#include "ringfence/table/key_view.hpp"
#include "ringfence/table/number_view.hpp"
#include "ringfence/table/prefix_view.hpp"

namespace ringfence {

struct TableSet;

struct TableViews {
    NumberView numbers;
    PrefixView prefixes;
    KeyView keys;

    // The lists, ascending, that a number is on; empty when it is on none.
    std::span<const ListIndex> lists(Number number) const;

    // The payload of each of `numbers`, to the same place of `payloads`, which has room for as many. As NumberTable's: by the
    // vector form chosen at start, and asking for lines ahead.
    void find(std::span<const Number> of, std::span<Payload> payloads) const;

    // What a number begins with, the longest first.
    std::span<const PrefixHit> longest_match(Number number) const;

    // What each number begins with, to the same place of `found`, which has room for as many. As PrefixTable's.
    void longest_match(std::span<const Number> of,
                       std::span<std::span<const PrefixHit>> found) const;
};

// The views of a set that a builder made; those of its numbers show live changes.
TableViews views_of(const TableSet& tables);

}  // namespace ringfence
