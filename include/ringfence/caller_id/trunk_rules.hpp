// trunk_rules.hpp - what the policy says about one trunk, ready for `judge`.
//
//     [[trunk]]  id = "sz-gov"  kind = "national"  format = "auto"  cli = ["+86755"]  protected = ["96110"]
//
// Built when a policy is loaded, then read by any thread. The texts are read here, because what
// "96110" means is a matter of the dial plan.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/base/signalling.hpp"
#include "ringfence/number/address.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence {

// How a trunk writes its numbers.
enum class TrunkFormat : std::uint8_t {
    kAuto = 0,      // as they come: a '+', 00, or none for national
    kE164 = 1,      // country code first, with or without '+'
    kNational = 2,  // national numbers bare or behind a trunk 0; foreign ones behind 00 or '+'
};

struct TrunkRules {
    TrunkKind kind = TrunkKind::kNone;
    TrunkFormat format = TrunkFormat::kAuto;
    // Digits, country code first, of which a caller shown on the trunk must begin with one; none: any.
    std::vector<std::string> cli;
    // Protected numbers that this trunk may show; none: protected numbers tag.
    std::vector<Number> protected_numbers;
};

// The rules of a trunk from the policy's texts. Fails with kSyntax on a cli prefix that is not '+' and
// 1 to 15 digits, and on a protected number that `plan` cannot read; the text says which, not where.
// Threads: any thread.
Result<TrunkRules> make_trunk_rules(TrunkKind kind, TrunkFormat format,
                                    std::span<const std::string_view> cli,
                                    std::span<const std::string_view> protected_numbers,
                                    const DialPlan& plan);

// `address` as a trunk of this format means it, for `normalize`: on an E.164 trunk bare digits carry a
// country code, on a national one they are national. A type of number that came with it is kept.
// Threads: any thread.
Address under_format(Address address, TrunkFormat format);

// The names the policy uses: "subscriber", "national", ...; "auto", "e164", "national".
// Threads: any thread.
std::optional<TrunkKind> trunk_kind_from_name(std::string_view name);
std::optional<TrunkFormat> trunk_format_from_name(std::string_view name);
std::string_view name_of(TrunkKind kind);
std::string_view name_of(TrunkFormat format);

}  // namespace ringfence
