// lint.hpp - what a policy that loads still gets wrong, for a person to read.
//
// Warnings, not errors: a rule that can never decide, an allow entry against a block entry at the same place, a
// prefix that covers more than it should, an emergency number on a list that blocks, a rate that nothing uses, a list whose rows all have expired. Reads the lists' files, so it also reports their bad rows.
// Cost: reads every list twice; about 20 bytes of memory an entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"
#include "ringfence/policy/policy.hpp"

namespace ringfence {

enum class LintKind : std::uint8_t {
    kError = 0,           // the policy does not load, or a list cannot be read
    kBadRow = 1,          // a row of a list that is skipped
    kContradiction = 2,   // allow against block at the same place
    kDuplicateEntry = 3,  // one entry twice in a list
    kShadowed = 4,  // an entry that a shorter prefix of the same list covers with the same meaning
    kUnreachable = 5,   // a rule that can never hold, or never decide
    kTooWide = 6,       // a prefix over a million numbers, a brand that owns all of com.cn
    kNoGate = 7,        // an activity rule that may fire on a number's first event
    kEmpty = 8,         // a list without a row
    kUnknownRange = 9,  // a number of no range that its plan knows; it is listed all the same
    kEmergency = 10,    // an emergency number, or what covers one, on a list that blocks
    kNoEffect =
        11,  // a rate or destination that nothing can use: no action there throttles or diverts;
             // limits on compiling regular expressions, and no program that keeps them
    kNoFolder = 12,   // the journal's folder is not there, and a screen that writes one cannot open
    kDue = 13,        // a list whose every row has expired; a row of a sender that has
    kFuture = 14,     // a row, or a file whose date counts, that is of more than a day ahead
    kLookAlike = 16,  // two registered senders that look alike
    kFewMessages = 15,  // a score model that has learned from too few to say much
};

struct LintFinding {
    static constexpr std::size_t kMostOfAKind = 100;  // of one list

    LintKind kind = LintKind::kError;
    std::string text;  // `file:line: what, and what to do`

    bool is_error() const { return kind == LintKind::kError; }
};

// "error", "contradiction", ... Threads: any thread.
std::string_view name_of(LintKind kind);

// Every finding about the policy at `path`, in the order of the policy, each kind at most kMostOfAKind times a list.
// A policy that does not load gives its one error. What has to do with time is judged at `now`; without one it is not.
// Threads: any thread.
std::vector<LintFinding> lint(const std::string& path, std::optional<Time> now = {});
std::vector<LintFinding> lint(const Policy& policy, std::optional<Time> now = {});

}  // namespace ringfence
