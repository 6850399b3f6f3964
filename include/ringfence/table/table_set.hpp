// table_set.hpp - all tables of one generation, published and retired together.
//
// Readers pin the set once a request or batch and take all tables from it. Numbers and pairs change in place
// under them; a prefix, a name or growth needs a new table, and so a new set, which shares the tables that
// stay:
//
//     set 1 ---> numbers A   prefixes P   keys K
//     set 2 ---> numbers A   prefixes Q   keys K       a prefix was added
//     set 3 ---> numbers B   prefixes Q   keys K       A was full: B = A grown
//
// Writer: one for `numbers` and `pairs`, whichever set it is reached by. Tables that are shared by sets live until the
// last of these is gone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/table/key_table.hpp"
#include "ringfence/table/number_table.hpp"
#include "ringfence/table/pair_table.hpp"
#include "ringfence/table/prefix_table.hpp"

namespace ringfence {

// Never null in a set that a builder made, but for `pairs`: null where no list is by subscriber.
struct TableSet {
    std::shared_ptr<NumberTable> numbers;
    std::shared_ptr<const PrefixTable> prefixes;
    std::shared_ptr<const KeyTable> keys;
    std::shared_ptr<PairTable> pairs = {};

    std::size_t memory_bytes() const;
};

// What prefixes and names are built from. Its owner keeps it, so that a live change can alter a rule and build
// that one table again. Threads: one thread per object.
struct TableRules {
    PrefixRules prefixes;
    KeyRules keys;
};

// Collects the rows of all lists. Threads: one thread per object.
class TableSetBuilder {
public:
    // Room for as many numbers to begin with. Fails as NumberTable::create does.
    static Result<TableSetBuilder> create(const NumberTableOptions& options);

    // Puts a number on a list, growing the table when it is full; true when it was not on it before. Fails
    // with kFull when the memory limit is reached, with kInvalidArgument for the empty number.
    Result<bool> add(Number number, ListIndex list);

    // The same for many, asking for their lines ahead; gives how many were not on the list before. When it fails `done`
    // (if given) says how many of `numbers` were dealt with.
    Result<std::uint64_t> add(std::span<const Number> numbers, ListIndex list,
                              std::size_t* done = nullptr);

    // Makes a table of pairs, for a set that has none yet. Fails as PairTable::create does.
    Status hold_pairs(const PairTableOptions& options);

    // Puts a pair on a list, as a number; kInvalidArgument too before hold_pairs.
    Result<bool> add(SubscriberNumber pair, ListIndex list);

    // The same for many numbers of one subscriber, as for many numbers.
    Result<std::uint64_t> add(Number subscriber, std::span<const Number> numbers, ListIndex list,
                              std::size_t* done = nullptr);

    // Rules of prefixes and ranges, and of names: PrefixRules and KeyRules say how they fail.
    TableRules& rules() { return rules_; }

    // Ends the building: the tables of all that was added. `rules` (if given) receives what prefixes and
    // names were built from. Fails as PrefixRules::build and KeyRules::build do.
    Result<TableSet> build(TableRules* rules = nullptr) &&;

private:
    explicit TableSetBuilder(NumberTable numbers);

    std::unique_ptr<NumberTable> numbers_;
    std::shared_ptr<PairTable> pairs_;
    TableRules rules_;
};

// `set` with prefixes, or names, built from these rules; the other tables are shared. Fails as their `build`.
// Threads: any thread.
Result<TableSet> with_prefixes(const TableSet& set, const PrefixRules& rules);
Result<TableSet> with_keys(const TableSet& set, const KeyRules& rules);

// `set` with its numbers grown, as NumberTable::grown says; the other tables are shared.
// Threads: any thread, beside the writer of `set`, whose later changes must be replayed.
Result<TableSet> with_grown_numbers(const TableSet& set, std::uint64_t numbers = 0);

// `set`, which has pairs, with these grown, as PairTable::grown says. Threads: as with_grown_numbers.
Result<TableSet> with_grown_pairs(const TableSet& set, std::uint64_t pairs = 0);

}  // namespace ringfence
