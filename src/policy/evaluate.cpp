#include "ringfence/policy/evaluate.hpp"

#include "src/policy/decide.hpp"

namespace ringfence {
namespace {

constexpr unsigned bit(VerdictFlag flag) { return static_cast<unsigned>(flag); }

unsigned flags_of_failure(Reason reason) {
    switch (reason) {
        case Reason::kFeedStale: return bit(VerdictFlag::kDegraded) | bit(VerdictFlag::kStale);
        case Reason::kPartMissing:
            return bit(VerdictFlag::kPartial);  // ordinary: the rest is on its way
        case Reason::kBadRow: return bit(VerdictFlag::kDegraded) | bit(VerdictFlag::kBadInput);
        default: return bit(VerdictFlag::kDegraded);
    }
}

// Takes a finding of the deciding tier into what its party comes to.
void judge(std::span<const Finding> findings, std::uint32_t index, PartyOutcome& outcome) {
    const Finding& finding = findings[index];
    if (outcome.empty() || finding.specificity > outcome.specificity) {
        outcome = {};
        outcome.specificity = finding.specificity;
    } else if (finding.specificity < outcome.specificity) {
        return;
    }
    std::uint32_t& place = finding.action == Action::kAllow ? outcome.allow : outcome.block;
    if (place == kNoFinding || finding.action < findings[place].action ||
        (finding.action == findings[place].action && stands_before(finding, findings[place])))
        place = index;
}

void settle(std::span<const Finding> findings, Decision& decision) {
    for (std::uint32_t p = 0; p < kPartyCount; ++p) {
        const PartyOutcome& outcome = decision.parties[p];
        if (outcome.empty()) continue;
        const Action action =
            outcome.conflict() ? Action::kTag : findings[outcome.standing()].action;
        if (decision.winner != kNoFinding && action <= decision.action) continue;
        decision.winner = outcome.standing();
        decision.action = action;
        decision.conflict = outcome.conflict();
    }
}

}  // namespace

Decision decide(std::span<const Finding> findings, bool with_shadow) {
    Decision decision;
    std::uint32_t emergency = kNoFinding;
    std::uint32_t tag = kNoFinding;
    std::uint32_t neutral = kNoFinding;
    const auto size = static_cast<std::uint32_t>(findings.size());

    for (std::uint32_t i = 0; i < size; ++i) {
        const Finding& finding = findings[i];
        if (finding.stage == Stage::kNone) continue;
        if (finding.stage == Stage::kEmergency) {
            decision.flags |= bit(VerdictFlag::kEmergency);
            if (finding.reason == Reason::kEmergencyCallback) {
                decision.capped = true;
            } else if (emergency == kNoFinding) {
                emergency = i;
            }
            continue;
        }
        if (finding.stage == Stage::kFailure) decision.flags |= flags_of_failure(finding.reason);
        if (finding.shadow) {
            decision.has_shadow = true;
            if (!with_shadow) continue;
        }
        if (decides(finding)) {
            if (decision.tier == Stage::kNone || finding.stage < decision.tier) {
                decision.tier = finding.stage;
                decision.parties = {};
            }
            if (finding.stage == decision.tier)
                judge(findings, i, decision.parties[static_cast<unsigned>(finding.party)]);
        } else if (finding.action == Action::kTag) {
            if (tag == kNoFinding || is_better_tag(finding, findings[tag])) tag = i;
        } else if (finding.stage == Stage::kFailure) {
            if (neutral == kNoFinding || stands_before(finding, findings[neutral])) neutral = i;
        }
    }
    if (emergency != kNoFinding) {
        decision.tier = Stage::kEmergency;
        decision.winner = emergency;
    } else if (decision.tier != Stage::kNone) {
        settle(findings, decision);
    } else {
        decision.winner = tag != kNoFinding ? tag : neutral;
        if (tag != kNoFinding) decision.action = Action::kTag;
    }
    return decision;
}

Verdict evaluate(std::span<const Finding> findings, const EvaluateContext& context) {
    Verdict verdict;
    verdict.change = context.change;
    verdict.generation = context.generation;
    verdict.flags = context.flags;
    if (findings.empty()) return verdict;

    const auto cap = [](const Decision& decision) {
        return decision.capped && decision.action > Action::kTag ? Action::kTag : decision.action;
    };

    const Decision decision = decide(findings, false);
    verdict.flags = static_cast<std::uint16_t>(verdict.flags | decision.flags);
    if (decision.winner != kNoFinding) {
        const Finding& winner = findings[decision.winner];
        verdict.rule = winner.rule;
        verdict.reason = winner.reason;
        verdict.category = winner.category;
        verdict.risk = winner.risk;
        verdict.match_offset = winner.match_offset;
        verdict.match_length = winner.match_length;
        verdict.action = cap(decision);
        verdict.stage = winner.stage;
        if (verdict.action != decision.action) {
            verdict.reason = Reason::kEmergencyCallback;
            verdict.stage = Stage::kEmergency;
        }
    }
    if (decision.has_shadow) {
        const Action action = cap(decide(findings, true));
        if (action != verdict.action) {
            verdict.set(VerdictFlag::kShadow);
            verdict.shadow_action = action;
        }
    }
    return verdict;
}

}  // namespace ringfence
