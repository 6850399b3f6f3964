#include "ringfence/lists/entry_book.hpp"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace ringfence {
namespace {

constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();

// Seconds since 1970, rounded up; 0 for all that is past, kNever for what does not fit.
std::uint32_t seconds_of(std::optional<Time> expires) {
    if (!expires) return kNever;
    const std::int64_t ms = to_ms(*expires);
    if (ms <= 0) return 0;
    const std::int64_t seconds = ms / 1000 + (ms % 1000 != 0);
    return seconds >= kNever ? kNever : static_cast<std::uint32_t>(seconds);
}

struct Note {
    std::uint32_t expires = kNever;
    std::uint32_t source = 0;
};

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

}  // namespace

class EntryBook::Book {
public:
    void note(ListIndex list, const ListEntry& entry, std::uint32_t expires,
              std::string_view source) {
        if (expires == kNever && source.empty()) return forget(list, entry);
        const Place place = place_for(list, entry);
        Note& note = place.text ? texts_.find(place.key)->second.note
                                : numbers_[list].try_emplace(place.key).first->second;
        const bool moved = note.expires != expires;
        if (moved && note.expires != kNever) ++stale_;
        note = {expires, intern(source)};
        if (moved && expires != kNever) {
            heap_.push_back({expires, place});
            std::push_heap(heap_.begin(), heap_.end(), later);
        }
        tidy();
    }

    void forget(ListIndex list, const ListEntry& entry) {
        const auto place = place_of(list, entry);
        const Note* note = place ? find(*place) : nullptr;
        if (!note) return;
        if (note->expires != kNever) ++stale_;
        erase(*place);
        tidy();
    }

    std::optional<EntryNote> find(ListIndex list, const ListEntry& entry) const {
        const auto place = place_of(list, entry);
        const Note* note = place ? find(*place) : nullptr;
        if (!note) return {};
        EntryNote found;
        if (note->expires != kNever)
            found.expires = time_from_ms(std::int64_t{note->expires} * 1000);
        found.source = sources_[note->source];
        return found;
    }

    std::vector<ExpiredEntry> expire(Time now, std::size_t most) {
        std::vector<ExpiredEntry> gone;
        while (!heap_.empty() && gone.size() < most) {
            const Due due = heap_.front();
            if (std::int64_t{due.expires} * 1000 > to_ms(now)) break;
            std::pop_heap(heap_.begin(), heap_.end(), later);
            heap_.pop_back();
            const Note* note = find(due.place);
            if (!note || note->expires != due.expires) {
                --stale_;
                continue;
            }
            gone.push_back({due.place.list, due.place.text
                                                ? entry_of(texts_.find(due.place.key)->second.key)
                                                : entry_of(Number::from_rank(due.place.key))});
            erase(due.place);
        }
        return gone;
    }

    std::size_t size() const {
        std::size_t all = texts_.size();
        for (const auto& notes : numbers_) all += notes.size();
        return all;
    }

    std::size_t memory_bytes() const {
        constexpr std::size_t kTextEntry = 2 * (sizeof(Text) + 16) + 64;
        std::size_t bytes = heap_.capacity() * sizeof(Due) + texts_.size() * kTextEntry;
        for (const auto& notes : numbers_) bytes += notes.capacity() * (sizeof(Note) + 9);
        for (const std::string& source : sources_)
            bytes += 2 * (sizeof(std::string) + source.capacity());
        return bytes;
    }

private:
    // Where a note is kept: by the number's rank, or by a serial of its own for what is no number.
    struct Place {
        ListIndex list = 0;
        bool text = false;
        std::uint64_t key = 0;
    };
    struct Due {
        std::uint32_t expires = 0;
        Place place;
    };
    struct Text {
        ListIndex list = 0;
        std::string key;
        Note note;
    };

    // Soonest at the front of the heap; equals in an order of their own, so that replays agree.
    static bool later(const Due& a, const Due& b) {
        const auto order = [](const Due& due) {
            return std::tuple(due.expires, due.place.list, due.place.text, due.place.key);
        };
        return order(a) > order(b);
    }

    std::optional<Place> place_of(ListIndex list, const ListEntry& entry) const {
        if (const Number number = entry.number(); !number.empty())
            return Place{list, false, number.rank()};
        const auto serial = serials_.find(std::pair(list, key_of(entry)));
        if (serial == serials_.end()) return {};
        return Place{list, true, serial->second};
    }

    // The same, with room made for it.
    Place place_for(ListIndex list, const ListEntry& entry) {
        if (const Number number = entry.number(); !number.empty()) {
            if (numbers_.size() <= list) numbers_.resize(list + std::size_t{1});
            return {list, false, number.rank()};
        }
        std::string key = key_of(entry);
        const auto [at, fresh] = serials_.try_emplace(std::pair(list, key), next_serial_);
        if (fresh) texts_.emplace(next_serial_++, Text{list, std::move(key), {}});
        return {list, true, at->second};
    }

    const Note* find(const Place& place) const {
        if (place.text) {
            const auto at = texts_.find(place.key);
            return at == texts_.end() ? nullptr : &at->second.note;
        }
        if (place.list >= numbers_.size()) return nullptr;
        const auto at = numbers_[place.list].find(place.key);
        return at == numbers_[place.list].end() ? nullptr : &at->second;
    }

    void erase(const Place& place) {
        if (!place.text) {
            numbers_[place.list].erase(place.key);
            return;
        }
        const auto at = texts_.find(place.key);
        serials_.erase(std::pair(at->second.list, at->second.key));
        texts_.erase(at);
    }

    // Makes the heap anew from the notes when over half of it is out of date.
    void tidy() {
        constexpr std::size_t kWorthIt = 1024;
        if (stale_ < kWorthIt || stale_ * 2 < heap_.size()) return;
        heap_.clear();
        for (std::size_t list = 0; list < numbers_.size(); ++list) {
            for (const auto& [rank, note] : numbers_[list])
                if (note.expires != kNever)
                    heap_.push_back({note.expires, {static_cast<ListIndex>(list), false, rank}});
        }
        for (const auto& [serial, text] : texts_)
            if (text.note.expires != kNever)
                heap_.push_back({text.note.expires, {text.list, true, serial}});
        std::make_heap(heap_.begin(), heap_.end(), later);
        stale_ = 0;
    }

    std::uint32_t intern(std::string_view source) {
        if (const auto at = source_numbers_.find(source); at != source_numbers_.end())
            return at->second;
        const auto number = static_cast<std::uint32_t>(sources_.size());
        sources_.emplace_back(source);
        source_numbers_.emplace(source, number);
        return number;
    }

    std::vector<absl::flat_hash_map<std::uint64_t, Note>> numbers_;  // by list, then rank
    absl::flat_hash_map<std::pair<ListIndex, std::string>, std::uint64_t> serials_;
    absl::flat_hash_map<std::uint64_t, Text> texts_;  // by serial
    std::uint64_t next_serial_ = 0;
    std::vector<Due> heap_;  // as many places as notes that expire, and stale_ more
    std::size_t stale_ = 0;
    std::deque<std::string> sources_{std::string{}};
    std::map<std::string, std::uint32_t, std::less<>> source_numbers_{{std::string{}, 0}};
};

EntryBook::EntryBook() : book_(std::make_unique<Book>()) {}
EntryBook::EntryBook(EntryBook&&) noexcept = default;
EntryBook& EntryBook::operator=(EntryBook&&) noexcept = default;
EntryBook::~EntryBook() = default;

void EntryBook::note(ListIndex list, const ListEntry& entry, std::optional<Time> expires,
                     std::string_view source) {
    book_->note(list, entry, seconds_of(expires), source);
}

void EntryBook::forget(ListIndex list, const ListEntry& entry) { book_->forget(list, entry); }

std::optional<EntryNote> EntryBook::find(ListIndex list, const ListEntry& entry) const {
    return book_->find(list, entry);
}

std::vector<ExpiredEntry> EntryBook::expire(Time now, std::size_t most) {
    return book_->expire(now, most);
}

std::size_t EntryBook::size() const { return book_->size(); }
std::size_t EntryBook::memory_bytes() const { return book_->memory_bytes(); }

}  // namespace ringfence
