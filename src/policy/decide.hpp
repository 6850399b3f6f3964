// decide.hpp - which finding decides: the part of `evaluate` that `trace` needs to see.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ringfence/base/vocabulary.hpp"
#include "ringfence/policy/finding.hpp"

namespace ringfence {

inline constexpr std::uint32_t kNoFinding = 0xFFFF'FFFF;
inline constexpr unsigned kPartyCount = 3;

// What one party comes to in the deciding tier.
struct PartyOutcome {
    std::uint32_t allow = kNoFinding;
    std::uint32_t block = kNoFinding;
    std::uint8_t specificity = 0;

    bool empty() const { return allow == kNoFinding && block == kNoFinding; }
    bool conflict() const { return allow != kNoFinding && block != kNoFinding; }
    // The finding that stands: of a conflict, the block.
    std::uint32_t standing() const { return block != kNoFinding ? block : allow; }
};

struct Decision {
    std::uint32_t winner = kNoFinding;
    Action action = Action::kAllow;  // before any cap
    Stage tier = Stage::kNone;  // that decided; kNone when only tags or neutral failures were found
    std::array<PartyOutcome, kPartyCount> parties;  // of that tier
    bool conflict = false;                          // the winner met an allow at its place
    bool has_shadow = false;                        // a shadow finding was left out, or took part
    unsigned flags = 0;   // of the emergency and the failures among the findings
    bool capped = false;  // a call-back window is open
};

// Whether a finding may be the reason for an outcome other than tag.
constexpr bool decides(const Finding& finding) {
    if (finding.stage < Stage::kOrder) return false;
    if (finding.action == Action::kAllow)
        return finding.stage >= Stage::kPersonal && finding.stage <= Stage::kContent;
    return finding.action != Action::kTag;
}

// Whether `a` stands before `b`, of equal place and action: higher risk, then lower rule. Else the earlier.
constexpr bool stands_before(const Finding& a, const Finding& b) {
    if (a.risk != b.risk) return a.risk > b.risk;
    return a.rule < b.rule;
}

// The better of two tags, for want of anything that decides.
constexpr bool is_better_tag(const Finding& a, const Finding& b) {
    if (a.stage != b.stage) return a.stage < b.stage;
    if (a.specificity != b.specificity) return a.specificity > b.specificity;
    return stands_before(a, b);
}

// With shadow findings left out, or taking part. Threads: any thread.
Decision decide(std::span<const Finding> findings, bool with_shadow);

}  // namespace ringfence
