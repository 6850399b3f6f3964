// snapshot.hpp - one published value that a writer replaces while readers use it.
//
//     current_ ---> T (generation 9)      what readers load
//     retired_      T (8) until no pin is <= r8,  T (7) until no pin is <= r7       at most two
//
// Readers: `load` under a Pin of the same EpochDomain; the pointer is good until that pin ends. Two
// loads under one pin may give two generations: load once, and hand the pointer down.
// Writers: one at a time. `publish` makes the new value visible at once and retires the old one;
// what a pin can still hold is freed by a later `publish` or `reclaim`. Why that is safe stands in
// epoch.hpp.
// Destruction: no reader may be pinned who loaded from this snapshot.
//
// T may be const (a policy) or not (tables that one writer changes under readers by rules of their
// own).
//
// Cost: a load is one plain load on x86-64; a publish scans the reader slots in use.
#pragma once

#include <array>
#include <atomic>
#include <cassert>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "ringfence/base/result.hpp"
#include "ringfence/sync/epoch.hpp"
#include "ringfence/sync/patience.hpp"

namespace ringfence {

template <class T>
class Snapshot {
public:
    static constexpr unsigned kMaxRetired = 2;

    // `first` may be null: then load gives null until something is published. `domain` must outlive
    // this.
    Snapshot(EpochDomain& domain, std::unique_ptr<T> first)
        : domain_(domain), current_(first.release()) {}
    ~Snapshot() { delete current_.load(std::memory_order_relaxed); }  // relaxed: no reader is left
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    // The value published last, or null; good until `pin` ends.
    // Threads: any thread, each with a pin of its own.
    T* load(const Pin& pin) const {
        assert(pin.domain() == &domain_);
        static_cast<void>(pin);
        // seq_cst: R4 of epoch.hpp; its pair is the exchange of publish().
        return current_.load(std::memory_order_seq_cst);
    }

    // Replaces the value. Fails with kBusy, leaving `next` and the published value as they were,
    // while two older ones are still pinned; it then asks again for about `patience` (patience.hpp).
    // Threads: one writer, many readers.
    Status publish(std::unique_ptr<T>&& next, std::chrono::milliseconds patience = {}) {
        for (Patience left(patience); reclaim() == kMaxRetired;)
            if (!left.again())
                return Error{ErrorCode::kBusy, "two older generations are still in use; try again"};
        // seq_cst: W1 and W2 of epoch.hpp, in this order.
        std::unique_ptr<T> old(current_.exchange(next.release(), std::memory_order_seq_cst));
        const std::uint64_t epoch = domain_.advance();
        if (old) retired_[retired_count_++] = {std::move(old), epoch};
        reclaim();
        return ok();
    }

    // Frees what no pin can hold; gives how many retired values are left.
    // Threads: the writer.
    unsigned reclaim() {
        if (retired_count_ == 0) return 0;
        const std::uint64_t oldest = domain_.oldest_pin();
        unsigned kept = 0;
        for (unsigned i = 0; i < retired_count_; ++i) {
            if (retired_[i].epoch < oldest) {
                retired_[i].value.reset();
            } else if (i != kept++) {
                retired_[kept - 1] = std::move(retired_[i]);
            }
        }
        return retired_count_ = kept;
    }

    // The published value as its writer sees it, without a pin. Threads: the writer.
    T* writer_view() const {
        return current_.load(std::memory_order_relaxed);
    }  // relaxed: own store

private:
    struct Retired {
        std::unique_ptr<T> value;
        std::uint64_t epoch = 0;  // pins of this epoch and before may hold it
    };

    EpochDomain& domain_;
    std::atomic<T*> current_;
    std::array<Retired, kMaxRetired> retired_;
    unsigned retired_count_ = 0;
};

}  // namespace ringfence
