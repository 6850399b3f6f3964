#include "ringfence/policy/score_rule.hpp"

#include <algorithm>

namespace ringfence {

Finding ScoreRule::finding_of(unsigned score, std::span<const Finding> others,
                              bool emergency) const {
    Finding made = finding;
    if (score < from) {
        made.stage = Stage::kNone;
        return made;
    }
    const bool alone = std::none_of(others.begin(), others.end(), [](const Finding& other) {
        return !other.shadow && other.action != Action::kAllow && other.stage >= Stage::kOrder &&
               other.stage < Stage::kFailure;
    });
    // Of two blocks at one place the milder stands: beside one that asks for more a score would lift it.
    const bool outdone = std::any_of(others.begin(), others.end(), [&](const Finding& other) {
        return !other.shadow && other.stage == Stage::kContent && other.party == made.party &&
               other.action > made.action;
    });
    if (emergency || outdone || (alone && !may_stop_alone)) made.action = Action::kTag;
    return made;
}

}  // namespace ringfence
