// Live changes as the overlay and the journal keep them.
#include "src/lists/note_table.hpp"
#include "src/screen/live_lists.hpp"

namespace ringfence {

bool LiveLists::later(ListEnd one, ListEnd other) {
    return KeptNote::seconds_of(one) > KeptNote::seconds_of(other);
}

const LiveLists::Change* LiveLists::overlaid(const std::string& list,
                                             const ListEntry& entry) const {
    if (overlay_.empty()) return nullptr;
    const auto at = overlay_.find(key_of(list, entry));
    return at == overlay_.end() ? nullptr : &at->second;
}

Status LiveLists::open_journal(const std::string& path, bool read_only) {
    const auto take = [this](const JournalRecord& record) {
        const EntryNote note{record.expires, record.source, record.since, record.confidence};
        Change change = make_change(record.kind == JournalRecord::Kind::kAdd, record.entry, note);
        change.follow(overlaid(record.list, record.entry));
        overlay_.insert_or_assign(key_of(record.list, record.entry), std::move(change));
    };
    if (read_only) {
        auto damage = Journal::read(path, take);
        if (!damage) return damage.error();
        damage_ = *std::move(damage);
        return ok();
    }
    auto journal = Journal::open(path, take);
    if (!journal) return journal.error();
    damage_ = journal->damage();
    journal_.emplace(std::move(*journal));
    return ok();
}

Status LiveLists::keep_journal() {
    if (!journal_ || !(outgrown_ || appended_)) return ok();
    if (outgrown_) {
        std::vector<JournalRecord> records;
        for (const auto& [key, change] : overlay_) {
            if (change.over_removal)
                records.push_back(record_of(key.list, make_change(false, change.entry, {})));
            records.push_back(record_of(key.list, change));
        }
        if (auto status = journal_->compact(records); !status) return status;
    } else if (auto status = journal_->sync(); !status) {
        return status;
    }
    outgrown_ = appended_ = false;
    return ok();
}

LiveLists::Key LiveLists::key_of(const std::string& list, const ListEntry& entry) {
    return {list,
            entry.kind,
            entry.text,
            entry.last,
            entry.min_length,
            entry.max_length,
            entry.subscriber};
}

LiveLists::Change LiveLists::make_change(bool add, ListEntry entry, const EntryNote& note) {
    Change change{add, std::move(entry), note, std::string(note.source)};
    change.facts.source = {};
    return change;
}

JournalRecord LiveLists::record_of(const std::string& list, const Change& change) {
    JournalRecord record;
    record.kind = change.add ? JournalRecord::Kind::kAdd : JournalRecord::Kind::kRemove;
    record.list = list;
    record.entry = change.entry;
    if (change.add) {
        record.expires = change.facts.expires;
        record.source = change.source;
        record.since = change.facts.since;
        record.confidence = change.facts.confidence;
    }
    return record;
}

LiveLists::Noting LiveLists::prepare(const std::string& list, const Change& change) const {
    Noting noting;
    const auto made = noting.change.emplace(key_of(list, change.entry), change).first;
    made->second.follow(overlaid(list, change.entry));
    if (journal_) noting.line = Journal::line_of(record_of(list, change));
    return noting;
}

Status LiveLists::keep(Noting noting) {
    if (journal_) {
        if (auto status = journal_->append_line(noting.line); !status) return status;
        appended_ = true;
    }
    auto made = noting.change.extract(noting.change.begin());
    if (const auto at = overlay_.find(made.key()); at != overlay_.end()) {
        at->second = std::move(made.mapped());
    } else {
        overlay_.insert(std::move(made));
    }
    return ok();
}

}  // namespace ringfence
