// evaluate_model.hpp - the plain model that tests hold `evaluate` against: the precedence order of
// DESIGN.md, written as filters over copies, sentence by sentence.
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "ringfence/policy/evaluate.hpp"

namespace ringfence::model {

using Findings = std::vector<Finding>;

template <class Keep>
Findings only(const Findings& findings, Keep keep) {
    Findings kept;
    std::copy_if(findings.begin(), findings.end(), std::back_inserter(kept), keep);
    return kept;
}

// Higher risk, then lower rule, then earlier.
inline Finding first_of_equals(const Findings& findings) {
    Finding best = findings.front();
    for (const Finding& finding : findings) {
        if (finding.risk > best.risk || (finding.risk == best.risk && finding.rule < best.rule))
            best = finding;
    }
    return best;
}

struct Outcome {
    Action action = Action::kAllow;
    std::optional<Finding> because;
};

// What one party comes to by the findings of one tier that may decide.
inline std::optional<Outcome> judge_party(const Findings& about) {
    if (about.empty()) return std::nullopt;
    const auto most = std::max_element(about.begin(), about.end(), [](auto& a, auto& b) {
                          return a.specificity < b.specificity;
                      })->specificity;
    const Findings here = only(about, [&](auto& f) { return f.specificity == most; });
    const Findings allows = only(here, [](auto& f) { return f.action == Action::kAllow; });
    const Findings blocks = only(here, [](auto& f) { return f.action != Action::kAllow; });
    if (blocks.empty()) return Outcome{Action::kAllow, first_of_equals(allows)};
    const auto mildest = std::min_element(blocks.begin(), blocks.end(), [](auto& a, auto& b) {
                             return a.action < b.action;
                         })->action;
    const Finding block =
        first_of_equals(only(blocks, [&](auto& f) { return f.action == mildest; }));
    return Outcome{allows.empty() ? mildest : Action::kTag, block};
}

inline Outcome decide(const Findings& findings) {
    const Findings emergencies = only(findings, [](auto& f) {
        return f.stage == Stage::kEmergency && f.reason != Reason::kEmergencyCallback;
    });
    if (!emergencies.empty()) return {Action::kAllow, emergencies.front()};

    for (const Stage tier : {Stage::kOrder, Stage::kCallerId, Stage::kPersonal, Stage::kTenant,
                             Stage::kGlobal, Stage::kBehaviour, Stage::kContent, Stage::kFailure}) {
        const bool allows_count =
            tier != Stage::kOrder && tier != Stage::kCallerId && tier != Stage::kFailure;
        std::optional<Outcome> severest;
        for (const Party party : {Party::kCalling, Party::kCalled, Party::kText}) {
            const auto outcome = judge_party(only(findings, [&](auto& f) {
                return f.stage == tier && f.party == party && f.action != Action::kTag &&
                       (f.action != Action::kAllow || allows_count);
            }));
            if (outcome && (!severest || outcome->action > severest->action)) severest = outcome;
        }
        if (severest) return *severest;
    }
    Findings tags = only(
        findings, [](auto& f) { return f.action == Action::kTag && f.stage > Stage::kEmergency; });
    if (!tags.empty()) {
        std::stable_sort(tags.begin(), tags.end(), [](auto& a, auto& b) {
            if (a.stage != b.stage) return a.stage < b.stage;
            return a.specificity > b.specificity;
        });
        const Finding first = tags.front();
        return {Action::kTag, first_of_equals(only(tags, [&](auto& f) {
                    return f.stage == first.stage && f.specificity == first.specificity;
                }))};
    }
    const Findings neutral = only(
        findings, [](auto& f) { return f.stage == Stage::kFailure && f.action == Action::kAllow; });
    if (!neutral.empty()) return {Action::kAllow, first_of_equals(neutral)};
    return {};
}

inline Verdict evaluate(const Findings& findings, const EvaluateContext& context) {
    Verdict verdict;
    verdict.change = context.change;
    verdict.generation = context.generation;
    verdict.flags = context.flags;

    bool callback = false;
    for (const Finding& f : findings) {
        if (f.stage == Stage::kEmergency) verdict.set(VerdictFlag::kEmergency);
        if (f.stage == Stage::kEmergency && f.reason == Reason::kEmergencyCallback) callback = true;
        if (f.stage != Stage::kFailure) continue;
        verdict.set(f.reason == Reason::kPartMissing ? VerdictFlag::kPartial
                                                     : VerdictFlag::kDegraded);
        if (f.reason == Reason::kFeedStale) verdict.set(VerdictFlag::kStale);
        if (f.reason == Reason::kBadRow) verdict.set(VerdictFlag::kBadInput);
    }
    const Outcome real =
        decide(only(findings, [](auto& f) { return !f.shadow || f.stage == Stage::kEmergency; }));
    const Outcome with_shadow = decide(findings);
    const auto capped = [&](Action action) {
        return callback && action > Action::kTag ? Action::kTag : action;
    };
    verdict.action = capped(real.action);
    if (real.because) {
        verdict.rule = real.because->rule;
        verdict.reason = real.because->reason;
        verdict.category = real.because->category;
        verdict.risk = real.because->risk;
        verdict.match_offset = real.because->match_offset;
        verdict.match_length = real.because->match_length;
        verdict.stage = real.because->stage;
    }
    if (callback && real.action > Action::kTag) {
        verdict.reason = Reason::kEmergencyCallback;
        verdict.stage = Stage::kEmergency;
    }
    if (capped(with_shadow.action) != verdict.action) {
        verdict.set(VerdictFlag::kShadow);
        verdict.shadow_action = capped(with_shadow.action);
    }
    return verdict;
}

}  // namespace ringfence::model
