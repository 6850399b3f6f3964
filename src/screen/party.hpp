// party.hpp - one party of an event, read once: what arrived, what it means, and its key.
#pragma once

#include "ringfence/activity/key.hpp"
#include "ringfence/caller_id/trunk_rules.hpp"
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

}  // namespace ringfence
