// key_table.hpp - the names that lists hold, built once and then only read: senders, domains, accounts, long digit strings.
//
// KeyRules collects names and can take them off again; `build` freezes what it holds into a KeyTable, whose reading
// side, with the arrays, is key_view.hpp.
//
// Cost: `build` hashes and copies each name. Memory 40 to 56 bytes a key, and its text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/table/key_view.hpp"
#include "ringfence/table/membership.hpp"

namespace ringfence {

class KeyTable {
public:
    KeyTable() = default;  // empty
    KeyTable(KeyTable&&) noexcept = default;
    KeyTable& operator=(KeyTable&&) noexcept = default;

    // The view sees the arrays, which do not move with the table. Threads: any thread.
    const KeyView& view() const { return view_; }

    // As KeyView says. Threads: any thread.
    std::span<const ListIndex> find(KeyKind kind, std::string_view text) const {
        return view_.find(kind, text);
    }
    DomainHit find_domain(std::string_view host, std::size_t shorter_than = SIZE_MAX) const {
        return view_.find_domain(host, shorter_than);
    }

    std::size_t size() const { return records_.size(); }
    std::size_t memory_bytes() const;

private:
    friend class KeyRules;
    friend class KeyTableParts;

    // The key after the last; its text and lists stand at the ends of texts_ and lists_. `slots_` has room.
    void append(KeyKind kind, std::uint8_t length, std::uint32_t list_count);
    // The view of what was appended.
    void finish();

    std::vector<std::uint64_t> slots_;
    std::vector<KeyRecord> records_;
    std::vector<char> texts_;
    std::vector<ListIndex> lists_;
    std::uint64_t seed_ = 0;
    std::uint32_t most_labels_ = 0;
    KeyView view_;
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
