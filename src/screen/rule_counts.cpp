#include "src/screen/rule_counts.hpp"

#include <algorithm>

namespace ringfence {

std::shared_ptr<RuleSheet> RuleCounts::open(std::shared_ptr<const Words> words) {
    auto sheet = std::make_shared<RuleSheet>(std::move(words));
    sheets_.push_back(sheet);
    return sheet;
}

std::vector<RuleCount> RuleCounts::read(const RuleSheet& sheet) {
    const std::vector<std::uint64_t> sums = sheet.counters_.sums();
    std::vector<RuleCount> counts(sums.size() / RuleSheet::kKinds);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const std::uint64_t* const of_rule = &sums[i * RuleSheet::kKinds];
        counts[i] = {of_rule[0], of_rule[1], of_rule[2]};
    }
    return counts;
}

// A sheet that nobody else holds is not added to any more: the rows, which lie in the rulebook, closed before it let go.
void RuleCounts::fold(const Policy& policy) {
    const auto is_gone = [](const std::shared_ptr<RuleSheet>& sheet) {
        return sheet.use_count() == 1;
    };
    if (std::ranges::none_of(sheets_, is_gone)) return;
    Sums kept;
    for (const Rule& rule : policy.rules) kept.emplace(rule.id, RuleCount());
    const auto keep = [&](const std::string& id, const RuleCount& count) {
        if (const auto at = kept.find(id); at != kept.end()) at->second += count;
    };
    for (const auto& [id, count] : gone_) keep(id, count);
    for (const auto& sheet : sheets_) {
        if (!is_gone(sheet)) continue;
        const std::vector<RuleCount> counts = read(*sheet);
        for (std::size_t i = 1; i < counts.size(); ++i)
            keep(sheet->words_->policy.rules[i].id, counts[i]);
    }
    gone_ = std::move(kept);
    std::erase_if(sheets_, is_gone);
}

std::vector<RuleCount> RuleCounts::counts(const Policy& policy) const {
    std::vector<RuleCount> all(policy.rules.size());
    std::unordered_map<std::string_view, std::size_t> numbers;
    for (std::size_t i = 1; i < all.size(); ++i) numbers.emplace(policy.rules[i].id, i);
    const auto add = [&](std::string_view id, const RuleCount& count) {
        if (const auto at = numbers.find(id); at != numbers.end()) all[at->second] += count;
    };
    for (const auto& [id, count] : gone_) add(id, count);
    for (const auto& sheet : sheets_) {
        const std::vector<RuleCount> counts = read(*sheet);
        for (std::size_t i = 1; i < counts.size(); ++i)
            add(sheet->words_->policy.rules[i].id, counts[i]);
    }
    return all;
}

}  // namespace ringfence
