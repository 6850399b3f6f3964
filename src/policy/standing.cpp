#include "src/policy/standing.hpp"

#include <cassert>

namespace ringfence {
namespace {

constexpr unsigned kTagClass = 2 * 2 * kPartyCount;
constexpr unsigned kNeutralClass = kTagClass + 2;
constexpr unsigned kEmergencyClass = kNeutralClass + 2;
constexpr unsigned kCallbackClass = kEmergencyClass + 1;
constexpr unsigned kFailureClass = kCallbackClass + 1;
static_assert(kFailureClass + 6 == Leaders::kClasses);

constexpr unsigned kNoClass = Leaders::kClasses;

unsigned class_of(const Finding& finding) {
    if (finding.stage == Stage::kNone) return kNoClass;
    if (finding.stage == Stage::kEmergency)
        return finding.reason == Reason::kEmergencyCallback ? kCallbackClass : kEmergencyClass;
    const unsigned shadow = finding.shadow ? 1 : 0;
    if (decides(finding)) {
        const unsigned side = finding.action == Action::kAllow ? 0 : 1;
        return (static_cast<unsigned>(finding.party) * 2 + side) * 2 + shadow;
    }
    if (finding.action == Action::kTag) return kTagClass + shadow;
    return finding.stage == Stage::kFailure ? kNeutralClass + shadow : kNoClass;
}

unsigned failure_class(Reason reason) {
    switch (reason) {
        case Reason::kFeedMissing: return kFailureClass;
        case Reason::kFeedStale: return kFailureClass + 1;
        case Reason::kDecodeError: return kFailureClass + 2;
        case Reason::kPartMissing: return kFailureClass + 3;
        case Reason::kBadRow: return kFailureClass + 4;
        default: return kFailureClass + 5;
    }
}

// Whether `later` takes the lead of a class from `leader`, which came before it.
bool overtakes(unsigned of_class, const Finding& later, const Finding& leader) {
    if (of_class >= kEmergencyClass) return false;
    if (of_class >= kNeutralClass) return stands_before(later, leader);
    if (of_class >= kTagClass) return is_better_tag(later, leader);
    if (later.stage != leader.stage) return later.stage < leader.stage;
    if (later.specificity != leader.specificity) return later.specificity > leader.specificity;
    if (later.action != leader.action) return later.action < leader.action;
    return stands_before(later, leader);
}

}  // namespace

bool Leaders::take(unsigned of_class, std::span<const Finding> findings, std::uint32_t index) {
    std::uint8_t& place = at_[of_class];
    if (place != kNobody && !overtakes(of_class, findings[index], findings[place])) return false;
    place = static_cast<std::uint8_t>(index);
    return true;
}

bool Leaders::offer(std::span<const Finding> findings, std::uint32_t index) {
    assert(index < 64);
    const Finding& finding = findings[index];
    const unsigned mine = class_of(finding);
    bool leads = mine != kNoClass && take(mine, findings, index);
    if (finding.stage == Stage::kFailure)
        leads |= take(failure_class(finding.reason), findings, index);
    return leads;
}

std::uint64_t Leaders::positions() const {
    std::uint64_t set = 0;
    for (const std::uint8_t place : at_) {
        if (place != kNobody) set |= std::uint64_t{1} << place;
    }
    return set;
}

void Leaders::erased(std::uint32_t index) {
    for (std::uint8_t& place : at_) {
        assert(place != index);
        if (place != kNobody && place > index) --place;
    }
}

}  // namespace ringfence
