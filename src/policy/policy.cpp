#include "ringfence/policy/policy.hpp"

#include <algorithm>

#include "src/policy/policy_reader.hpp"

namespace ringfence {
namespace {

template <class Items, class IdOf>
std::optional<std::size_t> find_id(const Items& items, std::string_view id, IdOf id_of) {
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const auto& item) { return id_of(item) == id; });
    if (found == items.end()) return {};
    return static_cast<std::size_t>(found - items.begin());
}

}  // namespace

Result<Policy> Policy::load(const std::string& path) {
    const auto document = TomlDocument::read(path);
    if (!document) return document.error();
    return PolicyReader(*document, path).read();
}

Result<Policy> Policy::parse(std::string_view toml, const std::string& path) {
    const auto document = TomlDocument::parse(toml, path);
    if (!document) return document.error();
    return PolicyReader(*document, path).read();
}

bool PolicyBind::may_send(std::string_view folded) const {
    return senders.empty() || std::binary_search(senders.begin(), senders.end(), folded);
}

Finding Policy::pattern_finding(std::size_t i) const {
    const std::uint32_t number = rule_of_pattern(i);
    const Rule& rule = rules[number];
    Finding finding;
    finding.rule = number;
    finding.reason = Reason::kPattern;
    finding.category = rule.category;
    finding.risk = rule.risk;
    finding.action = rule.action;
    finding.stage = rule.enabled ? Stage::kContent : Stage::kNone;
    finding.party = Party::kText;
    finding.shadow = rule.shadow;
    return finding;
}

std::optional<std::size_t> Policy::find_list(std::string_view id) const {
    return find_id(
        lists, id, [](const PolicyList& list) -> auto& { return list.source.id; });
}

std::optional<std::size_t> Policy::find_trunk(std::string_view id) const {
    return find_id(
        trunks, id, [](const PolicyTrunk& trunk) -> auto& { return trunk.id; });
}

std::optional<std::size_t> Policy::find_bind(std::string_view id) const {
    return find_id(
        binds, id, [](const PolicyBind& bind) -> auto& { return bind.id; });
}

Result<std::vector<ListMeaning>> Policy::meanings(const SubLists& sub_lists) {
    std::vector<ListMeaning> meanings;
    meanings.reserve(sub_lists.all().size());
    for (const SubList& sub : sub_lists.all()) {
        ListMeaning meaning = lists[sub.list].meaning;
        if (sub.action) {
            meaning.action = *sub.action;
            // What a row says of its own counts in a text only where the list's action does.
            constexpr std::uint8_t kOnlyText = 1u << static_cast<unsigned>(Party::kText);
            if (meaning.parties == kOnlyText) meaning.text_action = *sub.action;
        }
        if (!sub.category.empty()) {
            const auto category = categories.intern(sub.category);
            if (!category) return category.error();
            meaning.category = *category;
        }
        meanings.push_back(meaning);
    }
    return meanings;
}

std::string_view Policy::param(std::uint32_t rule, Action action) const {
    if (rule >= rules.size()) return {};
    if (action == Action::kThrottle) return rules[rule].rate;
    if (action == Action::kDivert) return rules[rule].destination;
    return {};
}

}  // namespace ringfence
