// random_findings.hpp - sets of findings that meet each other often: few values of everything.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "ringfence/policy/finding.hpp"

namespace ringfence {

inline std::vector<Finding> random_findings(std::mt19937& random) {
    static constexpr std::uint8_t kPlaces[] = {0, 3, 7, 255};
    static constexpr Reason kFailures[] = {Reason::kFeedMissing, Reason::kFeedStale,
                                           Reason::kDecodeError, Reason::kPartMissing,
                                           Reason::kBadRow};
    std::vector<Finding> findings(random() % 7);
    const auto first_stage = random() % kStageCount;  // often few tiers, so that many meet
    const auto stages = 1 + random() % (kStageCount - first_stage);
    for (Finding& finding : findings) {
        finding.stage = static_cast<Stage>(first_stage + random() % stages);
        finding.action = static_cast<Action>(random() % 3 ? random() % 3 * 3 : random() % 8);
        finding.party = static_cast<Party>(random() % 3);
        finding.specificity = kPlaces[random() % 4];
        finding.shadow = random() % 5 == 0;
        finding.rule = random() % 4;
        finding.risk = static_cast<std::uint16_t>(random() % 3 * 100);
        finding.category = static_cast<std::uint16_t>(random() % 9);
        finding.match_offset = static_cast<std::uint16_t>(random());
        finding.match_length = static_cast<std::uint16_t>(random() % 70);
        finding.reason =
            finding.stage == Stage::kFailure ? kFailures[random() % 5] : Reason::kGlobalList;
        if (finding.stage == Stage::kEmergency) {
            if (random() % 3 == 0) {
                finding.stage = Stage::kOrder;
            } else {
                finding.action = Action::kAllow;
                finding.reason =
                    random() % 4 ? Reason::kEmergencyCallback : Reason::kEmergencyCalled;
            }
        }
    }
    return findings;
}

inline std::string describe(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& f : findings)
        text.append(name_of(f.stage))
            .append(" ")
            .append(name_of(f.party))
            .append(" ")
            .append(name_of(f.action))
            .append(" place ")
            .append(std::to_string(f.specificity))
            .append(" rule ")
            .append(std::to_string(f.rule))
            .append(" risk ")
            .append(std::to_string(f.risk))
            .append(f.shadow ? " shadow\n" : "\n");
    return text;
}

}  // namespace ringfence
