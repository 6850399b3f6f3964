// emergency_window.hpp - who made an emergency call in the last 90 minutes, and must be reachable.
//
// Forgetting one of them is the one error that must not happen, so this is not a cache but a Bloom filter
// of time stamps: a caller has four cells, chosen by hash, and each cell holds the second of the latest
// note that fell on it. A caller counts as noted while none of its cells is older than 90 minutes.
//
//     note(k, t):   for 4 cells of k:  cell = max(cell, t)
//     noted(k, t):  for 4 cells of k:  every cell >= t - 90 min
//
// Nothing is ever pushed out, and nothing has to be swept. When there is too much to hold, other numbers
// begin to look noted too, and pass: it fails towards letting calls through. With n callers in 90 minutes
// and the default 2^19 cells a stranger looks noted with chance 3e-9 at n = 1,000, 3e-5 at 10,000 and
// 2 % at 60,000 (all emergency calls of China); `stranger_chance` says where it stands.
//
// Threads: lock-free; note returned = every later `noted` sees it. No number can be read back from it.
// Time may go back: a note ahead of the question counts. One that a wrong clock set far ahead would hold
// that long; `settle`, from the housekeeping call, brings it back to 90 minutes from now.
// Source: docs/decisions/emergency-window.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ringfence/activity/key.hpp"
#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"

namespace ringfence {

class EmergencyWindow {
public:
    static constexpr Milliseconds kWindow = std::chrono::minutes(90);  // DOMAIN: defaults, 2
    static constexpr std::size_t kDefaultCells = std::size_t{1} << 19;

    // A window of `cells` cells of 4 bytes, rounded up to a power of two, at least 1024. Fails with
    // kOutOfMemory.
    static Result<EmergencyWindow> create(std::size_t cells = kDefaultCells,
                                          std::uint64_t seed = 0);

    EmergencyWindow(EmergencyWindow&&) noexcept;
    EmergencyWindow& operator=(EmergencyWindow&&) noexcept;
    ~EmergencyWindow();

    // Notes that `caller` made an emergency call; nobody (an empty key) is not noted.
    // Threads: any thread.
    void note(ActivityKey caller, Time time);

    // Whether `called` made an emergency call within 90 minutes of `time`. Never false for one that did;
    // true for a stranger with the chance above. Nobody is never noted.
    // Threads: any thread.
    bool noted(ActivityKey called, Time time) const;

    // Brings notes more than a day ahead of `now` back to `now`. Cold: walks the cells.
    // Threads: any thread.
    void settle(Time now);

    // What a restart needs: the notes that still count at `now`, 8 octets each of their cells.
    //
    //     "RFEMERG1" | cells u64 | seed u64 | count u64 | count x { cell u32, second u32 } | XXH3-64 of it all
    //
    // Little-endian. No number can be read back from it. Cold. Threads: any thread.
    std::string image(Time now) const;

    // The window that an image came from, notes included. Fails with kSyntax when the octets are no image or
    // not a whole one, and with kOutOfMemory.
    static Result<EmergencyWindow> from_image(std::string_view octets);

    // Emergency calls noted since the start. Threads: any thread.
    std::uint64_t notes() const;
    // The chance, in millionths, that a number which made no emergency call looks noted. Cold: walks
    // the cells. Threads: any thread.
    std::uint32_t stranger_chance_ppm(Time now) const;
    std::size_t memory_bytes() const;

private:
    class Core;
    explicit EmergencyWindow(std::unique_ptr<Core> core);

    std::unique_ptr<Core> core_;
};

}  // namespace ringfence
