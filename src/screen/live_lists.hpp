// live_lists.hpp - the writer's side of all lists: what files hold, what was changed live, until when.
//
// A load reads every list's file into fresh tables. Live changes are an overlay: they are applied to the
// tables at once, journalled where the policy names a journal, and applied again to the tables of the next
// load, until the file contains them or they expire.
//
// An entry of the file that is added live stays for as long as either says. One that was removed live and is then added
// with an end is removed again when the end has come: until then the removal hides what the file says of it.
//
//     files, image --load--> TableSet     rules_ (prefixes and names, to build those tables again)
//     overlay_ --apply-----> TableSet     book_  (expiry and source of entries)
//
// Threads: one thread per object; the Screen's writer lock guards it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ringfence/lists/entry_book.hpp"
#include "ringfence/lists/journal.hpp"
#include "ringfence/policy/policy.hpp"
#include "ringfence/table/table_set.hpp"
#include "src/screen/loaded_lists.hpp"
#include "src/screen/reconcile.hpp"

namespace ringfence {

class LiveLists {
public:
    // Reads the lists of `policy`, from their files or from its image. A list whose file is absent is missing when it never was loaded, and an
    // error when it was: the last good one stays. Fails as lists_of_files and lists_of_image do.
    Result<LoadedLists> load(const Policy& policy, bool force) const;

    // Opens the journal, or only reads it, and takes its changes into the overlay. Call before the first load.
    Status open_journal(const std::string& path, bool read_only);

    // Brings the journal on to the disk: what was appended, or, after a load, the live changes that still
    // matter in place of all that were. Fails with kUnwritable; the next call tries again.
    Status keep_journal();

    // Applies the overlay to what was loaded, and takes off what expired by `now`, of either.
    Status apply_overlay(const Policy& policy, Time now, LoadedLists& loaded) const;

    // Takes over what belongs to the tables that were published, and forgets the live changes that the files
    // hold by now. Until then nothing here has changed: a load that fails leaves the last good state whole.
    void adopt(LoadedLists loaded);

    // Puts an entry on the list at `list` of the policy, or takes it off; `subscriber` as read_change has it. The
    // tables to publish when another set is needed; none when `tables` was changed in place. Removing what is not
    // there is kMissing.
    Result<std::optional<TableSet>> change(const Policy& policy, std::size_t list,
                                           std::string_view written, std::string_view subscriber,
                                           const EntryNote& note, bool add, const TableSet& tables);

    // Takes off what is due by `now`; as `change`. Bounded: no more than kExpireStep places of the book are looked
    // at, unless some entry would then stay longer than the policy's [expiry] allows. The next call takes the rest.
    Result<std::optional<TableSet>> expire(const Policy& policy, Time now, const TableSet& tables);
    static constexpr std::size_t kExpireStep = 20'000;  // about 10 ms of the writer's time

    // Reconciling a list with the rows of a new file (ringfence/screen/reconcile.hpp), step by step, each under
    // the writer's lock. `begin` settles what the rows' pairs are called; what it gives has more indexes than
    // sub_lists() when a pair is new: then their meanings are to be published first, and given to `take_over`.
    // Each of the middle ones gives the tables to publish, as `change` does.
    Result<SubLists> begin_reconcile(std::size_t list, Reconcile& work) const;
    Result<std::optional<TableSet>> reconcile_numbers(Reconcile& work, const Policy& policy,
                                                      const TableSet& tables);
    Result<std::optional<TableSet>> reconcile_rules(Reconcile& work, const TableSet& tables);
    Result<std::optional<TableSet>> sweep_numbers(Reconcile& work, const Policy& policy,
                                                  const TableSet& tables, bool& done);
    void finish_reconcile(const Reconcile& work, std::optional<Time> written);
    void take_over(SubLists sub_lists) { sub_lists_ = std::move(sub_lists); }
    static constexpr std::size_t kReconcileRows = 8'192;     // a step: about 2 ms
    static constexpr std::uint64_t kReconcileLines = 4'096;  // of the number table

    const SubLists& sub_lists() const { return sub_lists_; }
    const std::set<std::string>& missing() const { return missing_; }

    // What change or expire gave last came live: tables and rules agree again. Without this call the next change
    // or expire gives the tables once more.
    void published() { stale_ = {}; }

    std::uint64_t live_changes() const { return overlay_.size(); }
    const std::map<std::string, std::uint64_t>& rows() const { return rows_; }
    // When each list's file was written, by its place in the policy.
    std::span<const std::optional<Time>> written() const { return written_; }
    std::uint64_t expired() const { return expired_; }
    const EntryBook& book() const { return book_; }
    std::uint64_t journal_bytes() const { return journal_ ? journal_->bytes() : 0; }

    // What is wanted and not live, because the tables that hold it were not published yet: tables that are built
    // whole lag behind their rules, and numbers that only a grown table had room for are not in the live one.
    struct Stale {
        struct Unpublished {
            SubscriberNumber of;  // of nobody: a number
            ListIndex list;
            RoomFor room;
        };
        bool prefixes = false;
        bool keys = false;
        std::vector<Unpublished> numbers;  // and pairs
        void note(const ListEntry& entry);
    };

private:
    using ListEnd = std::optional<Time>;  // none: never
    static bool later(ListEnd one, ListEnd other);
    struct Key {
        std::string list;
        EntryKind kind;
        std::string text, last;
        std::uint8_t min_length, max_length;
        Number subscriber;
        auto operator<=>(const Key&) const = default;
    };
    struct Change {
        bool add = true;
        ListEntry entry;
        EntryNote facts;  // its source is `source`
        std::string source;
        bool over_removal = false;  // an addition with an end, after a removal
        std::optional<ListEnd> file =
            {};  // of an addition: the end of the file's row, if it has one

        // Whether what the file says of the entry does not count.
        bool hides_file() const { return !add || over_removal; }
        // `before` is what was last changed of the entry, if anything was.
        void follow(const Change* before) {
            over_removal = add && facts.expires && before != nullptr && before->hides_file();
            if (add && before != nullptr && before->add) file = before->file;
        }

        EntryNote own_note() const {
            EntryNote made = facts;
            made.source = source;
            return made;
        }
        // The same until the later end of this and of the file's row.
        EntryNote note() const {
            EntryNote made = own_note();
            if (file && !later(made.expires, *file)) made.expires = *file;
            return made;
        }
    };

    static EntryNote note_of(EntryNote row, const Change* change);
    static Result<bool> apply_addition(const Change& change, std::size_t list, const Policy& policy,
                                       LoadedLists& loaded, std::optional<TableSet>& grown,
                                       std::optional<ListEnd>& file);
    static Result<bool> apply_removal(const Change& change, std::size_t list, LoadedLists& loaded,
                                      const std::optional<TableSet>& grown);
    // Off the list itself and every sub-list of it; gives those that it was on.
    static Result<std::vector<ListIndex>> take_off(const ListEntry& entry, std::size_t list,
                                                   const TableSet& set, TableRules& rules,
                                                   const SubLists& sub_lists);
    Status put_on(const Change& wanted, std::size_t list, const PolicyList& target,
                  const TableSet& tables, std::optional<TableSet>& next);
    void put_back_note(ListIndex list, const ListEntry& entry,
                       const std::optional<EntryNote>& known);
    Status take_off_live(const Change& wanted, std::size_t list, const PolicyList& target,
                         const TableSet& tables);
    Result<std::optional<TableSet>> caught_up(const TableSet& tables,
                                              std::optional<TableSet> next) const;
    Status reconcile_number(Reconcile& work, const Policy& policy, const TableSet& tables,
                            Number number, std::span<const FileRows::NumberRow> rows,
                            std::vector<ListIndex>& live, std::optional<TableSet>& next);
    static RoomFor room_for(const PolicyList& list);
    static Result<std::optional<TableSet>> rebuilt(const TableSet& set, const TableRules& rules,
                                                   const Stale& stale);
    static Change make_change(bool add, ListEntry entry, const EntryNote& note);
    static JournalRecord record_of(const std::string& list, const Change& change);
    static Key key_of(const std::string& list, const ListEntry& entry);
    // A change as journal and overlay take it: made before anything is changed, so that keeping it needs no memory.
    struct Noting {
        std::map<Key, Change> change;  // one
        std::string line;
    };
    Noting prepare(const std::string& list, const Change& change) const;
    const Change* overlaid(const std::string& list, const ListEntry& entry) const;
    Status keep(Noting noting);

    TableRules rules_;
    SubLists sub_lists_{0};
    EntryBook book_;
    std::map<std::string, std::uint64_t> rows_;
    std::vector<std::optional<Time>> written_;
    std::set<std::string> missing_;  // lists whose file was not there
    std::map<Key, Change> overlay_;
    std::optional<Journal> journal_;
    std::vector<Error> damage_;  // of the journal as it was opened
    bool appended_ = false;      // the journal has records that may not be on the disk
    bool outgrown_ = false;      // the journal has records that no longer matter
    Stale stale_;
    std::uint64_t expired_ = 0;
};

}  // namespace ringfence
