// number_settle.cpp - brings displaced numbers back towards the first line of their chain, beside readers.
//
// A number goes to a later line when the earlier ones are full. Room that comes free there is taken by others,
// and the number stays where it is: after eight turnovers at a load of 0.8 a look-up reads 1.38 lines in place
// of 1.09, however true the filter bits. Moving a number at once is not allowed: a reader who passed the
// earlier line before the copy and reaches the later one after the removal would miss a number that was there
// throughout. With a grace period between the two it is:
//
//     begin    copy to the earlier line: counters and bits of the lines before it, then the slot
//     ...      number in two places, i < j; each with its bits in the lines before it
//     grace    all finds that began before the copies were visible have ended
//     finish   the slot of the later place; then its counters and bits
//
// Sketch: a find that began before begin returned ends before finish, while line j holds the number and lines
// 0..j-1 its bits: it finds the number in i or in j. A find that began after begin returned sees the copy in
// line i (begin happened before it, by way of the epoch: R3 of sync/epoch.hpp), which stays: it ends there. Changes meanwhile are
// stored to both places before they return, the earlier first; an erase frees the earlier first, so that finds
// give the number until the later is gone too, and none does after. Payloads of kWide name one side entry.
#include <algorithm>
#include <new>

#include "src/table/number_writer.hpp"

namespace ringfence {

bool NumberTable::Writer::is_old_place(std::uint64_t rank, std::uint64_t line,
                                       unsigned slot) const {
    const auto old = old_places_.find(rank);
    return old != old_places_.end() && old->second.line == line && old->second.slot == slot;
}

// A free slot on the way to the place `here` of a key, whose depth is filled in.
std::optional<NumberTable::Writer::Spot> NumberTable::Writer::free_before(std::uint64_t rank,
                                                                          std::uint64_t line,
                                                                          Spot& here) const {
    std::optional<Spot> free;
    std::uint64_t hash = NumberChain::first(rank, view_.seed());
    unsigned depth = 0;
    for (; depth < NumberChain::kMaxLines && line_of(hash) != line; ++depth) {
        for (unsigned slot = 0; slot < NumberLine::kSlots && !free; ++slot) {
            const Spot spot{line_of(hash), slot, depth};
            if (NumberSlot::rank(word_at(spot)) == 0) free = spot;
        }
        hash = NumberChain::next(hash);
    }
    here.depth = depth;
    return free;
}

std::uint64_t NumberTable::Writer::begin_settling(std::uint64_t lines) {
    if (!old_places_.empty()) return 0;
    lines = std::min(lines, view_.line_count());
    try {
        for (; lines > 0; --lines, settle_next_ = (settle_next_ + 1) % view_.line_count()) {
            for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
                Spot here{settle_next_, slot, 0};
                const std::uint64_t word = word_at(here);
                const std::uint64_t rank = NumberSlot::rank(word);
                // A copy made in this step is met again in its new place: it stays there.
                if (rank == 0 || old_places_.contains(rank)) continue;
                const std::optional<Spot> free = free_before(rank, settle_next_, here);
                if (!free) continue;
                old_places_.emplace(rank, here);
                raise(rank, free->depth);
                store(*free, rank, NumberSlot::payload(word));
            }
        }
    } catch (const std::bad_alloc&) {
        // What was copied so far is settled; the rest another time.
    }
    return old_places_.size();
}

void NumberTable::Writer::finish_settling() {
    for (const auto& [rank, old] : old_places_) {
        store(old, 0, kNoList);
        lower(rank, old.depth);
    }
    old_places_.clear();
}

}  // namespace ringfence
