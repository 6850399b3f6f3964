// prefix_view.hpp - reads a prefix table: which listed prefixes does this number begin with?
//
// A flat array over the first digits, then nodes of a hundred entries, two digits a step. An entry is the set
// of all rules met on the way to it (what covers a prefix is inherited by it when the table is built), or a
// node where longer prefixes go on:
//
//     "8613800138000"    root_digits = 4: roots[8613] --> node: [80] --> set 17     three steps at most, here
//
//     entry   0x80000000 + first entry of a node  |  set
//     set     a head: hits[first .. first + count), deepest first, for numbers of shortest .. longest digits,
//             and 25 runs, one for each length, for the numbers outside that
//
// A number shorter than the walk is filled up with zeros; rules longer than the number stand in the set that
// is reached, but not in the run for its length. Length bounds are resolved the same way. So one walk and one
// look at a run answer everything, and the answer is a span that exists already.
//
// Readers: the table is immutable; any number, without care. Writers: prefix_table.hpp builds it.
//
// Cost: one cache miss for the root, one more for each two digits that longer prefixes need. Heads and hits are
// small; runs are read for numbers that are shorter than a prefix which they may begin, and a few others. Digits
// are taken apart by multiplying: a division for each step took half of the time.
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

// The hits of a set for numbers of the usual lengths: the longest run of lengths that have the same.
struct PrefixHead {
    std::uint32_t first = 0;
    std::uint16_t count = 0;
    std::uint8_t shortest = 1;
    std::uint8_t longest = 0;
};
static_assert(sizeof(PrefixHead) == 8);

class PrefixView {
public:
    static constexpr unsigned kMaxDigits = 24;
    static constexpr std::uint32_t kNode = 0x80000000u;  // marks an entry that is a node
    static constexpr unsigned kNodeEntries = 100;
    static constexpr unsigned kRunsOfSet = kMaxDigits + 1;

    constexpr PrefixView() = default;  // of an empty table

    // Views arrays that PrefixTable built; `roots` has 10^root_digits entries (4, 6 or 7), `nodes` at least one.
    // Nothing is checked.
    PrefixView(unsigned root_digits, std::span<const std::uint32_t> roots,
               std::span<const std::uint32_t> nodes, std::span<const PrefixHead> heads,
               std::span<const PrefixRun> runs, std::span<const PrefixHit> hits)
        : root_digits_(root_digits),
          tail_digits_(tail_digits(root_digits)),
          roots_(roots.data()),
          nodes_(nodes.data()),
          heads_(heads.data()),
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
    static constexpr unsigned kMostAligned = 17;
    static constexpr std::array<std::uint64_t, kMostAligned + 1> kPowers = [] {
        std::array<std::uint64_t, kMostAligned + 1> powers{1};
        for (unsigned i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
        return powers;
    }();
    // Divides by 10^i: (value * multiplier) >> 64 >> shift, exact for any value below 10^17. The multiplier is
    // 2^(64 + shift) / 10^i, rounded up, so the error is below 10^17 / 2^(64 + shift), which is less than the
    // 1 / 10^i that a quotient may be off: 10^(17 + i) < 2^(64 + shift) for every i here (Granlund and Montgomery,
    // Division by invariant integers using multiplication).
    struct Reciprocal {
        std::uint64_t multiplier;
        unsigned shift;
    };
    static constexpr unsigned kMostTail = 12;
    static constexpr std::array<Reciprocal, kMostTail + 1> kReciprocals = [] {
        __extension__ using Wide = unsigned __int128;
        std::array<Reciprocal, kMostTail + 1> reciprocals{};
        for (unsigned i = 1; i < reciprocals.size(); ++i) {
            unsigned shift = 0;
            while (kPowers[i] >> (shift + 1) != 0) ++shift;
            const Wide numerator = static_cast<Wide>(1) << (64 + shift);
            reciprocals[i] = {static_cast<std::uint64_t>(numerator / kPowers[i] + 1), shift};
        }
        return reciprocals;
    }();
    static constexpr std::size_t kBatch = 128;

    // An even number of digits behind the root's, so that both make 15 or more.
    static constexpr unsigned tail_digits(unsigned root_digits) {
        return root_digits == 4 ? 12 : 10;
    }

    // Into the second-level cache: into the first, a Zen 4 core has few lines on the way.
    static void ask_for(const void* place) { __builtin_prefetch(place, 0, 2); }

    // value / 10^i for i of 1 to kMostTail.
    static std::uint64_t quotient(std::uint64_t value, unsigned i) {
        __extension__ using Wide = unsigned __int128;
        const Reciprocal& by = kReciprocals[i];
        return static_cast<std::uint64_t>(static_cast<Wide>(value) * by.multiplier >> 64u) >>
               by.shift;
    }

    // A number's digits at the front of root and tail, zeros behind, taken apart.
    struct Digits {
        std::uint64_t root;
        std::uint64_t pair;  // the two behind the root
        std::uint64_t rest;
        unsigned length;
    };
    Digits take_apart(Number number) const {
        Digits digits{0, 0, 0, number.length()};
        const std::uint64_t aligned = (number.rank() - Number::first_rank(digits.length)) *
                                      kPowers[root_digits_ + tail_digits_ - digits.length];
        digits.root = quotient(aligned, tail_digits_);
        const std::uint64_t tail = aligned - digits.root * kPowers[tail_digits_];
        digits.pair = quotient(tail, tail_digits_ - 2);
        digits.rest = tail - digits.pair * kPowers[tail_digits_ - 2];
        return digits;
    }

    // Where the first step of a walk looks: in the root's node, or, so that nothing hangs on a branch, at the
    // first of all nodes, in vain.
    static std::size_t first_step(std::uint32_t entry, std::uint64_t pair) {
        const std::uint64_t is_node = 0 - std::uint64_t{entry >> 31u};
        return static_cast<std::size_t>(((entry & ~kNode) + pair) & is_node);
    }
    std::uint32_t after_first_step(std::uint32_t entry, std::size_t step) const {
        const std::uint32_t is_node = 0 - (entry >> 31u);
        return (nodes_[step] & is_node) | (entry & ~is_node);
    }
    std::uint32_t walk(std::uint32_t entry, std::uint64_t rest) const;
    std::span<const PrefixHit> hits_of(std::uint32_t set, unsigned length) const {
        const PrefixHead& head = heads_[set];
        if (head.shortest <= length && length <= head.longest)
            return {hits_ + head.first, head.count};
        const PrefixRun& run = runs_[std::size_t{set} * kRunsOfSet + length];
        return {hits_ + run.first, run.count};
    }

    unsigned root_digits_ = 0;
    unsigned tail_digits_ = 0;
    const std::uint32_t* roots_ = nullptr;
    const std::uint32_t* nodes_ = nullptr;
    const PrefixHead* heads_ = nullptr;
    const PrefixRun* runs_ = nullptr;
    const PrefixHit* hits_ = nullptr;
};

// Follows nodes to a set, from behind the first step. `rest` is what that left of the tail.
inline std::uint32_t PrefixView::walk(std::uint32_t entry, std::uint64_t rest) const {
    unsigned left = tail_digits_ - 2;
    while ((entry & kNode) != 0) {  // the table is at most kMaxDigits deep
        // Past the digits a number can have only zeros follow.
        std::uint64_t pair = 0;
        if (left > 2) {
            left -= 2;
            pair = quotient(rest, left);
            rest -= pair * kPowers[left];
        } else {
            pair = rest;
            rest = 0;
        }
        entry = nodes_[(entry & ~kNode) + pair];
    }
    return entry;
}

inline std::span<const PrefixHit> PrefixView::longest_match(Number number) const {
    if (roots_ == nullptr || number.empty()) return {};
    const Digits digits = take_apart(number);
    const std::uint32_t root = roots_[digits.root];
    const std::uint32_t entry = after_first_step(root, first_step(root, digits.pair));
    return hits_of(walk(entry, digits.rest), digits.length);
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
    return hits_of(entry, static_cast<unsigned>(digits.size()));
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
        std::uint32_t step;
        std::uint32_t pair;
        std::uint32_t length;
    };
    std::array<Step, kBatch> steps;
    for (std::size_t begin = 0; begin < numbers.size(); begin += kBatch) {
        const std::size_t count = std::min(kBatch, numbers.size() - begin);
        for (std::size_t i = 0; i < count; ++i) {
            const Digits digits = take_apart(numbers[begin + i]);
            steps[i] = {digits.rest, static_cast<std::uint32_t>(digits.root), 0,
                        static_cast<std::uint32_t>(digits.pair), digits.length};
            ask_for(roots_ + digits.root);
        }
        for (std::size_t i = 0; i < count; ++i) {
            Step& step = steps[i];
            step.entry = roots_[step.entry];
            step.step = static_cast<std::uint32_t>(first_step(step.entry, step.pair));
            ask_for(nodes_ + step.step);
        }
        for (std::size_t i = 0; i < count; ++i) {
            Step& step = steps[i];
            step.entry = walk(after_first_step(step.entry, step.step), step.rest);
            ask_for(heads_ + step.entry);
        }
        for (std::size_t i = 0; i < count; ++i) {
            const Step& step = steps[i];
            // The empty number has length 0, for which no set has hits.
            found[begin + i] = hits_of(step.entry, step.length);
        }
    }
}

}  // namespace ringfence
