#include "src/lists/note_table.hpp"

#include <algorithm>
#include <new>
#include <random>
#include <utility>

#include "ringfence/base/hash.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kFewest = 8;  // slots of an array that is in use

// Against lists whose numbers were chosen to collide; one for the process, since nothing is kept by it.
std::uint64_t hash_of(std::uint64_t rank) {
    static const std::uint64_t kSeed = [] {
        std::random_device device;
        return std::uint64_t{device()} << 32u | device();
    }();
    // Twice, because the place comes from the upper bits, which one multiply leaves too regular.
    return mix(mix(rank, kSeed), ~kSeed);
}

}  // namespace

NoteTable::Slot::Slot(std::uint64_t rank, const KeptNote& note)
    : words{rank << 14u | std::uint64_t{note.confidence} << 7u | note.source >> 16u,
            std::uint64_t{note.expires} << 32u | std::uint64_t{note.since} << 16u |
                (note.source & 0xFFFFu)} {}

KeptNote NoteTable::Slot::note() const {
    KeptNote note;
    note.expires = static_cast<std::uint32_t>(words[1] >> 32u);
    note.since = static_cast<std::uint16_t>(words[1] >> 16u);
    note.source = static_cast<std::uint32_t>((words[0] & 0x7Fu) << 16u | (words[1] & 0xFFFFu));
    note.confidence = static_cast<std::uint8_t>(words[0] >> 7u & 0x7Fu);
    return note;
}

// By the bits that did not choose the segment.
std::size_t NoteTable::Segment::home(std::uint64_t hash) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>(static_cast<Wide>(hash << kSegmentBits) * slots.size() >> 64u);
}

std::size_t NoteTable::Segment::find(std::uint64_t rank, std::uint64_t hash) const {
    if (used == 0) return slots.size();
    // A free slot is always there: the load is at most 0.85.
    for (std::size_t at = home(hash);; at = at + 1 == slots.size() ? 0 : at + 1) {
        if (slots[at].words[0] == 0) return slots.size();
        if (slots[at].rank() == rank) return at;
    }
}

void NoteTable::Segment::add(const Slot& slot, std::uint64_t hash) {
    std::size_t at = home(hash);
    while (slots[at].words[0] != 0) at = at + 1 == slots.size() ? 0 : at + 1;
    slots[at] = slot;
    ++used;
}

void NoteTable::Segment::resize(std::size_t capacity) {
    const std::vector<Slot> old = std::exchange(slots, std::vector<Slot>(capacity));
    used = 0;
    for (const Slot& slot : old)
        if (slot.words[0] != 0) add(slot, hash_of(slot.rank()));
}

std::optional<KeptNote> NoteTable::find(std::uint64_t rank) const {
    const std::uint64_t hash = hash_of(rank);
    const Segment& segment = segments_[segment_of(hash)];
    const std::size_t at = segment.find(rank, hash);
    if (at == segment.slots.size()) return {};
    return segment.slots[at].note();
}

void NoteTable::prefetch(std::uint64_t rank) const {
    const std::uint64_t hash = hash_of(rank);
    const Segment& segment = segments_[segment_of(hash)];
    if (segment.used != 0) __builtin_prefetch(segment.slots.data() + segment.home(hash));
}

void NoteTable::put(std::uint64_t rank, const KeptNote& note) {
    const std::uint64_t hash = hash_of(rank);
    if (segments_.size() == 1 && size_ >= kSplit) split();
    Segment& segment = segments_[segment_of(hash)];
    const Slot slot(rank, note);
    if (const std::size_t at = segment.find(rank, hash); at != segment.slots.size()) {
        segment.slots[at] = slot;
        return;
    }
    if ((segment.used + 1) * 100 > segment.slots.size() * 85)
        segment.resize(std::max(kFewest, segment.slots.size() + segment.slots.size() / 4));
    segment.add(slot, hash);
    ++size_;
}

bool NoteTable::erase(std::uint64_t rank) {
    const std::uint64_t hash = hash_of(rank);
    Segment& segment = segments_[segment_of(hash)];
    std::vector<Slot>& slots = segment.slots;
    std::size_t hole = segment.find(rank, hash);
    if (hole == slots.size()) return false;
    // Closes the gap: what lies behind, up to the next free slot, moves up where it may stand.
    const auto steps = [&](std::size_t from, std::size_t to) {
        return to >= from ? to - from : to + slots.size() - from;
    };
    for (std::size_t at = hole;;) {
        at = at + 1 == slots.size() ? 0 : at + 1;
        if (slots[at].words[0] == 0) break;
        if (steps(segment.home(hash_of(slots[at].rank())), at) < steps(hole, at)) continue;
        slots[hole] = slots[at];
        hole = at;
    }
    slots[hole] = {};
    --segment.used;
    --size_;
    if (segment.used * 4 < slots.size() && slots.size() > 4 * kFewest) {
        try {
            segment.resize(std::max(kFewest, segment.used * 3 / 2));
        } catch (const std::bad_alloc&) {
            // It stays as large as it is.
        }
    }
    return true;
}

void NoteTable::split() {
    NoteTable parts;  // aside: there may be no memory for it
    parts.segments_ = std::vector<Segment>(std::size_t{1} << kSegmentBits);
    for (Segment& segment : parts.segments_) segment.resize(2 * kSplit >> kSegmentBits);
    for (const Slot& slot : segments_[0].slots)
        if (slot.words[0] != 0) parts.put(slot.rank(), slot.note());
    *this = std::move(parts);
}

std::size_t NoteTable::memory_bytes() const {
    std::size_t bytes = segments_.capacity() * sizeof(Segment);
    for (const Segment& segment : segments_) bytes += segment.slots.capacity() * sizeof(Slot);
    return bytes;
}

}  // namespace ringfence
