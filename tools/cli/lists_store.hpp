// lists_store.hpp - the lists of a policy as they lie on disk: each list's file, and the journal of live changes.
//
//     file of the list  <-- load, reconcile        written anew beside it, then put in place
//     journal           <-- add, remove, expire    appended, and forced on to the disk
//
// One process at a time holds the journal. While a switch runs that is the switch: what changes the journal then
// fails (kBusy) and says so, and what only reads goes on.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ringfence/lists/journal.hpp"
#include "ringfence/lists/list_reader.hpp"
#include "ringfence/policy/policy.hpp"
#include "ringfence/source/csv_writer.hpp"
#include "ringfence/source/fresh_file.hpp"
#include "tools/cli/live_changes.hpp"

namespace ringfence::cli {

// As `add` and a list's file take it: "+33162*" (of 11 digits: "+33162######"), "+33639980000..+33639980099", a
// number or a name. Under `format` (if given) it reads back as the same entry: a short code is written nationally.
std::string written(const ListEntry& entry, const EntryFormat* format = nullptr);

// The subscriber whose entry it is, in the same way; empty when it is nobody's.
std::string written_subscriber(const ListEntry& entry, const EntryFormat* format = nullptr);

// Whether the entry covers what was asked about: a number's digits, country code included, and the text as given.
bool covers(const ListEntry& entry, std::string_view digits, std::string_view text);

class ListStore {
public:
    // Fails as Policy::load and Journal::read do.
    static Result<ListStore> open(const std::string& policy);

    const Policy& policy() const { return policy_; }

    // Fails with kMissing, and names the lists that there are.
    Result<std::size_t> find(const std::string& list) const;

    // As the journal was when it was read.
    const LiveChanges& live() const { return live_; }
    const std::vector<Error>& damage() const { return damage_; }

    // Each good row of the list's file; an absent file has none. `each` gives false to stop. Fails as ListReader
    // does.
    using Each = std::function<bool(const ListRow&)>;
    Result<ListReport> each_row(std::size_t list, const Each& each) const;

    // Appends a change to the journal. Fails with kInvalidArgument when the policy has none, kBusy when a switch
    // holds it, kUnwritable.
    Status append(const JournalRecord& record) const;
    // Takes the additions that have ended by `due` out of the journal, as it is while this holds it: what others wrote
    // meanwhile stays. How many they were. Fails as append does.
    Result<std::size_t> expire(Time due) const;

private:
    Result<Journal> hold(const Journal::Replay& replay) const;

    Policy policy_;
    LiveChanges live_;
    std::vector<Error> damage_;
};

// Writes rows as a CSV list. Threads: one thread per object.
class ListWriter {
public:
    // Beside `path` first and then in its place, so that whoever reads `path` finds the old or the new one, whole.
    // `list` says how its entries are read, and whether they are subscribers'. Fails with kUnwritable, also
    // where something else than a file is.
    static Result<ListWriter> replace(const std::string& path, const ListSource& list);
    // The same, but "-" is standard output, and what is a pipe or a device is written as it stands.
    static Result<ListWriter> write_to(const std::string& path, const ListSource& list);

    Status write(const ListEntry& entry, std::optional<Action> action, std::string_view category,
                 const EntryNote& note);
    // Puts it in place, with this date if one is given. Fails with kUnwritable; without this call nothing has changed.
    Status finish(std::optional<std::filesystem::file_time_type> date = {});

private:
    ListWriter(CsvWriter csv, std::optional<FreshFile> fresh, const ListSource& list)
        : csv_(std::move(csv)),
          fresh_(std::move(fresh)),
          format_(list.format),
          by_subscriber_(list.by_subscriber) {}

    CsvWriter csv_;
    std::optional<FreshFile> fresh_;  // none for a stream
    EntryFormat format_;
    bool by_subscriber_;
};

}  // namespace ringfence::cli
