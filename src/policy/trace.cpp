#include "ringfence/policy/trace.hpp"

#include <algorithm>
#include <tuple>

#include "src/policy/decide.hpp"

namespace ringfence {
namespace {

Fate fate_in_tier(std::span<const Finding> findings, std::uint32_t index,
                  const Decision& decision) {
    const Finding& finding = findings[index];
    const PartyOutcome& outcome = decision.parties[static_cast<unsigned>(finding.party)];
    if (finding.specificity < outcome.specificity) return Fate::kLessSpecific;
    if (outcome.standing() != decision.winner) return Fate::kOtherParty;
    if (finding.action == Action::kAllow)
        return outcome.conflict() ? Fate::kConflictAllow : Fate::kEqual;
    return finding.action > findings[outcome.block].action ? Fate::kMilderStands : Fate::kEqual;
}

Fate fate_of(std::span<const Finding> findings, std::uint32_t index, const Decision& decision) {
    const Finding& finding = findings[index];
    if (finding.stage == Stage::kNone) return Fate::kIgnored;
    if (finding.stage == Stage::kEmergency) {
        if (finding.reason == Reason::kEmergencyCallback) return Fate::kCap;
        return index == decision.winner ? Fate::kWon : Fate::kEqual;
    }
    if (finding.shadow) return Fate::kShadow;
    if (index == decision.winner) {
        if (decision.capped && decision.action > Action::kTag) return Fate::kCapped;
        return decision.conflict ? Fate::kWonAsConflict : Fate::kWon;
    }
    if (decision.tier == Stage::kEmergency) return Fate::kHigherTier;
    if (finding.action == Action::kAllow && !decides(finding)) {
        if (finding.stage != Stage::kFailure) return Fate::kNoAllowHere;
        return decision.tier == Stage::kNone && decision.action == Action::kAllow ? Fate::kEqual
                                                                                  : Fate::kNeutral;
    }
    if (finding.action == Action::kTag) {
        if (decision.tier != Stage::kNone) return Fate::kTagOnly;
        const Finding& winner = findings[decision.winner];
        if (finding.stage != winner.stage) return Fate::kHigherTier;
        return finding.specificity < winner.specificity ? Fate::kLessSpecific : Fate::kEqual;
    }
    if (finding.stage != decision.tier) return Fate::kHigherTier;
    return fate_in_tier(findings, index, decision);
}

}  // namespace

Trace trace(std::span<const Finding> findings, const EvaluateContext& context) {
    Trace result;
    result.verdict = evaluate(findings, context);
    const Decision decision = decide(findings, false);
    result.findings.reserve(findings.size());
    for (std::uint32_t i = 0; i < findings.size(); ++i)
        result.findings.push_back({findings[i], i, fate_of(findings, i, decision)});

    const auto order = [](const TracedFinding& traced) {
        const Finding& f = traced.finding;
        const unsigned stage =
            f.stage == Stage::kNone ? kStageCount : static_cast<unsigned>(f.stage);
        return std::tuple(stage, f.party, 255 - f.specificity, f.action, -static_cast<int>(f.risk),
                          f.rule, traced.index);
    };
    std::sort(result.findings.begin(), result.findings.end(),
              [&](const TracedFinding& a, const TracedFinding& b) { return order(a) < order(b); });
    return result;
}

std::string_view why(Fate fate) {
    switch (fate) {
        case Fate::kWon: return "decided";
        case Fate::kWonAsConflict: return "met an allow at the same place: tagged";
        case Fate::kConflictAllow: return "met a block at the same place: tagged";
        case Fate::kCapped:
            return "would have blocked; the call-back window after an emergency call tags";
        case Fate::kShadow: return "runs in shadow: counted, not deciding";
        case Fate::kHigherTier: return "a higher tier decided";
        case Fate::kLessSpecific: return "a more specific finding stands";
        case Fate::kMilderStands: return "a milder block at the same place stands";
        case Fate::kOtherParty: return "what was found about another party stands";
        case Fate::kTagOnly: return "a tag does not decide where something else does";
        case Fate::kEqual: return "another finding that says the same stands for it";
        case Fate::kNoAllowHere: return "an order or a certain spoof is not lifted";
        case Fate::kNeutral: return "the policy lets this failure pass";
        case Fate::kCap: return "after an emergency call only allow and tag remain";
        case Fate::kIgnored: return "belongs to no tier";
    }
    return "";
}

std::string place_of(const Finding& finding) {
    if (finding.specificity == Finding::kExactSpecificity) return "exact";
    if (finding.specificity == Finding::kPatternSpecificity) return "pattern";
    return "prefix of " + std::to_string(finding.specificity);
}

}  // namespace ringfence
