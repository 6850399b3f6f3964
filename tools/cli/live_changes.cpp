#include "tools/cli/live_changes.hpp"

#include <algorithm>

namespace ringfence::cli {
namespace {

std::string key_of(std::string_view list, const ListEntry& entry) {
    std::string key(list);
    key.append("\n").append(name_of(entry.kind)).append("\n").append(entry.text);
    key.append("\n").append(entry.last).append("\n").append(std::to_string(entry.min_length));
    key.append("\n").append(std::to_string(entry.max_length));
    return key.append("\n").append(entry.subscriber.digits());
}

bool has_ended(const LiveChange& change, Time due) {
    return change.adds() && change.record.expires && *change.record.expires <= due;
}

JournalRecord removal_of(const JournalRecord& record) {
    JournalRecord removal;
    removal.kind = JournalRecord::Kind::kRemove;
    removal.list = record.list;
    removal.entry = record.entry;
    return removal;
}

}  // namespace

void LiveChanges::take(const JournalRecord& record) {
    LiveChange change{record};
    const auto [at, fresh] =
        places_.try_emplace(key_of(record.list, record.entry), changes_.size());
    if (fresh) return changes_.push_back(std::move(change));
    change.over_removal = change.adds() && record.expires && changes_[at->second].hides_file();
    changes_[at->second] = std::move(change);
}

const LiveChange* LiveChanges::find(std::string_view list, const ListEntry& entry) const {
    if (changes_.empty()) return nullptr;
    const auto at = places_.find(key_of(list, entry));
    return at == places_.end() ? nullptr : &changes_[at->second];
}

std::size_t LiveChanges::due(Time due) const {
    return static_cast<std::size_t>(
        std::count_if(changes_.begin(), changes_.end(),
                      [&](const LiveChange& change) { return has_ended(change, due); }));
}

std::vector<JournalRecord> LiveChanges::records_left(Time due) const {
    std::vector<JournalRecord> left;
    for (const LiveChange& change : changes_) {
        if (change.over_removal) left.push_back(removal_of(change.record));
        if (!has_ended(change, due)) left.push_back(change.record);
    }
    return left;
}

}  // namespace ringfence::cli
