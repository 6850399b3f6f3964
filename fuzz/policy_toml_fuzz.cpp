// A policy is read or refused with one line that names the file, whatever the text; what was read keeps what the
// rest of the house takes for granted.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "ringfence/policy/policy.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void check(const ringfence::Policy& policy) {
    using namespace ringfence;
    require(policy.plan != nullptr && !policy.country.empty());
    require(policy.rules.size() == 1 + policy.lists.size() + policy.activity.size() +
                                       policy.pattern_rules.rules().size() +
                                       (policy.senders ? 1 : 0) + (policy.score ? 1 : 0) +
                                       policy.templates.size() + (policy.campaigns ? 1 : 0));
    std::set<std::string> ids;
    for (std::size_t i = 1; i < policy.rules.size(); ++i) {
        const Rule& rule = policy.rules[i];
        require(ids.insert(rule.id).second && rule.risk <= Policy::kMaxRisk);
        require(rule.action != Action::kThrottle || !rule.rate.empty());
        require(rule.action != Action::kDivert || !rule.destination.empty());
        require(rule.category < policy.categories.size());
    }
    for (std::size_t i = 0; i < policy.lists.size(); ++i) {
        const ListMeaning& meaning = policy.lists[i].meaning;
        require(meaning.rule == policy.rule_of_list(i) && meaning.parties != 0);
        require(policy.lists[i].source.format.plan != nullptr);
        require((meaning.authority == Authority::kPersonal) == !meaning.subscriber.empty());
        require(meaning.authority != Authority::kTenant || meaning.tenant != 0);
        const bool order = stage_of(meaning.authority) == Stage::kOrder;
        require(!order ||
                (meaning.action != Action::kAllow && meaning.text_action != Action::kAllow));
        require(policy.find_list(policy.lists[i].source.id) == i);
    }
    for (const ActivityRule& rule : policy.activity) require(!rule.when.empty());
    for (const PolicyBind& bind : policy.binds) {
        require(!bind.trunk || *bind.trunk < policy.trunks.size());
        require(std::is_sorted(bind.senders.begin(), bind.senders.end()));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto policy = ringfence::Policy::parse(text, "policy.toml");
    if (policy) {
        check(*policy);
    } else {
        const std::string& error = policy.error().text;
        require(error.find(": ") != std::string::npos);
        require(error.find('\n') == std::string::npos && error.size() < 2'000);
    }
    return 0;
}
