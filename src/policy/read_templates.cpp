// [[templates]] and [campaigns]
#include <algorithm>
#include <utility>

#include "src/policy/policy_reader.hpp"

namespace ringfence {

// What both have: an action, and what goes with it.
Status PolicyReader::read_text_rule(const TomlTable& table, Rule& rule, std::uint16_t usual_risk) {
    rule.line = table.line();
    const auto action = read_action(table, "action");
    if (!action) return action.error();
    if (*action == Action::kAllow)
        return table.error("action", ErrorCode::kOutOfRange,
                           "a near-copy is never let through for being one; give 'action' tag or "
                           "more, or remove '" +
                               table.path() + "'");
    rule.action = *action;
    if (auto status = read_category_and_risk(table, *action, rule, usual_risk); !status)
        return status;
    if (auto status = read_params(table, rule); !status) return status;
    return check_params(table, rule);
}

Result<unsigned> PolicyReader::read_similarity(const TomlTable& table, unsigned usual) {
    const auto similarity = table.integer_or("similarity", usual, TemplateSet::kLeastSimilarity,
                                             TemplateSet::kMostSimilarity);
    if (!similarity) return similarity.error();
    return static_cast<unsigned>(*similarity);
}

Status PolicyReader::read_templates(const TomlTable& root) {
    const auto tables = root.tables("templates");
    if (!tables) return tables.error();
    if (tables->size() > Policy::kMaxTemplates)
        return (*tables)[Policy::kMaxTemplates].error(ErrorCode::kTooLarge,
                                                      "more than 64 tables of templates");
    for (const TomlTable& table : *tables) {
        if (auto status = read_template(table); !status) return status;
    }
    return ok();
}

Status PolicyReader::read_template(const TomlTable& table) {
    if (auto status = table.only_keys({"id", "file", "strict", "similarity", "action", "category",
                                       "risk", "shadow", "rate", "destination"});
        !status)
        return status;
    TemplateRule templates;
    Rule rule;
    rule.kind = RuleKind::kTemplates;
    auto id = read_id(table, rule_lines_);
    if (!id) return id.error();
    rule.id = std::move(*id);
    auto path = read_path(table, "file");
    if (!path) return path.error();
    const auto strict = table.boolean_or("strict", false);
    if (!strict) return strict.error();
    const auto similarity = read_similarity(table, TemplateRule::kUsualSimilarity);
    if (!similarity) return similarity.error();
    if (auto status = read_text_rule(table, rule); !status) return status;

    auto loaded = TemplateSet::load({.path = *path, .strict = *strict});
    if (!loaded) return about_key(table, "file", *path, loaded.error());
    templates.path = std::move(*path);
    templates.templates = std::make_shared<const TemplateSet>(std::move(loaded->templates));
    templates.report = std::move(loaded->report);
    templates.similarity_percent = *similarity;
    templates.line = rule.line;
    templates.finding = finding_of_next(rule, Reason::kTemplate, Stage::kContent);
    templates.finding.party = Party::kText;
    policy_.rules.push_back(std::move(rule));
    policy_.templates.push_back(std::move(templates));
    return ok();
}

Status PolicyReader::read_campaigns(const TomlTable& root) {
    const auto found = root.table("campaigns");
    if (!found) return found.error();
    if (!*found) return ok();
    const TomlTable& table = **found;
    if (auto status =
            table.only_keys({"id", "senders", "messages", "window_s", "similarity", "slots",
                             "action", "category", "risk", "shadow", "rate", "destination"});
        !status)
        return status;
    CampaignRule campaigns;
    Rule rule;
    rule.kind = RuleKind::kCampaigns;
    auto id = read_id_or(table, "campaigns", rule_lines_);
    if (!id) return id.error();
    rule.id = std::move(*id);
    // From the most on senders are not told apart.
    constexpr std::int64_t kMostSenders = Campaign::kMostSenders / 2;
    const auto senders = table.integer_or("senders", campaigns.senders, 2, kMostSenders);
    if (!senders) return senders.error();
    campaigns.senders = static_cast<std::uint32_t>(*senders);
    constexpr std::int64_t kMostMessages = 1'000'000'000;
    const auto messages = table.integer_or("messages", *senders, 2, kMostMessages);
    if (!messages) return messages.error();
    campaigns.messages = static_cast<std::uint64_t>(*messages);
    constexpr std::int64_t kLongest = 7 * kDayS;
    const auto window = table.integer_or("window_s", 3'600, 1, kLongest);
    if (!window) return window.error();
    constexpr std::int64_t kMostSlots = 1 << 24;
    const auto slots = table.integer_or("slots", 65'536, 1, kMostSlots);
    if (!slots) return slots.error();
    const auto similarity = read_similarity(table, CampaignOptions().similarity_percent);
    if (!similarity) return similarity.error();
    // One that was quiet for the whole window counts nothing any more.
    campaigns.options = {.campaigns = static_cast<std::uint32_t>(*slots),
                         .window_ms = *window * 1'000,
                         .keep_ms = *window * 1'000,
                         .similarity_percent = *similarity};
    if (auto status = read_text_rule(table, rule, CampaignRule::kUsualRisk); !status) return status;
    campaigns.line = rule.line;
    campaigns.finding = finding_of_next(rule, Reason::kCampaign, Stage::kContent);
    campaigns.finding.party = Party::kText;
    policy_.rules.push_back(std::move(rule));
    policy_.campaigns = campaigns;
    return ok();
}

}  // namespace ringfence
