#include "ringfence/activity/features.hpp"

#include <algorithm>

namespace ringfence {
namespace {

constexpr std::array<std::string_view, kFeatureCount> kNames = {
    "calls_1h",     "calls_24h",      "callees",   "calls_per_callee", "calls_in_24h", "out_share",
    "answered_24h", "answered_share", "short_24h", "short_share",      "sms_1h",       "sms_24h",
    "sms_in_24h",   "imeis"};

}  // namespace

std::string_view name_of(Feature feature) { return kNames[static_cast<unsigned>(feature)]; }

std::optional<Feature> feature_from_name(std::string_view name) {
    const auto* found = std::ranges::find(kNames, name);
    if (found == kNames.end()) return {};
    return static_cast<Feature>(found - kNames.begin());
}

std::span<const std::string_view> feature_names() { return kNames; }

}  // namespace ringfence
