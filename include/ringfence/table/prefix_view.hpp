// prefix_view.hpp - reads a prefix table: which listed prefixes does this number begin with?
//
// A tree of nodes. The root has a place for each string of six digits, a node behind it 10, 100 or 1,000 of them, for one,
// two or three digits more: so nine digits are told apart in two steps, zeros standing behind a shorter number.
//
//     "8613800138000"   root[861'380] --> node of 3 digits: [013] --> set
//
//     in the root      1 | digits 2 | 0 | first 28    a node: as many more digits say which place; its blocks from `first`
//                      0 | 0        | 0 | first 28    one set, in the only run of that block
//     behind it        1 | digits 2 | 0 | first 28    a node
//                      0 | 0 | group 5 | count 3 | first 22   a set: hits[first .. first + count)
//                      0 | 1 | first 30               a set that does not fit: heads[first ..]
//
// A set is that of all rules met on the way to it: what covers a prefix is inherited by it when the table is built.
//
// Neighbouring places mostly hold the same, so an entry is kept once for a run of them. A block stands for 64 places: a
// bit for each that begins a run, and where the entries of its runs lie:
//
//     at place i    entries[block.first + (bits of block.starts up to i) - 1]
//
// So the 269,389 prefixes of a world's area codes take 3.3 MB, where an array of all places takes 40. The idea is that of
// the poptrie (Asai and Ohara, SIGCOMM 2015), in decimal.
//
// The hits of a set depend on the number's length: of rules with bounds, and where the number is shorter than a rule's
// prefix. `lengths[entry >> 25]`, by an entry's upper seven bits, has bit L when the hits that the entry names are those
// of numbers of L digits; it is 0 for all entries that are nodes or heads. So one look tells that nothing more is to be
// done. Otherwise a set's heads, one for each stretch of lengths with the same hits, say what holds. They lie in the
// order of their hits, so that a set's are found by its first hit.
//
// Readers: the table is immutable; any number, without care. Writers: prefix_table.hpp builds it.
//
// Cost: two dependent loads for the root, two for a node, one for the hits; no branch on the way there, since a place of
// the root with one set names a block too. Digits are taken apart by multiplying. Counting bits is one instruction where the compiler may use it; the library's own forms
// do (src/kernel/prefix_kernel.hpp).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
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

// 64 neighbouring places of a node; the last of a node has bits for the places that there are.
struct PrefixBlock {
    static constexpr unsigned kPlaces = 64;

    static constexpr std::size_t blocks_of(std::size_t places) {
        return (places + kPlaces - 1) / kPlaces;
    }

    std::uint64_t starts = 0;  // bit i: place i begins a run; bit 0 always does
    std::uint32_t first = 0;   // the entry of the first run; the others' follow
    std::uint32_t zero = 0;
};
static_assert(sizeof(PrefixBlock) == 16);

// What an entry says.
struct PrefixEntry {
    static constexpr std::uint32_t kNode = 0x80000000u;
    static constexpr std::uint32_t kHeads = 0x40000000u;  // in a set
    static constexpr unsigned kDigitsShift = 29;
    static constexpr unsigned kBlockBits = 28;
    static constexpr unsigned kHeadBits = 30;
    static constexpr unsigned kHitBits = 22;
    static constexpr unsigned kCountBits = 3;
    static constexpr unsigned kGroupShift = kHitBits + kCountBits;
    static constexpr std::uint32_t kGroups = 32;
    static constexpr std::uint32_t kMostHits = (1u << kCountBits) - 1;

    static constexpr std::uint32_t node(std::uint32_t first, unsigned digits) {
        return kNode | digits << kDigitsShift | first;
    }
    static constexpr std::uint32_t heads(std::uint32_t first) { return kHeads | first; }
    static constexpr std::uint32_t hits(std::uint32_t group, std::uint32_t first,
                                        std::uint32_t count) {
        return group << kGroupShift | count << kHitBits | first;
    }

    static constexpr bool is_node(std::uint32_t entry) { return (entry & kNode) != 0; }
    static constexpr std::uint32_t first_block(std::uint32_t entry) {
        return entry & ((1u << kBlockBits) - 1);
    }
    static constexpr unsigned digits(std::uint32_t node) { return node >> kDigitsShift & 3u; }
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

    std::span<const PrefixBlock> blocks;  // the root's first
    std::span<const std::uint32_t> entries;
    std::span<const std::uint32_t> lengths;  // kLengths
    std::span<const PrefixHead> heads;
    std::span<const PrefixHit> hits;
};

class PrefixView {
public:
    static constexpr unsigned kMaxDigits = 24;

    // Digits of the root, of any other node at most, and of the root with the first node behind it.
    static constexpr unsigned kRootDigits = 6;
    static constexpr unsigned kStepDigits = 3;
    static constexpr unsigned kFrontDigits = kRootDigits + kStepDigits;

    constexpr PrefixView() = default;  // of an empty table

    // Views arrays that PrefixTable built. Nothing is checked.
    explicit PrefixView(const PrefixArrays& arrays)
        : blocks_(arrays.blocks.data()),
          entries_(arrays.entries.data()),
          lengths_(arrays.lengths.data()),
          hits_(arrays.hits.data()),
          arrays_(arrays) {}

    const PrefixArrays& arrays() const { return arrays_; }
    bool empty() const { return blocks_ == nullptr; }

    // Every rule that the number begins with and whose length bounds hold, the longest prefix first, then by
    // list; empty when there is none. Good as long as the table.
    // Threads: any thread.
    std::span<const PrefixHit> longest_match(Number number) const;

    // The same for up to 24 digits as text; empty for more, and for text that is not all digits.
    // Threads: any thread.
    std::span<const PrefixHit> longest_match(std::string_view digits) const;

    // The same for many numbers, each answer to the same place of `found`. PrefixTable's overlaps the cache misses.
    // Threads: any thread.
    void longest_match(std::span<const Number> numbers,
                       std::span<std::span<const PrefixHit>> found) const;

private:
    using Powers = std::array<std::uint64_t, Number::kMaxDigits + 1>;
    static constexpr Powers kPowers = [] {
        Powers powers{1};
        for (unsigned i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
        return powers;
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

public:
    // The parts of a look-up, of which the kernels are made too.

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

    // A number's first nine digits.
    static std::uint32_t front(Number number, unsigned length) {
        constexpr Reciprocal kToFront = kReciprocals[Number::kMaxDigits - kFrontDigits];
        return static_cast<std::uint32_t>(quotient(aligned(number, length), kToFront));
    }

    // A place: `block` holds 64 of a node's, of which the lower six bits of `within` say which it is.
    struct Place {
        std::uint32_t block;
        std::uint32_t within;
    };
    static Place in_root(std::uint32_t front) {
        const std::uint32_t root = front / 1000;
        return {root / PrefixBlock::kPlaces, root};
    }
    static Place behind_root(std::uint32_t root_entry, std::uint32_t front) {
        // Of three digits those that are the node's: multiplied and shifted right by 16, exact for all below 1,000.
        // By an entry's upper three bits: none for a set. Static, or it is laid on the stack at every look-up.
        static constexpr std::array<std::uint32_t, 8> kOfStep = {0, 0, 0, 0, 0, 656, 6554, 65'536};
        const std::uint32_t place =
            front % 1000 * kOfStep[root_entry >> PrefixEntry::kDigitsShift] >> 16u;
        return {PrefixEntry::first_block(root_entry) + place / PrefixBlock::kPlaces, place};
    }
    const PrefixBlock* block(Place place) const { return blocks_ + place.block; }
    const std::uint32_t* entry(Place place) const {
        const PrefixBlock& block = blocks_[place.block];
        return entries_ + block.first +
               std::popcount(block.starts << (~place.within & (PrefixBlock::kPlaces - 1))) - 1;
    }

    // Whether the entry names the hits of numbers of this length; and those.
    bool answers(std::uint32_t entry, unsigned length) const {
        return (lengths_[entry >> PrefixEntry::kGroupShift] >> length & 1u) != 0;
    }
    std::span<const PrefixHit> answer(std::uint32_t entry) const {
        return {hits_ + PrefixEntry::first_hit(entry), PrefixEntry::count(entry)};
    }

    // The rest of a look-up from an entry that is not the answer, which stands behind the root.
    std::span<const PrefixHit> rest_of_match(std::uint32_t entry, Number number) const;

private:
    static std::uint64_t aligned(Number number, unsigned length) {
        return number.rank() * kAlign[length].times - kAlign[length].less;
    }
    std::span<const PrefixHit> hits_of(std::uint32_t set, unsigned length) const;

    std::uint32_t in_node(std::uint32_t node, std::uint64_t place) const {
        const std::uint64_t block = PrefixEntry::first_block(node) + place / PrefixBlock::kPlaces;
        return *entry({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(place)});
    }

    const PrefixBlock* blocks_ = nullptr;
    const std::uint32_t* entries_ = nullptr;
    const std::uint32_t* lengths_ = nullptr;
    const PrefixHit* hits_ = nullptr;
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
    unsigned left = Number::kMaxDigits - kFrontDigits;
    std::uint64_t rest = aligned(number, length);
    rest -= quotient(rest, kReciprocals[left]) * kPowers[left];
    while (PrefixEntry::is_node(entry)) {  // a table is at most kMaxDigits deep
        const unsigned digits = PrefixEntry::digits(entry);
        std::uint64_t place = rest;
        if (left > digits) {
            left -= digits;
            place = quotient(rest, kReciprocals[left]);
            rest -= place * kPowers[left];
        } else {  // past the digits a number can have only zeros follow
            place *= kPowers[digits - left];
            rest = left = 0;
        }
        entry = in_node(entry, place);
    }
    return hits_of(entry, length);
}

inline std::span<const PrefixHit> PrefixView::longest_match(Number number) const {
    if (empty()) return {};
    const unsigned length = number.length();
    const std::uint32_t digits = front(number, length);
    const std::uint32_t found = *entry(behind_root(*entry(in_root(digits)), digits));
    if (!answers(found, length)) [[unlikely]]
        return rest_of_match(found, number);
    return answer(found);
}

inline std::span<const PrefixHit> PrefixView::longest_match(std::string_view digits) const {
    if (empty() || digits.empty() || digits.size() > kMaxDigits) return {};
    std::array<std::uint32_t, kMaxDigits + kStepDigits> values{};  // a step may go past the end
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (digits[i] < '0' || digits[i] > '9') return {};
        values[i] = static_cast<std::uint32_t>(digits[i] - '0');
    }
    unsigned at = 0;
    const auto next = [&](unsigned count) {
        std::uint32_t value = 0;
        for (const unsigned end = at + count; at < end; ++at) value = value * 10 + values[at];
        return value;
    };
    const std::uint32_t front = next(kFrontDigits);
    std::uint32_t entry_here = *entry(behind_root(*entry(in_root(front)), front));
    while (PrefixEntry::is_node(entry_here))  // none begins behind the last digit
        entry_here = in_node(entry_here, next(PrefixEntry::digits(entry_here)));
    return hits_of(entry_here, static_cast<unsigned>(digits.size()));
}

inline void PrefixView::longest_match(std::span<const Number> numbers,
                                      std::span<std::span<const PrefixHit>> found) const {
    for (std::size_t i = 0; i < numbers.size(); ++i) found[i] = longest_match(numbers[i]);
}

}  // namespace ringfence
