// Any caller on any trunk: a question is asked exactly where its answer matters, an SMS asks none, only tag and
// reject are found, and nothing is found twice.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>

#include "ringfence/caller_id/caller_id.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/parse.hpp"

namespace {

using namespace ringfence;

void require(bool holds) {
    if (!holds) std::abort();
}

Action gravest(const CallerIdFindings& findings) {
    if (findings.rejects()) return Action::kReject;
    return findings.all().empty() ? Action::kAllow : Action::kTag;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const auto plans = DialPlan::all();
    const DialPlan& plan = plans[data[0] % plans.size()];
    const auto kind = static_cast<TrunkKind>(data[1] % 5);
    const auto format = static_cast<TrunkFormat>(data[1] / 5 % 3);
    TrunkRules trunk{.kind = kind, .format = format, .cli = {}, .protected_numbers = {}};
    if ((data[1] & 0x80u) != 0) trunk.protected_numbers = {Number::from_digits("8696110")};
    if ((data[2] & 1u) != 0) trunk.cli = {"86755"};
    const CountryCode regions[] = {CountryCode("MM")};
    const std::string_view text(reinterpret_cast<const char*>(data + 3), size - 3);
    const Address calling = under_format(parse(text), format);
    const Normalized number = normalize(calling, plan);
    const Normalized redirecting = normalize(parse("+8617000001234"), plan);

    const auto judged = [&](Medium medium, Roaming roaming) {
        return judge({.calling = calling,
                      .number = number,
                      .home = plan.country(),
                      .trunk = (data[2] & 2u) != 0 ? nullptr : &trunk,
                      .redirecting = (data[2] & 4u) != 0 ? &redirecting : nullptr,
                      .medium = medium,
                      .roaming = roaming,
                      .verstat = static_cast<Verstat>(data[2] / 8 % 4),
                      .listed_regions = regions});
    };
    const CallerIdFindings open = judged(Medium::kCall, Roaming::kUnknown);
    const CallerIdFindings yes = judged(Medium::kCall, Roaming::kYes);
    const CallerIdFindings no = judged(Medium::kCall, Roaming::kNo);
    require(!yes.needs_roaming() && !no.needs_roaming());
    if (open.needs_roaming()) {
        require(gravest(open) == Action::kTag && gravest(no) == Action::kReject);
        require(gravest(yes) <= gravest(open));
    } else if (kind == TrunkKind::kInternational) {
        require(gravest(open) == gravest(no));
    }
    const CallerIdFindings sms = judged(Medium::kSms, Roaming::kUnknown);
    require(!sms.needs_roaming() && gravest(sms) <= std::max(gravest(open), gravest(no)));
    for (const CallerIdFindings& findings : {open, yes, no, sms}) {
        std::set<Reason> reasons;
        for (const CallerIdFinding& one : findings.all()) {
            require(one.action == Action::kTag || one.action == Action::kReject);
            require(reasons.insert(one.reason).second);
        }
    }
    return 0;
}
