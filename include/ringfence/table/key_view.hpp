// key_view.hpp - reads a table of names: which lists is this sender, domain, account or long digit string on?
//
// A hash of the kind and the text picks a slot of a power-of-two array, half full at most; the slot holds 32
// bits of the hash and the number of a record. Texts are compared whole, so an answer is exact.
//
//     slots    [ tag 32 | record + 1 ]            probed one after the other until a free one
//     records  [ text, length, kind, lists ]      one a distinct key
//     texts    the texts, one behind the other
//     lists    the list indexes, those of a key ascending
//
// Domains match on label borders, the longest first: a rule "example.com" matches "a.example.com" and
// "example.com", not "badexample.com".
//
// The arrays are flat and hold offsets, no pointers: they may lie in memory or in memory shared between processes.
// Readers: the arrays are immutable; any number, without care. Writers: key_table.hpp builds them.
//
// Cost: a find about one hash (10 ns) and two cache misses. Memory 40 to 56 bytes a key, and its text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "ringfence/table/membership.hpp"

namespace ringfence {

enum class KeyKind : std::uint8_t {
    kSender = 0,   // an alphanumeric sender
    kDomain = 1,   // a host name, labels from left to right
    kAccount = 2,  // a chat account
    kDigits = 3,   // a digit string of 16 to 24
};

inline constexpr std::size_t kMaxKeyText = 255;  // octets

// What a domain look-up found.
struct DomainHit {
    std::span<const ListIndex> lists;
    std::size_t length = 0;  // of the suffix that is listed, in octets; 0: nothing found
};

struct KeyRecord {
    std::uint64_t text = 0;   // place in the texts
    std::uint64_t lists = 0;  // place in the lists
    std::uint32_t list_count = 0;
    std::uint8_t length = 0;
    KeyKind kind = KeyKind::kSender;
    std::uint16_t zero = 0;
};
static_assert(sizeof(KeyRecord) == 24);

struct KeyArrays {
    std::span<const std::uint64_t> slots;  // a power of two, or none
    std::span<const KeyRecord> records;
    std::span<const char> texts;
    std::span<const ListIndex> lists;
    std::uint64_t seed = 0;
    std::uint32_t most_labels = 0;  // of any domain listed: longer suffixes need no look
};

class KeyView {
public:
    constexpr KeyView() = default;  // of an empty table

    // Views arrays that KeyTable built. Nothing is checked.
    explicit KeyView(const KeyArrays& arrays) : arrays_(arrays) {}

    const KeyArrays& arrays() const { return arrays_; }

    // The lists, ascending, that this text is on; empty when it is on none. The caller folds: letters are
    // compared as they are. Good as long as the table.
    // Threads: any thread.
    std::span<const ListIndex> find(KeyKind kind, std::string_view text) const;

    // The longest listed suffix of `host` that begins at a label and has fewer than `shorter_than` octets;
    // length 0 when there is none. To see all, ask again with the length found:
    //     for (auto hit = keys.find_domain(host); hit.length; hit = keys.find_domain(host, hit.length))
    // A host over kMaxKeyText is looked at by its last kMaxKeyText octets.
    // Threads: any thread.
    DomainHit find_domain(std::string_view host, std::size_t shorter_than = SIZE_MAX) const;

    // Where the search for a text begins. For builders.
    static std::uint64_t hash(std::uint64_t seed, KeyKind kind, std::string_view text);

private:
    KeyArrays arrays_;
};

}  // namespace ringfence
