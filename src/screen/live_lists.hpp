// live_lists.hpp - the writer's side of all lists: what files hold, what was changed live, until when.
//
// A load reads every list's file into fresh tables. Live changes are an overlay: they are applied to the
// tables at once, journalled where the policy names a journal, and applied again to the tables of the next
// load, until the file contains them or they expire.
//
//     files --load--> TableSet        rules_ (prefixes and names, to build those tables again)
//     overlay_ --apply--> TableSet    book_  (expiry and source of entries)
//
// Threads: one thread per object; the Screen's writer lock guards it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ringfence/lists/entry_book.hpp"
#include "ringfence/lists/journal.hpp"
#include "ringfence/policy/policy.hpp"
#include "ringfence/table/table_set.hpp"

namespace ringfence {

// What reading all lists of a policy came to.
struct LoadedLists {
    TableSet tables;
    TableRules rules;
    SubLists sub_lists{0};
    EntryBook book;
    std::map<std::string, std::uint64_t> rows;  // by list id
    std::vector<std::string> warnings;
    std::vector<std::string> missing;  // lists whose file is not there
    std::vector<std::pair<std::string, ListEntry>>
        confirmed;  // live changes that the files hold by now
};

class LiveLists {
public:
    // Reads the lists of `policy`. A list whose file is absent is missing when it never was loaded, and an
    // error when it was: the last good one stays. Rows that expired by `now` are passed over. Fails as the readers and the size guards do.
    Result<LoadedLists> load(const Policy& policy, bool force, Time now) const;

    // Opens the journal, or only reads it, and takes its changes into the overlay. Call before the first load.
    Status open_journal(const std::string& path, bool read_only);

    // Brings the journal on to the disk: what was appended, or, after a load, the live changes that still
    // matter in place of all that were. Fails with kUnwritable; the next call tries again.
    Status keep_journal();

    // Applies the overlay to what was loaded, but for what expired by `now`.
    Status apply_overlay(const Policy& policy, Time now, LoadedLists& loaded) const;

    // Takes over what belongs to the tables that were published, and forgets the live changes that the files
    // hold by now. Until then nothing here has changed: a load that fails leaves the last good state whole.
    void adopt(LoadedLists loaded);

    // Puts an entry on the list at `list` of the policy, or takes it off. The tables to publish when another
    // set is needed; none when `tables` was changed in place. Removing what is not there is kMissing.
    Result<std::optional<TableSet>> change(const Policy& policy, std::size_t list,
                                           std::string_view written, std::optional<Time> expires,
                                           std::string_view source, bool add,
                                           const TableSet& tables);

    // Takes off what is due by `now`; as `change`.
    Result<std::optional<TableSet>> expire(const Policy& policy, Time now, const TableSet& tables);

    // What change or expire gave last came live: tables and rules agree again. Without this call the next change
    // or expire gives the tables once more.
    void published() { stale_ = {}; }

    std::uint64_t live_changes() const { return overlay_.size(); }
    const std::map<std::string, std::uint64_t>& rows() const { return rows_; }
    std::uint64_t expired() const { return expired_; }

    // What is wanted and not live, because the tables that hold it were not published yet: tables that are built
    // whole lag behind their rules, and numbers that only a grown table had room for are not in the live one.
    struct Stale {
        struct Unpublished {
            Number number;
            ListIndex list;
            RoomFor room;
        };
        bool prefixes = false;
        bool keys = false;
        std::vector<Unpublished> numbers;
        void note(const ListEntry& entry);
    };

private:
    struct Key {
        std::string list;
        EntryKind kind;
        std::string text, last;
        std::uint8_t min_length, max_length;
        auto operator<=>(const Key&) const = default;
    };
    struct Change {
        bool add = true;
        ListEntry entry;
        std::optional<Time> expires;
        std::string source;
    };

    static Result<bool> apply(const Change& change, std::size_t list, const Policy& policy,
                              LoadedLists& loaded, std::optional<TableSet>& grown);
    // Off the list itself and every sub-list of it; gives those that it was on.
    static Result<std::vector<ListIndex>> take_off(const ListEntry& entry, std::size_t list,
                                                   const TableSet& set, TableRules& rules,
                                                   const SubLists& sub_lists);
    Status put_on(const Change& wanted, std::size_t list, const PolicyList& target,
                  const TableSet& tables, std::optional<TableSet>& next);
    Status take_off_live(const Change& wanted, std::size_t list, const PolicyList& target,
                         const TableSet& tables);
    Result<std::optional<TableSet>> caught_up(const TableSet& tables,
                                              std::optional<TableSet> next) const;
    static JournalRecord record_of(const std::string& list, const Change& change);
    static Key key_of(const std::string& list, const ListEntry& entry);
    Status note(const std::string& list, const Change& change);

    TableRules rules_;
    SubLists sub_lists_{0};
    EntryBook book_;
    std::map<std::string, std::uint64_t> rows_;
    std::map<Key, Change> overlay_;
    std::optional<Journal> journal_;
    std::vector<Error> damage_;  // of the journal as it was opened
    bool appended_ = false;      // the journal has records that may not be on the disk
    bool outgrown_ = false;      // the journal has records that no longer matter
    Stale stale_;
    std::uint64_t expired_ = 0;
};

}  // namespace ringfence
