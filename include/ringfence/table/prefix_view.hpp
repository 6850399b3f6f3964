// prefix_view.hpp - reads a prefix table: which listed prefixes does this number begin with?
//
// One array of entries. The first 10^root_digits stand for the first digits of a number; behind them lie nodes of
// 10, 100 or 1,000 entries, for one, two or three digits more. An entry is a node, or the set of all rules met on the
// way to it (what covers a prefix is inherited by it when the table is built):
//
//     "8613800138000"    entries[861380] --> node of 3 digits: [013] --> set
//
//     entry   1 | digits 2 | first 29           a node: `digits` more of the number say which entry from `first` on
//             0 | 0 | group 5 | count 3 | first 22   a set: hits[first .. first + count)
//             0 | 1 | first 30                  a set that does not fit: heads[first ..]
//
// The hits of a set depend on the number's length: of rules with bounds, and where the number is shorter than a rule's
// prefix (it is filled up with zeros on its way). `lengths[entry >> 25]`, by entry's upper seven bits, has bit L when
// the hits that the entry names are those of numbers of L digits; it is 0 for all entries that are nodes or heads. So
// one look tells that nothing more is to be done. Otherwise a set's heads, one for each stretch of lengths with the
// same hits, say what holds. They lie in the order of their hits, so that a set's are found by its first hit.
//
// Readers: the table is immutable; any number, without care. Writers: prefix_table.hpp builds it.
//
// Cost: one cache miss for the root, one more for a node (nine digits are told apart in two steps), one for the hits.
// Nothing hangs on a branch on the way there: where the root names a set, the first of all entries is read in vain.
// Digits are taken apart by multiplying.
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
static_assert(sizeof(PrefixHit) == 4);

// The hits of a set for numbers of `shortest` to `longest` digits; there are no others in it where no head says so.
struct PrefixHead {
    std::uint32_t first = 0;
    std::uint32_t count = 0;  // 1 or more
    std::uint8_t shortest = 1;
    std::uint8_t longest = 0;
    std::uint8_t more = 0;  // 1: the next is of the same set
    std::uint8_t zero = 0;
};
static_assert(sizeof(PrefixHead) == 12);

// What an entry says.
struct PrefixEntry {
    static constexpr std::uint32_t kNode = 0x80000000u;
    static constexpr std::uint32_t kHeads = 0x40000000u;  // in a set
    static constexpr unsigned kNodeBits = 29;
    static constexpr unsigned kHeadBits = 30;
    static constexpr unsigned kHitBits = 22;
    static constexpr unsigned kCountBits = 3;
    static constexpr unsigned kGroupShift = kHitBits + kCountBits;
    static constexpr std::uint32_t kGroups = 32;
    static constexpr std::uint32_t kMostHits = (1u << kCountBits) - 1;

    static constexpr std::uint32_t node(std::uint32_t first, unsigned digits) {
        return kNode | digits << kNodeBits | first;
    }
    static constexpr std::uint32_t heads(std::uint32_t first) { return kHeads | first; }
    static constexpr std::uint32_t hits(std::uint32_t group, std::uint32_t first,
                                        std::uint32_t count) {
        return group << kGroupShift | count << kHitBits | first;
    }

    static constexpr std::uint32_t first_entry(std::uint32_t node) {
        return node & ((1u << kNodeBits) - 1);
    }
    static constexpr unsigned digits(std::uint32_t node) { return node >> kNodeBits & 3u; }
    static constexpr std::uint32_t first_head(std::uint32_t set) {
        return set & ((1u << kHeadBits) - 1);
    }
    static constexpr std::uint32_t first_hit(std::uint32_t set) {
        return set & ((1u << kHitBits) - 1);
    }
    static constexpr std::uint32_t count(std::uint32_t set) { return set >> kHitBits & kMostHits; }
};

// The arrays of a table; what they hold is said at the top of this file.
struct PrefixArrays {
    static constexpr std::size_t kLengths = 128;

    unsigned root_digits = 0;                // 4 or 6
    std::span<const std::uint32_t> entries;  // 10^root_digits or more
    std::span<const std::uint32_t> lengths;  // kLengths
    std::span<const PrefixHead> heads;
    std::span<const PrefixHit> hits;
};

class PrefixView {
public:
    static constexpr unsigned kMaxDigits = 24;

    // Digits that the root and one node behind it can tell apart: root_digits and as many more.
    static constexpr unsigned kStepDigits = 3;

    constexpr PrefixView() = default;  // of an empty table

    // Views arrays that PrefixTable built. Nothing is checked.
    explicit PrefixView(const PrefixArrays& arrays)
        : entries_(arrays.entries.data()),
          lengths_(arrays.lengths.data()),
          hits_(arrays.hits.data()),
          front_(kReciprocals[Number::kMaxDigits - kStepDigits - arrays.root_digits]),
          arrays_(arrays) {}

    const PrefixArrays& arrays() const { return arrays_; }
    bool empty() const { return entries_ == nullptr; }

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

    // For the kernels: the rest of a look-up from an entry that is not the answer, which two steps have reached.
    // Threads: any thread.
    std::span<const PrefixHit> rest_of_match(std::uint32_t entry, Number number) const;

private:
    using Powers = std::array<std::uint64_t, Number::kMaxDigits + 1>;
    static constexpr Powers kPowers = [] {
        Powers powers{1};
        for (unsigned i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
        return powers;
    }();

    // The digits of a rank of length L, zeros behind up to 15, as one value: rank * times - less.
    struct Align {
        std::uint64_t times;
        std::uint64_t less;
    };
    static constexpr std::array<Align, Number::kMaxDigits + 1> kAlign = [] {
        std::array<Align, Number::kMaxDigits + 1> align{};
        for (unsigned length = 0; length < align.size(); ++length) {
            const std::uint64_t times = kPowers[Number::kMaxDigits - length];
            align[length] = {times, Number::first_rank(length) * times};
        }
        return align;
    }();

    // Divides by 10^i: (value * multiplier) >> 64 >> shift, exact for any value below 10^15. The multiplier is
    // 2^(64 + shift) / 10^i, rounded up, so the error is below 10^15 / 2^(64 + shift), which is less than the
    // 1 / 10^i that a quotient may be off: 10^(15 + i) < 2^(64 + shift) for every i here (Granlund and Montgomery,
    // Division by invariant integers using multiplication). There is none for 10^0.
    struct Reciprocal {
        std::uint64_t multiplier;
        unsigned shift;
    };
    static constexpr std::array<Reciprocal, Number::kMaxDigits> kReciprocals = [] {
        __extension__ using Wide = unsigned __int128;
        std::array<Reciprocal, Number::kMaxDigits> reciprocals{};
        for (unsigned i = 1; i < reciprocals.size(); ++i) {
            unsigned shift = 0;
            while (kPowers[i] >> (shift + 1) != 0) ++shift;
            const Wide numerator = static_cast<Wide>(1) << (64 + shift);
            reciprocals[i] = {static_cast<std::uint64_t>(numerator / kPowers[i] + 1), shift};
        }
        return reciprocals;
    }();
    static std::uint64_t quotient(std::uint64_t value, const Reciprocal& by) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>(static_cast<Wide>(value) * by.multiplier >> 64u) >>
               by.shift;
    }

    // Of three digits, how many of them are a node's: multiplied and shifted right by 16, exact for all below
    // 1,000. By an entry's upper three bits: 0 for a set.
    static constexpr std::array<std::uint32_t, 8> kOfStep = {0, 0, 0, 0, 0, 656, 6554, 65'536};

    static constexpr std::size_t kBatch = 128;

    // Into the second-level cache: into the first, a Zen 4 core has few lines on the way.
    static void ask_for(const void* place) { __builtin_prefetch(place, 0, 2); }

    static std::uint64_t aligned(Number number, unsigned length) {
        return number.rank() * kAlign[length].times - kAlign[length].less;
    }

    // A number's first digits, as many as two steps take.
    struct Front {
        std::uint32_t root;
        std::uint32_t step;
    };
    Front front(std::uint64_t aligned_digits) const {
        const auto digits = static_cast<std::uint32_t>(quotient(aligned_digits, front_));
        return {digits / 1000, digits % 1000};
    }

    // Where the first step looks: in the root's node, or, so that nothing hangs on a branch, at the first of all
    // entries, in vain.
    static std::uint32_t first_step(std::uint32_t root, std::uint32_t step) {
        const std::uint32_t is_node = 0 - (root >> 31u);
        return (PrefixEntry::first_entry(root) & is_node) +
               (step * kOfStep[root >> PrefixEntry::kNodeBits] >> 16u);
    }
    std::uint32_t after_first_step(std::uint32_t root, std::uint32_t place) const {
        const std::uint32_t is_node = 0 - (root >> 31u);
        return (entries_[place] & is_node) | (root & ~is_node);
    }
    bool answers(std::uint32_t entry, unsigned length) const {
        return (lengths_[entry >> PrefixEntry::kGroupShift] >> length & 1u) != 0;
    }
    std::span<const PrefixHit> answer(std::uint32_t entry) const {
        return {hits_ + PrefixEntry::first_hit(entry), PrefixEntry::count(entry)};
    }
    std::span<const PrefixHit> hits_of(std::uint32_t set, unsigned length) const;

    const std::uint32_t* entries_ = nullptr;
    const std::uint32_t* lengths_ = nullptr;
    const PrefixHit* hits_ = nullptr;
    Reciprocal front_{};  // to the digits of the first two steps
    PrefixArrays arrays_;
};

// What a set says about numbers of a length, whatever the length.
inline std::span<const PrefixHit> PrefixView::hits_of(std::uint32_t set, unsigned length) const {
    if (answers(set, length)) return answer(set);
    auto head = arrays_.heads.begin();
    if ((set & PrefixEntry::kHeads) != 0)
        head += PrefixEntry::first_head(set);
    else  // by a set's first hit, which is the usual lengths'
        head = std::ranges::lower_bound(arrays_.heads, PrefixEntry::first_hit(set), {},
                                        &PrefixHead::first);
    while (length < head->shortest || length > head->longest) {  // at most kMaxDigits of them
        if (head->more == 0) return {};
        ++head;
    }
    return {hits_ + head->first, head->count};
}

inline std::span<const PrefixHit> PrefixView::rest_of_match(std::uint32_t entry,
                                                            Number number) const {
    const unsigned length = number.length();
    if ((entry & PrefixEntry::kNode) == 0) return hits_of(entry, length);
    // The walk anew: few numbers go further than two steps.
    std::uint64_t rest = aligned(number, length);
    unsigned left = Number::kMaxDigits;
    unsigned digits = arrays_.root_digits;
    entry = 0;  // the roots are a node that is wider than others
    do {        // a table is at most kMaxDigits deep
        std::uint64_t step = rest;
        if (left > digits) {
            left -= digits;
            step = quotient(rest, kReciprocals[left]);
            rest -= step * kPowers[left];
        } else {  // past the digits a number can have only zeros follow
            step *= kPowers[digits - left];
            rest = left = 0;
        }
        entry = entries_[PrefixEntry::first_entry(entry) + step];
        digits = PrefixEntry::digits(entry);
    } while ((entry & PrefixEntry::kNode) != 0);
    return hits_of(entry, length);
}

inline std::span<const PrefixHit> PrefixView::longest_match(Number number) const {
    if (empty()) return {};
    const unsigned length = number.length();
    const Front digits = front(aligned(number, length));
    const std::uint32_t root = entries_[digits.root];
    const std::uint32_t entry = after_first_step(root, first_step(root, digits.step));
    if (!answers(entry, length)) [[unlikely]]
        return rest_of_match(entry, number);
    return answer(entry);
}

inline std::span<const PrefixHit> PrefixView::longest_match(std::string_view digits) const {
    if (empty() || digits.empty() || digits.size() > kMaxDigits) return {};
    std::array<std::uint32_t, kMaxDigits + kStepDigits> values{};  // a step may go past the end
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (digits[i] < '0' || digits[i] > '9') return {};
        values[i] = static_cast<std::uint32_t>(digits[i] - '0');
    }
    std::uint32_t entry = 0;
    unsigned width = arrays_.root_digits;
    unsigned at = 0;
    do {
        std::uint32_t step = 0;
        for (const unsigned end = at + width; at < end; ++at) step = step * 10 + values[at];
        entry = entries_[PrefixEntry::first_entry(entry) + step];
        width = PrefixEntry::digits(entry);
    } while ((entry & PrefixEntry::kNode) != 0 && at < kMaxDigits);
    return hits_of(entry, static_cast<unsigned>(digits.size()));
}

inline void PrefixView::longest_match(std::span<const Number> numbers,
                                      std::span<std::span<const PrefixHit>> found) const {
    if (empty()) {
        for (auto& hits : found) hits = {};
        return;
    }
    struct Step {
        std::uint32_t root;  // then what stands there
        std::uint32_t step;  // then the place of the first step
        unsigned length;
    };
    std::array<Step, kBatch> steps;
    for (std::size_t begin = 0; begin < numbers.size(); begin += kBatch) {
        const std::size_t count = std::min(kBatch, numbers.size() - begin);
        for (std::size_t i = 0; i < count; ++i) {
            const unsigned length = numbers[begin + i].length();
            const Front digits = front(aligned(numbers[begin + i], length));
            steps[i] = {digits.root, digits.step, length};
            ask_for(entries_ + digits.root);
        }
        for (std::size_t i = 0; i < count; ++i) {
            Step& step = steps[i];
            step.root = entries_[step.root];
            step.step = first_step(step.root, step.step);
            ask_for(entries_ + step.step);
        }
        for (std::size_t i = 0; i < count; ++i) {
            const Step& step = steps[i];
            const std::uint32_t entry = after_first_step(step.root, step.step);
            found[begin + i] = answers(entry, step.length)
                                   ? answer(entry)
                                   : rest_of_match(entry, numbers[begin + i]);
        }
    }
}

}  // namespace ringfence
