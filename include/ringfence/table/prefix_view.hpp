// prefix_view.hpp - reads a prefix table: which listed prefixes does this number begin with?
//
// A flat array over the first digits, then nodes of a hundred entries, two digits a step. An entry is the set
// of all rules met on the way to it (what covers a prefix is inherited by it when the table is built), or a
// node where longer prefixes go on:
//
//     "8613800138000"    root_digits = 4: roots[8613] --> node: [80] --> set 17     three steps at most, here
//
//     entry   0x80000000 + first entry of a node  |  set
//     set     25 runs, one for each length of the number: hits[first .. first + count), deepest first
//
// A number shorter than the walk is filled up with zeros; rules longer than the number stand in the set that
// is reached, but not in the run for its length. Length bounds are resolved the same way. So one walk and one
// look at a run answer everything, and the answer is a span that exists already.
//
// Readers: the table is immutable; any number, without care. Writers: prefix_table.hpp builds it.
//
// Cost: one cache miss for the root, one more for each two digits that longer prefixes need.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "ringfence/number/number.hpp"
#include "ringfence/table/membership.hpp"

namespace ringfence {

// One listed prefix or range that a number lies in.
struct PrefixHit {
    ListIndex list = 0;
    std::uint8_t prefix_length =
        0;  // digits: how specific it is; a range counts as its shortest part

    friend constexpr bool operator==(const PrefixHit&, const PrefixHit&) = default;
};

// The hits of a set for numbers of one length.
struct PrefixRun {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

class PrefixView {
public:
    static constexpr unsigned kMaxDigits = 24;
    static constexpr std::uint32_t kNode = 0x80000000u;  // marks an entry that is a node
    static constexpr unsigned kNodeEntries = 100;
    static constexpr unsigned kRunsOfSet = kMaxDigits + 1;

    constexpr PrefixView() = default;  // of an empty table

    // Views arrays that PrefixTable built; `roots` has 10^root_digits entries. Nothing is checked.
    PrefixView(unsigned root_digits, std::span<const std::uint32_t> roots,
               std::span<const std::uint32_t> nodes, std::span<const PrefixRun> runs,
               std::span<const PrefixHit> hits)
        : root_digits_(root_digits),
          root_divisor_(kPowers[kAlignedDigits - root_digits]),
          roots_(roots.data()),
          nodes_(nodes.data()),
          runs_(runs.data()),
          hits_(hits.data()) {}

    // Every rule that the number begins with and whose length bounds hold, the longest prefix first, then by
    // list; empty when there is none. Good as long as the table.
    // Threads: any thread.
    std::span<const PrefixHit> longest_match(Number number) const;

    // The same for up to 24 digits as text; empty for more, and for text that is not all digits.
    // Threads: any thread.
    std::span<const PrefixHit> longest_match(std::string_view digits) const;

    // The same for many numbers, each answer to the same place of `found`; the cache misses overlap.
    // Threads: any thread.
    void longest_match(std::span<const Number> numbers,
                       std::span<std::span<const PrefixHit>> found) const;

private:
    static constexpr unsigned kAlignedDigits = 19;  // as many as 64 bits hold
    static constexpr std::array<std::uint64_t, kAlignedDigits + 1> kPowers = [] {
        std::array<std::uint64_t, kAlignedDigits + 1> powers{1};
        for (unsigned i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
        return powers;
    }();
    static constexpr std::size_t kBatch = 64;

    // The digits of a number at the front of 19, zeros behind.
    static std::uint64_t aligned(Number number, unsigned length) {
        return (number.rank() - Number::first_rank(length)) * kPowers[kAlignedDigits - length];
    }
    std::uint32_t walk(std::uint32_t entry, std::uint64_t rest) const;
    std::span<const PrefixHit> run(std::uint32_t set, unsigned length) const {
        const PrefixRun& run = runs_[std::size_t{set} * kRunsOfSet + length];
        return {hits_ + run.first, run.count};
    }

    unsigned root_digits_ = 0;
    std::uint64_t root_divisor_ = 1;
    const std::uint32_t* roots_ = nullptr;
    const std::uint32_t* nodes_ = nullptr;
    const PrefixRun* runs_ = nullptr;
    const PrefixHit* hits_ = nullptr;
};

// Follows nodes from the root's entry to a set. `rest` is what the aligned digits leave behind the root's.
inline std::uint32_t PrefixView::walk(std::uint32_t entry, std::uint64_t rest) const {
    std::uint64_t divisor = root_divisor_;
    while ((entry & kNode) != 0) {  // the table is at most kMaxDigits deep
        divisor = divisor >= 100 ? divisor / 100 : divisor;
        // Past the digits a number can have only zeros follow: rest is 0 there whatever the divisor.
        const std::uint64_t pair = rest / divisor;
        rest -= pair * divisor;
        entry = nodes_[(entry & ~kNode) + pair];
    }
    return entry;
}

inline std::span<const PrefixHit> PrefixView::longest_match(Number number) const {
    if (roots_ == nullptr || number.empty()) return {};
    const unsigned length = number.length();
    const std::uint64_t digits = aligned(number, length);
    const std::uint64_t root = digits / root_divisor_;
    return run(walk(roots_[root], digits - root * root_divisor_), length);
}

inline std::span<const PrefixHit> PrefixView::longest_match(std::string_view digits) const {
    if (roots_ == nullptr || digits.empty() || digits.size() > kMaxDigits) return {};
    std::array<unsigned, kMaxDigits + 1> values{};  // one more: the last step may be half a pair
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (digits[i] < '0' || digits[i] > '9') return {};
        values[i] = static_cast<unsigned>(digits[i] - '0');
    }
    std::uint32_t root = 0;
    for (unsigned i = 0; i < root_digits_; ++i) root = root * 10 + values[i];
    std::uint32_t entry = roots_[root];
    for (unsigned i = root_digits_; (entry & kNode) != 0 && i < kMaxDigits; i += 2)
        entry = nodes_[(entry & ~kNode) + values[i] * 10 + values[i + 1]];
    return run(entry, static_cast<unsigned>(digits.size()));
}

inline void PrefixView::longest_match(std::span<const Number> numbers,
                                      std::span<std::span<const PrefixHit>> found) const {
    if (roots_ == nullptr) {
        for (auto& hits : found) hits = {};
        return;
    }
    struct Step {
        std::uint64_t rest;
        std::uint32_t entry;
        unsigned length;
    };
    std::array<Step, kBatch> steps;
    for (std::size_t begin = 0; begin < numbers.size(); begin += kBatch) {
        const std::size_t count = std::min(kBatch, numbers.size() - begin);
        for (std::size_t i = 0; i < count; ++i) {
            const Number number = numbers[begin + i];
            const unsigned length = number.length();
            const std::uint64_t digits = aligned(number, length);
            const std::uint64_t root = digits / root_divisor_;
            steps[i] = {digits - root * root_divisor_, static_cast<std::uint32_t>(root), length};
            __builtin_prefetch(roots_ + root);
        }
        for (std::size_t i = 0; i < count; ++i) {
            Step& step = steps[i];
            step.entry = roots_[step.entry];
            if ((step.entry & kNode) != 0)
                __builtin_prefetch(nodes_ + (step.entry & ~kNode) +
                                   step.rest / (root_divisor_ / 100));
        }
        for (std::size_t i = 0; i < count; ++i) {
            Step& step = steps[i];
            step.entry = walk(step.entry, step.rest);
            __builtin_prefetch(runs_ + std::size_t{step.entry} * kRunsOfSet + step.length);
        }
        for (std::size_t i = 0; i < count; ++i) {
            const Step& step = steps[i];
            // The empty number has length 0, for which no set has hits.
            found[begin + i] = run(step.entry, step.length);
        }
    }
}

}  // namespace ringfence
