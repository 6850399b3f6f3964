#include "ringfence/policy/sender_rule.hpp"

#include <algorithm>

namespace ringfence {

Finding SenderRule::finding_of(SenderStanding standing, bool emergency) const {
    Finding finding;
    switch (standing) {
        case SenderStanding::kNotJudged:
        case SenderStanding::kRegistered: return finding;
        case SenderStanding::kUnregistered: finding = unregistered; break;
        case SenderStanding::kLookAlike: finding = look_alike; break;
        case SenderStanding::kWrongWay: finding = wrong_way; break;
    }
    if (emergency) finding.action = std::min(finding.action, Action::kTag);
    return finding;
}

}  // namespace ringfence
