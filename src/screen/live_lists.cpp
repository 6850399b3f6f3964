#include "src/screen/live_lists.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <new>

#include "ringfence/lists/load_list.hpp"
#include "ringfence/lists/size_guard.hpp"
#include "src/screen/growing.hpp"
#include "src/screen/guarded.hpp"

namespace ringfence {
namespace {

// Whether the table that holds the entry is changed in place.
bool in_place(const ListEntry& entry) {
    return table_of(entry) == EntryTable::kNumbers || table_of(entry) == EntryTable::kPairs;
}

// An entry of such a table; a number is of nobody.
SubscriberNumber pair_of(const ListEntry& entry) { return {entry.subscriber, entry.number()}; }

using Stale = LiveLists::Stale;

// Puts a number or pair on a list. A full table is grown: then `next` holds the set to publish.
Result<bool> insert_growing(const TableSet& set, SubscriberNumber of, ListIndex list, RoomFor room,
                            std::optional<TableSet>& next) {
    if (!of.subscriber.empty())
        return growing_pairs(set, next, [&](PairTable& pairs) { return pairs.insert(of, list); });
    return growing(set, next,
                   [&](NumberTable& numbers) { return numbers.insert(of.number, list, room); });
}

// Puts an entry back on a list that it came off a moment ago, so that there is room for it.
Result<bool> put_back(const TableSet& set, TableRules& rules, const ListEntry& entry,
                      ListIndex list) {
    switch (table_of(entry)) {
        case EntryTable::kNumbers:
            return set.numbers->insert(entry.number(), list, RoomFor::kOrders);
        case EntryTable::kPairs: return set.pairs->insert(pair_of(entry), list);
        case EntryTable::kPrefixes:
        case EntryTable::kKeys: break;
    }
    return add_to(rules, entry, list);
}

// Takes an entry off one list; false when it was not there.
Result<bool> take_from(const TableSet& set, TableRules& rules, const ListEntry& entry,
                       ListIndex list) {
    switch (table_of(entry)) {
        case EntryTable::kNumbers: return set.numbers->erase(entry.number(), list);
        case EntryTable::kPairs: return set.pairs->erase(pair_of(entry), list);
        case EntryTable::kPrefixes:
        case EntryTable::kKeys: break;
    }
    return remove_from(rules, entry, list);
}

// Takes what is due off tables and rules, looking at `most` places of the book, and at more while entries are due
// at or before `late`. Gives how many were taken off.
Result<std::uint64_t> take_off_due(EntryBook& book, Time now, std::size_t most, Time late,
                                   const TableSet& set, TableRules& rules, Stale& stale,
                                   const std::function<void(const ExpiredEntry&)>& each) {
    constexpr std::size_t kAtOnce = 10'000;
    std::uint64_t count = 0;
    for (std::size_t looked = 0;; looked += kAtOnce) {
        if (looked >= most) {
            const auto next = book.next_due();
            if (!next || *next > late) return count;
        }
        const ExpiredEntries due = book.expire(now, kAtOnce);
        for (const ExpiredEntry& gone : due.gone) {
            const auto done = take_from(set, rules, gone.entry, gone.list);
            if (!done) {
                // What is left of these stays due.
                for (const ExpiredEntry* left = &gone; left != due.gone.data() + due.gone.size();
                     ++left)
                    book.note(left->list, left->entry, EntryNote{now, {}, {}, {}});
                return done.error();
            }
            stale.note(gone.entry);
            each(gone);
        }
        count += due.gone.size();
        if (!due.more) return count;
    }
}

}  // namespace

RoomFor LiveLists::room_for(const PolicyList& list) {
    return stage_of(list.meaning.authority) == Stage::kOrder ? RoomFor::kOrders
                                                             : RoomFor::kOrdinary;
}

// The tables to publish when any was stale, else none.
Result<std::optional<TableSet>> LiveLists::rebuilt(const TableSet& set, const TableRules& rules,
                                                   const Stale& stale) {
    std::optional<TableSet> next;
    if (stale.prefixes) {
        auto made = with_prefixes(set, rules.prefixes);
        if (!made) return made.error();
        next = *std::move(made);
    }
    if (stale.keys) {
        auto made = with_keys(next ? *next : set, rules.keys);
        if (!made) return made.error();
        next = *std::move(made);
    }
    return next;
}

void LiveLists::Stale::note(const ListEntry& entry) {
    prefixes |= table_of(entry) == EntryTable::kPrefixes;
    keys |= table_of(entry) == EntryTable::kKeys;
}

Result<LoadedLists> LiveLists::load(const Policy& policy, bool force) const {
    const LoadHow how{rows_, force, {}};
    auto read =
        policy.image_path.empty() ? lists_of_files(policy, how) : lists_of_image(policy, how);
    if (!read) return read.error();
    LoadedLists loaded = *std::move(read);
    for (const Error& damage : damage_) loaded.warnings.push_back(damage.text);
    return loaded;
}

Status LiveLists::apply_overlay(const Policy& policy, Time now, LoadedLists& loaded) const {
    Stale stale;
    std::optional<TableSet> grown;
    const auto apply_all = [&](bool add) -> Status {
        for (const auto& [key, change] : overlay_) {
            const auto position = policy.find_list(key.list);
            if (!position) continue;  // the list may come back with the next policy
            const bool ended = change.facts.expires && *change.facts.expires <= now;
            if (add ? !change.add || ended : !change.hides_file()) continue;
            // From before the list was by subscriber, or no longer was.
            if (policy.lists[*position].source.by_subscriber == change.entry.subscriber.empty())
                continue;
            LoadedLists::Overlaid met{key.list, change.entry};
            const auto changed =
                add ? apply_addition(change, *position, policy, loaded, grown, met.file)
                    : apply_removal(change, *position, loaded, grown);
            if (!changed) return changed.error();
            if (*changed) stale.note(change.entry);
            met.confirmed = !*changed && (change.add == add || ended);
            if (add || met.confirmed) loaded.overlaid.push_back(std::move(met));
        }
        return ok();
    };
    // Removals find what is due still there: a row that the file has is no reason to forget one.
    if (auto status = apply_all(false); !status) return status;
    const auto gone = take_off_due(loaded.book, now, std::numeric_limits<std::size_t>::max(), now,
                                   loaded.tables, loaded.rules, stale, [](const auto&) {});
    if (!gone) return gone.error();
    if (auto status = apply_all(true); !status) return status;
    if (grown) loaded.tables = std::move(*grown);
    auto next = rebuilt(loaded.tables, loaded.rules, stale);
    if (!next) return next.error();
    if (*next) loaded.tables = std::move(**next);
    return ok();
}

// False when the file says as much.
Result<bool> LiveLists::apply_addition(const Change& change, std::size_t list, const Policy& policy,
                                       LoadedLists& loaded, std::optional<TableSet>& grown,
                                       std::optional<ListEnd>& file) {
    const auto index = static_cast<ListIndex>(list);
    auto done = in_place(change.entry) ? insert_growing(loaded.tables, pair_of(change.entry), index,
                                                        room_for(policy.lists[list]), grown)
                                       : add_to(loaded.rules, change.entry, index);
    if (!done) return done;
    if (!*done) {
        const auto known = loaded.book.find(index, change.entry);
        file = known ? known->expires : ListEnd();
        if (!later(change.facts.expires, *file)) return false;
    }
    loaded.book.note(index, change.entry, change.note());
    return true;
}

Result<bool> LiveLists::apply_removal(const Change& change, std::size_t list, LoadedLists& loaded,
                                      const std::optional<TableSet>& grown) {
    const auto gone = take_off(change.entry, list, grown ? *grown : loaded.tables, loaded.rules,
                               loaded.sub_lists);
    if (!gone) return gone.error();
    for (const ListIndex index : *gone) loaded.book.forget(index, change.entry);
    return !gone->empty();
}

Result<std::vector<ListIndex>> LiveLists::take_off(const ListEntry& entry, std::size_t list,
                                                   const TableSet& set, TableRules& rules,
                                                   const SubLists& sub_lists) {
    const auto indexes = sub_lists.indexes_of(static_cast<std::uint16_t>(list));
    std::vector<ListIndex> gone;
    gone.reserve(indexes.size());
    for (const ListIndex index : indexes) {
        const auto done = take_from(set, rules, entry, index);
        if (!done) {
            for (const ListIndex one : gone) {
                if (const auto back = put_back(set, rules, entry, one); !back) return back.error();
            }
            return done.error();
        }
        if (*done) gone.push_back(index);
    }
    return gone;
}

void LiveLists::adopt(LoadedLists loaded) {
    for (const LoadedLists::Overlaid& met : loaded.overlaid) {
        const auto at = overlay_.find(key_of(met.list, met.entry));
        if (at == overlay_.end()) continue;
        if (met.confirmed)
            overlay_.erase(at);
        else
            at->second.file = met.file;
    }
    rules_ = std::move(loaded.rules);
    sub_lists_ = std::move(loaded.sub_lists);
    book_ = std::move(loaded.book);
    rows_ = std::move(loaded.rows);
    written_ = std::move(loaded.written);
    missing_ = {loaded.missing.begin(), loaded.missing.end()};
    stale_ = {};
    outgrown_ = true;
}

Result<std::optional<TableSet>> LiveLists::change(const Policy& policy, std::size_t list,
                                                  std::string_view written,
                                                  std::string_view subscriber,
                                                  const EntryNote& note, bool add,
                                                  const TableSet& tables) {
    const PolicyList& target = policy.lists[list];
    Change wanted = make_change(add, {}, note);
    if (auto status = read_change(written, subscriber, target.source, wanted.entry); !status)
        return status.error();
    std::optional<TableSet> next;
    if (auto status = add ? put_on(wanted, list, target, tables, next)
                          : take_off_live(wanted, list, target, tables);
        !status)
        return status.error();
    return caught_up(tables, std::move(next));
}

// Book and tables first, then the journal: where one refuses, those before it are put back, which needs no memory.
Status LiveLists::put_on(const Change& wanted, std::size_t list, const PolicyList& target,
                         const TableSet& tables, std::optional<TableSet>& next) {
    const ListEntry& entry = wanted.entry;
    const auto index = static_cast<ListIndex>(list);
    if (!target.source.wide) {
        if (auto width = check_width(entry); !width) return width.error();
    }
    Noting noting = prepare(target.source.id, wanted);
    stale_.numbers.reserve(stale_.numbers.size() + 1);
    Change& made = noting.change.begin()->second;
    const bool first = overlaid(target.source.id, entry) == nullptr;
    const auto known = book_.find(index, entry);
    book_.note(index, entry, made.note());
    const auto done = guarded([&] {
        return in_place(entry)
                   ? insert_growing(tables, pair_of(entry), index, room_for(target), next)
                   : add_to(rules_, entry, index);
    });
    // The file has it: the later end holds.
    if (first && done && !*done) {
        made.file = known ? known->expires : ListEnd();
        if (!later(wanted.facts.expires, *made.file)) put_back_note(index, entry, known);
    }
    Status noted = done ? keep(std::move(noting)) : Status(done.error());
    if (!noted) {
        put_back_note(index, entry, known);
        if (!done || !*done || next) return noted;
        const auto undone = take_from(tables, rules_, entry, index);
        return undone ? noted : Status(undone.error());
    }
    if (next) stale_.numbers.push_back({pair_of(entry), index, room_for(target)});
    if (*done) stale_.note(entry);
    return ok();
}

void LiveLists::put_back_note(ListIndex list, const ListEntry& entry,
                              const std::optional<EntryNote>& known) {
    try {
        if (known) {
            book_.note(list, entry, *known);
        } else {
            book_.forget(list, entry);
        }
    } catch (const std::bad_alloc&) {
        // A note of what is on no list says nothing.
    }
}

Status LiveLists::take_off_live(const Change& wanted, std::size_t list, const PolicyList& target,
                                const TableSet& tables) {
    const ListEntry& entry = wanted.entry;
    Noting noting = prepare(target.source.id, wanted);
    const auto gone = take_off(entry, list, tables, rules_, sub_lists_);
    if (!gone) return gone.error();
    const auto waits = [&](const Stale::Unpublished& one) {
        return in_place(entry) && one.of == pair_of(entry) && one.list == list;
    };
    if (gone->empty() && std::ranges::none_of(stale_.numbers, waits)) {
        return Error{ErrorCode::kMissing,
                     "there is no such entry on the list '" + target.source.id + "'"};
    }
    if (auto status = keep(std::move(noting)); !status) {
        for (const ListIndex one : *gone) {
            if (const auto back = put_back(tables, rules_, entry, one); !back) return back.error();
        }
        return status;
    }
    if (std::erase_if(stale_.numbers, waits) != 0)
        book_.forget(static_cast<ListIndex>(list), entry);
    for (const ListIndex one : *gone) book_.forget(one, entry);
    stale_.note(entry);
    return ok();
}

// What is live, brought up to what is wanted: see Stale.
Result<std::optional<TableSet>> LiveLists::caught_up(const TableSet& tables,
                                                     std::optional<TableSet> next) const {
    for (const Stale::Unpublished& number : stale_.numbers) {
        const auto done = insert_growing(tables, number.of, number.list, number.room, next);
        if (!done) return done.error();
    }
    auto set = rebuilt(next ? *next : tables, rules_, stale_);
    if (!set || *set || !next) return set;
    return next;
}

Result<std::optional<TableSet>> LiveLists::expire(const Policy& policy, Time now,
                                                  const TableSet& tables) {
    const Milliseconds within = policy.expiry.within;
    const Time late = now < Time::min() + within ? Time::min() : now - within;
    const auto count = take_off_due(
        book_, now, kExpireStep, late, tables, rules_, stale_, [&](const ExpiredEntry& gone) {
            if (overlay_.empty()) return;
            const auto position = sub_lists_.all()[gone.list].list;
            const auto change = overlay_.find(key_of(policy.lists[position].source.id, gone.entry));
            // The entry of the file may expire where a live one of the same list goes on.
            if (change == overlay_.end() || !change->second.facts.expires ||
                *change->second.facts.expires > now)
                return;
            if (change->second.over_removal)
                change->second = make_change(false, gone.entry, {});
            else
                overlay_.erase(change);
        });
    if (!count) return count.error();
    expired_ += *count;
    return caught_up(tables, {});
}

}  // namespace ringfence
