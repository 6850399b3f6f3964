// trace.hpp - why the verdict is what it is: every finding in the order of precedence, with its fate.
//
// Cold; for explain and lint. The verdict in it is that of `evaluate` on the same findings.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/policy/evaluate.hpp"
#include "ringfence/policy/finding.hpp"
#include "ringfence/policy/verdict.hpp"

namespace ringfence {

// What became of a finding.
enum class Fate : std::uint8_t {
    kWon = 0,            // it decided
    kWonAsConflict = 1,  // it met an allow at the same place: the action is tag
    kConflictAllow = 2,  // the allow of that conflict
    kCapped =
        3,  // it would have blocked; the call-back window after an emergency call makes it a tag
    kShadow = 4,        // runs in shadow
    kHigherTier = 5,    // a higher tier decided
    kLessSpecific = 6,  // a more specific finding about the same party stands
    kMilderStands = 7,  // a milder block at the same place stands
    kOtherParty = 8,    // the other party came to something severer, or as severe
    kTagOnly = 9,       // a tag, and something else decided
    kEqual = 10,        // another finding that says the same stands for it
    kNoAllowHere = 11,  // an allow where none counts (orders, caller id)
    kNeutral = 12,      // a failure that the policy lets pass, and something else was found
    kCap = 13,          // the call-back window itself
    kIgnored = 14,      // belongs to no tier
};

struct TracedFinding {
    Finding finding;
    std::uint32_t index = 0;  // into the findings as given
    Fate fate = Fate::kWon;
};

struct Trace {
    Verdict verdict;
    std::vector<TracedFinding>
        findings;  // the order of precedence; the winner need not be the first
};

// Threads: any thread.
Trace trace(std::span<const Finding> findings, const EvaluateContext& context);

// A clause for a person: "a more specific finding about the same party stands". Threads: any thread.
std::string_view why(Fate fate);

// "exact", "prefix of 7", "pattern". Threads: any thread.
std::string place_of(const Finding& finding);

}  // namespace ringfence
