// list_entry.hpp - one entry of a list: what it covers, in the form in which tables and look-ups meet it.
//
// Written entries come in many shapes; a ListEntry has one. Numbers and prefixes carry their country code,
// ranges two ends of equal length, names and hosts are folded:
//
//     as written (list of FR)       kind       text           last          lengths
//     "06 39 98 00 01", "+33639..." exact      33639980001                       (number() is set)
//     "0162", "+33162", "33162#6"   prefix     33162                        0-24, 11 with '#' for digits
//     "0639980000-0639980099"       range      33639980000    33639980099
//     "ICBC" "icbc "                sender     icbc
//     "Example.com."                domain     example.com    (other scripts as A-labels)
//     "@some_Body"                  account    some_body
//
// The same reading serves files (list_reader.hpp), live changes and the journal, so that what was put on a
// list by one way is taken off by another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/number/country.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence {

class DialPlan;

// Persisted in the journal: numbers are never reused.
enum class EntryKind : std::uint8_t {
    kExact = 0,    // one number, or digit string of 16 to 24
    kPrefix = 1,   // every number that begins so, within the lengths
    kRange = 2,    // every number of one length between two, ends included
    kSender = 3,   // an alphanumeric sender
    kDomain = 4,   // a host and what lies below it
    kAccount = 5,  // a chat account
};

struct ListEntry {
    static constexpr unsigned kMaxDigits = 24;
    static constexpr std::size_t kMaxText = 253;  // of a name: what DNS allows a host

    EntryKind kind = EntryKind::kExact;
    std::uint8_t min_length = 0;  // of numbers that a prefix covers, country code included
    std::uint8_t max_length = kMaxDigits;
    std::string text;   // digits, or the folded name
    std::string last;   // of a range
    Number subscriber;  // whose it is, on a list by subscriber; else empty

    // The number of an exact entry of at most 15 digits; else empty.
    Number number() const {
        return kind == EntryKind::kExact ? Number::from_digits(text) : Number();
    }
    friend bool operator==(const ListEntry&, const ListEntry&) = default;
};

// How the entries of a list are to be read.
struct EntryFormat {
    const DialPlan* plan = nullptr;  // national numbers and prefixes are read under it; not null
    EntryKind exact =
        EntryKind::kExact;  // what a written entry is that names no kind: exact, or a name
};

// Reads `written` as `kind` into `entry`, whose strings are reused; it is of no subscriber. Blanks, hyphens, dots and parentheses
// between digits are passed over. A prefix may end in '*' (any length, as without) or in '#', one for each
// further digit; bare digits of one have the country code in front where no number is written that begins so without
// it. A range is two numbers joined by '..', ' - ' or a single hyphen. A number must be one that its plan can have:
// wrong lengths, look-alikes and malformed prefixes are refused, and so are prefixes and ranges of a length that no
// number has. What is in no range that the plan knows is taken, since new ranges open every year, and sets
// `unknown_range`. "*." before a host falls away; signs that no host or account in a text has are refused.
// Fails with kSyntax or kOutOfRange; the text says what is wrong with which character, and names no file.
// Threads: any thread.
Status read_entry(std::string_view written, EntryKind kind, const EntryFormat& format,
                  ListEntry& entry, bool* unknown_range = nullptr);

// The same for live changes, whose text says the kind: "+8617*" or "33162######" is a prefix, "A..B" a
// range, anything else what the format says. Threads: any thread.
Status read_entry(std::string_view written, const EntryFormat& format, ListEntry& entry,
                  bool* unknown_range = nullptr);

// Makes `entry`, which must be a number of up to 15 digits, that of a subscriber, whose number is written as entries
// are. Fails as read_entry does, and when either is no such number; `unknown_range` is the subscriber's.
// Threads: any thread.
Status read_subscriber(std::string_view written, const EntryFormat& format, ListEntry& entry,
                       bool* unknown_range = nullptr);

// The names of `kind` in list files. Threads: any thread.
std::string_view name_of(EntryKind kind);
std::optional<EntryKind> entry_kind_from_name(std::string_view name);

// A sender, host or account as KeyTable holds it: ASCII letters lowered, outer blanks cut; a host as
// DNS is asked for it, an account without '@'. Look-ups fold the same way. Threads: any thread.
void fold_key(EntryKind kind, std::string_view written, std::string& folded);

// Whether a number, prefix or range covers the number of these digits, country code included; false for a name
// and for no digits. Threads: any thread.
bool covers_number(const ListEntry& entry, std::string_view digits);

// About how many numbers that could be issued the entry covers, by the plan of its country where one is
// shipped, else by the lengths that E.164 leaves; 1 for an exact one. Cold: may take a millisecond.
// Threads: any thread.
std::uint64_t assigned_numbers(const ListEntry& entry);

}  // namespace ringfence
