#include "ringfence/policy/verdict.hpp"

#include <array>
#include <utility>

namespace ringfence {
namespace {

constexpr std::array<std::pair<VerdictFlag, std::string_view>, 10> kFlagNames = {{
    {VerdictFlag::kDegraded, "degraded"},
    {VerdictFlag::kTruncated, "truncated"},
    {VerdictFlag::kPartial, "partial"},
    {VerdictFlag::kEmergency, "emergency"},
    {VerdictFlag::kShadow, "shadow"},
    {VerdictFlag::kStale, "stale"},
    {VerdictFlag::kNeedsRoaming, "needs_roaming"},
    {VerdictFlag::kRepeated, "repeated"},
    {VerdictFlag::kHousekeepingLate, "housekeeping_late"},
    {VerdictFlag::kBadInput, "bad_input"},
}};

}  // namespace

std::vector<std::string_view> flag_names(const Verdict& verdict) {
    std::vector<std::string_view> names;
    for (const auto& [flag, name] : kFlagNames) {
        if (verdict.has(flag)) names.push_back(name);
    }
    return names;
}

std::string joined_flags(const Verdict& verdict) {
    std::string joined;
    for (const std::string_view name : flag_names(verdict)) {
        joined.append(joined.empty() ? "" : " ").append(name);
    }
    return joined;
}

}  // namespace ringfence
