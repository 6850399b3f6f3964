// membership_writer.hpp - the writing side of membership.hpp: finds or writes down a set, and names it.
//
//     index_   hash of a set's lists -> {place, payload}      open addressing, the writer's alone
//
// A set is written to the heap once and never again, so an index keeps its meaning. Memory is reserved before
// anything is changed: a std::bad_alloc leaves all as it was.
//
// Threads: the writer alone; readers see what it stores by the rules of membership.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ringfence/table/number_table.hpp"

namespace ringfence {

// What a set is called. A wide one has a place alone: its payload is kWide.
struct SetName {
    Payload payload = kNoList;
    SetPlace place = 0;
};

class MembershipWriter {
public:
    // Where to write; all zero at first. `block` outlives this.
    explicit MembershipWriter(NumberBlock& block);

    // The name of a set (ascending, not empty, at most 65,535 lists); written down when it is new. None when
    // the heap has no room for it. With `narrow` false a new set gets no narrow index.
    std::optional<SetName> name(std::span<const ListIndex> set, RoomFor room, bool narrow = true);

    // Takes over a set that stands in the heap, where `place` says: under the next narrow name, or under none. False
    // when the same set was there before.
    bool adopt(SetPlace place, bool narrow);
    void adopt_heap(std::uint64_t used) { heap_used_ = used; }

    // Makes the side entry of a number say `place`. False when there is no room for one more.
    bool store_wide(std::uint64_t rank, SetPlace place, RoomFor room);

    std::uint64_t narrow_used() const { return narrow_used_ - 1; }
    std::uint64_t wide_used() const { return wide_used_; }
    std::uint64_t heap_used() const { return heap_used_; }
    std::size_t writer_bytes() const { return index_.capacity() * sizeof(Indexed); }

private:
    struct Indexed {
        SetPlace place = 0;  // 0: free
        std::uint64_t hash = 0;
        Payload payload = kNoList;
    };

    std::span<const ListIndex> at(SetPlace place) const {
        return {heap_ + (place >> 16u), static_cast<std::size_t>(place & 0xFFFFu)};
    }
    Indexed& slot_of(std::vector<Indexed>& index, std::uint64_t hash,
                     std::span<const ListIndex> set) const;
    void reserve_one();

    SetPlace* narrow_;
    ListIndex* heap_;
    WideEntry* wide_;
    std::uint64_t seed_;
    std::uint64_t heap_room_;
    std::uint64_t wide_entries_;
    std::uint64_t narrow_used_ = 1;  // the next narrow payload; 0 means no list
    std::uint64_t heap_used_ = 0;
    std::uint64_t wide_used_ = 0;
    std::vector<Indexed> index_;
    std::size_t indexed_ = 0;
};

}  // namespace ringfence
