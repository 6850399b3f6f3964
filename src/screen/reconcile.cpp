// The steps of bringing a live list to what a new file says. Each runs under the writer's lock and is short.
#include "src/screen/reconcile.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "ringfence/lists/load_list.hpp"
#include "src/screen/growing.hpp"
#include "src/screen/live_lists.hpp"

namespace ringfence {
namespace {

using Next = std::optional<TableSet>;

const NumberTable& newest(const TableSet& set, const Next& next) {
    return next ? *next->numbers : *set.numbers;
}

// Whether the table holds this rank in an earlier line of its chain than `line`: while displaced numbers are
// settled, two lines hold one number.
bool seen_earlier(const NumberView& view, std::uint64_t rank, std::uint64_t line) {
    std::uint64_t hash = NumberChain::first(rank, view.seed());
    for (unsigned depth = 0; depth < NumberChain::kMaxLines; ++depth) {
        const std::uint64_t at = NumberChain::line(hash, view.line_count());
        if (at == line) return false;
        for (const auto& slot : view.lines()[at].slots) {
            // relaxed: this is the writer, who stored it.
            if (NumberSlot::rank(slot.load(std::memory_order_relaxed)) == rank) return true;
        }
        hash = NumberChain::next(hash);
    }
    return false;
}

ListEntry entry_of(Number number) {
    ListEntry entry;
    entry.text = number.digits();
    return entry;
}

}  // namespace

Result<SubLists> LiveLists::begin_reconcile(std::size_t list, Reconcile& work) const {
    SubLists extended = sub_lists_;
    const auto position = static_cast<std::uint16_t>(list);
    work.index_of.clear();
    for (const RowPair& pair : work.rows.pairs()) {
        const auto index = extended.index_of(position, pair.action, pair.category);
        if (!index) return index.error();
        work.index_of.push_back(
            work.dry_run && *index >= sub_lists_.all().size() ? Reconcile::kNoIndex : *index);
    }
    work.list = list;
    work.mine.assign(extended.all().size(), false);
    for (const ListIndex index : extended.indexes_of(position)) work.mine[index] = true;
    return extended;
}

Result<Next> LiveLists::reconcile_numbers(Reconcile& work, const Policy& policy,
                                          const TableSet& tables) {
    const auto rows = work.rows.numbers();
    const std::size_t from = work.next_row;
    std::size_t to = std::min(from + kReconcileRows, rows.size());
    while (to < rows.size() && rows[to].rank() == rows[to - 1].rank()) ++to;
    work.next_row = to;

    std::vector<Number> numbers;  // one for each rank
    std::vector<std::size_t> begins;
    for (std::size_t i = from; i < to; ++i) {
        if (i != from && rows[i].rank() == rows[i - 1].rank()) continue;
        numbers.push_back(Number::from_rank(rows[i].rank()));
        begins.push_back(i);
    }
    begins.push_back(to);
    std::vector<Payload> payloads(numbers.size());
    tables.numbers->find(numbers, payloads);

    constexpr std::size_t kAhead = 24;  // notes that are on their way from memory
    Next next;
    std::vector<ListIndex> live;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (const std::size_t ahead = i + kAhead; ahead < numbers.size()) {
            const ListIndex index = work.index_of[rows[begins[ahead]].pair()];
            if (index != Reconcile::kNoIndex) book_.prefetch(index, numbers[ahead]);
        }
        // Changes of this step are each to one number, so what was found above still holds.
        live.clear();
        for (const ListIndex index : tables.numbers->lists(numbers[i], payloads[i])) {
            if (index < work.mine.size() && work.mine[index]) live.push_back(index);
        }
        const auto done =
            reconcile_number(work, policy, tables, numbers[i],
                             rows.subspan(begins[i], begins[i + 1] - begins[i]), live, next);
        if (!done) return done.error();
    }
    if (work.dry_run) return next;
    return caught_up(tables, std::move(next));
}

// Of an entry of the file, and of the live addition of the same: what goes on longer.
EntryNote LiveLists::note_of(EntryNote row, const Change* change) {
    const bool live = change != nullptr && later(change->facts.expires, row.expires);
    return live ? EntryBook::as_kept(change->own_note()) : row;
}

Status LiveLists::reconcile_number(Reconcile& work, const Policy& policy, const TableSet& tables,
                                   Number number, std::span<const FileRows::NumberRow> rows,
                                   std::vector<ListIndex>& live, Next& next) {
    ReconcileReport& report = work.report;
    const Change* change = overlay_.empty() ? nullptr : overlaid(work.id, entry_of(number));
    if (change != nullptr && change->hides_file()) {
        ++report.overlaid;
        return ok();
    }
    const bool was_live = !live.empty();
    bool differs = false;
    const RoomFor room = room_for(policy.lists[work.list]);
    for (const FileRows::NumberRow& row : rows) {
        const ListIndex index = work.index_of[row.pair()];
        const auto at = std::find(live.begin(), live.end(), index);
        const EntryNote wanted =
            note_of(work.rows.note(row.expires, row.origin), index == work.list ? change : nullptr);
        if (at == live.end()) {
            differs = true;
            if (work.dry_run) continue;
            const auto done = growing(tables, next, [&](NumberTable& table) {
                return table.insert(number, index, room);
            });
            if (!done) return done.error();
        } else {
            live.erase(at);
            if (book_.find(index, number).value_or(EntryNote{}) == wanted) continue;
            differs = true;
            if (work.dry_run) continue;
        }
        book_.note(index, number, wanted);
    }
    // What is left was said by rows that the file no longer has.
    for (const ListIndex index : live) {
        if (change != nullptr && index == work.list) continue;
        differs = true;
        if (work.dry_run) continue;
        const auto done = growing(
            tables, next, [&](NumberTable& table) { return table.erase(number, index, room); });
        if (!done) return done.error();
        book_.forget(index, number);
    }
    ++(!was_live ? report.added : differs ? report.changed : report.kept);
    return ok();
}

Result<Next> LiveLists::sweep_numbers(Reconcile& work, const Policy& policy, const TableSet& tables,
                                      bool& done) {
    const NumberTable& table = *tables.numbers;
    if (work.swept != &table) {
        work.swept = &table;
        work.next_line = 0;
        // What was only counted is counted anew.
        if (work.dry_run) work.report.removed -= work.swept_removed;
        work.report.overlaid -= work.swept_overlaid;
        work.swept_removed = work.swept_overlaid = 0;
    }
    const NumberView& view = table.view();
    const std::uint64_t to = std::min(work.next_line + kReconcileLines, view.line_count());
    std::vector<std::uint64_t> ranks;
    for (std::uint64_t line = work.next_line; line < to; ++line) {
        for (const auto& slot : view.lines()[line].slots) {
            // relaxed: this is the writer, who stored it.
            const std::uint64_t word = slot.load(std::memory_order_relaxed);
            const std::uint64_t rank = NumberSlot::rank(word);
            if (rank == 0 || NumberSlot::payload(word) == kNoList) continue;
            for (const ListIndex index :
                 view.lists(Number::from_rank(rank), NumberSlot::payload(word))) {
                if (index >= work.mine.size() || !work.mine[index]) continue;
                if (!work.dry_run || !seen_earlier(view, rank, line)) ranks.push_back(rank);
                break;
            }
        }
    }
    ranks.resize(work.rows.keep_absent(ranks));
    work.next_line = to;
    done = to == view.line_count();

    Next next;
    for (const std::uint64_t rank : ranks) {
        const Number number = Number::from_rank(rank);
        if (const Change* change = overlay_.empty() ? nullptr : overlaid(work.id, entry_of(number));
            change != nullptr && change->add) {
            ++work.report.overlaid;
            ++work.swept_overlaid;
            continue;
        }
        if (work.dry_run) {
            ++work.report.removed;
            ++work.swept_removed;
            continue;
        }
        const auto on = newest(tables, next).lists(number);
        const std::vector<ListIndex> indexes(on.begin(), on.end());
        bool gone = false;
        for (const ListIndex index : indexes) {
            if (index >= work.mine.size() || !work.mine[index]) continue;
            const auto erased = growing(tables, next, [&](NumberTable& one) {
                return one.erase(number, index, room_for(policy.lists[work.list]));
            });
            if (!erased) return erased.error();
            book_.forget(index, number);
            gone |= *erased;
        }
        work.report.removed += gone;
    }
    if (work.dry_run) return next;
    return caught_up(tables, std::move(next));
}

Result<Next> LiveLists::reconcile_rules(Reconcile& work, const TableSet& tables) {
    ReconcileReport& report = work.report;
    std::set<FileRows::RuleKey> live_before;
    std::vector<std::pair<ListIndex, ListEntry>> gone;
    for (std::size_t index = 0; index < work.mine.size(); ++index) {
        if (!work.mine[index]) continue;
        const auto list = static_cast<ListIndex>(index);
        book_.each_rule(list, [&](const ListEntry& entry) {
            live_before.insert(FileRows::key_of(entry));
            const auto pair = std::find(work.index_of.begin(), work.index_of.end(), list);
            const bool in_file =
                pair != work.index_of.end() &&
                work.rows.has(entry, static_cast<std::uint16_t>(pair - work.index_of.begin()));
            if (!in_file) gone.emplace_back(list, entry);
        });
    }
    std::set<FileRows::RuleKey> changed;
    for (const auto& [key, row] : work.rows.rules()) {
        const ListEntry entry = FileRows::entry_of(key.first);
        const Change* change = overlaid(work.id, entry);
        if (change != nullptr && change->hides_file()) {
            ++report.overlaid;
            continue;
        }
        const ListIndex index = work.index_of[key.second];
        const EntryNote wanted =
            note_of(work.rows.note(row.expires, row.origin), index == work.list ? change : nullptr);
        const auto known = index == Reconcile::kNoIndex ? std::nullopt : book_.find(index, entry);
        if (known && *known == wanted) continue;
        changed.insert(key.first);
        if (work.dry_run) continue;
        if (!known) {
            const auto added = add_to(rules_, entry, index);
            if (!added) return added.error();
            if (*added) stale_.note(entry);
        }
        book_.note(index, entry, wanted);
    }
    for (const auto& [index, entry] : gone) {
        const FileRows::RuleKey key = FileRows::key_of(entry);
        const bool in_file = work.rows.has(entry);
        if (const Change* change = overlaid(work.id, entry); change != nullptr && change->add) {
            if (!in_file) ++report.overlaid;
            continue;
        }
        if (in_file) {
            changed.insert(key);
        } else if (live_before.erase(key) != 0) {
            ++report.removed;
        }
        if (work.dry_run) continue;
        const auto removed = remove_from(rules_, entry, index);
        if (!removed) return removed.error();
        if (*removed) stale_.note(entry);
        book_.forget(index, entry);
    }
    const FileRows::RuleKey* last = nullptr;
    for (const auto& [key, row] : work.rows.rules()) {
        if (last != nullptr && *last == key.first) continue;
        last = &key.first;
        const Change* change = overlaid(work.id, FileRows::entry_of(key.first));
        if (change != nullptr && change->hides_file()) continue;
        ++(!live_before.contains(key.first) ? report.added
           : changed.contains(key.first)    ? report.changed
                                            : report.kept);
    }
    if (work.dry_run) return Next{};
    return caught_up(tables, {});
}

void LiveLists::finish_reconcile(const Reconcile& work, std::optional<Time> written) {
    std::optional<std::uint16_t> plain;  // the pair of rows that say nothing of their own
    for (std::size_t pair = 0; pair < work.index_of.size(); ++pair) {
        if (work.index_of[pair] == work.list) plain = static_cast<std::uint16_t>(pair);
    }
    for (auto at = overlay_.begin(); at != overlay_.end();) {
        if (at->first.list != work.id) {
            ++at;
            continue;
        }
        Change& change = at->second;
        if (change.add)
            change.file = plain && !change.over_removal ? work.rows.end_of(change.entry, *plain)
                                                        : std::nullopt;
        // The next reload does not read another file: what that one says ends no live change.
        const bool confirmed =
            work.own_file && (change.add ? change.file && !later(change.facts.expires, *change.file)
                                         : !work.rows.names(change.entry));
        outgrown_ |= confirmed;
        at = confirmed ? overlay_.erase(at) : std::next(at);
    }
    rows_[work.id] = work.report.rows;
    written_[work.list] = written;
    missing_.erase(work.id);
}

}  // namespace ringfence
