// failure.hpp - what to do when something could not be read: the policy's [failure] table.
//
// Everything fails open unless the policy says otherwise for that cause. A failure is a finding of the last
// tier: whatever was found by what could be read goes first.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ringfence/base/vocabulary.hpp"
#include "ringfence/policy/finding.hpp"

namespace ringfence {

enum class FailureCause : std::uint8_t {
    kFeedMissing = 0,  // a list's file is absent or unreadable, and no good one was loaded before
    kFeedStale = 1,    // a list is older than its max_age_hours
    kDecodeError = 2,  // a message cannot be decoded
    kPartMissing = 3,  // a message's other parts have not come
    kBadRow = 4,       // a row of traffic cannot be read
    kPartTimeout = 5,  // a message's other parts did not come in time: what becomes of those held
};
inline constexpr unsigned kFailureCauseCount = 6;

// "feed_missing", ... : the keys of [failure], and the names of their reasons. Threads: any thread.
std::string_view name_of(FailureCause cause);
Reason reason_of(FailureCause cause);

struct Failure {
    std::array<Action, kFailureCauseCount> actions{};  // all kAllow

    constexpr Action of(FailureCause cause) const { return actions[static_cast<unsigned>(cause)]; }

    // The finding that stands for the cause. Threads: any thread.
    Finding finding(FailureCause cause) const {
        Finding finding;
        finding.reason = reason_of(cause);
        finding.action = of(cause);
        finding.stage = Stage::kFailure;
        return finding;
    }
};

}  // namespace ringfence
