// verdict.hpp - what to do with one call or SMS, and why, in half a cache line.
//
// The layout may change until 1.0; `layout` says which one a stored verdict has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ringfence/base/export.hpp"
#include "ringfence/base/vocabulary.hpp"

namespace ringfence {

// Bits of Verdict::flags.
enum class VerdictFlag : std::uint16_t {
    kDegraded = 1 << 0,          // something could not be read; the policy's [failure] chose
    kTruncated = 1 << 1,         // more findings than were kept, or text beyond the bound
    kPartial = 1 << 2,           // one part of a message that is not complete yet
    kEmergency = 1 << 3,         // an emergency call, or a call to one who just made one
    kShadow = 1 << 4,            // a shadow rule would have chosen otherwise: see shadow_action
    kStale = 1 << 5,             // a list is older than the policy allows
    kNeedsRoaming = 1 << 6,      // hangs on a roaming answer: ask, then Session::resume
    kRepeated = 1 << 7,          // a call_id seen before: counted once
    kHousekeepingLate = 1 << 8,  // advance(now) lags
    kBadInput = 1 << 9,          // the request itself was unreadable in part
};

struct Verdict {
    std::uint64_t change = 0;      // live changes seen at the pin; later ones may be seen too
    std::uint32_t generation = 0;  // of the policy and lists it was made under
    std::uint32_t rule = 0;        // the deciding rule; Screen::rule_id names it; 0 = none
    Reason reason = Reason::kNone;
    std::uint16_t flags = 0;
    std::uint16_t category = 0;      // interned; Screen::category names it; 0 = none
    std::uint16_t risk = 0;          // 0-1000
    std::uint16_t match_offset = 0;  // of the deciding match, in UTF-16 units of the original text
    std::uint16_t match_length = 0;
    Action action = Action::kAllow;
    Stage stage = Stage::kNone;
    Action shadow_action = Action::kAllow;  // meaningful under kShadow
    std::uint8_t layout = 1;

    constexpr bool has(VerdictFlag flag) const {
        return (flags & static_cast<std::uint16_t>(flag)) != 0;
    }
    constexpr void set(VerdictFlag flag) {
        flags = static_cast<std::uint16_t>(flags | static_cast<std::uint16_t>(flag));
    }
    friend constexpr bool operator==(const Verdict&, const Verdict&) = default;
};

// The flags that are set, by name, in the order of their bits: {"partial", "stale"}. Cold.
// Threads: any thread.
RINGFENCE_API std::vector<std::string_view> flag_names(const Verdict& verdict);

// The same in one text, blanks between: "partial stale". Cold. Threads: any thread.
RINGFENCE_API std::string joined_flags(const Verdict& verdict);

static_assert(sizeof(Verdict) == 32 && std::is_trivially_copyable_v<Verdict>);

}  // namespace ringfence
