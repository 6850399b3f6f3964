#include "src/table/membership_writer.hpp"

#include <algorithm>
#include <cassert>

namespace ringfence {
namespace {

std::uint64_t hash_of(std::span<const ListIndex> set, std::uint64_t seed) {
    std::uint64_t hash = seed ^ set.size();
    for (const ListIndex list : set) hash = mix(hash ^ list, seed);
    return hash;
}

}  // namespace

MembershipWriter::MembershipWriter(NumberBlock& block)
    : seed_(block.seed), heap_room_(block.heap_room), wide_entries_(block.wide_entries) {
    auto* base = reinterpret_cast<std::byte*>(&block);
    narrow_ = reinterpret_cast<SetPlace*>(base + block.narrow_offset);
    heap_ = reinterpret_cast<ListIndex*>(base + block.heap_offset);
    wide_ = reinterpret_cast<WideEntry*>(base + block.wide_offset);
    index_.resize(64);
}

// The entry that holds the set, or the free one where it belongs.
MembershipWriter::Indexed& MembershipWriter::slot_of(std::vector<Indexed>& index,
                                                     std::uint64_t hash,
                                                     std::span<const ListIndex> set) const {
    const std::size_t mask = index.size() - 1;
    for (std::size_t i = hash & mask;; i = (i + 1) & mask) {  // half of them are free
        Indexed& entry = index[i];
        if (entry.place == 0) return entry;
        if (entry.hash == hash && std::ranges::equal(at(entry.place), set)) return entry;
    }
}

void MembershipWriter::reserve_one() {
    if (2 * (indexed_ + 1) <= index_.size()) return;
    std::vector<Indexed> larger(index_.size() * 2);
    for (const Indexed& entry : index_)
        if (entry.place != 0) slot_of(larger, entry.hash, at(entry.place)) = entry;
    index_.swap(larger);
}

std::optional<SetName> MembershipWriter::name(std::span<const ListIndex> set, RoomFor room,
                                              bool narrow) {
    assert(!set.empty() && set.size() <= 0xFFFFu);
    const std::uint64_t hash = hash_of(set, seed_);
    if (const Indexed& known = slot_of(index_, hash, set); known.place != 0)
        return SetName{known.payload, known.place};

    const std::uint64_t limit = room == RoomFor::kOrders ? heap_room_ : heap_room_ - heap_room_ / 8;
    if (heap_used_ + set.size() > limit) return {};
    reserve_one();
    const SetPlace place = heap_used_ << 16u | set.size();
    std::ranges::copy(set, heap_ + heap_used_);
    heap_used_ += set.size();
    Payload payload = kWide;
    if (narrow && narrow_used_ < kNarrowSets) {
        payload = static_cast<Payload>(narrow_used_++);
        narrow_[payload] = place;
    }
    slot_of(index_, hash, set) = {place, hash, payload};
    ++indexed_;
    return SetName{payload, place};
}

bool MembershipWriter::adopt(SetPlace place, bool narrow) {
    const std::uint64_t hash = hash_of(at(place), seed_);
    reserve_one();
    Indexed& entry = slot_of(index_, hash, at(place));
    if (entry.place != 0) return false;
    Payload payload = kWide;
    if (narrow) {
        payload = static_cast<Payload>(narrow_used_++);
        narrow_[payload] = place;
    }
    entry = {place, hash, payload};
    ++indexed_;
    return true;
}

bool MembershipWriter::store_wide(std::uint64_t rank, SetPlace place, RoomFor room) {
    const std::uint64_t half = wide_entries_ / 2;
    const std::uint64_t limit = room == RoomFor::kOrders ? half : half - half / 8;
    const std::uint64_t start = hash_rank(rank, seed_);
    for (std::uint64_t i = 0;; ++i) {  // half of them are free
        WideEntry& entry = wide_[(start + i) & (wide_entries_ - 1)];
        // relaxed: the writer reads its own stores.
        const std::uint64_t held = entry.rank.load(std::memory_order_relaxed);
        if (held == rank) {
            // release: pairs with the acquire-load of the place in MembershipView::wide_place.
            entry.place.store(place, std::memory_order_release);
            return true;
        }
        if (held != 0) continue;
        if (wide_used_ + 1 > limit) return false;
        // release: as above. Nobody looks at the place before the rank is there.
        entry.place.store(place, std::memory_order_release);
        // release: pairs with the acquire-load of the rank in MembershipView::wide_place.
        entry.rank.store(rank, std::memory_order_release);
        ++wide_used_;
        return true;
    }
}

}  // namespace ringfence
