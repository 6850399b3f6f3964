// number_view.hpp - reads a number table: which lists is this number on?
//
// One cache line answers one look-up. A line has 8 slots of one atomic word each:
//
//     slot   rank 50 | filter 1 | payload 13         rank 0: free
//     line   slot 0 .. slot 7                        64 bytes
//
// Key and payload share a word, so a reader never sees a torn entry, and an entry never moves. A number whose
// line is full goes to another line, chosen by hashing on (its chain: at most kMaxChain lines). The filter
// bits of a line are a small filter over eight classes of keys: bit c, in slot c, says that a key of class c
// may lie further along its chain. So a miss goes on only when its class bit is set: at a load of 0.8 a
// look-up reads 1.09 lines.
//
// Readers: any number, beside one writer; they never wait. What they may assume, and why:
//   A  While a key is visible in line j of its chain its class bit is set in lines 0..j-1. The writer sets
//      those bits before it stores the slot (release), and clears a bit only after the last such slot is gone.
//   B  A slot word is loaded with acquire; it pairs with the writer's release-store of the slot. What the
//      payload names (membership.hpp) was complete before.
//   C  A present key is never moved: its payload is stored in place.
//   Sketch: a reader walks lines 0, 1, ... at times t0 <= t1 ... . If the key stays in line j throughout, A
//   gives set bits at t0..t(j-1), so the reader arrives at line j and finds it (C). If the reader stops early
//   or finds nothing in line j, the key was absent at some moment between t0 and tj, and a miss is a true
//   answer for that moment. A key found was visible when its slot was loaded. A freed slot may be taken by
//   another key at once: the reader compares the rank in the same word that holds the payload. A key that came back
//   in another slot of the line may be met twice: the reader takes one of both words, whole.
//
// The block is flat and holds offsets, no pointers: header, lines, narrow sets, heap of sets, side table. The
// same bytes may lie in memory, in a file or in memory shared between processes.
//
// Cost: about 1.1 cache misses; scalar here, vector forms behind NumberTable.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ringfence/base/cache_line.hpp"
#include "ringfence/number/number.hpp"
#include "ringfence/table/membership.hpp"

namespace ringfence {

struct NumberSlot {
    static constexpr unsigned kRankShift = kPayloadBits + 1;
    static constexpr std::uint64_t kFilterBit = std::uint64_t{1} << kPayloadBits;
    static constexpr std::uint64_t kPayloadMask = kFilterBit - 1;

    static constexpr std::uint64_t rank(std::uint64_t word) { return word >> kRankShift; }
    static constexpr Payload payload(std::uint64_t word) {
        return static_cast<Payload>(word & kPayloadMask);
    }
    // `word` with another rank and payload, and its filter bit kept.
    static constexpr std::uint64_t with(std::uint64_t word, std::uint64_t rank, Payload payload) {
        return (word & kFilterBit) | rank << kRankShift | payload;
    }
};
static_assert(NumberSlot::kRankShift + Number::kRankBits == 64);

struct alignas(kCacheLine) NumberLine {
    static constexpr unsigned kSlots = 8;
    std::array<std::atomic<std::uint64_t>, kSlots> slots;
};
static_assert(sizeof(NumberLine) == kCacheLine);

// The way of a key through the lines: the hash picks a line, its low bits the class.
struct NumberChain {
    static constexpr unsigned kMaxLines = 64;  // depth 12 was the deepest seen at a load of 0.8

    static constexpr std::uint64_t first(std::uint64_t rank, std::uint64_t seed) {
        return hash_rank(rank, seed);
    }
    // An independent hash for the next line. The halves change places so that the bits which pick the line
    // come from all others. Multiplier: Steele and Vigna, Computationally easy, spectrally good multipliers.
    static constexpr std::uint64_t next(std::uint64_t hash) {
        return (hash << 32u | hash >> 32u) * kNextFactor + kNextTerm;
    }
    static constexpr std::uint64_t kNextFactor = 0xD1342543DE82EF95u;
    static constexpr std::uint64_t kNextTerm = 0x9E3779B97F4A7C15u;
    static constexpr unsigned key_class(std::uint64_t first_hash) {
        return static_cast<unsigned>(first_hash & (NumberLine::kSlots - 1));
    }
    static constexpr std::uint64_t line(std::uint64_t hash, std::uint64_t line_count) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>(static_cast<Wide>(hash) * line_count >> 64u);
    }
};

// What one line says about one key: its payload, and (only when there is none) whether to go on.
struct LineAnswer {
    Payload payload = kNoList;
    bool more = false;
};

// Asks a line by masks, without a branch: every slot takes part. A present key has a payload other than
// kNoList, so the payload tells a hit; the empty number meets free slots, whose payload is 0. A key that was erased
// and inserted anew between two loads may match in two slots: either may be taken, whole (here the later one; the
// AVX-512 kernel takes the first), for each was true at its moment.
// Threads: any thread, beside one writer.
inline LineAnswer probe_line(const NumberLine& line, std::uint64_t rank, unsigned key_class) {
    std::uint64_t found = 0;
    for (unsigned i = 0; i < NumberLine::kSlots; ++i) {
        // acquire: pairs with the release-store of a slot in NumberTable (B above).
        const std::uint64_t word = line.slots[i].load(std::memory_order_acquire);
        const std::uint64_t differs = NumberSlot::rank(word) ^ rank;  // below 2^50
        const std::uint64_t equal = 0 - ((differs - 1) >> 63u);       // all ones when it is 0
        found ^= (found ^ word) & equal;
    }
    const Payload payload = NumberSlot::payload(found);
    const std::uint64_t missed = (std::uint64_t{payload} - 1) >> 63u;
    // acquire: pairs with the release-store that clears the bit, so that a stop here is not undone by a later
    // find. A second load of that word will do: A holds at any time between.
    const std::uint64_t filter = line.slots[key_class].load(std::memory_order_acquire);
    return {payload, (filter >> kPayloadBits & missed) != 0};
}

// The first bytes of a block. Offsets count from its start.
struct NumberBlock {
    static constexpr std::uint64_t kMagic = 0x31424E4543464752u;  // "RGFCENB1"

    std::uint64_t magic = kMagic;
    std::uint64_t bytes = 0;  // of the whole block
    std::uint64_t seed = 0;
    std::uint64_t line_count = 0;
    std::uint64_t lines_offset = 0;
    std::uint64_t narrow_offset = 0;  // kNarrowSets places
    std::uint64_t heap_offset = 0;
    std::uint64_t heap_room = 0;  // list indexes
    std::uint64_t wide_offset = 0;
    std::uint64_t wide_entries = 0;  // a power of two
};

// Copies are cheap and all see the same table. Good as long as the block.
class NumberView {
public:
    constexpr NumberView() = default;  // of an empty table: every look-up misses

    // Views a block that NumberTable wrote; nothing is checked.
    explicit NumberView(const NumberBlock& block);

    // Views arrays that were taken out of such a block; nothing is checked.
    NumberView(const NumberLine* lines, std::uint64_t line_count, std::uint64_t seed,
               const MembershipView& memberships)
        : lines_(lines), line_count_(line_count), seed_(seed), memberships_(memberships) {}

    // The payload of a number; kNoList when it is on no list, and for the empty number.
    // Threads: any thread, beside one writer.
    Payload find(Number number) const;

    // The lists of a number, ascending; empty when it is on none. Good as long as the block.
    // Threads: any thread, beside one writer.
    std::span<const ListIndex> lists(Number number) const { return lists(number, find(number)); }

    // The same with the payload that a find of this number gave. Threads: any thread, beside one writer.
    std::span<const ListIndex> lists(Number number, Payload payload) const {
        return memberships_.lists(number, payload);
    }

    // Asks the processor for the line that a find will read some dozens of numbers later: into the second-level
    // cache, which takes more at a time than the first. Threads: any thread.
    void prefetch(Number number) const {
        const std::uint64_t hash = NumberChain::first(number.rank(), seed_);
        __builtin_prefetch(lines_ + NumberChain::line(hash, line_count_), 0, 2);
    }

    // For kernels and builders.
    const NumberLine* lines() const { return lines_; }
    std::uint64_t line_count() const { return line_count_; }
    std::uint64_t seed() const { return seed_; }
    const MembershipView& memberships() const { return memberships_; }

private:
    const NumberLine* lines_ = nullptr;
    std::uint64_t line_count_ = 0;
    std::uint64_t seed_ = 0;
    MembershipView memberships_;
};

inline NumberView::NumberView(const NumberBlock& block)
    : line_count_(block.line_count), seed_(block.seed) {
    const auto* base = reinterpret_cast<const std::byte*>(&block);
    lines_ = reinterpret_cast<const NumberLine*>(base + block.lines_offset);
    memberships_ = MembershipView(reinterpret_cast<const SetPlace*>(base + block.narrow_offset),
                                  reinterpret_cast<const ListIndex*>(base + block.heap_offset),
                                  reinterpret_cast<const WideEntry*>(base + block.wide_offset),
                                  block.wide_entries, block.seed);
}

inline Payload NumberView::find(Number number) const {
    if (line_count_ == 0) return kNoList;
    std::uint64_t hash = NumberChain::first(number.rank(), seed_);
    const unsigned key_class = NumberChain::key_class(hash);
    for (unsigned depth = 0; depth < NumberChain::kMaxLines; ++depth) {
        const NumberLine& line = lines_[NumberChain::line(hash, line_count_)];
        const LineAnswer answer = probe_line(line, number.rank(), key_class);
        if (!answer.more) return answer.payload;
        hash = NumberChain::next(hash);
    }
    return kNoList;
}

}  // namespace ringfence
