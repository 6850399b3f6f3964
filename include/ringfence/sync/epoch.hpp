// epoch.hpp - says which readers may still hold what a writer has taken out of sight.
//
// A reader pins the epoch before it looks at anything published, and unpins when it is done; a
// writer that replaced something may free it once no pin is as old as the replacement. Readers
// never wait, and a pin costs one store. Snapshot (snapshot.hpp) is the usual way to use this.
//
//     epoch_    | 7 |                           the current epoch, only ever advanced
//     slots_    | 0 | 7 | 5 | 0 | ... 1024      a cache line a reader: its pinned epoch, 0 = not pinned
//
//     reader                                    writer
//     R1  e = epoch_                            W1  old = exchange(current, next)    seq_cst
//     R2  slot = e               seq_cst        W2  r = epoch_++                     seq_cst
//     R3  look at epoch_ again   seq_cst        W3  read every slot                  seq_cst
//     R4  p = current            seq_cst        W4  free old if no slot is in 1..r
//     R5  use *p
//     R6  slot = 0               release
//
// Why W4 is safe. Suppose a reader's R4 gave `old`. Then R4 comes before W1 in the single order S
// of the seq_cst operations, so R2 < R4 < W1 < W2 < W3 in S, and W3 finds in the slot what R2
// stored or something later. (a) What R2 stored: e <= r, because a reader whose R1 read r + 1 would
// have synchronized with W2, seen W1, and not got `old` at R4. So `old` is kept. (b) Something
// later, the 0 of R6 or a later pin of that reader: both are release stores that follow R5, W3
// acquires, so R5 happens before the free. An epoch read long before it is stored (the thread slept
// between R1 and R2) is only too old: it keeps more, never less. A pin inside a pin leaves the
// older epoch standing, which is e <= r just as well. R2 must not be weaker than seq_cst: with a
// release store R4 may be done first, W3 misses the slot, and the reader is left with freed memory
// (tests/memory_model/epoch_pin.c).
//
// What R3 is for. A pin that W3 missed sees all that the writer did before W2, whatever word it lies
// in: R2 is later in S than W3, so R3 is later than W2, reads r + 1 or more, and synchronizes with
// it. R1 will not do, it may have been long before; nor will R4, unless `current` itself changed.
// A number table that moves an entry in two steps, beside readers, rests on it
// (tests/memory_model/settling.c fails without).
//
// Lock-free: a reader's steps are a fixed number of loads and stores; a writer's scan is bounded by
// the slots ever used. A reader that sleeps while pinned keeps memory from being freed, and stops
// nobody.
//
// Before an EpochDomain dies, its ReaderSlots and the Snapshots that use it must be gone.
//
// Cost: a pin about 5-10 ns (one locked store, two loads of one line), an unpin one plain store; 64 bytes a slot.
// Source: K. Fraser, "Practical lock-freedom" (2004) 5.2.3, with one epoch a retirement instead of
// three.
#pragma once

#include <array>
#include <atomic>
#include <cassert>
#include <cstdint>
#include <limits>
#include <utility>

#include "ringfence/base/cache_line.hpp"
#include "ringfence/base/result.hpp"

namespace ringfence {

class ReaderSlot;

class EpochDomain {
public:
    static constexpr unsigned kMaxReaders = 1024;

    // What oldest_pin gives when nobody is pinned.
    static constexpr std::uint64_t kNoPin = std::numeric_limits<std::uint64_t>::max();

    EpochDomain() = default;
    EpochDomain(const EpochDomain&) = delete;
    EpochDomain& operator=(const EpochDomain&) = delete;

    // A slot for one reader, kept until it is destroyed. Fails with kFull when kMaxReaders are
    // held.
    // Threads: any thread.
    Result<ReaderSlot> register_reader();

    // Ends the current epoch and gives its number: whatever was taken out of sight before this call
    // may be freed once oldest_pin() is greater.
    // Threads: any thread.
    std::uint64_t advance() { return epoch_.fetch_add(1, std::memory_order_seq_cst); }

    // The oldest epoch that a reader has pinned, or kNoPin.
    // Threads: any thread.
    std::uint64_t oldest_pin() const;

    // Readers registered now. Threads: any thread; a figure for operators, stale at once.
    unsigned readers() const { return readers_.load(std::memory_order_relaxed); }

private:
    friend class ReaderSlot;

    struct alignas(kCacheLine) Slot {
        std::atomic<std::uint64_t> pinned{0};
        std::atomic<bool> taken{false};
    };
    static_assert(sizeof(Slot) == kCacheLine);

    void give_back(unsigned index);

    alignas(kCacheLine) std::atomic<std::uint64_t> epoch_{1};
    std::atomic<unsigned> used_{0};     // slots at and past this one were never taken
    std::atomic<unsigned> readers_{0};  // relaxed everywhere: a figure, orders nothing
    std::array<Slot, kMaxReaders> slots_;
};

// One reader's place in a domain. Movable while not pinned.
// Threads: one thread per object.
class ReaderSlot {
public:
    ReaderSlot(ReaderSlot&& other) noexcept
        : domain_(std::exchange(other.domain_, nullptr)), index_(other.index_) {
        assert(other.depth_ == 0);
    }
    ReaderSlot& operator=(ReaderSlot&& other) noexcept {
        assert(depth_ == 0 && other.depth_ == 0);
        std::swap(domain_, other.domain_);
        std::swap(index_, other.index_);
        return *this;
    }
    ~ReaderSlot() {
        assert(depth_ == 0);
        if (domain_ != nullptr) domain_->give_back(index_);
    }

    bool pinned() const { return depth_ != 0; }
    unsigned index() const { return index_; }
    const EpochDomain* domain() const { return domain_; }

private:
    friend class EpochDomain;
    friend class Pin;

    ReaderSlot(EpochDomain* domain, unsigned index) : domain_(domain), index_(index) {}

    void pin() {
        if (depth_++ != 0) return;
        // acquire: pairs with the fetch_add of advance(); see (a) of the file comment.
        const std::uint64_t epoch = domain_->epoch_.load(std::memory_order_acquire);
        domain_->slots_[index_].pinned.store(epoch, std::memory_order_seq_cst);
        static_cast<void>(domain_->epoch_.load(std::memory_order_seq_cst));  // R3
    }
    void unpin() {
        if (--depth_ != 0) return;
        // release: pairs with the load of oldest_pin(); see (b) of the file comment.
        domain_->slots_[index_].pinned.store(0, std::memory_order_release);
    }

    EpochDomain* domain_;
    unsigned index_;
    unsigned depth_ = 0;
};

// While it lives, nothing that its reader loads from a snapshot is freed. Pins nest; keep one for a
// call or a chunk of calls, never for the time a caller thinks.
// Threads: the thread of its ReaderSlot.
class [[nodiscard]] Pin {
public:
    explicit Pin(ReaderSlot& reader) : reader_(reader) { reader_.pin(); }
    ~Pin() { reader_.unpin(); }
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

    const EpochDomain* domain() const { return reader_.domain(); }

private:
    ReaderSlot& reader_;
};

inline Result<ReaderSlot> EpochDomain::register_reader() {
    for (unsigned i = 0; i < kMaxReaders; ++i) {
        // acquire: pairs with the release of give_back(), so the former owner is done with the
        // slot.
        if (slots_[i].taken.load(std::memory_order_relaxed) ||
            slots_[i].taken.exchange(true, std::memory_order_acquire)) {
            continue;
        }
        // seq_cst, and before the slot's first R2: a scan that must see the pin sees the slot in
        // range.
        unsigned used = used_.load(std::memory_order_seq_cst);
        while (used <= i && !used_.compare_exchange_weak(used, i + 1, std::memory_order_seq_cst)) {
        }
        readers_.fetch_add(1, std::memory_order_relaxed);
        return ReaderSlot(this, i);
    }
    return Error{ErrorCode::kFull,
                 "all 1024 reader slots are taken; close sessions that are not used"};
}

inline void EpochDomain::give_back(unsigned index) {
    readers_.fetch_sub(1, std::memory_order_relaxed);
    // release: pairs with the acquire of register_reader().
    slots_[index].taken.store(false, std::memory_order_release);
}

inline std::uint64_t EpochDomain::oldest_pin() const {
    const unsigned used = used_.load(std::memory_order_seq_cst);
    std::uint64_t oldest = kNoPin;
    for (unsigned i = 0; i < used; ++i) {
        const std::uint64_t pinned = slots_[i].pinned.load(std::memory_order_seq_cst);
        if (pinned != 0 && pinned < oldest) oldest = pinned;
    }
    return oldest;
}

}  // namespace ringfence
