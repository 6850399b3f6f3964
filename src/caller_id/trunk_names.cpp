#include <algorithm>
#include <array>

#include "ringfence/caller_id/trunk_rules.hpp"

namespace ringfence {
namespace {

constexpr std::array<std::string_view, 5> kKinds = {"none", "subscriber", "national",
                                                    "international", "roaming"};
constexpr std::array<std::string_view, 3> kFormats = {"auto", "e164", "national"};

}  // namespace

std::string_view name_of(TrunkKind kind) { return kKinds[static_cast<unsigned>(kind)]; }
std::string_view name_of(TrunkFormat format) { return kFormats[static_cast<unsigned>(format)]; }

std::optional<TrunkKind> trunk_kind_from_name(std::string_view name) {
    const auto* found = std::ranges::find(kKinds, name);
    if (found == kKinds.end() || found == kKinds.begin()) return {};  // "none" is no trunk's kind
    return static_cast<TrunkKind>(found - kKinds.begin());
}

std::optional<TrunkFormat> trunk_format_from_name(std::string_view name) {
    const auto* found = std::ranges::find(kFormats, name);
    if (found == kFormats.end()) return {};
    return static_cast<TrunkFormat>(found - kFormats.begin());
}

Address under_format(Address address, TrunkFormat format) {
    const bool bare =
        address.kind == AddressKind::kDigits || address.kind == AddressKind::kWithheld;
    if (!bare || address.plus || address.size == 0 || address.ton != TypeOfNumber::kUnknown)
        return address;
    const std::string_view digits = address.text();
    if (format == TrunkFormat::kE164 && !digits.starts_with("0")) {
        address.ton = TypeOfNumber::kInternational;
    } else if (format == TrunkFormat::kNational && !digits.starts_with("00")) {
        address.ton = TypeOfNumber::kNational;
    }
    return address;
}

}  // namespace ringfence
