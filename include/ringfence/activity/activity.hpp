// activity.hpp - the behaviour of numbers, in memory that never grows.
//
// Counts what each number does in the last hour and day, and says so at every event: `record_call`
// counts the call once and returns the features that include it. A number that no longer fits pushes out
// the one that has the least left to keep.
//
//     bucket (a page of 4 KB):  15 slots {key 50 | generation 10 | busy 1}, 15 keep-until days,
//                               15 records of 32 cells of 8 bytes
//     record:   7 x 10 min {calls, SMS out}      7 x 4 h {calls, SMS out, SMS in}
//               7 x 4 h {calls in, answered, short}   10 x 13 positions of peers, by sub-window
//               1 x devices of two half months
//
// Every cell carries the generation of its slot and its own time stamp and is changed by one CAS, so a
// count can never land on the number that took the slot over. Memory: 4096 bytes for 15 numbers.
//
// Threads: all lock-free; a thread that stops midway leaves nothing locked. An event is counted exactly
// once, or leaves together with the number it was counted for. Events of one number from several threads
// are all counted; which of two concurrent ones sees the other is open.
//
// Time comes with the events. Ones up to 24 h (hour counts: 60 min) behind the newest of the same number
// are counted where they belong; older ones may be left out. A time that jumped ahead spoils at most the
// sub-windows it names, for at most 28 h.
//
// Eviction: a number is kept for 1 to 30 days past its last event, by the bit width of its day's events;
// called-only numbers only while nobody else needs the place, and never in that of a number that acts.
//
// Cost: no allocation, no lock, no clock; a call touches 2 buckets: 5 lines for the caller, 2 for the
// callee.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "ringfence/activity/features.hpp"
#include "ringfence/activity/key.hpp"
#include "ringfence/base/result.hpp"
#include "ringfence/base/signalling.hpp"
#include "ringfence/base/time.hpp"

namespace ringfence {

struct ActivityOptions {
    // Memory in bytes, rounded down to whole buckets; fixed for the life of the table.
    std::size_t bytes = std::size_t{64} << 20;
    // Secret of the hash: keys chosen against one seed spread like random ones under another. The same
    // seed and the same events give the same features.
    std::uint64_t seed = 0;
    // An answered call that ends before this many seconds is short.
    std::uint32_t short_call_s = 10;
};

struct CallFacts {
    std::uint64_t imei = 0;  // 0: not known
};

struct CallEvent {
    ActivityKey caller;
    ActivityKey callee;
    Time time = {};
    CallFacts facts = {};
};

// Counters since the table was made.
struct ActivityStats {
    std::uint64_t capacity = 0;     // numbers that fit
    std::uint64_t claimed = 0;      // numbers that came
    std::uint64_t evicted = 0;      // numbers that were pushed out
    std::uint64_t passed_over = 0;  // called-only numbers that found no room
    std::uint64_t contended = 0;    // events left out because a bucket changed too fast: normally 0
};

class ActivityTable {
public:
    // A table of `options.bytes`. Fails with kOutOfRange under one bucket (4096 bytes) and with
    // kOutOfMemory.
    static Result<ActivityTable> create(const ActivityOptions& options);

    ActivityTable(ActivityTable&&) noexcept;
    ActivityTable& operator=(ActivityTable&&) noexcept;
    ~ActivityTable();

    // Counts a call's setup for both parties; gives the caller's features, the call included. A caller
    // or callee that is nobody is not counted; features of nobody are zero.
    // Threads: any thread.
    Features record_call(ActivityKey caller, ActivityKey callee, Time time, CallFacts facts = {});

    // The same for many, in order, faster: `features` is as long as `events`.
    // Threads: any thread.
    void record_calls(std::span<const CallEvent> events, std::span<Features> features);

    // Counts the answer, or the end after `duration_s` seconds, of a call by `caller`; a setup is ignored.
    // A number that is no longer held is not claimed again.
    // Threads: any thread.
    void observe(ActivityKey caller, Time time, Phase phase, std::uint32_t duration_s = 0);

    // Counts an SMS for both parties; gives the sender's features, the SMS included.
    // Threads: any thread.
    Features record_sms(ActivityKey sender, ActivityKey recipient, Time time);

    // The features of a number at a time; counts nothing.
    // Threads: any thread.
    Features peek(ActivityKey key, Time time) const;

    // Starts the memory of a key on its way to the cache.
    // Threads: any thread.
    void prefetch(ActivityKey key) const;

    // Threads: any thread.
    ActivityStats stats() const;
    // Numbers held now. Cold: walks the table. Threads: any thread.
    std::size_t held() const;
    std::size_t memory_bytes() const;

private:
    class Core;
    explicit ActivityTable(std::unique_ptr<Core> core);

    std::unique_ptr<Core> core_;
};

}  // namespace ringfence
