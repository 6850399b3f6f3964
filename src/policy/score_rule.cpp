#include "ringfence/policy/score_rule.hpp"

#include <algorithm>

namespace ringfence {

Finding ScoreRule::finding_of(unsigned score, std::span<const Finding> others) const {
    Finding made = finding;
    if (score < from) {
        made.stage = Stage::kNone;
        return made;
    }
    const bool alone = std::none_of(others.begin(), others.end(), [](const Finding& other) {
        return !other.shadow && other.action != Action::kAllow && other.stage >= Stage::kOrder &&
               other.stage < Stage::kFailure;
    });
    if (alone && !may_stop_alone) made.action = Action::kTag;
    return made;
}

}  // namespace ringfence
