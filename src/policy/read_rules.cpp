// [[activity]], [[patterns]] and [regex]
#include <algorithm>
#include <limits>
#include <string>

#include "ringfence/base/nearest.hpp"
#include "src/policy/policy_reader.hpp"

namespace ringfence {

Status PolicyReader::read_activity(const TomlTable& root) {
    const auto tables = root.tables("activity");
    if (!tables) return tables.error();
    if (tables->size() > Policy::kMaxActivityRules)
        return (*tables)[Policy::kMaxActivityRules].error(ErrorCode::kTooLarge,
                                                          "more than 1,024 activity rules");
    // Without a rule the gate never opens.
    constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();
    policy_.activity_gate = {kNever, kNever};
    for (const TomlTable& table : *tables) {
        ActivityRule activity;
        Rule rule;
        if (auto status = read_activity_rule(table, activity, rule); !status) return status;
        policy_.activity_gate = ActivityGate::either(policy_.activity_gate, activity.gate);
        policy_.activity.push_back(std::move(activity));
        policy_.rules.push_back(std::move(rule));
    }
    return ok();
}

Status PolicyReader::read_activity_rule(const TomlTable& table, ActivityRule& activity,
                                        Rule& rule) {
    if (auto status = table.only_keys(
            {"id", "when", "action", "category", "risk", "shadow", "rate", "destination"});
        !status)
        return status;
    auto id = read_id(table, rule_lines_);
    if (!id) return id.error();
    rule.kind = RuleKind::kActivity;
    activity.id = rule.id = std::move(*id);
    activity.line = rule.line = table.line();
    const auto action = read_action(table, "action");
    if (!action) return action.error();
    rule.action = *action;
    if (auto status = read_category_and_risk(table, *action, rule); !status) return status;
    if (auto status = read_params(table, rule); !status) return status;
    if (auto status = check_params(table, rule); !status) return status;
    if (auto status = read_when(table, activity); !status) return status;

    activity.finding = finding_of_next(rule, Reason::kActivity, Stage::kBehaviour);
    return ok();
}

Status PolicyReader::read_when(const TomlTable& table, ActivityRule& activity) {
    const auto when = table.table("when");
    if (!when) return when.error();
    if (!*when || (*when)->entries().empty())
        return table.error(
            "when", ErrorCode::kMissing,
            "no condition in 'when'; give one, such as when = { calls_1h = \">=60\" }");
    for (const TomlEntry& entry : (*when)->entries()) {
        // Several comparisons of one feature stand in brackets: calls_1h = [">=20", "<60"].
        const auto comparisons = entry.value.strings();
        if (!comparisons) return comparisons.error();
        if (comparisons->empty())
            return entry.value.error(ErrorCode::kMissing,
                                     "no comparison for '" + std::string(entry.key) + "'");
        for (const std::string_view comparison : *comparisons) {
            const auto condition = ActivityCondition::parse(entry.key, comparison);
            if (!condition)
                return entry.value.error(condition.error().code, condition.error().text);
            activity.when.push_back(*condition);
        }
    }
    activity.gate = ActivityGate::of(activity.when);
    return ok();
}

Status PolicyReader::read_patterns(const TomlTable& root) {
    const auto tables = root.tables("patterns");
    if (!tables) return tables.error();
    for (const TomlTable& table : *tables) {
        if (auto status = read_pack(table); !status) return status;
    }
    return ok();
}

Status PolicyReader::read_pack(const TomlTable& table) {
    if (auto status = table.only_keys({"file", "shadow", "disable", "rate", "destination"});
        !status)
        return status;
    auto file = read_path(table, "file");
    if (!file) return file.error();
    const auto shadow = table.boolean_or("shadow", false);
    if (!shadow) return shadow.error();
    Rule params;
    if (auto status = read_params(table, params); !status) return status;

    PatternPack pack;
    pack.path = std::move(*file);
    pack.shadow = *shadow;
    pack.line = table.line();
    auto rules = RuleSet::load(pack.path);
    if (!rules) return about_key(table, "file", pack.path, rules.error());
    const std::size_t first = policy_.pattern_rules.rules().size();
    if (auto status = policy_.pattern_rules.add(std::move(*rules)); !status) return status;
    const auto& all = policy_.pattern_rules.rules();
    for (std::size_t i = first; i < all.size(); ++i) {
        const PatternRule& pattern = all[i];
        if (const auto taken = rule_lines_.find(pattern.id); taken != rule_lines_.end())
            return table.error("file", ErrorCode::kDuplicate,
                               "the rule at " + policy_.pattern_rules.place_of(pattern) +
                                   " has the id '" + pattern.id + "' of line " +
                                   std::to_string(taken->second) + "; rename one");
        rule_lines_.emplace(pattern.id, pack.line);
        Rule rule = params;
        rule.id = pattern.id;
        rule.kind = RuleKind::kPattern;
        rule.action = pattern.action;
        rule.risk = pattern.risk;
        rule.shadow = pattern.shadow || pack.shadow;
        rule.line = pattern.line;
        const auto category = policy_.categories.intern(pattern.category);
        if (!category)
            return table.error(
                "file", category.error().code,
                category.error().text + " (" + policy_.pattern_rules.place_of(pattern) + ")");
        rule.category = *category;
        if (auto status = check_params(table, rule); !status) return status;
        policy_.rules.push_back(std::move(rule));
    }
    pack.first_rule = static_cast<std::uint32_t>(first);
    pack.rules = static_cast<std::uint32_t>(all.size() - first);
    policy_.packs.push_back(std::move(pack));
    return read_disabled(table, first, all.size());
}

Status PolicyReader::read_regex(const TomlTable& root) {
    const auto found = root.table("regex");
    if (!found) return found.error();
    if (!*found) return ok();
    const TomlTable& table = **found;
    if (auto status =
            table.only_keys({"compile_seconds", "compile_mb", "compile_states", "program"});
        !status)
        return status;
    RegexLimits& limits = policy_.regex_limits;
    const auto seconds =
        table.integer_or("compile_seconds", limits.seconds, 1, RegexLimits::kMostSeconds);
    if (!seconds) return seconds.error();
    limits.seconds = static_cast<std::uint32_t>(*seconds);
    const auto megabytes =
        table.integer_or("compile_mb", limits.memory_mb, 1, RegexLimits::kMostMegabytes);
    if (!megabytes) return megabytes.error();
    limits.memory_mb = static_cast<std::uint32_t>(*megabytes);
    const auto states =
        table.integer_or("compile_states", limits.states, 1, RegexLimits::kMostStates);
    if (!states) return states.error();
    limits.states = static_cast<std::uint32_t>(*states);
    // These two a program keeps; states are counted in any case.
    for (const char* key : {"compile_mb", "compile_seconds"})
        if (const auto value = table.find(key)) policy_.regex_line = value->line();
    if (table.has("program")) {
        // An empty one is a word of its own: start none.
        const auto path = table.string("program");
        if (!path) return path.error();
        limits.here = path->empty();
        if (limits.here) return ok();
        auto program = read_path(table, "program");
        if (!program) return program.error();
        limits.program = std::move(*program);
    }
    return ok();
}

Status PolicyReader::read_disabled(const TomlTable& table, std::size_t first, std::size_t end) {
    const auto disabled = table.strings("disable");
    if (!disabled) return disabled.error();
    for (const std::string_view id : *disabled) {
        bool found = false;
        std::vector<std::string_view> ids;
        for (std::size_t i = first; i < end; ++i) {
            Rule& rule = policy_.rules[policy_.rule_of_pattern(i)];
            ids.push_back(rule.id);
            if (rule.id != id) continue;
            rule.enabled = false;
            found = true;
        }
        if (found) continue;
        std::string text = "the pack has no rule '" + std::string(id) + "' to disable";
        const std::string_view nearest = nearest_name(id, ids);
        if (!nearest.empty()) text.append("; did you mean '").append(nearest).append("'?");
        return table.error("disable", ErrorCode::kDangling, text);
    }
    return ok();
}

}  // namespace ringfence
