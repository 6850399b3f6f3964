// repeat_filter.hpp - has this call been seen before?
//
// A switch sends the same INVITE again (a retransmission, a challenge, a fork, a resume), and may tell of an
// answer or an end twice; by its call_id and phase each counts once. The filter remembers 40 bits of a hash of each id for a while, in buckets of eight words:
//
//     word: fingerprint 40 | second 23 | pending 1        bucket: one 64-byte line
//
// A full bucket lets its oldest id go: that id, should it come again in time, counts twice (`evicted` says
// how often ids left early). Two ids meet with chance 8 / 2^40.
//
// Threads: lock-free. A new id is put down pending, then the line is read again: of two pending words of
// one id the lower wins, so exactly one of several threads that bring the same id is told `first`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/base/signalling.hpp"
#include "ringfence/base/time.hpp"

namespace ringfence {

struct RepeatFilterOptions {
    std::size_t ids = std::size_t{1} << 18;  // room, rounded up to whole buckets
    std::uint32_t keep_s = 600;              // an id is remembered this long; at most 1,000,000
    std::uint64_t seed = 0;
};

class RepeatFilter {
public:
    // Fails with kOutOfRange for no room or a keep_s of 0 or over 1,000,000, and with kOutOfMemory.
    static Result<RepeatFilter> create(const RepeatFilterOptions& options);

    RepeatFilter(RepeatFilter&&) noexcept;
    RepeatFilter& operator=(RepeatFilter&&) noexcept;
    ~RepeatFilter();

    // Whether this is the first sight of this phase of `call_id` within keep_s of `time` (either way); notes
    // it. An empty id is always a first sight. Ids are told apart by their first 4096 octets and their length.
    // Threads: any thread.
    bool first(std::string_view call_id, Time time, Phase phase = Phase::kSetup);

    // Whether this phase of `call_id` was noted within keep_s; notes nothing.
    // Threads: any thread.
    bool seen(std::string_view call_id, Time time, Phase phase = Phase::kSetup) const;

    // Ids that left before their time. Threads: any thread.
    std::uint64_t evicted() const;
    std::size_t memory_bytes() const;

private:
    class Core;
    explicit RepeatFilter(std::unique_ptr<Core> core);

    std::unique_ptr<Core> core_;
};

}  // namespace ringfence
