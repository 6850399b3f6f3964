// shared_pins.hpp - readers of several processes and one writer share two arenas, of which one is always whole.
//
// The words lie in memory that all of them map. The writer fills the arena that nobody can hold and then says so in one
// word; a reader says in a line of its own what it may hold. No lock, no system call, no pointer.
//
//     current    | 7 |                            the generation published last; it lies in arena 7 & 1. 0: none yet
//     writer     | owner |                        who writes; 0: nobody
//     slots      | owner, pinned | ...            a cache line a reader; pinned 0: holds nothing
//
//     reader                                      writer, to publish g + 1 beside g
//     R1  e = current             acquire         W1  every slot: pinned is 0 or >= g    seq_cst, or wait
//     R2  pinned = e              seq_cst         W2  fill arena (g + 1) & 1, where g - 1 was
//     R3  c = current             seq_cst         W3  current = g + 1                    seq_cst
//     R4  use arena c & 1
//     R5  pinned = 0              release
//
// Why W2 is safe. Suppose a reader uses generation k, and the writer wants to fill k's arena, with k + 2. R1 is not
// later than R3 and `current` only grows, so e <= k. (a) R3 gave k and not k + 1: so R2 < R3 < W3 of k + 1 < W1 of k + 2 in
// the single order S of seq_cst operations, and W1 finds what R2 stored or something later. What R2 stored is e <= k,
// and W1 wants k + 1: it waits. Something later, the 0 of R5 or a later R2, is a release store behind R4, W1
// acquires, and so R4 happens before W2. (b) A pin whose R2 comes after W1 in S is not seen, and needs not be: its R3 is
// later than W1, and so than W3 of k + 1, and gives k + 1 or more. R3 reads what W3 stored, so that all of W2 happens
// before R4. R1 may be as old as it likes: a pin that is too old keeps more, never less. An e of 0 is no pin: then
// nothing was published, and the reader leaves it at that. (tests/memory_model/shared_arena.c.)
//
// Owners. A slot, and the writer's place, belong to the process whose name stands in `owner`: a number that no other
// process ever has (src/image/process_name.hpp: its id and when it began). A slot that a killed reader left is taken over:
//
//     O1  owner: the dead one's name -> mine      compare and exchange; of several who see it dead one gets it
//     O2  pinned = 0                              release
//     O3  owner = 0, or go on as its owner        release
//
// Only the owner ever stores to `pinned`, so that nobody clears the pin of who came next; who dies between O1 and O3
// is taken over in turn. O2 comes before O3, and who takes the slot acquires O3, so that its own pins come later
// (tests/memory_model/shared_reclaim.c).
//
// A writer that was killed left the arena that nobody holds half filled, and `current` as it was: the last good generation
// goes on serving, and the next writer fills the arena anew. Nothing has to be repaired.
//
// Readers: wait-free, three loads and stores. A reader that sleeps while pinned keeps the writer from publishing more
// than once, and stops no reader. Writer: a scan is as long as there are slots.
//
// What lies in the words may be anything, if a process went wild: a pin then gives a generation that was never
// published. Whoever uses an arena compares. The writer goes by what it published itself, and stops when `current` says another thing.
// A slot that is pinned and names nobody: its reader may live and read, so it is neither cleared nor given out, and the writer stops. A reader whose slot
// names another has lost it, and pins no more.
//
// Cost: a pin and unpin 5 to 10 ns (one locked store); 64 bytes a slot.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "ringfence/base/cache_line.hpp"

namespace ringfence {

struct SharedPinSlot {
    alignas(kCacheLine) std::atomic<std::uint64_t> owner{0};
    std::atomic<std::uint64_t> pinned{0};
    std::atomic<std::uint64_t> turn{0};  // how often it was given out
};
static_assert(sizeof(SharedPinSlot) == kCacheLine);

struct SharedPinWords {
    alignas(kCacheLine) std::atomic<std::uint64_t> current{0};
    alignas(kCacheLine) std::atomic<std::uint64_t> writer{0};
};
static_assert(sizeof(SharedPinWords) == 2 * kCacheLine);
static_assert(
    std::atomic<std::uint64_t>::is_always_lock_free);  // or they would not work between processes

// A view of the words; copies are cheap. Good as long as the memory.
class SharedPins {
public:
    using Owner = std::uint64_t;  // 0: nobody
    using IsGone =
        bool (*)(Owner) noexcept;  // whether that process is no more; never true of one that is

    SharedPins(SharedPinWords& words, std::span<SharedPinSlot> slots, IsGone is_gone)
        : words_(&words), slots_(slots), is_gone_(is_gone) {}

    // A slot for one reader of the process `me`, to be given back; none when living processes have them all.
    // Threads: any thread.
    std::optional<unsigned> claim_slot(Owner me) const;

    // Threads: the slot's reader, not pinned.
    void release_slot(unsigned slot) const {
        slots_[slot].pinned.store(0, std::memory_order_release);  // as O2
        // release: pairs with the acquire of take(); the slot's former pins come before.
        slots_[slot].owner.store(0, std::memory_order_release);
    }

    // Which time it is that the slot was given out. Threads: the slot's reader; any other, stale at once.
    std::uint64_t turn(unsigned slot) const {
        return slots_[slot].turn.load(std::memory_order_relaxed);  // orders nothing by itself
    }
    // Whether the slot is still what `me` was given at that turn; else it is damaged, and may be another reader's.
    // Threads: the slot's reader.
    bool owns(unsigned slot, Owner me, std::uint64_t turn) const {
        return owner(slot) == me && this->turn(slot) == turn;
    }

    // The generation that the reader may use until `unpin`, 0 when none was published. Threads: the slot's reader, which owns it.
    std::uint64_t pin(unsigned slot) const {
        // acquire: with R3 it reads one word in the order in which that was written.
        const std::uint64_t seen = words_->current.load(std::memory_order_acquire);
        if (seen == 0) return 0;
        slots_[slot].pinned.store(seen, std::memory_order_seq_cst);  // R2: its pair is W1
        return words_->current.load(std::memory_order_seq_cst);      // R3: its pair is W3
    }
    // Threads: the slot's reader.
    void unpin(unsigned slot) const {
        slots_[slot].pinned.store(0, std::memory_order_release);  // R5: pairs with W1
    }

    // Makes `me` the writer; false when a living process is. Threads: any thread.
    bool claim_writer(Owner me) const { return take(words_->writer, me); }
    // Who is, 0 when nobody. Threads: any thread; stale at once.
    Owner writer() const { return words_->writer.load(std::memory_order_relaxed); }
    // Threads: the writer.
    void release_writer() const {
        // release: pairs with the acquire of take(); what this writer did comes before what the next one does.
        words_->writer.store(0, std::memory_order_release);
    }

    // The generation published last. Threads: any thread; stale at once but for the writer.
    std::uint64_t current() const { return words_->current.load(std::memory_order_acquire); }

    // Whether the slot is pinned and names nobody. Threads: any thread.
    bool is_damaged(unsigned slot) const {
        // A slot of nobody may be given out, pinned and even given back between two looks; its turn tells. acquire: pairs with the release of
        // claim_slot, so that this turn's owner or a later one is seen.
        const std::uint64_t before = slots_[slot].turn.load(std::memory_order_acquire);
        // acquire: pairs with the release of release_slot, where the pin was cleared before the owner; and with R2, so that the turn
        // of who pinned is seen.
        return slots_[slot].owner.load(std::memory_order_acquire) == 0 &&
               slots_[slot].pinned.load(std::memory_order_acquire) != 0 && turn(slot) == before;
    }

    // A slot whose reader may hold the arena that goes to the next generation after `now`, or none: then it may be filled (W1).
    // `now` is what the writer published last, as it remembers: the word may be damaged. Slots of processes that are no more are taken over and cleared on the way, for `me`.
    // Threads: the writer.
    std::optional<unsigned> in_the_way(Owner me, std::uint64_t now) const;

    // Makes the next generation, whose arena was filled, the current one (W3).
    // Threads: the writer.
    void publish(std::uint64_t next) const {
        words_->current.store(next, std::memory_order_seq_cst);
    }

    // Whose the slot is, 0 when nobody's. Threads: any thread; stale at once.
    Owner owner(unsigned slot) const {
        return slots_[slot].owner.load(std::memory_order_relaxed);  // a figure, orders nothing
    }
    unsigned slots() const { return static_cast<unsigned>(slots_.size()); }

private:
    // Makes `me` the owner in place of nobody, or of a process that is no more.
    bool take(std::atomic<std::uint64_t>& owner, Owner me) const {
        std::uint64_t held = owner.load(std::memory_order_relaxed);  // the exchange below decides
        if (held != 0 && !is_gone_(held)) return false;
        // acquire: pairs with the release of who gave it up, and of O3.
        return owner.compare_exchange_strong(held, me, std::memory_order_acq_rel,
                                             std::memory_order_relaxed);
    }

    SharedPinWords* words_;
    std::span<SharedPinSlot> slots_;
    IsGone is_gone_;
};

inline std::optional<unsigned> SharedPins::claim_slot(Owner me) const {
    for (const bool dead_ones : {false, true}) {  // asking whether a process lives is slow
        for (unsigned i = 0; i < slots_.size(); ++i) {
            if (!dead_ones && owner(i) != 0) continue;
            if (is_damaged(i) || !take(slots_[i].owner, me)) continue;
            slots_[i].pinned.store(0, std::memory_order_release);          // O2
            slots_[i].turn.store(turn(i) + 1, std::memory_order_release);  // pairs with is_damaged
            return i;
        }
    }
    return {};
}

inline std::optional<unsigned> SharedPins::in_the_way(Owner me, std::uint64_t now) const {
    for (unsigned i = 0; i < slots_.size(); ++i) {
        const auto holds = [&] {
            const std::uint64_t pinned = slots_[i].pinned.load(std::memory_order_seq_cst);  // W1
            return pinned != 0 && pinned < now;
        };
        if (!holds()) continue;
        if (!is_damaged(i) && take(slots_[i].owner, me)) release_slot(i);  // O1 to O3
        if (holds()) return i;
    }
    return {};
}

}  // namespace ringfence
