// `ringfence rules check`: what is wrong with packs beyond what loading them tells, and what each rule costs.
//
// Every rule is tried on the samples of all, in their company. From that table:
//
//     contradiction   a sample that one rule must match and another of its category must not, the same once folded; or that
//                     a rule which lets messages through and one which stops them both match. An error
//     double          two rules that look for the same
//     covered         every sample of a rule is matched by one other rule too, of as severe an action and as high a
//                     risk: perhaps it adds nothing. Of two that cover each other the later is named; what lets
//                     messages through and what does not never cover each other
#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <map>

#include "tools/cli/json.hpp"
#include "tools/cli/rules_verbs.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

constexpr double kNanoseconds = 1e9;

struct Sample {
    std::size_t rule = 0;
    bool must_match = true;
    const std::string* text = nullptr;
    std::u16string light, dense;
    std::vector<std::size_t> matched = {};  // rules

    FoldedUnits units() const { return {light, dense}; }
};

std::vector<Sample> samples_of(const std::vector<PatternRule>& rules) {
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto take = [&](const std::string& text, bool must_match) {
            samples.push_back({i, must_match, &text, fold_to_string(text, View::kLight),
                               fold_to_string(text, View::kDense)});
        };
        for (const std::string& text : rules[i].must_match) take(text, true);
        for (const std::string& text : rules[i].must_not_match) take(text, false);
    }
    return samples;
}

Status scan_all(const PatternSet& set, std::vector<Sample>& samples) {
    auto scratch = set.make_scratch();
    if (!scratch) return scratch.error();
    for (Sample& sample : samples) {
        const ScanResult found = set.scan(sample.units(), *scratch);
        if (found.status != ScanStatus::kOk)
            return Error{ErrorCode::kRefused, set.rule_set().place_of(set.rules()[sample.rule]) +
                                                  ": rule '" + set.rules()[sample.rule].id +
                                                  "' has a sample that cannot be scanned"};
        for (const PatternMatch& match : found.matches) sample.matched.push_back(match.rule);
    }
    return ok();
}

struct Complaint {
    const char* kind;
    bool error;
    std::string text;
};

class Check {
public:
    Check(const RuleSet& rules, const std::vector<Sample>& samples)
        : rules_(rules), samples_(samples) {}

    std::vector<Complaint> complaints() {
        find_contradictions();
        find_doubles();
        find_covered();
        return std::move(complaints_);
    }

private:
    const PatternRule& rule(std::size_t i) const { return rules_.rules()[i]; }
    std::string named(std::size_t i) const { return "rule '" + rule(i).id + "'"; }

    void complain(const char* kind, bool error, std::size_t about, const std::string& what) {
        complaints_.push_back(
            {kind, error, rules_.place_of(rule(about)) + ": " + named(about) + " " + what});
    }

    // A rule that does not decide contradicts nobody.
    static bool lets_through(const PatternRule& rule) {
        return !rule.shadow && rule.action == Action::kAllow;
    }
    static bool stops(const PatternRule& rule) {
        return !rule.shadow && rule.action > Action::kTag;
    }

    void find_contradictions() {
        std::multimap<std::u16string_view, const Sample*> left_alone;
        for (const Sample& sample : samples_)
            if (!sample.must_match) left_alone.emplace(sample.light, &sample);
        for (const Sample& sample : samples_) {
            if (!sample.must_match) continue;
            const std::string shown = "'" + on_one_line(*sample.text) + "'";
            const auto [begin, end] = left_alone.equal_range(sample.light);
            for (auto one = begin; one != end; ++one) {
                const PatternRule& other = rule(one->second->rule);
                if (other.category == rule(sample.rule).category && !other.shadow &&
                    !rule(sample.rule).shadow)
                    complain("contradiction", true, sample.rule,
                             "must match what " + named(one->second->rule) +
                                 " of its category must not: " + shown);
            }
            for (const std::size_t other : sample.matched)
                if (lets_through(rule(sample.rule)) && stops(rule(other)))
                    complain("contradiction", true, sample.rule,
                             "lets through what " + named(other) + " stops: " + shown);
                else if (stops(rule(sample.rule)) && lets_through(rule(other)))
                    complain("contradiction", true, sample.rule,
                             "stops what " + named(other) + " lets through: " + shown);
        }
    }

    static bool same_search(const PatternRule& a, const PatternRule& b) {
        return a.view == b.view && a.text == b.text && a.regex == b.regex && a.also == b.also &&
               a.unless == b.unless && a.foreign_to == b.foreign_to;
    }

    // What a search begins with, so that only rules which may be the same are compared.
    static std::string head_of(const PatternRule& rule) {
        std::string head = rule.regex;
        for (const Expression& one : rule.text)
            for (const Element& element : one.elements)
                if (!element.phrases.empty())
                    head.append("|").append(to_utf8(element.phrases.front()));
        return head;
    }

    void find_doubles() {
        std::map<std::string, std::vector<std::size_t>> seen;
        for (std::size_t i = 0; i < rules_.rules().size(); ++i) {
            std::vector<std::size_t>& alike = seen[head_of(rule(i))];
            const auto first = std::ranges::find_if(
                alike, [&](std::size_t other) { return same_search(rule(other), rule(i)); });
            if (first != alike.end())
                complain("double", false, i, "looks for the same as " + named(*first));
            else
                alike.push_back(i);
        }
    }

    // By rule: the others that match every sample which it must match.
    std::vector<std::vector<std::size_t>> companies() const {
        std::vector<std::vector<std::size_t>> all(rules_.rules().size());
        std::vector<bool> begun(all.size());
        for (const Sample& sample : samples_) {
            if (!sample.must_match) continue;
            std::vector<std::size_t>& by = all[sample.rule];
            if (!begun[sample.rule]) by = sample.matched;
            begun[sample.rule] = true;
            std::erase_if(by, [&](std::size_t other) {
                return other == sample.rule ||
                       std::ranges::find(sample.matched, other) == sample.matched.end();
            });
        }
        return all;
    }

    // Whether `other`, which matches what `one` does, leaves it nothing to do.
    bool covers(std::size_t other, std::size_t one) const {
        const PatternRule &a = rule(other), &b = rule(one);
        return !a.shadow && !b.shadow && a.action >= b.action && a.risk >= b.risk &&
               (a.action == Action::kAllow) == (b.action == Action::kAllow);
    }

    void find_covered() {
        const auto all = companies();
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto stronger = std::ranges::find_if(all[i], [&](std::size_t other) {
                if (!covers(other, i)) return false;
                const bool mutual =
                    covers(i, other) && std::ranges::find(all[other], i) != all[other].end();
                return other < i || !mutual;
            });
            if (stronger != all[i].end())
                complain("covered", false, i,
                         "has no sample that " + named(*stronger) + " does not match");
        }
    }

    const RuleSet& rules_;
    const std::vector<Sample>& samples_;
    std::vector<Complaint> complaints_;
};

// What a rule costs by itself, in ns a sample: the quickest of a few rounds, since the rest is the machine's. Negative
// where it could not be compiled alone.
double cost_of(const RuleSet& rules, std::size_t i, const std::vector<Sample>& samples,
               const RegexLimits& limits) {
    constexpr int kRounds = 5;
    constexpr std::size_t kMost = 500;
    auto set = PatternSet::compile(rules.only(i), {.check_samples = false, .limits = limits});
    if (!set) return -1;
    auto scratch = set->make_scratch();
    if (!scratch) return -1;
    const std::size_t count = std::min(samples.size(), kMost);
    double best = std::numeric_limits<double>::max();
    for (int round = 0; round < kRounds; ++round) {
        const double begun = seconds_now();
        for (std::size_t at = 0; at < count; ++at) set->scan(samples[at].units(), *scratch);
        best = std::min(best, seconds_now() - begun);
    }
    return best * kNanoseconds / static_cast<double>(count);
}

// How many samples of other rules each rule matches.
std::vector<std::size_t> matches_of_others(std::size_t rules, const std::vector<Sample>& samples) {
    std::vector<std::size_t> counts(rules);
    for (const Sample& sample : samples)
        for (const std::size_t rule : sample.matched)
            if (rule != sample.rule) ++counts[rule];
    return counts;
}

bool tell(const Complaint& one, bool json) {
    const std::string line =
        json ? Json{{"kind", one.kind}, {"error", one.error}, {"text", one.text}}.dump()
             : std::string(one.kind) + ": " + one.text;
    return write_out(line + "\n");
}

bool tell_rule(const PatternSet& set, std::size_t i, std::size_t others, double ns, bool json) {
    const PatternRule& rule = set.rules()[i];
    const std::string_view tier = name_of(set.tier_of(i).tier);
    if (json)
        return write_out(Json{{"rule", rule.id},
                              {"tier", tier},
                              {"ns", ns < 0 ? Json() : Json(ns)},
                              {"samples_of_others", others},
                              {"language", language_of(rule)}}
                             .dump() +
                         "\n");
    std::array<char, 24> cost{};
    std::snprintf(cost.data(), cost.size(), ns < 0 ? "-" : "%.0f", ns);
    return write_out(rule.id + "\t" + std::string(tier) + "\t" + cost.data() + "\t" +
                     std::to_string(others) + "\t" + shown_language(rule) + "\n");
}

}  // namespace

int check_rules(const RulesCommand& command) {
    constexpr std::size_t kMostMeasured = 2'000;
    auto loaded = load_packs(command);
    if (!loaded && loaded.error().code == ErrorCode::kUnreadable) return give_up(loaded.error());
    auto set = loaded ? PatternSet::compile(std::move(*loaded), {.limits = command.limits})
                      : Result<PatternSet>(loaded.error());
    if (!set)  // a slip, a sample that is broken, a rule beyond the limits: what a check is for
        return tell({"rule", true, set.error().text}, command.json) ? kExitFound : kExitUnwritable;
    const RuleSet& rules = set->rule_set();
    std::vector<Sample> samples = samples_of(set->rules());
    if (const Status scanned = scan_all(*set, samples); !scanned) return give_up(scanned.error());
    const std::vector<Complaint> complaints = Check(rules, samples).complaints();
    for (const Complaint& one : complaints)
        if (!tell(one, command.json)) return kExitUnwritable;

    const std::size_t count = set->rules().size();
    const std::vector<std::size_t> others = matches_of_others(count, samples);
    if (count > kMostMeasured)
        say_warning(
            "over " + std::to_string(kMostMeasured) +
            " rules: what each costs alone is not measured; rules bench measures them together");
    if (!command.json && !write_out("rule\ttier\tns\tsamples_of_others\tlanguage\n"))
        return kExitUnwritable;
    Progress progress("rules");
    for (std::size_t i = 0; i < count; ++i) {
        const double ns = count > kMostMeasured ? -1 : cost_of(rules, i, samples, command.limits);
        if (!tell_rule(*set, i, others[i], ns, command.json)) return kExitUnwritable;
        progress.show(i + 1);
    }
    if (!command.json) {
        const auto alone = std::ranges::count(others, std::size_t{0});
        if (!write_out(std::to_string(count) + " rules, " + std::to_string(samples.size()) +
                       " samples; " + std::to_string(alone) +
                       " rules match no sample of another\n"))
            return kExitUnwritable;
    }
    return std::ranges::any_of(complaints, &Complaint::error) ? kExitFound : kExitOk;
}

}  // namespace ringfence::cli
