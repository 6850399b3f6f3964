// finding.hpp - one thing that a room noticed about a call or an SMS.
//
// Rooms find; `evaluate` (evaluate.hpp) decides. A finding names the rule behind it, what that rule asks
// for, the tier it stands in, and how specific it is: within a tier the most specific finding about a
// party wins.
#pragma once

#include <cstdint>
#include <type_traits>

#include "ringfence/base/vocabulary.hpp"

namespace ringfence {

struct Finding {
    // Specificity of what is no list entry, and of an exact entry; a prefix of n digits has n.
    static constexpr std::uint8_t kPatternSpecificity = 0;
    static constexpr std::uint8_t kExactSpecificity = 255;

    std::uint32_t rule = 0;
    Reason reason = Reason::kNone;
    std::uint16_t category = 0;
    std::uint16_t risk = 0;
    std::uint16_t match_offset = 0;
    std::uint16_t match_length = 0;
    Action action = Action::kTag;
    Stage stage = Stage::kNone;
    Party party = Party::kCalling;
    std::uint8_t specificity = kPatternSpecificity;
    bool shadow = false;  // evaluated and counted, not deciding

    friend constexpr bool operator==(const Finding&, const Finding&) = default;
};

static_assert(sizeof(Finding) <= 24 && std::is_trivially_copyable_v<Finding>);

}  // namespace ringfence
