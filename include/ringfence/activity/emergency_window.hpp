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
//
// Processes may share one, in memory that all of them map (`share`):
//
//     words    | seed | its sum | notes |           a cache line
//     cells    | second | second | ...              4 bytes each, at whatever address
//
// Whoever comes first gives the seed, by one compare and exchange, and all others take what stands there. A note
// is up to four exchanges of a cell, each whole in itself, and then one addition to `notes` (release; whoever reads the
// count acquires, so that what it counts can be seen). So a process that is killed anywhere leaves no lock, and of its
// last note some cells or all: less than all is no note, and that call had no verdict yet. Any value of a cell is a
// possible second: a damaged one lets calls pass that need not, or forgets callers, and nothing else. A seed that is
// damaged is an error (tests/memory_model/shared_notes.c).
//
// Time may go back: a note ahead of the question counts. One that a wrong clock set far ahead would hold
// that long; `settle`, from the housekeeping call, brings it back to 90 minutes from now. Of processes that share a window
// one alone settles: a clock that is behind would take the others' notes with it.
// Source: docs/decisions/emergency-window.md.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ringfence/activity/key.hpp"
#include "ringfence/base/cache_line.hpp"
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

    // A second, cut to 32 bits; 0: never.
    using Cell = std::atomic<std::uint32_t>;
    static_assert(Cell::is_always_lock_free);  // or it would not work between processes

    struct Words {
        alignas(kCacheLine) std::atomic<std::uint64_t> seed{0};  // 0: nobody gave one yet
        std::atomic<std::uint64_t> seed_sum{0};                  // of that seed, or 0 for a moment
        std::atomic<std::uint64_t> notes{0};
    };
    static_assert(sizeof(Words) == kCacheLine);

    // Where processes share a window. All zero when it was made.
    struct Memory {
        Words* words = nullptr;
        std::span<Cell> cells;              // a power of two, at least 1024
        std::shared_ptr<const void> keeps;  // held as long as the window
    };

    // The window that lies there. `seed`, which is not 0, becomes its own when nobody gave one before. Fails with kSyntax when the
    // words are damaged, and with kOutOfMemory. Threads: any thread, of any process.
    static Result<EmergencyWindow> share(Memory memory, std::uint64_t seed);

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

    // Takes over what `other` holds; false when it cannot, as the other has another seed or size. Counts nothing. Cold: walks the
    // cells. Threads: any thread.
    bool take_over(const EmergencyWindow& other);

    // By what callers are spread over cells; whoever knows it can choose callers that look alike.
    std::uint64_t seed() const;

    // Emergency calls noted since the start, of all processes. Threads: any thread.
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
