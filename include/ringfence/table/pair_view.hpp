// pair_view.hpp - reads a pair table: which personal lists of this subscriber is this number on?
//
// A pair is two ranks of 50 bits, so it takes two words, and four pairs make a cache line. The layout is that of a
// number table (number_view.hpp) otherwise: a full line sends a pair on to an independently hashed one, and eight
// filter bits of a line, one in each word, say which classes of pairs lie further along their chain.
//
//     first    number's rank 50     | filter 1 | payload 13     rank 0: no pair is here
//     second   subscriber's rank 50 | filter 1 | the writer's 13
//     line     first 0 .. first 3, second 0 .. second 3         64 bytes
//
// Readers: any number, beside one writer; they never wait and never look twice. What they may assume, and why:
//   A  While a pair is visible in line j of its chain its class bit is set in lines 0..j-1, as for numbers.
//   B  A reader loads `first` (acquire) and then `second`. The writer stores `second` before it stores `first`
//      (release), so who meets a number sees at least the subscriber it was stored with.
//   C  The subscriber in `second` changes only while `first` is free, and only after a grace period: every find that began
//      before `first` was freed has ended (PairTable::begin_reclaim). So who meets a number sees at most that
//      subscriber. A freed place may be taken at once by another pair of the same subscriber, whose `second` is the same.
//   D  The payload is in `first`, with the number, and changes in place: it is never of another moment.
//   Sketch: a find loads the `first` of a slot once. If it meets number n there, the slot held a pair (n, s) at
//   that moment, and by B and C `second` gives s, however late it is loaded. So a match was a pair of the table, with that
//   payload, at the moment of that load; that a miss was true at some moment follows from A as in number_view.hpp. A
//   pair that was erased and inserted anew meanwhile may be met in two slots: one of both words is taken, whole.
//
// The block is flat and holds offsets, no pointers: header, lines, sets of lists and their heap. The header is that of
// a number table under a magic of its own; there is no side table, and kWide is no payload.
//
// Cost: about 1.2 cache misses at a load of 0.8; 20 bytes a pair.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ringfence/base/cache_line.hpp"
#include "ringfence/number/number.hpp"
#include "ringfence/table/membership.hpp"
#include "ringfence/table/number_view.hpp"

namespace ringfence {

// A number as one subscriber's lists know it.
struct SubscriberNumber {
    Number subscriber;
    Number number;

    friend bool operator==(SubscriberNumber, SubscriberNumber) = default;
};

struct alignas(kCacheLine) PairLine {
    static constexpr unsigned kSlots = 4;
    static constexpr unsigned kClasses = 2 * kSlots;  // the bit of class c is in words[c]

    std::array<std::atomic<std::uint64_t>, kClasses> words;

    const std::atomic<std::uint64_t>& first(unsigned slot) const { return words[slot]; }
    const std::atomic<std::uint64_t>& second(unsigned slot) const { return words[kSlots + slot]; }
};
static_assert(sizeof(PairLine) == kCacheLine && PairLine::kClasses == NumberLine::kSlots);

// The way of a pair through the lines; it goes on by NumberChain.
constexpr std::uint64_t hash_pair(SubscriberNumber pair, std::uint64_t seed) {
    return hash_rank(pair.number.rank(), hash_rank(pair.subscriber.rank(), seed));
}

// Asks a line by masks, without a branch. Threads: any thread, beside one writer.
inline LineAnswer probe_line(const PairLine& line, SubscriberNumber pair, unsigned key_class) {
    std::uint64_t found = 0;
    for (unsigned i = 0; i < PairLine::kSlots; ++i) {
        // acquire: pairs with the release-store of `first` in PairTable (B above).
        const std::uint64_t first = line.first(i).load(std::memory_order_acquire);
        // relaxed: what it must not be older than came before `first`, and C keeps it from being newer.
        const std::uint64_t second = line.second(i).load(std::memory_order_relaxed);
        const std::uint64_t differs = (NumberSlot::rank(first) ^ pair.number.rank()) |
                                      (NumberSlot::rank(second) ^ pair.subscriber.rank());
        const std::uint64_t equal = 0 - ((differs - 1) >> 63u);  // all ones when it is 0
        found ^= (found ^ first) & equal;
    }
    const Payload payload = NumberSlot::payload(found);
    const std::uint64_t missed = (std::uint64_t{payload} - 1) >> 63u;
    // acquire: pairs with the release-store that clears the bit, as in NumberView.
    const std::uint64_t filter = line.words[key_class].load(std::memory_order_acquire);
    return {payload, (filter >> kPayloadBits & missed) != 0};
}

// Copies are cheap and all see the same table. Good as long as the block.
class PairView {
public:
    static constexpr std::uint64_t kMagic = 0x3142525043464752u;  // "RGFCPRB1"

    constexpr PairView() = default;  // of an empty table: every look-up misses

    // Views a block that PairTable wrote; nothing is checked.
    explicit PairView(const NumberBlock& block) : line_count_(block.line_count), seed_(block.seed) {
        const auto* base = reinterpret_cast<const std::byte*>(&block);
        lines_ = reinterpret_cast<const PairLine*>(base + block.lines_offset);
        sets_ = MembershipView(reinterpret_cast<const SetPlace*>(base + block.narrow_offset),
                               reinterpret_cast<const ListIndex*>(base + block.heap_offset),
                               reinterpret_cast<const WideEntry*>(base + block.wide_offset),
                               block.wide_entries, block.seed);
    }

    // The payload of a pair; kNoList when it is on no list, and when either number is empty.
    // Threads: any thread, beside one writer.
    Payload find(SubscriberNumber pair) const {
        if (line_count_ == 0) return kNoList;
        const std::uint64_t hash = hash_pair(pair, seed_);
        return follow(pair, hash, NumberChain::key_class(hash), 0);
    }

    // The same from the line at `depth` of the pair's chain on, which `hash` picks. For batches.
    // Threads: any thread, beside one writer.
    Payload follow(SubscriberNumber pair, std::uint64_t hash, unsigned key_class,
                   unsigned depth) const {
        for (; depth < NumberChain::kMaxLines; ++depth) {
            const LineAnswer answer = probe_line(line(hash), pair, key_class);
            if (!answer.more) return answer.payload;
            hash = NumberChain::next(hash);
        }
        return kNoList;
    }

    // The lists, ascending, behind a payload that a find gave. Good as long as the block.
    // Threads: any thread, beside one writer.
    std::span<const ListIndex> lists(Payload payload) const {
        return sets_.lists(Number(), payload);
    }

    const PairLine& line(std::uint64_t hash) const {
        return lines_[NumberChain::line(hash, line_count_)];
    }
    const PairLine* lines() const { return lines_; }
    std::uint64_t line_count() const { return line_count_; }
    std::uint64_t seed() const { return seed_; }

private:
    const PairLine* lines_ = nullptr;
    std::uint64_t line_count_ = 0;
    std::uint64_t seed_ = 0;
    MembershipView sets_;
};

}  // namespace ringfence
