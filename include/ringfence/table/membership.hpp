// membership.hpp - the set of lists that a number is on, behind the 13 bits a slot has for it.
//
// A table of many lists holds few distinct sets. Each is stored once, and a slot's payload names it:
//
//     payload 0                no list
//     payload 1 .. 8190        narrow[payload] = place of the set in the heap
//     payload 8191 (kWide)     wide[rank]      = place of the set in the heap, one entry a number
//     heap                     list indexes, each set ascending; append-only
//
// When the narrow indexes have all been given out, further sets are reached through the side table by the
// number's rank: no set is ever refused for want of an index.
//
// Readers: a set, its place and (for a wide one) its side entry are complete before the release-store of the
// first slot that names them, and the reader acquired that slot; narrow entries and heap are never written
// again, so plain loads are free of races. A side entry's place may change while read: it is atomic, and each
// value of it is complete before it is stored. Side entries are never removed and never taken over by another
// number, so that a reader who saw kWide finds the entry; once the number is on few lists again the entry is
// out of date, and set right before kWide is stored anew. A read that overlaps a change may give the set from
// before or after it; one that starts when the change has returned gives the set after.
// Writers: one, src/table/membership_writer.cpp.
//
// Cost: 8 bytes a distinct narrow set, 16 bytes a side entry at a load of at most 1/2, 2 bytes a list of a set.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ringfence/base/hash.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence {

// A list, or a sub-list, of the policy.
using ListIndex = std::uint16_t;

// What a slot of the number table says about its number.
using Payload = std::uint16_t;

inline constexpr unsigned kPayloadBits = 13;
inline constexpr Payload kNoList = 0;
inline constexpr Payload kWide = (1u << kPayloadBits) - 1;
inline constexpr std::size_t kNarrowSets =
    kWide;  // entries of the narrow array; entry 0 is not used

// The hash of a number, by which tables place it. The first step, the same under every seed, breaks up numbers
// in a row: multiplied alone, they follow each other at one distance, and under an unlucky seed a hit in a table
// of whole blocks of ten thousand cost 1.21 lines in place of 1.10.
inline constexpr std::uint64_t kRankSpread = 0xD6E8FEB86659FD93u;
constexpr std::uint64_t hash_rank(std::uint64_t rank, std::uint64_t seed) {
    const std::uint64_t spread = rank * kRankSpread;
    return mix(spread ^ spread >> 32u, seed);
}

// Where a set lies in the heap: first index << 16 | how many. Never 0 for a set that a payload names.
using SetPlace = std::uint64_t;

struct WideEntry {
    std::atomic<std::uint64_t> rank;  // 0: free
    std::atomic<SetPlace> place;
};
static_assert(sizeof(WideEntry) == 16 && std::atomic<std::uint64_t>::is_always_lock_free);

class MembershipView {
public:
    constexpr MembershipView() = default;
    MembershipView(const SetPlace* narrow, const ListIndex* heap, const WideEntry* wide,
                   std::uint64_t wide_entries, std::uint64_t seed)
        : narrow_(narrow), heap_(heap), wide_(wide), wide_mask_(wide_entries - 1), seed_(seed) {}

    // The lists, ascending, behind a payload that a find of `number` gave under the same pin; empty for
    // kNoList. Good as long as the table.
    // Threads: any thread, beside one writer.
    std::span<const ListIndex> lists(Number number, Payload payload) const {
        if (payload == kNoList) return {};
        return at(payload == kWide ? wide_place(number) : narrow_[payload]);
    }

    // The set at `place`. Threads: any thread, beside one writer.
    std::span<const ListIndex> at(SetPlace place) const {
        return {heap_ + (place >> 16u), static_cast<std::size_t>(place & 0xFFFFu)};
    }

    // Where a narrow payload's set lies. Threads: any thread, beside one writer.
    SetPlace narrow_place(Payload payload) const { return narrow_[payload]; }

    // Where the set of a number whose slot says kWide lies. Threads: any thread, beside one writer.
    SetPlace wide_place(Number number) const {
        const std::uint64_t start = hash_rank(number.rank(), seed_);
        for (std::uint64_t i = 0; i <= wide_mask_; ++i) {
            const WideEntry& entry = wide_[(start + i) & wide_mask_];
            // acquire: pairs with the release-store of the rank in MembershipWriter::store_wide.
            const std::uint64_t rank = entry.rank.load(std::memory_order_acquire);
            // acquire: pairs with the release-store of the place there; the set it names is complete.
            if (rank == number.rank()) return entry.place.load(std::memory_order_acquire);
            if (rank == 0) break;
        }
        return 0;
    }

private:
    const SetPlace* narrow_ = nullptr;
    const ListIndex* heap_ = nullptr;
    const WideEntry* wide_ = nullptr;
    std::uint64_t wide_mask_ = 0;  // entries - 1; entries are a power of two
    std::uint64_t seed_ = 0;
};

}  // namespace ringfence
