// sender_rule.hpp - [senders]: the register of senders, and what each fault of a sender asks for.
//
//     [senders]  file = "senders.csv"  unregistered = "tag"  look_alike = "reject"  wrong_bind = "reject"
//
// The three are findings about who sends, of the tier of forged callers: what blocks there no list lifts.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "ringfence/policy/finding.hpp"
#include "ringfence/senders/register.hpp"

namespace ringfence {

struct SenderRule {
    std::string path;
    std::shared_ptr<const SenderRegister> senders;  // never null
    SenderRegister::Report report;                  // what reading it passed over
    Finding unregistered, look_alike, wrong_way;    // of stage kNone where the policy says allow
    std::uint32_t line = 0;

    // The finding about a sender that stands so; of stage kNone for none. An emergency number that sends is never asked
    // more than a tag. Threads: any thread.
    Finding finding_of(SenderStanding standing, bool emergency) const;
};

}  // namespace ringfence
