#include "ringfence/lists/entry_book.hpp"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <limits>
#include <map>
#include <new>
#include <set>
#include <tuple>
#include <utility>

#include "src/lists/expiry_wheel.hpp"
#include "src/lists/make_room.hpp"
#include "src/lists/note_table.hpp"
#include "src/lists/pair_ids.hpp"

namespace ringfence {
namespace {

constexpr std::uint32_t kNever = KeptNote::kNever;

// Days since 1970; 0, which is "not known", for what lies outside.
std::uint16_t day_of(std::optional<Time> since) {
    if (!since || to_ms(*since) < kDayMs) return 0;
    const std::int64_t day = to_ms(*since) / kDayMs;
    return day > std::numeric_limits<std::uint16_t>::max() ? std::uint16_t{0}
                                                           : static_cast<std::uint16_t>(day);
}

KeptNote kept(const EntryNote& note, std::uint32_t source) {
    KeptNote made;
    made.expires = KeptNote::seconds_of(note.expires);
    made.source = source;
    made.since = day_of(note.since);
    if (note.confidence) made.confidence = std::min(*note.confidence, EntryNote::kMaxConfidence);
    return made;
}

EntryNote note_of(const KeptNote& kept, std::string_view source) {
    EntryNote note;
    note.expires = KeptNote::time_of(kept.expires);
    note.source = source;
    if (kept.since != 0) note.since = time_from_ms(kept.since * kDayMs);
    if (kept.confidence != KeptNote::kNoConfidence) note.confidence = kept.confidence;
    return note;
}

// An entry that has no number: its fields as one text, so that equal entries have equal keys.
std::string key_of(const ListEntry& entry) {
    std::string key{static_cast<char>('0' + static_cast<int>(entry.kind)),
                    static_cast<char>('0' + entry.min_length),
                    static_cast<char>('0' + entry.max_length)};
    return key.append(entry.text).append(1, '\0').append(entry.last);
}

ListEntry entry_of(std::string_view key) {
    ListEntry entry;
    entry.kind = static_cast<EntryKind>(key[0] - '0');
    entry.min_length = static_cast<std::uint8_t>(key[1] - '0');
    entry.max_length = static_cast<std::uint8_t>(key[2] - '0');
    const std::size_t end = key.find('\0', 3);
    entry.text = key.substr(3, end - 3);
    entry.last = key.substr(end + 1);
    return entry;
}

ListEntry entry_of(Number number) {
    ListEntry entry;
    entry.text = number.digits();
    return entry;
}

ListEntry entry_of(SubscriberNumber pair) {
    ListEntry entry = entry_of(pair.number);
    entry.subscriber = pair.subscriber;
    return entry;
}

SubscriberNumber pair_of(const ListEntry& entry) { return {entry.subscriber, entry.number()}; }

}  // namespace

class EntryBook::Book {
public:
    void note(ListIndex list, Number number, const EntryNote& note) {
        if (!number.empty()) put(list, number.rank(), kept(note, intern(note.source)));
    }

    void note(ListIndex list, SubscriberNumber pair, const EntryNote& note) {
        const KeptNote fresh = kept(note, intern(note.source));
        if (fresh == KeptNote{}) return forget(list, pair);
        if (pairs_.size() <= list) pairs_.resize(list + std::size_t{1});
        // An id that finds no memory for its note is given again by the next try.
        put(list, pairs_[list].give(pair), fresh);
    }

    void note(ListIndex list, std::span<const Number> numbers, const EntryNote& note) {
        constexpr std::size_t kAhead = 16;
        const KeptNote fresh = kept(note, intern(note.source));
        if (fresh == KeptNote{} && (list >= numbers_.size() || numbers_[list].size() == 0)) return;
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (i + kAhead < numbers.size()) prefetch(list, numbers[i + kAhead]);
            if (!numbers[i].empty()) put(list, numbers[i].rank(), fresh);
        }
    }

    // `rank` is of a number, or the id of a pair.
    void put(ListIndex list, std::uint64_t rank, const KeptNote& fresh) {
        if (fresh == KeptNote{}) return forget_rank(list, rank);
        if (numbers_.size() <= list) numbers_.resize(list + std::size_t{1});
        const auto old = numbers_[list].find(rank);
        const std::uint32_t before = old ? old->expires : kNever;
        const bool moved = before != fresh.expires;
        // The place first: one without its note is passed over when it comes up.
        if (moved && fresh.expires != kNever) {
            wheel_.add({rank, fresh.expires, list});
            ++stale_;
        }
        numbers_[list].put(rank, fresh);
        if (moved && fresh.expires != kNever) --stale_;
        if (moved && before != kNever) ++stale_;
        tidy();
    }

    void note(ListIndex list, const ListEntry& entry, const EntryNote& note) {
        if (!entry.subscriber.empty()) return this->note(list, pair_of(entry), note);
        if (const Number number = entry.number(); !number.empty())
            return this->note(list, number, note);
        const KeptNote fresh = kept(note, intern(note.source));
        const auto at = rules_.try_emplace({list, key_of(entry)}).first;
        if (at->second.expires != fresh.expires) {
            if (fresh.expires != kNever) due_rules_.insert({fresh.expires, &at->first});
            if (at->second.expires != kNever) due_rules_.erase({at->second.expires, &at->first});
        }
        at->second = fresh;
    }

    void forget(ListIndex list, Number number) { forget_rank(list, number.rank()); }

    void forget_rank(ListIndex list, std::uint64_t rank) {
        if (list >= numbers_.size()) return;
        const auto old = numbers_[list].find(rank);
        if (!old) return;
        if (old->expires != kNever) ++stale_;
        numbers_[list].erase(rank);
        tidy();
    }

    void forget(ListIndex list, SubscriberNumber pair) {
        const std::uint64_t id = id_of(list, pair);
        if (id == 0) return;
        forget_rank(list, id);
        pairs_[list].free(id);
    }

    void forget(ListIndex list, const ListEntry& entry) {
        if (!entry.subscriber.empty()) return forget(list, pair_of(entry));
        if (const Number number = entry.number(); !number.empty()) return forget(list, number);
        const auto at = rules_.find({list, key_of(entry)});
        if (at == rules_.end()) return;
        if (at->second.expires != kNever) due_rules_.erase({at->second.expires, &at->first});
        rules_.erase(at);
    }

    std::optional<EntryNote> find(ListIndex list, Number number) const {
        return find_rank(list, number.rank());
    }

    std::optional<EntryNote> find_rank(ListIndex list, std::uint64_t rank) const {
        if (rank == 0 || list >= numbers_.size()) return {};
        const auto found = numbers_[list].find(rank);
        if (!found) return {};
        return note_of(*found, sources_[found->source]);
    }

    std::optional<EntryNote> find(ListIndex list, const ListEntry& entry) const {
        if (!entry.subscriber.empty()) return find_rank(list, id_of(list, pair_of(entry)));
        if (const Number number = entry.number(); !number.empty()) return find(list, number);
        const auto at = rules_.find({list, key_of(entry)});
        if (at == rules_.end()) return {};
        return note_of(at->second, sources_[at->second.source]);
    }

    void prefetch(ListIndex list, Number number) const {
        if (list < numbers_.size()) numbers_[list].prefetch(number.rank());
    }

    void each_rule(ListIndex list, const std::function<void(const ListEntry&)>& each) const {
        for (auto at = rules_.lower_bound({list, std::string()});
             at != rules_.end() && at->first.list == list; ++at)
            each(entry_of(at->first.key));
    }

    void each_number(ListIndex list,
                     const std::function<void(Number, const EntryNote&)>& each) const {
        if (list >= numbers_.size() || is_of_pairs(list)) return;
        numbers_[list].each([&](std::uint64_t rank, const KeptNote& note) {
            each(Number::from_rank(rank), note_of(note, sources_[note.source]));
        });
    }

    ExpiredEntries expire(Time now, std::size_t most) {
        ExpiredEntries result;
        try {
            expire(now, most, result);
        } catch (const std::bad_alloc&) {
            if (result.gone.empty()) throw;
            result.more = true;  // what was taken out is given, the rest stays due
        }
        return result;
    }

    void expire(Time now, std::size_t most, ExpiredEntries& result) {
        if (to_ms(now) < 0) return;
        const auto second = static_cast<std::uint32_t>(
            std::min<std::int64_t>(to_ms(now) / 1000, std::int64_t{kNever} - 1));
        for (std::size_t looked = 0; looked < most; ++looked) {
            const auto due = wheel_.due(second);
            if (!due_rules_.empty() && due_rules_.begin()->expires <= due.value_or(second)) {
                const auto rule = rules_.find(*due_rules_.begin()->rule);
                result.gone.push_back({rule->first.list, entry_of(rule->first.key)});
                due_rules_.erase(due_rules_.begin());
                rules_.erase(rule);
                continue;
            }
            if (!due) return;
            // Memory comes before the change.
            if (result.gone.size() == result.gone.capacity())
                result.gone.reserve(2 * result.gone.size() + 16);
            const ExpiryWheel::Place place = wheel_.take();
            const auto note = numbers_[place.list].find(place.rank);
            if (!note || note->expires != place.expires) {
                --stale_;
                continue;
            }
            numbers_[place.list].erase(place.rank);
            if (is_of_pairs(place.list)) {
                PairIds& pairs = pairs_[place.list];
                result.gone.push_back({place.list, entry_of(pairs.pair(place.rank))});
                pairs.free(place.rank);
            } else {
                result.gone.push_back({place.list, entry_of(Number::from_rank(place.rank))});
            }
        }
        result.more = true;
    }

    NextEnds next_ends(std::size_t most) const {
        NextEnds ends;
        std::map<ListIndex, std::uint32_t> left;
        const auto leave = [&](ListIndex list, std::uint32_t second) {
            if (is_of_pairs(list)) return;
            const auto at = left.try_emplace(list, second).first;
            at->second = std::min(at->second, second);
        };
        std::vector<ExpiryWheel::Place> places;
        wheel_.earliest([&](std::size_t more) { return more <= most - places.size(); },
                        [&](const ExpiryWheel::Place& place) { places.push_back(place); }, leave);
        for (const DueRule& rule : due_rules_) {
            if (ends.rules.size() < most)
                ends.rules.push_back({rule.expires, rule.rule->list, entry_of(rule.rule->key)});
            else
                leave(rule.rule->list, rule.expires);
        }
        constexpr std::size_t kAhead = 16;
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (i + kAhead < places.size())
                numbers_[places[i + kAhead].list].prefetch(places[i + kAhead].rank);
            const ExpiryWheel::Place& place = places[i];
            if (is_of_pairs(place.list)) continue;
            const auto note = numbers_[place.list].find(place.rank);
            if (!note || note->expires != place.expires) continue;  // out of date
            ends.numbers.push_back({place.rank, place.expires, place.list});
        }
        std::ranges::sort(ends.numbers, {}, [](const NextEnds::OfNumber& end) {
            return std::tuple(end.second, end.rank, end.list);
        });
        for (const auto& [list, second] : left) ends.rest.push_back({second, list, 0});
        std::ranges::sort(ends.rest);
        return ends;
    }

    std::optional<Time> next_due() const {
        auto next = wheel_.next();
        if (!due_rules_.empty() && (!next || due_rules_.begin()->expires < *next))
            next = due_rules_.begin()->expires;
        if (!next) return {};
        return time_from_ms(std::int64_t{*next} * 1000);
    }

    std::size_t size() const {
        std::size_t all = rules_.size();
        for (const NoteTable& notes : numbers_) all += notes.size();
        return all;
    }

    std::size_t memory_bytes() const {
        constexpr std::size_t kNode = 48;
        constexpr std::size_t kRule = kNode + sizeof(Rule) + sizeof(KeptNote) + kNode + 16;
        std::size_t bytes = wheel_.memory_bytes();
        for (const auto& [rule, note] : rules_) bytes += kRule + rule.key.capacity();
        for (const NoteTable& notes : numbers_) bytes += notes.memory_bytes();
        for (const PairIds& pairs : pairs_) bytes += pairs.memory_bytes();
        for (const std::string& source : sources_)
            bytes += sizeof(std::string) + source.capacity() + 2 * sizeof(std::string_view) + 8;
        return bytes;
    }

private:
    struct Rule {
        ListIndex list = 0;
        std::string key;
        auto operator<=>(const Rule&) const = default;
    };
    struct DueRule {
        std::uint32_t expires = 0;
        const Rule* rule = nullptr;  // a key of rules_, which does not move
        // By what they say, not where they lie, so that replays agree.
        bool operator<(const DueRule& other) const {
            return std::tie(expires, *rule) < std::tie(other.expires, *other.rule);
        }
    };

    // A list is of pairs or of anything else, never both.
    bool is_of_pairs(ListIndex list) const { return list < pairs_.size() && pairs_[list].used(); }
    std::uint64_t id_of(ListIndex list, SubscriberNumber pair) const {
        return list < pairs_.size() ? pairs_[list].find(pair) : 0;
    }

    // Makes the wheel anew from the notes when over half of it is out of date.
    void tidy() {
        constexpr std::size_t kWorthIt = 1024;
        if (stale_ < kWorthIt || stale_ * 2 < wheel_.size()) return;
        try {
            ExpiryWheel fresh;
            for (std::size_t list = 0; list < numbers_.size(); ++list) {
                numbers_[list].each([&](std::uint64_t rank, const KeptNote& note) {
                    if (note.expires != kNever)
                        fresh.add({rank, note.expires, static_cast<ListIndex>(list)});
                });
            }
            wheel_ = std::move(fresh);
            stale_ = 0;
        } catch (const std::bad_alloc&) {
            // Another time.
        }
    }

    std::uint32_t intern(std::string_view source) {
        if (source == sources_[last_source_]) return last_source_;
        if (const auto at = source_numbers_.find(source); at != source_numbers_.end())
            return last_source_ = at->second;
        if (sources_.size() >= kMaxSources) return intern(kTooManySources);
        make_room(source_numbers_);
        const auto number = static_cast<std::uint32_t>(sources_.size());
        source_numbers_.emplace(sources_.emplace_back(source), number);
        return last_source_ = number;
    }
    static constexpr std::string_view kTooManySources = "(too many sources)";

    std::vector<NoteTable> numbers_;  // by list; of ranks, or of ids where pairs_ gave any
    std::vector<PairIds> pairs_;      // by list
    std::map<Rule, KeptNote> rules_;
    std::set<DueRule> due_rules_;
    ExpiryWheel wheel_;  // as many places as notes of numbers that expire, and stale_ more
    std::size_t stale_ = 0;
    std::deque<std::string> sources_{std::string{}, std::string{kTooManySources}};
    absl::flat_hash_map<std::string_view, std::uint32_t> source_numbers_{{std::string_view{}, 0},
                                                                         {kTooManySources, 1}};
    std::uint32_t last_source_ = 0;  // most rows of a file have that of the row before
};

EntryBook::EntryBook() : book_(std::make_unique<Book>()) {}
EntryBook::EntryBook(EntryBook&&) noexcept = default;
EntryBook& EntryBook::operator=(EntryBook&&) noexcept = default;
EntryBook::~EntryBook() = default;

void EntryBook::note(ListIndex list, const ListEntry& entry, const EntryNote& note) {
    book_->note(list, entry, note);
}
void EntryBook::note(ListIndex list, Number number, const EntryNote& note) {
    book_->note(list, number, note);
}

void EntryBook::note(ListIndex list, SubscriberNumber pair, const EntryNote& note) {
    book_->note(list, pair, note);
}

void EntryBook::note(ListIndex list, std::span<const Number> numbers, const EntryNote& note) {
    book_->note(list, numbers, note);
}

void EntryBook::forget(ListIndex list, const ListEntry& entry) { book_->forget(list, entry); }
void EntryBook::forget(ListIndex list, Number number) { book_->forget(list, number); }

std::optional<EntryNote> EntryBook::find(ListIndex list, const ListEntry& entry) const {
    return book_->find(list, entry);
}
std::optional<EntryNote> EntryBook::find(ListIndex list, Number number) const {
    return book_->find(list, number);
}

void EntryBook::prefetch(ListIndex list, Number number) const { book_->prefetch(list, number); }

EntryNote EntryBook::as_kept(const EntryNote& note) { return note_of(kept(note, 0), note.source); }

void EntryBook::each_rule(ListIndex list, const std::function<void(const ListEntry&)>& each) const {
    book_->each_rule(list, each);
}

void EntryBook::each_number(ListIndex list,
                            const std::function<void(Number, const EntryNote&)>& each) const {
    book_->each_number(list, each);
}

ExpiredEntries EntryBook::expire(Time now, std::size_t most) { return book_->expire(now, most); }
NextEnds EntryBook::next_ends(std::size_t most) const { return book_->next_ends(most); }
std::optional<Time> EntryBook::next_due() const { return book_->next_due(); }

std::size_t EntryBook::size() const { return book_->size(); }
std::size_t EntryBook::memory_bytes() const { return book_->memory_bytes(); }

}  // namespace ringfence
