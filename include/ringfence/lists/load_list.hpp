// load_list.hpp - the rows of a list into the tables, and single entries in and out of them.
//
//     row of up to 15 digits                ->  numbers  (NumberTable, by the builder)
//     the same of a list by subscriber      ->  pairs    (PairTable, by the builder)
//     prefix, range                         ->  rules().prefixes
//     digits of 16 to 24, sender, domain,   ->  rules().keys
//     account
//     expiry, source, since, confidence     ->  EntryBook
//
// A load that fails has put rows into the builder already: its owner throws the builder away and keeps the
// generation that is live.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "ringfence/base/result.hpp"
#include "ringfence/lists/entry_book.hpp"
#include "ringfence/lists/list_reader.hpp"
#include "ringfence/lists/sub_lists.hpp"
#include "ringfence/table/table_set.hpp"

namespace ringfence {

struct LoadOptions {
    bool force = false;                      // passes over the guards of size and width
    std::optional<std::uint64_t> last_rows;  // of the last good load, for check_size
    std::function<void(std::uint64_t rows)> progress =
        {};  // called now and then with the good rows so far
};

// Where rows go. Borrowed.
struct ListTarget {
    SubLists& sub_lists;
    TableSetBuilder& tables;
    EntryBook& book;
};

// About how many numbers the list's file holds, from its size and the lines it begins with, so that the table can be
// made large enough at once; 0 where that cannot be told (absent, compressed, no file, not CSV or lines, a list of
// names). At most a sixth of the file's octets, whatever it holds. Cold: reads 64 KiB. Threads: any thread.
std::uint64_t about_rows(const ListSource& source);

// Reads the list at position `list` of the policy into `target`. Gives what came of its rows. Fails when the file
// cannot be read, with a strict list's first bad row, with kRefused by the size guard, and as the tables do.
// Threads: one thread per target.
Result<ListReport> load_list(const ListSource& source, std::uint16_t list,
                             const LoadOptions& options, ListTarget target);

// Puts an entry among the rules of prefixes and names, or takes it off: true when that changed anything. An exact
// number of up to 15 digits, a subscriber's or not, is none of theirs (kInvalidArgument). Fails as PrefixRules and KeyRules do.
// Threads: one thread per rules.
Result<bool> add_to(TableRules& rules, const ListEntry& entry, ListIndex list);
Result<bool> remove_from(TableRules& rules, const ListEntry& entry, ListIndex list);

// Which table an entry lives in. Only a list by subscriber has entries in kPairs, and in no other.
enum class EntryTable : std::uint8_t { kNumbers = 0, kPrefixes = 1, kKeys = 2, kPairs = 3 };
EntryTable table_of(const ListEntry& entry);

}  // namespace ringfence
