// entry_book.hpp - what the writer knows of each entry beside the tables: until when, and who said so.
//
// Hot lines hold memberships and nothing else. Expiry and provenance live here, with the one writer, for the
// entries that have any:
//
//     notes   (list, entry) -> {expires, source}        what holds now
//     heap    {expires, list, entry}                    what to look at next; may be out of date
//
// A note that changes leaves its old place in the heap behind; when that comes up it no longer agrees with
// the note and is passed over. The heap is rebuilt when more than half of it is such leavings.
//
// Cost: about 50 bytes an entry of up to 15 digits, 250 a longer or textual one; an expiry is O(log n).
// Times are kept in whole seconds, rounded up; past the year 2106 an entry does not expire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"
#include "ringfence/lists/list_entry.hpp"
#include "ringfence/lists/sub_lists.hpp"

namespace ringfence {

struct EntryNote {
    std::optional<Time> expires;
    std::string_view source;  // lives as long as the book
};

struct ExpiredEntry {
    ListIndex list = 0;
    ListEntry entry;
};

// Threads: one thread per object.
class EntryBook {
public:
    EntryBook();
    EntryBook(EntryBook&&) noexcept;
    EntryBook& operator=(EntryBook&&) noexcept;
    ~EntryBook();

    // Keeps what is known of an entry, in place of what was. Nothing to know (no expiry, no source) forgets it.
    void note(ListIndex list, const ListEntry& entry, std::optional<Time> expires,
              std::string_view source);

    // Takes the entry out, as when it is removed.
    void forget(ListIndex list, const ListEntry& entry);

    std::optional<EntryNote> find(ListIndex list, const ListEntry& entry) const;

    // Takes out up to `most` entries that expire at or before `now`, earliest first, and gives them; fewer
    // than `most` means none is left that is due.
    std::vector<ExpiredEntry> expire(Time now, std::size_t most = 10'000);

    std::size_t size() const;
    std::size_t memory_bytes() const;  // about

private:
    class Book;
    std::unique_ptr<Book> book_;
};

}  // namespace ringfence
