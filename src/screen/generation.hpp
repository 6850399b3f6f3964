// generation.hpp - what a reader sees under one pin: the rules of one load, and the tables beside them.
//
//     Generation --> Rulebook   policy, meanings, compiled patterns, scratch for each session    immutable
//                --> Tables     numbers, prefixes, keys: a TableSet                changed live, one writer
//                               or those that another process publishes            (followed.hpp)
//
// A reload makes both anew. A live change of a number happens inside the TableSet; a change that a table
// cannot take in place (a prefix, a name, growth) makes a new TableSet beside the same Rulebook. Both are
// shared, because the old and the new Generation may hold the same one.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "ringfence/caller_id/trunk_rules.hpp"
#include "ringfence/pattern/pattern_set.hpp"
#include "ringfence/screen/screen.hpp"
#include "ringfence/table/table_set.hpp"
#include "ringfence/table/table_views.hpp"
#include "src/screen/followed.hpp"
#include "src/screen/rule_counts.hpp"
#include "src/screen/shared_campaigns.hpp"
#include "src/screen/words.hpp"

namespace ringfence {

struct Rulebook {
    explicit Rulebook(std::shared_ptr<const Words> of_load)
        : words(std::move(of_load)), policy(words->policy), generation(words->generation) {}

    std::shared_ptr<const Words> words;
    const Policy& policy;
    std::uint32_t generation;
    std::vector<ListMeaning> meanings;           // by list index
    std::vector<Finding> pattern_findings;       // by pattern rule, but for place
    std::vector<Finding> standing;               // failures that concern every event: missing feeds
    std::shared_ptr<const PatternSet> patterns;  // null: no content rules
    std::shared_ptr<SharedCampaigns> campaigns;  // null: the policy counts none
    // From then on some list is older than its policy allows. A reconciled list moves it, under the readers.
    std::atomic<Time> stale_from{Time::max()};

    // By handle (TrunkId, BindId); null where the policy no longer has one of that id.
    std::vector<const TrunkRules*> trunks;
    std::vector<const PolicyBind*> binds;

    // One for each open session, by its slot; touched by that session alone. The writer fills a slot before
    // the rulebook is published, or before the session that owns the slot exists.
    std::array<std::unique_ptr<PatternScratch>, Screen::kMaxSessions> scratches;
    // What the rules come to under this rulebook. The rows go before the sheet does.
    std::shared_ptr<RuleSheet> sheet;
    std::array<RuleSheet::Row, Screen::kMaxSessions> rows;

    const TrunkRules* trunk(TrunkId id) const {
        return id.index < trunks.size() ? trunks[id.index] : nullptr;
    }
    const PolicyBind* bind(BindId id) const {
        return id.index < binds.size() ? binds[id.index] : nullptr;
    }
};

// What look-ups read, and what keeps it.
struct Tables {
    explicit Tables(std::shared_ptr<TableSet> set) : own(std::move(set)), views(views_of(*own)) {}
    Tables(std::shared_ptr<const Followed> published, std::shared_ptr<const Ended> ended_of_it)
        : followed(std::move(published)),
          ended(std::move(ended_of_it)),
          views(followed->tables()) {}

    const PairTable* pairs() const { return own ? own->pairs.get() : nullptr; }

    // One of them is null.
    std::shared_ptr<TableSet> own;
    std::shared_ptr<const Followed> followed;
    std::shared_ptr<const Ended> ended;  // of what is followed; null: nothing
    TableViews views;
};

struct Generation {
    std::shared_ptr<Rulebook> rules;
    Tables tables;
};

}  // namespace ringfence
