// entry_book.hpp - what the writer knows of each entry beside the tables: until when, who said so, since when.
//
// Hot lines hold memberships and nothing else. Expiry and provenance live here, with the one writer:
//
//     numbers   list -> rank -> {expires, source, since, confidence}     16 bytes a slot, for those that have any
//     pairs     list -> id -> the same     a list by subscriber; an id stands for subscriber and number
//     rules     (list, entry) -> the same                                every prefix, range and name
//     wheel     64 seconds -> {second, list, rank}                       what to look at next; may be out of date
//
// A note that changes leaves its old place in the wheel behind; when that comes up it no longer agrees with
// the note and is passed over. The wheel is built anew when more than half of it is such leavings.
//
// Cost: about 30 bytes a number that has a note and expires, 22 without expiry, 50 more a pair, 250 a rule or name; an expiry is
// O(1). Opening 64 seconds' worth costs 5 ns an entry, once. Times are kept in whole seconds, rounded up; past
// the year 2106 an entry does not expire. `since` is kept in whole days (UTC), from 1970 to 2149.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"
#include "ringfence/lists/list_entry.hpp"
#include "ringfence/lists/sub_lists.hpp"
#include "ringfence/table/pair_view.hpp"

namespace ringfence {

// What is known of an entry. Nothing of it is needed.
struct EntryNote {
    static constexpr std::uint8_t kMaxConfidence = 100;

    std::optional<Time> expires;  // none: stays
    std::string_view source;      // who says so; one that the book gave lives as long as the book
    std::optional<Time> since;    // kept to the day
    std::optional<std::uint8_t> confidence;  // percent; above 100 counts as 100

    bool empty() const { return !expires && source.empty() && !since && !confidence; }
    friend bool operator==(const EntryNote&, const EntryNote&) = default;
};

struct ExpiredEntry {
    ListIndex list = 0;
    ListEntry entry;
};

struct ExpiredEntries {
    std::vector<ExpiredEntry> gone;
    bool more = false;  // some may be left that are due
};

// The next entries to expire, by the second (since 1970).
struct NextEnds {
    struct OfNumber {
        std::uint64_t rank = 0;
        std::uint32_t second = 0;
        ListIndex list = 0;
    };
    struct OfRule {
        std::uint32_t second = 0;
        ListIndex list = 0;
        ListEntry entry;
    };
    struct OfList {
        std::uint32_t second = 0;
        ListIndex list = 0;
        std::uint16_t zero = 0;

        friend auto operator<=>(const OfList&, const OfList&) = default;
    };
    std::vector<OfNumber> numbers;
    std::vector<OfRule> rules;  // prefixes, ranges and names
    std::vector<OfList>
        rest;  // a list of which others may end, from that second on; one each, ascending
};
static_assert(sizeof(NextEnds::OfList) == 8);

// Threads: one thread per object.
class EntryBook {
public:
    // Distinct sources kept; what comes after them is "(too many sources)".
    static constexpr std::size_t kMaxSources = std::size_t{1} << 23u;

    EntryBook();
    EntryBook(EntryBook&&) noexcept;
    EntryBook& operator=(EntryBook&&) noexcept;
    ~EntryBook();

    // Keeps what is known of an entry, in place of what was. A number or pair of which nothing is known is forgotten;
    // any other entry is kept, so that the entries of a list can be given.
    void note(ListIndex list, const ListEntry& entry, const EntryNote& note);
    void note(ListIndex list, Number number, const EntryNote& note);

    void note(ListIndex list, SubscriberNumber pair, const EntryNote& note);

    // The same for many numbers of which the same is known, faster: each place is asked for ahead.
    void note(ListIndex list, std::span<const Number> numbers, const EntryNote& note);

    // Takes the entry out, as when it is removed.
    void forget(ListIndex list, const ListEntry& entry);
    void forget(ListIndex list, Number number);

    // What is known, rounded as it is kept; none when the entry is not here.
    std::optional<EntryNote> find(ListIndex list, const ListEntry& entry) const;
    std::optional<EntryNote> find(ListIndex list, Number number) const;

    // Asks the processor for what a find of this number will read; for those who find many.
    void prefetch(ListIndex list, Number number) const;

    // `note` as `find` would give it back: times rounded, nothing beyond bounds. Threads: any thread.
    static EntryNote as_kept(const EntryNote& note);

    // Every entry of the list that is no number and no pair, in no order. `each` must not change the book.
    void each_rule(ListIndex list, const std::function<void(const ListEntry&)>& each) const;

    // Every number of the list of which something is known, in no order. `each` must not change the book.
    void each_number(ListIndex list,
                     const std::function<void(Number, const EntryNote&)>& each) const;

    // Takes out what expires at or before `now`, by the second, earliest first, looking at no more than `most`
    // places (those out of date included): bounded work whatever is due.
    ExpiredEntries expire(Time now, std::size_t most = 10'000);

    // The earliest ends of entries, about `most` of numbers and as many of others at most, without those of pairs; of each list all that
    // end before its second in `rest`. That one may be up to 63 s early, or of an entry that was changed since. Changes nothing. Cost: about
    // 80 ns each.
    NextEnds next_ends(std::size_t most) const;

    // When the next place is to be looked at: no entry expires before it. None when nothing expires.
    std::optional<Time> next_due() const;

    std::size_t size() const;
    std::size_t memory_bytes() const;  // about

private:
    class Book;
    std::unique_ptr<Book> book_;
};

}  // namespace ringfence
