// patience.hpp - how long a writer asks again for what readers still hold: a hundred times at once, then asleep between.
//
// Reads no clock: it counts naps, so that it takes about as long as it says.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

namespace ringfence {

// Threads: one thread per object.
class Patience {
public:
    // Any duration: less than nothing is none, and more than a year a year.
    explicit Patience(std::chrono::milliseconds patience)
        : left_(tries(std::clamp(patience, std::chrono::milliseconds(0), kMost))) {}

    // False when it is spent. Else gives way to other threads, and true: ask again.
    bool again() {
        if (left_ == 0) return false;
        --left_;
        if (yields_ < kYields) {
            ++yields_;
            std::this_thread::yield();
        } else {
            std::this_thread::sleep_for(kNap);
        }
        return true;
    }

private:
    static constexpr unsigned kYields = 100;
    static constexpr std::chrono::microseconds kNap{500};
    static constexpr std::chrono::milliseconds kMost = std::chrono::hours(24 * 365);

    static std::int64_t tries(std::chrono::milliseconds patience) {
        const std::int64_t naps = patience / kNap;
        return naps > 0 ? naps + kYields : 0;
    }

    std::int64_t left_;
    unsigned yields_ = 0;
};

}  // namespace ringfence
