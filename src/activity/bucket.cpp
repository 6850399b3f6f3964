#include "src/activity/bucket.hpp"

#include "ringfence/base/hash.hpp"

namespace ringfence::activity {
namespace {

constexpr unsigned kKeyShift = 14;
constexpr unsigned kGenerationShift = 4;
constexpr std::uint64_t kBusy = 1;

constexpr std::uint64_t key_of(std::uint64_t word) { return word >> kKeyShift; }
constexpr bool is_busy(std::uint64_t word) { return (word & kBusy) != 0; }
constexpr std::uint32_t slot_generation(std::uint64_t word) {
    return static_cast<std::uint32_t>(word >> kGenerationShift) & kGenerationMask;
}
constexpr std::uint64_t slot_word(std::uint64_t key, std::uint32_t generation) {
    return key << kKeyShift | std::uint64_t{generation & kGenerationMask} << kGenerationShift;
}
constexpr std::uint64_t emptied(std::uint64_t word) { return slot_word(0, slot_generation(word)); }

// Resets one cell to `generation`; false when the slot has moved on.
bool reset_cell(std::atomic<std::uint64_t>& cell, std::uint32_t generation,
                const std::atomic<std::uint64_t>& slot, std::uint64_t word) {
    std::uint64_t seen = cell.load();
    while (generation_of(seen) != generation) {
        if (slot.load() != word) return false;
        if (cell.compare_exchange_weak(seen, empty_cell(generation))) return true;
    }
    return true;
}

}  // namespace

std::optional<Place> Bucket::find(std::uint64_t key) const {
    for (unsigned i = 0; i < kSlots; ++i) {
        const std::uint64_t word = slots_[i].load();
        if (key_of(word) == key && !is_busy(word)) return Place{i, slot_generation(word)};
    }
    return {};
}

std::optional<Place> Bucket::find_or_claim(std::uint64_t key, std::int64_t day, bool guest,
                                           Claimed& what) {
    for (unsigned tries = 0; tries < kTries; ++tries) {
        if (const auto place = find(key)) return place;
        bool helped = false;
        for (unsigned i = 0; i < kSlots; ++i) {
            const std::uint64_t word = slots_[i].load();
            if (!is_busy(word)) continue;
            complete(i, word);
            helped = true;
        }
        if (helped) continue;

        const Victim chosen = victim(key, day);
        if (is_busy(chosen.word)) continue;
        if (guest && chosen.left > 0) return {};
        const std::uint64_t mine = slot_word(key, slot_generation(chosen.word) + 1) | kBusy;
        if (!swap(chosen.slot, chosen.word, mine)) continue;
        // relaxed: advisory, see keep_until.
        keep_[chosen.slot].store(static_cast<std::uint16_t>(day), std::memory_order_relaxed);
        what.claimed = true;
        what.evicted = what.evicted || key_of(chosen.word) != 0;
        complete(chosen.slot, mine);
    }
    return {};
}

void Bucket::keep_until(unsigned slot, std::int64_t day, int days) {
    if (left(slot, day) >= days) return;
    // relaxed: paired with no other access; nothing but the choice of a victim hangs on it.
    keep_[slot].store(static_cast<std::uint16_t>(day + days), std::memory_order_relaxed);
}

unsigned Bucket::held() const {
    unsigned count = 0;
    for (unsigned i = 0; i < kSlots; ++i) count += key_of(slots_[i].load()) != 0;
    return count;
}

void Bucket::prefetch() const {
    __builtin_prefetch(&slots_[0]);
    __builtin_prefetch(&slots_[8]);
}

int Bucket::left(unsigned slot, std::int64_t day) const {
    // relaxed: see keep_until.
    const std::uint16_t keep = keep_[slot].load(std::memory_order_relaxed);
    const auto days = static_cast<std::int16_t>(keep - static_cast<std::uint16_t>(day));
    return days < 0 || days > kKeepMost ? 0 : days;  // further ahead: a clock had jumped
}

// The slot with the least left to keep, an empty one first, with the word by which it was chosen: the claim
// swaps against that word, or it could push out whoever took an empty slot in between. Ties turn with the
// key, so that a flood does not hit one slot only.
Bucket::Victim Bucket::victim(std::uint64_t key, std::int64_t day) const {
    constexpr std::uint64_t kTurn = 0x5A17;
    const auto turn = static_cast<unsigned>(mix(key, kTurn) % kSlots);
    Victim chosen{turn, kBusy, kKeepMost + 1};
    for (unsigned i = 0; i < kSlots; ++i) {
        const unsigned slot = (turn + i) % kSlots;
        const std::uint64_t word = slots_[slot].load();
        const int days = key_of(word) == 0 ? -1 : left(slot, day);
        if (days < chosen.left) chosen = {slot, word, days};
    }
    return chosen;
}

bool Bucket::reset(unsigned slot, std::uint64_t word) {
    const std::uint32_t generation = slot_generation(word);
    const auto all = [&](auto& cells) {
        for (auto& cell : cells)
            if (!reset_cell(cell, generation, slots_[slot], word)) return false;
        return true;
    };
    Record& record = records_[slot];
    return all(record.ten_minutes) && all(record.four_hours) && all(record.four_hours_in) &&
           all(record.peers) && reset_cell(record.devices, generation, slots_[slot], word);
}

void Bucket::complete(unsigned slot, std::uint64_t word) {
    if (!reset(slot, word)) return;
    for (unsigned tries = 0; tries < kTries; ++tries) {
        bool again = false;
        for (unsigned i = 0; i < kSlots && !again; ++i) {
            const std::uint64_t twin = slots_[i].load();
            if (i == slot || key_of(twin) != key_of(word)) continue;
            if (!is_busy(twin) || i < slot) {
                swap(slot, word, emptied(word));
                return;
            }
            again = !swap(i, twin, emptied(twin));
        }
        if (!again) {
            swap(slot, word, word & ~kBusy);
            return;
        }
        if (slots_[slot].load() != word) return;
    }
}

}  // namespace ringfence::activity
