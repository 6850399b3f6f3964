// live_changes.hpp - what a journal says of each entry, for `ringfence lists`.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/lists/journal.hpp"

namespace ringfence::cli {

struct LiveChange {
    JournalRecord record;       // the last of the entry
    bool over_removal = false;  // an addition with an end, after a removal: see journal.hpp

    bool adds() const { return record.kind == JournalRecord::Kind::kAdd; }
    // Whether what the file says of the entry does not count.
    bool hides_file() const { return !adds() || over_removal; }
};

// Threads: one thread per object.
class LiveChanges {
public:
    // The next record of the journal.
    void take(const JournalRecord& record);

    // One for each entry, in the order in which they first came.
    const std::vector<LiveChange>& all() const { return changes_; }
    const LiveChange* find(std::string_view list, const ListEntry& entry) const;

    // Additions that have ended by `due`.
    std::size_t due(Time due) const;

    // A journal that says the same without those that have ended by `due`.
    std::vector<JournalRecord> records_left(Time due) const;

private:
    std::vector<LiveChange> changes_;
    std::map<std::string, std::size_t, std::less<>> places_;  // by list and entry
};

}  // namespace ringfence::cli
