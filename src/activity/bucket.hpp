// bucket.hpp - fifteen numbers and their records in one page, and how a number gets and loses its place.
//
//     slot   key 50 | generation 10 | unused 3 | busy 1        key 0: empty
//
//     claim    CAS slot -> {key, generation + 1, busy}         from now the old owner's updates fail or
//              CAS every cell -> {generation + 1}, once        land on cells that are about to be reset
//              scan the slots for the same key                 of two busy claims the lower slot wins
//              CAS slot -> not busy
//
// Anyone who meets a busy slot completes it, so a thread that stops midway holds nobody up.
//
// Why no key is ever ready twice: both claims of a key are published by a seq_cst CAS before their claimant
// scans, so at least one of the two sees the other. A claim that sees a ready twin, or a busy one in a
// lower slot, empties its own slot; one that sees a busy twin in a higher slot empties that first, and if
// it became ready meanwhile, gives way. Why a count never lands on another number: it is a CAS on a word
// that holds the generation; a stale one fails, unless the slot was claimed 1,024 times, or a multiple of it,
// while its thread stood still: minutes at millions of new numbers a second in a table of a gigabyte.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "src/activity/cell.hpp"

namespace ringfence::activity {

// 32 cells, zero when new.
struct Record {
    static constexpr unsigned kPeerCells = 10;
    static constexpr unsigned kCells = 3 * kRing + kPeerCells + 1;

    std::array<std::atomic<std::uint64_t>, kRing> ten_minutes{};
    std::array<std::atomic<std::uint64_t>, kRing> four_hours{};
    std::array<std::atomic<std::uint64_t>, kRing> four_hours_in{};
    std::array<std::atomic<std::uint64_t>, kPeerCells> peers{};
    std::atomic<std::uint64_t> devices{};
};
static_assert(sizeof(Record) == 256 && sizeof(Record) == 8 * Record::kCells);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

// A number's place: valid while the slot still holds this word.
struct Place {
    unsigned slot = 0;
    std::uint32_t generation = 0;
};

// What a claim did, for the counters.
struct Claimed {
    bool claimed = false;
    bool evicted = false;
};

class alignas(4096) Bucket {
public:
    static constexpr unsigned kSlots = 15;
    static constexpr int kKeepMost = 30;  // days
    static constexpr unsigned kTries = 256;

    // Where `key` is, if anywhere.
    std::optional<Place> find(std::uint64_t key) const;

    // Where `key` is; claims a slot for it when it has none. `day` is today. A `guest` (a number that was
    // only called) takes a slot only from one that has nothing left to keep. None when there was no
    // such slot, or when the bucket changed under every one of kTries tries.
    std::optional<Place> find_or_claim(std::uint64_t key, std::int64_t day, bool guest,
                                       Claimed& what);

    Record& record(unsigned slot) { return records_[slot]; }
    const Record& record(unsigned slot) const { return records_[slot]; }

    // Keeps the number at least until that day. Advisory: a race costs a worse choice of whom to evict.
    void keep_until(unsigned slot, std::int64_t day, int days);

    unsigned held() const;
    void prefetch() const;

private:
    struct Victim {
        unsigned slot;
        std::uint64_t word;
        int left;  // -1: empty
    };
    // What the number in a slot still has to keep, in days.
    int left(unsigned slot, std::int64_t day) const;
    Victim victim(std::uint64_t key, std::int64_t day) const;
    bool reset(unsigned slot, std::uint64_t word);
    void complete(unsigned slot, std::uint64_t word);
    bool swap(unsigned slot, std::uint64_t from, std::uint64_t to) {
        return slots_[slot].compare_exchange_strong(from, to);
    }

    std::array<std::atomic<std::uint64_t>, kSlots + 1> slots_{};  // the last is never used
    std::array<std::atomic<std::uint16_t>, kSlots + 1> keep_{};   // day, cut to 16 bits
    alignas(256) std::array<Record, kSlots> records_{};
};
static_assert(sizeof(Bucket) == 4096);

}  // namespace ringfence::activity
