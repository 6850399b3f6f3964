// set_builder.cpp - collects what the rules need, then compiles it.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "src/pattern/compiled_set.hpp"
#include "src/pattern/linear.hpp"
#include "src/pattern/plan.hpp"
#include "src/pattern/regex_compiler.hpp"

namespace ringfence::pattern {
namespace {

// Regular expressions of one database, where a phrase tells when it is worth asking. More would be scanned in vain, fewer
// cost some 13 KB each.
constexpr std::size_t kRegexesAGroup = 8;

// Distinguishes expressions; equal ones share anchors and results.
std::string key_of(const Expression& expression) {
    std::string key(1, static_cast<char>(expression.view));
    const auto add = [&key](std::size_t value) {
        key += static_cast<char>(value & 0xFFu);
        key += static_cast<char>(value >> 8u & 0xFFu);
    };
    for (const Element& element : expression.elements) {
        key += static_cast<char>(element.kind);
        key += static_cast<char>(element.negated);
        add(element.min);
        add(element.max);
        add(element.ranges.size());
        for (const UnitRange& range : element.ranges) add(range.first), add(range.last);
        add(element.phrases.size());
        for (const auto& phrase : element.phrases) {
            add(phrase.size());
            for (const char16_t unit : phrase) add(unit);
        }
    }
    return key;
}

// The phrases of each expression's cheapest element; nothing where one has none.
std::optional<std::vector<std::u16string>> factors_of(const std::vector<Expression>& expressions) {
    std::vector<std::u16string> factors;
    for (const Expression& expression : expressions) {
        const Plan plan = plan_of(expression);
        if (plan.anchor == kNoElement) return std::nullopt;
        const auto& phrases = expression.elements[plan.anchor].phrases;
        factors.insert(factors.end(), phrases.begin(), phrases.end());
    }
    if (factors.empty()) return std::nullopt;
    return factors;
}

}  // namespace

class SetBuilder {
public:
    SetBuilder(const RuleSet& rules, const RegexLimits& limits) : rules_(rules), limits_(limits) {}

    Result<CompiledSet> build() {
        for (const PatternRule& rule : rules_.rules()) {
            if (rule.states > limits_.states) return too_many_states(rule);
            add(rule);
        }
        for (std::uint32_t target = 0; target < set_.targets_.size(); ++target) {
            CompiledSet::Target& each = set_.targets_[target];
            each.rule = all_of(target);
            if (each.deciding && !each.anchored) set_.unanchored_.push_back(target);
        }
        set_.target_rules_ = Lists(target_rules_);
        set_.text_ = Lists(text_);
        set_.also_ = Lists(also_);
        set_.unless_ = Lists(unless_);
        set_.programs_.finish();
        set_.targets_.shrink_to_fit();
        for (std::size_t view = 0; view < kViews; ++view) make_groups(view);
        if (auto status = compile_groups(); !status) return status.error();
        std::vector<std::uint32_t> rules;  // of bodies that are a phrase and all of a rule
        for (CompiledSet::Body& body : set_.bodies_) {
            if (body.kind != Body::Kind::kRegex) body.rule = set_.targets_[body.subject].rule;
            rules.push_back(body.kind == Body::Kind::kMatch ? body.rule : kNotOne);
        }
        set_.bodies_.shrink_to_fit();
        for (std::size_t view = 0; view < kViews; ++view)
            set_.views_[view].anchors = anchors_[view].build(rules);
        return std::move(set_);
    }

private:
    using Body = CompiledSet::Body;

    struct Regex {
        std::string pattern;
        std::uint32_t rule;
        std::vector<std::u16string> factors;
    };
    // Of the database that is group `number` of a view.
    struct GroupRules {
        std::size_t view;
        std::vector<std::uint32_t> rules;  // by expression
    };

    void add(const PatternRule& rule) {
        const auto index = static_cast<std::uint32_t>(text_.size());
        std::vector<Expression> text = rule.text;
        bool by_engine = false;
        if (!rule.regex.empty()) {
            Linear linear = linear_form(rule.regex, rule.view);
            by_engine = !linear.exact;
            if (by_engine) {
                add_regex(rule, index, linear.expressions);
            } else {
                text = std::move(linear.expressions);
            }
        }
        set_.by_engine_.push_back(by_engine);
        if (!rule.foreign_to.empty()) set_.own_hosts_.push_back({index, rule.foreign_to});
        text_.push_back(intern(std::move(text)));
        also_.push_back(intern(rule.also));
        unless_.push_back(intern(rule.unless));
        for (const std::uint32_t target : text_.back()) {
            target_rules_[target].push_back(index);
            set_.targets_[target].deciding = true;
        }
        for (const auto* list : {&also_.back(), &unless_.back()})
            for (const std::uint32_t target : *list) beside_[target] = true;
    }

    // The rule that an expression is all of, and in no other.
    std::uint32_t all_of(std::uint32_t target) const {
        if (target_rules_[target].size() != 1 || beside_[target]) return kNotOne;
        const std::uint32_t rule = target_rules_[target].front();
        const bool alone = text_[rule].size() == 1 && also_[rule].empty() &&
                           unless_[rule].empty() && rules_.rules()[rule].foreign_to.empty();
        return alone ? rule : kNotOne;
    }

    void add_regex(const PatternRule& rule, std::uint32_t index,
                   const std::vector<Expression>& necessary) {
        const auto view = static_cast<std::size_t>(rule.view);
        auto factors = factors_of(necessary);
        (factors ? gated_ : always_)[view].push_back(
            {rule.regex, index, std::move(factors).value_or(std::vector<std::u16string>())});
    }

    std::vector<std::uint32_t> intern(std::vector<Expression> expressions) {
        std::vector<std::uint32_t> ids;
        for (Expression& expression : expressions) {
            simplify(expression);
            const auto next = static_cast<std::uint32_t>(set_.targets_.size());
            const auto [found, fresh] = index_.try_emplace(key_of(expression), next);
            if (fresh) add_target(expression, next);
            ids.push_back(found->second);
        }
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        return ids;
    }

    void add_target(const Expression& expression, std::uint32_t id) {
        const Plan plan = plan_of(expression);
        CompiledSet::Target target;
        target.view = expression.view;
        target.anchored = plan.anchor != kNoElement;
        Body body;
        body.subject = id;
        kernel::WindowCheck check;
        if (plan.tier != PatternTier::kPhrase) {
            target.program = set_.programs_.add(expression);
            body.kind = Body::Kind::kWhole;
        }
        if (plan.tier == PatternTier::kGap) {
            const GapCheck gap = gap_check(expression, plan.anchor);
            check.probe = gap.probe;
            body.kind = gap.size != 0 ? Body::Kind::kProbe : Body::Kind::kWindow;
            body.first = target.program.first;
            body.left = gap.steps.left;
            body.right = gap.steps.right;
            body.size = gap.size;
            body.rest.set(gap.rest);
        }
        set_.targets_.push_back(target);
        target_rules_.emplace_back();
        beside_.push_back(false);
        if (!target.anchored) return;
        check.body = add_body(body);
        for (const auto& phrase : expression.elements[plan.anchor].phrases)
            anchors_[static_cast<std::size_t>(expression.view)].add(phrase, check);
    }

    std::uint32_t add_body(const Body& body) {
        set_.bodies_.push_back(body);
        return static_cast<std::uint32_t>(set_.bodies_.size() - 1);
    }

    void make_groups(std::size_t view) {
        const std::span<const Regex> gated = gated_[view];
        for (std::size_t i = 0; i < gated.size(); i += kRegexesAGroup) {
            const auto members = gated.subspan(i, std::min(kRegexesAGroup, gated.size() - i));
            Body body;
            body.kind = Body::Kind::kRegex;
            body.subject = add_group(view, members);
            kernel::WindowCheck check;
            check.body = add_body(body);
            for (const Regex& regex : members) {
                for (const auto& factor : regex.factors) anchors_[view].add(factor, check);
            }
        }
        if (!always_[view].empty())
            set_.views_[view].always.push_back(add_group(view, always_[view]));
    }

    // Its number in the view.
    std::uint32_t add_group(std::size_t view, std::span<const Regex> members) {
        RegexGroup group;
        GroupRules rules{view, {}};
        for (const Regex& regex : members) {
            group.push_back(regex.pattern);
            rules.rules.push_back(regex.rule);
        }
        groups_.push_back(std::move(group));
        group_rules_.push_back(std::move(rules));
        return groups_in_[view]++;
    }

    Status compile_groups() {
        if (groups_.empty()) return ok();
        if (auto status = Engine::check_platform(); !status) return status;
        auto engines = compile_regexes(groups_, limits_);
        if (!engines) return regex_error(engines.error());
        for (std::size_t i = 0; i < groups_.size(); ++i) {
            Engine& engine = (*engines)[i];
            if (auto status = engine.reserve(set_.prototype_); !status) return status;
            set_.views_[group_rules_[i].view].groups.push_back(
                {std::move(engine), std::move(group_rules_[i].rules)});
        }
        return ok();
    }

    Error too_many_states(const PatternRule& rule) const {
        return {ErrorCode::kTooLarge,
                rules_.place_of(rule) + ": rule '" + rule.id + "': its regex has " +
                    std::to_string(rule.states) + " positions with all counts written out, and " +
                    std::to_string(limits_.states) +
                    " are allowed; make its counts fewer or smaller, write it as 'text', or allow "
                    "more: [regex] compile_states"};
    }

    Error regex_error(const RegexFailure& failure) const {
        if (failure.group == RegexFailure::kNone) return failure.error;
        const auto& rules = group_rules_[failure.group].rules;
        const bool one = failure.expression != RegexFailure::kNone;
        const PatternRule& rule = rules_.rules()[rules[one ? failure.expression : 0]];
        std::string who = rules_.place_of(rule) + ": rule '" + rule.id + "'";
        if (!one)
            who.append(" and " + std::to_string(rules.size() - 1) +
                       (failure.each_alone ? " more, of which each compiles alone"
                                           : " more, with which it shares a database"));
        return {failure.error.code, who + ": " + failure.error.text};
    }

    const RuleSet& rules_;
    const RegexLimits& limits_;
    CompiledSet set_;
    std::unordered_map<std::string, std::uint32_t> index_;
    std::vector<std::vector<std::uint32_t>> target_rules_, text_, also_, unless_;
    std::vector<bool> beside_;  // targets in an `also` or `unless`
    std::array<AnchorTableBuilder, kViews> anchors_;
    std::array<std::vector<Regex>, kViews> gated_, always_;
    std::array<std::uint32_t, kViews> groups_in_{};
    std::vector<RegexGroup> groups_;  // of both views
    std::vector<GroupRules> group_rules_;
};

Result<CompiledSet> CompiledSet::compile(const RuleSet& rules, const RegexLimits& limits) {
    return SetBuilder(rules, limits).build();
}

RuleTier tier_of(const PatternRule& rule) {
    std::vector<Expression> expressions = rule.text;
    if (!rule.regex.empty()) {
        Linear linear = linear_form(rule.regex, rule.view);
        if (!linear.exact) {
            const bool gated = factors_of(linear.expressions).has_value();
            return {PatternTier::kWhole,
                    "for the engine: " + linear.why +
                        (gated ? "; only for texts that hold a phrase of it" : "; for every text")};
        }
        expressions = std::move(linear.expressions);
    }
    RuleTier dearest{PatternTier::kPhrase, ""};
    for (Expression& expression : expressions) {
        simplify(expression);
        const Plan plan = plan_of(expression);
        if (dearest.why.empty() || plan.tier > dearest.tier)
            dearest = {plan.tier, reason_of(expression, plan)};
    }
    return dearest;
}

}  // namespace ringfence::pattern
