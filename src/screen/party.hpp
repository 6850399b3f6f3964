// party.hpp - one party of an event, read once: what arrived, what it means, and its key.
#pragma once

#include <string_view>

#include "ringfence/activity/key.hpp"
#include "ringfence/caller_id/trunk_rules.hpp"
#include "ringfence/number/emergency.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"

namespace ringfence {

struct PartyRead {
    Address address;
    Normalized number;
    ActivityKey key;

    void read(const AddressView& view, const DialPlan& plan, const TrunkRules* trunk) {
        address = parse(view);
        number = normalize(trunk != nullptr ? under_format(address, trunk->format) : address, plan);
        key = ActivityKey::of(address, number);
    }
};

// Whether a call is to an emergency number: of the network that screens, or of the country that serves the
// caller abroad.
inline bool is_emergency_call(const PartyRead& called, std::string_view serving_country) {
    return called.number.emergency ||
           (!serving_country.empty() &&
            is_emergency_in(called.address, CountryCode(serving_country)));
}

}  // namespace ringfence
