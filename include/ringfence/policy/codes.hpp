// codes.hpp - what to answer the peer: a SIP status, a Q.850 cause, an SMPP command_status.
//
// A code belongs to an action; for a refusal (reject, drop) it may belong to the reason instead. The policy
// overrides each, by the name of the action or reason:
//
//     [codes.sip]          reject = 608     personal_list = 607
//     [codes.q850]         reject = 21
//     [codes.smpp]         reject = 0x45                            answer to a submit_sm
//     [codes.smpp_deliver] reject = 0x66                            answer to a deliver_sm
//
// 0 means that nothing is sent: the event passes (allow, tag), or the switch acts itself (challenge, divert,
// hold). A throttle's code is for what exceeds the rate.
//
// Source: RFC 3261, RFC 8197 (607), RFC 8688 (608), RFC 5079 (433), RFC 8224 (438); Q.850 2.2.4; SMPP 3.4 5.1.3.
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "ringfence/base/vocabulary.hpp"

namespace ringfence {

// The codes of one protocol.
struct CodeMap {
    std::array<std::uint32_t, kActionCount> actions{};
    std::map<Reason, std::uint32_t> reasons;  // in place of the action's, for reject and drop

    // Threads: any thread.
    std::uint32_t of(Action action, Reason reason) const {
        if (action == Action::kReject || action == Action::kDrop) {
            if (const auto found = reasons.find(reason); found != reasons.end())
                return found->second;
        }
        return actions[static_cast<unsigned>(action)];
    }

    bool operator==(const CodeMap&) const = default;
};

struct Codes {
    CodeMap sip;
    CodeMap q850;
    CodeMap smpp;          // to a submit_sm
    CodeMap smpp_deliver;  // to a deliver_sm

    // docs/policy.md has the table. Threads: any thread.
    static Codes defaults();

    bool operator==(const Codes&) const = default;
};

}  // namespace ringfence
