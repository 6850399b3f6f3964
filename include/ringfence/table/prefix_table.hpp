// prefix_table.hpp - the prefixes and ranges of numbers that lists hold, built once and then only read.
//
// PrefixRules collects rules and can take them off again; `build` freezes what it holds into a PrefixTable,
// whose reading side is prefix_view.hpp. Deleting a rule and building again gives back whatever covered it,
// since sets are inherited along the path when the table is built.
//
// A range is split into the prefixes that make it up, at most 18 for each of its digits:
//
//     0639980095-0639980123   ->   0639980095 .. 99, 06399801 1x, 0639980120 .. 23
//
// As a rule it counts as long as the shortest of them, so that it stands above every prefix it lies in and
// below every prefix that lies in it.
//
// Cost: `build` sorts the rules and visits each once: about 1 us a rule. 260 KB for a table with any rule; 16 bytes for each
// 64 places of a node, which has as few as its rules need, and four for each run of them; 12 bytes and four a hit for
// each distinct set and stretch of lengths.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/number/number.hpp"
#include "ringfence/table/membership.hpp"
#include "ringfence/table/prefix_view.hpp"

namespace ringfence {

// Numbers that begin with `prefix` and have `min_length` to `max_length` digits are on `list`.
struct PrefixRule {
    std::string_view prefix;  // digits; empty: every number
    std::uint8_t min_length = 0;
    std::uint8_t max_length = PrefixView::kMaxDigits;
    ListIndex list = 0;
};

// Gives arrays of 2 MB and more huge pages, where the system has them: small ones miss the processor's table of pages
// at many a look-up.
template <class T>
struct PrefixMemory {
    using value_type = T;

    PrefixMemory() = default;
    template <class U>
    PrefixMemory(const PrefixMemory<U>&) {}

    T* allocate(std::size_t count);  // throws std::bad_alloc
    void deallocate(T* array, std::size_t count);

    friend bool operator==(PrefixMemory, PrefixMemory) { return true; }
};
extern template struct PrefixMemory<std::uint32_t>;
extern template struct PrefixMemory<PrefixBlock>;

class PrefixTable {
public:
    PrefixTable() = default;  // empty
    PrefixTable(PrefixTable&&) noexcept = default;
    PrefixTable& operator=(PrefixTable&&) noexcept = default;

    // The views see the arrays, which do not move with the table. Threads: any thread.
    const PrefixView& view() const { return view_; }

    // As PrefixView says. Threads: any thread.
    std::span<const PrefixHit> longest_match(Number number) const;
    std::span<const PrefixHit> longest_match(std::string_view digits) const {
        return view_.longest_match(digits);
    }
    void longest_match(std::span<const Number> numbers,
                       std::span<std::span<const PrefixHit>> found) const;

    std::size_t memory_bytes() const;

    using Blocks = std::vector<PrefixBlock, PrefixMemory<PrefixBlock>>;
    using Entries = std::vector<std::uint32_t, PrefixMemory<std::uint32_t>>;

private:
    friend class PrefixTableBuild;
    friend class PrefixTableParts;

    Blocks blocks_;
    Entries entries_;
    std::vector<std::uint32_t> lengths_;
    std::vector<PrefixHead> heads_;
    std::vector<PrefixHit> hits_;
    PrefixView view_;
};

// Threads: one thread per object.
class PrefixRules {
public:
    PrefixRules();
    PrefixRules(PrefixRules&&) noexcept;
    PrefixRules& operator=(PrefixRules&&) noexcept;
    ~PrefixRules();

    // Adds a rule: true, or false when the same stands there already. Fails with kSyntax for a prefix that is
    // not all digits, kTooLarge for one over 24, kOutOfRange for bounds that no number can meet.
    Result<bool> add(const PrefixRule& rule);

    // Takes a rule off, bounds included: true, or false when there is none such. Fails as add does.
    Result<bool> remove(const PrefixRule& rule);

    // Adds, or takes off, the numbers from `first` to `last`, both included and of one length. Fails as above,
    // and with kOutOfRange for ends of unequal length or the wrong way round.
    Result<bool> add_range(std::string_view first, std::string_view last, ListIndex list);
    Result<bool> remove_range(std::string_view first, std::string_view last, ListIndex list);

    // The digits that a range counts for, in PrefixHit: those of its shortest part. None where add_range would fail.
    // Threads: any thread.
    static std::optional<std::uint8_t> specificity(std::string_view first, std::string_view last);

    // The table of the rules as they stand. Fails with kFull past 2^28 blocks, 2^30 heads of sets or 2^32 hits, and with
    // kOutOfMemory.
    Result<PrefixTable> build() const;

    std::size_t size() const;  // prefixes and ranges

private:
    class Rules;
    std::unique_ptr<Rules> rules_;
};

}  // namespace ringfence
