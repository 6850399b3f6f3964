// rules_verbs.hpp - the verbs of `ringfence rules`; each gives an exit code.
#pragma once

#include <optional>

#include "ringfence/pattern/pattern_set.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json.hpp"

namespace ringfence::cli {

// ---- rules_command.cpp ----
// All packs of the command as one set of rules. Fails as RuleSet::load and add do.
Result<RuleSet> load_packs(const RulesCommand& command);

// The language of a rule; null, or "-" for a person, where neither it nor its pack tells.
inline Json language_of(const PatternRule& rule) {
    return rule.language.empty() ? Json() : Json(rule.language);
}
inline std::string shown_language(const PatternRule& rule) {
    return rule.language.empty() ? "-" : rule.language;
}

// ---- rules_check.cpp ----
int check_rules(const RulesCommand& command);

// ---- rules_try.cpp ----
int show_tiers(const RulesCommand& command);
int try_rule(const RulesCommand& command);

// ---- rules_mine.cpp ----
int mine_rules(const RulesCommand& command);

// ---- rules_bench.cpp ----
int bench_rules(const RulesCommand& command);

}  // namespace ringfence::cli
