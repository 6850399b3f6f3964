// rule_counts.hpp - what each rule of the policy has come to, over the reloads that keep its id.
//
//     RuleSheet     the counters of one rulebook, by rule number; each session adds to a row of its own
//     RuleCounts    the sheets that readers may still add to, and by id the sums of those that are gone
//
//     reload 1    [sheet]------------ a reader still holds its rulebook ----> folded into the sums
//     reload 2           [sheet]--------------------------------------------> ...
//
// A rule that a reload takes out of the policy is forgotten once its sheet is gone; if it comes back it begins at zero.
//
// Threads: rows, one thread each; RuleCounts, one thread at a time (the writer's lock of the Screen). Nothing here is on
// the way of an event but adding to a row: some ns, no lock, no allocation.
// Cost: 24 bytes a rule and session.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "ringfence/policy/policy.hpp"
#include "ringfence/sync/striped_counter.hpp"
#include "src/screen/words.hpp"

namespace ringfence {

class RuleSheet {
public:
    using Row = StripedCounters::Stripe;

    explicit RuleSheet(std::shared_ptr<const Words> of_load)
        : words_(std::move(of_load)), counters_(kKinds * words_->policy.rules.size()) {}

    // A row for one session. Allocates. Threads: any thread.
    Row open() { return counters_.open(); }

    // A finding of a rule, and a verdict that names it.
    static void count_hit(Row& row, std::uint32_t rule, bool shadow) {
        row.add(kKinds * std::size_t{rule} + (shadow ? 1u : 0u));
    }
    static void count_decided(Row& row, std::uint32_t rule) {
        row.add(kKinds * std::size_t{rule} + 2);
    }

private:
    friend class RuleCounts;
    static constexpr std::size_t kKinds = 3;  // hits, hits in shadow, decided

    std::shared_ptr<const Words> words_;
    StripedCounters counters_;
};

struct RuleCount {
    std::uint64_t hits = 0;
    std::uint64_t shadow_hits = 0;
    std::uint64_t decided = 0;

    RuleCount& operator+=(const RuleCount& other) {
        hits += other.hits;
        shadow_hits += other.shadow_hits;
        decided += other.decided;
        return *this;
    }
};

class RuleCounts {
public:
    // A sheet for the rulebook of a load, which holds it as long as readers may add to it.
    std::shared_ptr<RuleSheet> open(std::shared_ptr<const Words> words);

    // Folds the sheets that nobody else holds into the sums, for the ids that `policy` has. On a failed allocation
    // nothing has changed.
    void fold(const Policy& policy);

    // By number of the rules of `policy`, [0] unused: of that load, and of those before it under the same ids.
    std::vector<RuleCount> counts(const Policy& policy) const;

private:
    static std::vector<RuleCount> read(const RuleSheet& sheet);

    using Sums = std::unordered_map<std::string, RuleCount>;
    std::vector<std::shared_ptr<RuleSheet>> sheets_;
    Sums gone_;
};

}  // namespace ringfence
