// key_table.hpp - which lists a name is on: alphanumeric senders, domains, accounts, long digit strings.
//
// A hash of the kind and the text picks a slot of a power-of-two array, half full at most; the slot holds 32
// bits of the hash and the number of a record. Texts are compared whole, so an answer is exact.
//
//     slots    [ tag 32 | record + 1 ]            probed one after the other until a free one
//     records  [ text, length, kind, lists ]      one a distinct key
//
// Domains match on label borders, the longest first: a rule "example.com" matches "a.example.com" and
// "example.com", not "badexample.com".
//
// Readers: the table is immutable; any number, without care. Writers: KeyRules collects and builds.
//
// Cost: a find about one hash (10 ns) and two cache misses. Memory 32 bytes a key, and its text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
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

class KeyTable {
public:
    KeyTable() = default;  // empty
    KeyTable(KeyTable&&) noexcept = default;
    KeyTable& operator=(KeyTable&&) noexcept = default;

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

    std::size_t size() const { return records_.size(); }
    std::size_t memory_bytes() const;

private:
    friend class KeyRules;
    friend class KeyTableParts;

    struct Record {
        std::uint64_t text = 0;   // place in texts_
        std::uint64_t lists = 0;  // place in lists_
        std::uint32_t list_count = 0;
        std::uint8_t length = 0;
        KeyKind kind = KeyKind::kSender;
    };

    std::uint64_t hash(KeyKind kind, std::string_view text) const;
    // The key after the last; its text and lists stand at the ends of texts_ and lists_. `slots_` has room.
    void append(KeyKind kind, std::uint8_t length, std::uint32_t list_count);

    std::vector<std::uint64_t> slots_;
    std::vector<Record> records_;
    std::vector<char> texts_;
    std::vector<ListIndex> lists_;
    std::uint64_t seed_ = 0;
    unsigned most_labels_ = 0;  // of any domain listed: longer suffixes need no look
};

// Threads: one thread per object.
class KeyRules {
public:
    KeyRules();
    KeyRules(KeyRules&&) noexcept;
    KeyRules& operator=(KeyRules&&) noexcept;
    ~KeyRules();

    // Puts a key on a list: true, or false when it was on it before. Fails with kInvalidArgument for an empty
    // text, and for kDigits with other characters or other than 16 to 24 digits; kTooLarge past kMaxKeyText.
    Result<bool> add(KeyKind kind, std::string_view text, ListIndex list);

    // Takes a key off a list: true, or false when it was not on it.
    bool remove(KeyKind kind, std::string_view text, ListIndex list);

    // The table of the keys as they stand. Fails with kFull past 2^32 - 1 keys and with kOutOfMemory.
    Result<KeyTable> build() const;

    std::size_t size() const;

private:
    class Rules;
    std::unique_ptr<Rules> rules_;
};

}  // namespace ringfence
