// [senders]
#include <algorithm>
#include <array>
#include <utility>

#include "src/policy/policy_reader.hpp"

namespace ringfence {
namespace {

// There is no rule behind a standing that could have a rate or a destination.
constexpr std::array<std::string_view, 6> kStandings = {"allow", "tag",    "challenge",
                                                        "hold",  "reject", "drop"};

Result<Action> read_standing(const TomlTable& table, std::string_view key, Action usual) {
    const auto value = table.find(key);
    return value ? action_of(*value, kStandings) : usual;
}

}  // namespace

Status PolicyReader::read_senders(const TomlTable& root) {
    const auto found = root.table("senders");
    if (!found) return found.error();
    if (!*found) return ok();
    const TomlTable& table = **found;
    if (auto status = table.only_keys({"id", "file", "strict", "unregistered", "look_alike",
                                       "wrong_bind", "category", "risk", "shadow"});
        !status)
        return status;
    SenderRule senders;
    Rule rule;
    rule.kind = RuleKind::kSenders;
    senders.line = rule.line = table.line();
    auto id = read_id_or(table, "senders", rule_lines_);
    if (!id) return id.error();
    rule.id = std::move(*id);
    auto path = read_path(table, "file");
    if (!path) return path.error();
    senders.path = std::move(*path);
    const auto strict = table.boolean_or("strict", false);
    if (!strict) return strict.error();
    const auto unregistered = read_standing(table, "unregistered", Action::kTag);
    if (!unregistered) return unregistered.error();
    const auto look_alike = read_standing(table, "look_alike", Action::kReject);
    if (!look_alike) return look_alike.error();
    const auto wrong_bind = read_standing(table, "wrong_bind", Action::kReject);
    if (!wrong_bind) return wrong_bind.error();
    rule.action = std::max({*unregistered, *look_alike, *wrong_bind});
    if (auto status = read_category_and_risk(table, rule.action, rule); !status) return status;

    SenderSource source;
    source.path = senders.path;
    source.plan = policy_.plan;
    source.strict = *strict;
    for (const PolicyBind& bind : policy_.binds) source.binds.push_back(bind.id);
    for (const PolicyTrunk& trunk : policy_.trunks) source.trunks.push_back(trunk.id);
    auto loaded = SenderRegister::load(source);
    if (!loaded) return about_key(table, "file", senders.path, loaded.error());
    senders.senders = std::make_shared<const SenderRegister>(std::move(loaded->senders));
    senders.report = std::move(loaded->report);

    const auto finding = [&](Reason reason, Action action) {
        Finding made = finding_of_next(rule, reason,
                                       action == Action::kAllow ? Stage::kNone : Stage::kCallerId);
        made.action = action;
        made.party = Party::kCalling;
        made.specificity = Finding::kExactSpecificity;
        return made;
    };
    senders.unregistered = finding(Reason::kSenderUnregistered, *unregistered);
    senders.look_alike = finding(Reason::kSenderLookAlike, *look_alike);
    senders.wrong_way = finding(Reason::kSenderWrongBind, *wrong_bind);
    policy_.rules.push_back(std::move(rule));
    policy_.senders = std::move(senders);
    return ok();
}

}  // namespace ringfence
