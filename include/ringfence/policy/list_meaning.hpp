// list_meaning.hpp - what being on a list (or on a sub-list of it) means, by list index.
//
// Tables answer with list indexes; this is what turns one into a finding. A meaning concerns an event when the
// list is about that party, and belongs to everybody, to the event's tenant or to its subscriber.
//
// Readers: an array of these, one an index, is part of a published generation. Cost: 40 bytes an index.
#pragma once

#include <cstdint>

#include "ringfence/base/vocabulary.hpp"
#include "ringfence/number/number.hpp"
#include "ringfence/policy/finding.hpp"

namespace ringfence {

// Whose list it is. The tier follows from it.
enum class Authority : std::uint8_t {
    kPolice = 0,     // orders: nothing lifts them
    kCardState = 1,  // what the registry says of a card: nothing lifts it
    kPersonal = 2,
    kTenant = 3,
    kGlobal = 4,
};
constexpr Stage stage_of(Authority authority) {
    switch (authority) {
        case Authority::kPolice:
        case Authority::kCardState: return Stage::kOrder;
        case Authority::kPersonal: return Stage::kPersonal;
        case Authority::kTenant: return Stage::kTenant;
        case Authority::kGlobal: return Stage::kGlobal;
    }
    return Stage::kGlobal;
}
constexpr Reason reason_of(Authority authority) {
    switch (authority) {
        case Authority::kPolice: return Reason::kPoliceOrder;
        case Authority::kCardState: return Reason::kCardState;
        case Authority::kPersonal: return Reason::kPersonalList;
        case Authority::kTenant: return Reason::kTenantList;
        case Authority::kGlobal: return Reason::kGlobalList;
    }
    return Reason::kGlobalList;
}

struct ListMeaning {
    std::uint32_t rule = 0;
    std::uint16_t category = 0;
    std::uint16_t risk = 0;
    Action action = Action::kTag;
    Action text_action = Action::kTag;  // of something found inside a text
    Authority authority = Authority::kGlobal;
    std::uint8_t parties = 0;  // bit i: Party i
    bool shadow = false;
    bool enabled = true;       // a disabled list costs nothing and means nothing
    std::uint32_t tenant = 0;  // 0: any
    Number subscriber;         // empty: any

    // Whether the list speaks about this party of an event of this tenant and subscriber.
    // Threads: any thread.
    constexpr bool concerns(Party party, std::uint32_t event_tenant,
                            Number event_subscriber) const {
        return enabled && (parties >> static_cast<unsigned>(party) & 1u) != 0 &&
               (tenant == 0 || tenant == event_tenant) &&
               (subscriber.empty() || subscriber == event_subscriber);
    }

    // The finding that a hit of this specificity makes (a prefix's digits, or Finding::kExactSpecificity).
    // Match offset and length are left to whoever knows them. Threads: any thread.
    constexpr Finding finding(Party party, std::uint8_t specificity) const {
        Finding finding;
        finding.rule = rule;
        finding.reason = party == Party::kText && stage_of(authority) != Stage::kOrder
                             ? Reason::kTextList
                             : reason_of(authority);
        finding.category = category;
        finding.risk = risk;
        finding.action = party == Party::kText ? text_action : action;
        finding.stage = stage_of(authority);
        finding.party = party;
        finding.specificity = specificity;
        finding.shadow = shadow;
        return finding;
    }
};

}  // namespace ringfence
