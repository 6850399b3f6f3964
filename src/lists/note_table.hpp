// note_table.hpp - rank of a number -> what is known of it, in 16 bytes a slot.
//
//     word 0    rank 50 | confidence 7 | source, upper 7        0: free
//     word 1    expires 32 | since 16 | source, lower 16
//
// Open addressing with linear probing. Small, it is one array; past kSplit numbers it is 256 of them, chosen by
// the hash, each of which grows by a quarter on its own: so the load stays between 0.68 and 0.85, growing never
// holds more than one 256th of the notes twice, and takes milliseconds at most.
//
// Cost: 19 to 24 bytes a number; a find is one cache miss.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "ringfence/base/time.hpp"

namespace ringfence {

struct KeptNote {
    static constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint32_t kMaxSource = (std::uint32_t{1} << 23u) - 1;
    static constexpr std::uint8_t kNoConfidence = 127;

    std::uint32_t expires = kNever;  // seconds since 1970
    std::uint32_t source = 0;        // number of a text; at most kMaxSource
    std::uint16_t since = 0;         // days since 1970; 0: not known
    std::uint8_t confidence = kNoConfidence;

    // Seconds since 1970, rounded up; 0 for all that is past, kNever for none and for what does not fit.
    // Threads: any thread.
    static std::uint32_t seconds_of(std::optional<Time> expires) {
        if (!expires) return kNever;
        const std::int64_t ms = to_ms(*expires);
        if (ms <= 0) return 0;
        const std::int64_t seconds = ms / 1000 + (ms % 1000 != 0);
        return seconds >= kNever ? kNever : static_cast<std::uint32_t>(seconds);
    }

    // The time that seconds stand for. Threads: any thread.
    static std::optional<Time> time_of(std::uint32_t seconds) {
        if (seconds == kNever) return {};
        return time_from_ms(std::int64_t{seconds} * 1000);
    }

    friend bool operator==(const KeptNote&, const KeptNote&) = default;
};

// Threads: one thread per object.
class NoteTable {
public:
    std::optional<KeptNote> find(std::uint64_t rank) const;

    // Asks the processor for the line that `find` will read.
    void prefetch(std::uint64_t rank) const;

    // Keeps the note, in place of one that was there. `rank` is not 0.
    void put(std::uint64_t rank, const KeptNote& note);

    bool erase(std::uint64_t rank);

    std::size_t size() const { return size_; }
    std::size_t memory_bytes() const;

    template <class Each>
    void each(const Each& each) const {
        for (const Segment& segment : segments_) {
            for (const Slot& slot : segment.slots)
                if (slot.words[0] != 0) each(slot.rank(), slot.note());
        }
    }

private:
    struct Slot {
        std::array<std::uint64_t, 2> words{};

        Slot() = default;
        Slot(std::uint64_t rank, const KeptNote& note);
        std::uint64_t rank() const { return words[0] >> 14u; }
        KeptNote note() const;
    };
    static_assert(sizeof(Slot) == 16);
    struct Segment {
        std::vector<Slot> slots;
        std::size_t used = 0;

        std::size_t home(std::uint64_t hash) const;
        std::size_t find(std::uint64_t rank,
                         std::uint64_t hash) const;      // its slot, or slots.size()
        void add(const Slot& slot, std::uint64_t hash);  // new; there is room
        void resize(std::size_t capacity);
    };
    static constexpr std::size_t kSplit = 65'536;
    static constexpr unsigned kSegmentBits = 8;

    std::size_t segment_of(std::uint64_t hash) const {
        return segments_.size() == 1 ? 0 : hash >> (64 - kSegmentBits);
    }
    void split();

    std::vector<Segment> segments_{1};
    std::size_t size_ = 0;
};

}  // namespace ringfence
