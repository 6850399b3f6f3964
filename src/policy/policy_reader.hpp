// policy_reader.hpp - reads one policy document, a part a function, into a Policy.
//
// Each function checks its keys and gives the first error, with file and line. They run in the order of `read`:
// lists are numbered before activity rules, those before patterns, those before senders, the score, templates and campaigns; binds
// name trunks, and the register of senders names both.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/policy/policy.hpp"
#include "ringfence/source/toml.hpp"

namespace ringfence {

// Fails with kOutOfRange when no plan is shipped for the country, with kRefused when the plan knows no emergency
// number; the text names no place. `plan` is what DialPlan::find gave.
Status check_plan(std::string_view country, const DialPlan* plan);

// The action that `value` names, of those of the names given. Fails as TomlValue::one_of does.
Result<Action> action_of(const TomlValue& value, std::span<const std::string_view> names);

class PolicyReader {
public:
    PolicyReader(const TomlDocument& document, std::string path)
        : document_(document), path_(std::move(path)) {
        policy_.path = path_;
    }

    Result<Policy> read();

private:
    // policy_reader.cpp
    Status read_screen(const TomlTable& root);
    Status read_caller_id(const TomlTable& root);
    Status read_settings(const TomlTable& root);

    // read_lists.cpp
    Status read_lists(const TomlTable& root);
    Status read_list(const TomlTable& table, PolicyList& list, Rule& rule);
    Status read_owner(const TomlTable& table, PolicyList& list);
    Status read_parties(const TomlTable& table, PolicyList& list);
    Status read_actions(const TomlTable& table, PolicyList& list, Rule& rule);

    // read_rules.cpp
    Status read_activity(const TomlTable& root);
    Status read_activity_rule(const TomlTable& table, ActivityRule& activity, Rule& rule);
    Status read_when(const TomlTable& table, ActivityRule& activity);
    Status read_patterns(const TomlTable& root);
    Status read_pack(const TomlTable& table);
    Status read_regex(const TomlTable& root);
    Status read_disabled(const TomlTable& table, std::size_t first, std::size_t end);

    // read_senders.cpp
    Status read_senders(const TomlTable& root);

    // read_templates.cpp
    Status read_templates(const TomlTable& root);
    Status read_template(const TomlTable& table);
    Status read_campaigns(const TomlTable& root);
    Status read_text_rule(const TomlTable& table, Rule& rule, std::uint16_t usual_risk = 500);
    static Result<unsigned> read_similarity(const TomlTable& table, unsigned usual);

    // read_score.cpp
    Status read_score(const TomlTable& root);

    // read_network.cpp
    Status read_trunks(const TomlTable& root);
    Status read_trunk(const TomlTable& table, PolicyTrunk& trunk);
    Status read_binds(const TomlTable& root);
    Status read_bind(const TomlTable& table, PolicyBind& bind);
    Status read_failure(const TomlTable& root);
    Status read_codes(const TomlTable& root);
    Status read_code_map(const TomlTable& table, std::int64_t least, std::int64_t most,
                         CodeMap& map);

    // Shared by rules of every kind.
    using Lines = std::map<std::string, std::uint32_t, std::less<>>;
    Result<std::string> read_id(const TomlTable& table, Lines& taken);
    // Of a table that there is once: `usual` where it names none.
    Result<std::string> read_id_or(const TomlTable& table, std::string_view usual, Lines& taken);
    Result<std::string> read_path(const TomlTable& table, std::string_view key);
    Result<Action> read_action(const TomlTable& table, std::string_view key);
    // The error of reading the file at `path`, which the table's `key` names.
    static Error about_key(const TomlTable& table, std::string_view key, const std::string& path,
                           const Error& error);
    // What the next rule of the policy says when it holds.
    Finding finding_of_next(const Rule& rule, Reason reason, Stage stage) const;
    Status read_category_and_risk(const TomlTable& table, Action action, Rule& rule,
                                  std::uint16_t usual_risk = 500);
    Status read_params(const TomlTable& table, Rule& rule);
    Status check_params(const TomlTable& table, const Rule& rule);

    const TomlDocument& document_;
    std::string path_;
    Policy policy_;
    Lines rule_lines_;  // where each rule's id was given
};

}  // namespace ringfence
