// spin_guard.hpp - a lock of one word, for moments: whoever waits spins and yields, and nothing waits in the kernel.
//
// For what several sessions change on the way of an event, and no lock-free form is worth its proof. Who holds it does a
// bounded piece of work, allocates nothing and calls nobody.
#pragma once

#include <atomic>
#include <thread>

namespace ringfence {

class SpinGuard {
public:
    explicit SpinGuard(std::atomic<bool>& locked) : locked_(locked) {
        // Acquire pairs with the release in the destructor of the holder before.
        while (locked_.exchange(true, std::memory_order_acquire)) {
            // Relaxed: only a hint when to try again; the exchange above orders.
            while (locked_.load(std::memory_order_relaxed)) std::this_thread::yield();
        }
    }
    // Release pairs with the acquire of the next holder.
    ~SpinGuard() { locked_.store(false, std::memory_order_release); }
    SpinGuard(const SpinGuard&) = delete;
    SpinGuard& operator=(const SpinGuard&) = delete;

private:
    std::atomic<bool>& locked_;
};

}  // namespace ringfence
