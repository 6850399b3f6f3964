// [score]
#include <array>
#include <utility>

#include "src/policy/policy_reader.hpp"

namespace ringfence {
namespace {

// There is no rule behind a score that could have a rate or a destination, and an allow would open a way in.
constexpr std::array<std::string_view, 5> kScoreActions = {"tag", "challenge", "hold", "reject",
                                                           "drop"};

}  // namespace

Status PolicyReader::read_score(const TomlTable& root) {
    const auto found = root.table("score");
    if (!found) return found.error();
    if (!*found) return ok();
    const TomlTable& table = **found;
    if (auto status = table.only_keys(
            {"id", "model", "from", "action", "may_stop_alone", "category", "risk", "shadow"});
        !status)
        return status;
    ScoreRule score;
    Rule rule;
    rule.kind = RuleKind::kScore;
    score.line = rule.line = table.line();
    auto id = read_id_or(table, "score", rule_lines_);
    if (!id) return id.error();
    rule.id = std::move(*id);
    auto path = read_path(table, "model");
    if (!path) return path.error();
    score.path = std::move(*path);
    const auto from = table.integer_or("from", 900, 1, 1'000);
    if (!from) return from.error();
    score.from = static_cast<unsigned>(*from);
    rule.action = Action::kTag;
    if (const auto action = table.find("action")) {
        const auto chosen = action_of(*action, kScoreActions);
        if (!chosen) return chosen.error();
        rule.action = *chosen;
    }
    const auto alone = table.boolean_or("may_stop_alone", false);
    if (!alone) return alone.error();
    score.may_stop_alone = *alone;
    if (auto status = read_category_and_risk(table, rule.action, rule, ScoreRule::kUsualRisk);
        !status)
        return status;

    auto model = ScoreModel::load(score.path);
    if (!model) return about_key(table, "model", score.path, model.error());
    score.model = std::make_shared<const ScoreModel>(std::move(*model));
    score.finding = finding_of_next(rule, Reason::kScore, Stage::kContent);
    score.finding.party = Party::kText;
    policy_.rules.push_back(std::move(rule));
    policy_.score = std::move(score);
    return ok();
}

}  // namespace ringfence
