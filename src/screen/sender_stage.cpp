// Who sends a message, by the register of the policy.
#include "ringfence/base/trimmed.hpp"
#include "src/screen/session_state.hpp"

namespace ringfence {

// By which bind and trunk of the policy a message came.
SenderOrigin Session::State::origin_of(const Sms& sms) const {
    const Policy& policy = rules().policy;
    SenderOrigin origin;
    const PolicyBind* bind = rules().bind(sms.bind);
    if (bind != nullptr) origin.bind = static_cast<std::uint32_t>(bind - policy.binds.data());
    origin.other_way = sms.bind != BindId{} && bind == nullptr;
    if (sms.trunk == TrunkId{}) {
        if (bind != nullptr && bind->trunk) origin.trunk = static_cast<std::uint32_t>(*bind->trunk);
        return origin;
    }
    const TrunkRules* trunk = rules().trunk(sms.trunk);
    for (std::uint32_t i = 0; i < policy.trunks.size() && !origin.trunk; ++i)
        if (&policy.trunks[i].rules == trunk) origin.trunk = i;
    origin.other_way = origin.other_way || !origin.trunk;
    return origin;
}

SenderJudged Session::State::judge_sender(const Sms& sms, const PartyRead& sender) const {
    const SenderRule& rule = *rules().policy.senders;
    const std::string_view name = sms.sender.coding == AddressCoding::kText
                                      ? trimmed(sms.sender.text, " \t\r\n")
                                      : sender.address.text();
    const auto judged =
        rule.senders->judge(sender.address, sender.number, name, origin_of(sms), sms.time);
    return {rule.finding_of(judged.standing, sender.number.emergency), judged.like};
}

}  // namespace ringfence
