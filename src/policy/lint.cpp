#include "ringfence/policy/lint.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <string>

#include "ringfence/lists/shared_host.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/policy/lint_lists.hpp"
#include "src/policy/lint_senders.hpp"
#include "src/policy/regex_warning.hpp"

namespace ringfence {
namespace {

// The values of each feature for which a conjunction holds, ends included.
struct Interval {
    std::uint64_t least = 0;
    std::uint64_t most = std::numeric_limits<std::uint32_t>::max();

    bool empty() const { return least > most; }
    bool within(const Interval& other) const { return least >= other.least && most <= other.most; }
};
using Box = std::array<Interval, kFeatureCount>;

Box box_of(const ActivityRule& rule) {
    Box box;
    for (const ActivityCondition& condition : rule.when) {
        Interval& interval = box[static_cast<unsigned>(condition.feature)];
        const std::uint64_t value = condition.value;
        switch (condition.comparator) {
            case Comparator::kAtLeast: interval.least = std::max(interval.least, value); break;
            case Comparator::kAbove: interval.least = std::max(interval.least, value + 1); break;
            case Comparator::kAtMost: interval.most = std::min(interval.most, value); break;
            case Comparator::kBelow:
                if (value == 0) {
                    interval.least = interval.most + 1;
                } else {
                    interval.most = std::min(interval.most, value - 1);
                }
                break;
            case Comparator::kEqual:
                interval.least = std::max(interval.least, value);
                interval.most = std::min(interval.most, value);
                break;
        }
    }
    return box;
}

bool never_holds(const Box& box) {
    return std::any_of(box.begin(), box.end(), [](const Interval& one) { return one.empty(); });
}

// Whether `inner` holds only where `outer` does.
bool implies(const Box& inner, const Box& outer) {
    for (unsigned i = 0; i < kFeatureCount; ++i) {
        if (!inner[i].within(outer[i])) return false;
    }
    return true;
}

// Whether `rule` cannot decide where `other` holds too.
bool yields_to(const Finding& rule, const Finding& other, bool later) {
    if (other.action == Action::kTag) return rule.action == Action::kTag && later;
    if (rule.action == Action::kTag) return true;
    if (rule.action != other.action)
        return other.action != Action::kAllow && other.action < rule.action;
    return other.risk > rule.risk || (other.risk == rule.risk && later);
}

class PolicyLint {
public:
    PolicyLint(const Policy& policy, std::optional<Time> now, std::vector<LintFinding>& findings)
        : policy_(policy), now_(now), findings_(findings) {}

    void run() {
        journal();
        for (const PolicyList& list : policy_.lists) list_parties(list);
        lint_lists(policy_, now_, findings_);
        activity();
        for (const ActivityRule& rule : policy_.activity) activity_params(rule);
        for (const PatternPack& pack : policy_.packs) pack_params(pack);
        own_hosts();
        for (const PolicyTrunk& trunk : policy_.trunks) trunk_rules(trunk);
        if (const auto unkept = unkept_regex_limits(policy_))
            add(LintKind::kNoEffect, policy_.regex_line, *unkept);
        lint_senders(policy_, now_, findings_);
        score();
        for (const TemplateRule& rule : policy_.templates) templates(rule);
        if (policy_.campaigns) campaigns(*policy_.campaigns);
        if (std::find(policy_.regions.begin(), policy_.regions.end(), policy_.country) !=
            policy_.regions.end())
            add(LintKind::kUnreachable, 0,
                "region " + std::string(policy_.country.text()) +
                    " is the home country, whose numbers are no foreign ones");
    }

private:
    void add(LintKind kind, std::uint32_t line, const std::string& what) {
        findings_.push_back({kind, Error::at(ErrorCode::kRefused, policy_.path, line, what).text});
    }

    void journal() {
        if (policy_.journal_path.empty()) return;
        const std::filesystem::path folder =
            std::filesystem::path(policy_.journal_path).parent_path();
        std::error_code code;
        if (folder.empty() || std::filesystem::is_directory(folder, code)) return;
        findings_.push_back({LintKind::kNoFolder,
                             policy_.path + ": the folder '" + folder.string() +
                                 "' of the journal is not there; make it, or no switch opens"});
    }

    void no_effect(std::uint32_t line, const std::string& name, std::string_view key,
                   std::string_view action) {
        add(LintKind::kNoEffect, line,
            name + "has a " + std::string(key) + ", and nothing there asks for " +
                std::string(action) + "; remove '" + std::string(key) + "' or change the action");
    }

    void activity_params(const ActivityRule& rule) {
        rule_params(policy_.rules[rule.finding.rule], "activity rule");
    }

    void rule_params(const Rule& rule, const std::string& what) {
        const std::string name = what + " '" + rule.id + "' ";
        if (!rule.rate.empty() && rule.action != Action::kThrottle)
            no_effect(rule.line, name, "rate", "throttle");
        if (!rule.destination.empty() && rule.action != Action::kDivert)
            no_effect(rule.line, name, "destination", "divert");
    }

    // What a pack is given concerns all its rules.
    void pack_params(const PatternPack& pack) {
        if (pack.rules == 0) return;
        const auto first = policy_.rules.begin() + policy_.rule_of_pattern(pack.first_rule);
        const auto asks = [&](Action action) {
            return std::any_of(first, first + pack.rules,
                               [&](const Rule& rule) { return rule.action == action; });
        };
        const std::string name = "pack '" + pack.path + "' ";
        if (!first->rate.empty() && !asks(Action::kThrottle))
            no_effect(pack.line, name, "rate", "throttle");
        if (!first->destination.empty() && !asks(Action::kDivert))
            no_effect(pack.line, name, "destination", "divert");
    }

    // A rule whose brand owns all of com.cn finds nothing there. What is kept for a state's own offices is one owner's.
    void own_hosts() {
        for (const PatternRule& rule : policy_.pattern_rules.rules()) {
            for (const std::string& host : rule.foreign_to) {
                if (shared_host(host) != SharedHost::kPublicSuffix || is_of_a_state(host)) continue;
                findings_.push_back({LintKind::kTooWide,
                                     policy_.pattern_rules.place_of(rule) + ": rule '" + rule.id +
                                         "' takes '" + host + "' for its brand's own, " +
                                         std::string(words_of(SharedHost::kPublicSuffix)) +
                                         " below which anybody may have a host; name the "
                                         "brand's hosts in 'foreign_to'"});
            }
        }
    }

    static bool is_of_a_state(std::string_view host) {
        constexpr std::array<std::string_view, 8> kOffices = {"gov", "gob",  "gouv", "gc",
                                                              "go",  "govt", "mil",  "nhs"};
        return std::ranges::find(kOffices, host.substr(0, host.find('.'))) != kOffices.end();
    }

    void list_parties(const PolicyList& list) {
        const auto about = [&](Party party) {
            return (list.meaning.parties >> static_cast<unsigned>(party) & 1u) != 0;
        };
        const std::string name = "list '" + list.source.id + "' ";
        const EntryKind keys = list.source.format.exact;
        if (keys == EntryKind::kSender && about(Party::kText))
            add(LintKind::kUnreachable, list.line,
                name + "is of senders, which no text names; take \"text\" out of 'party'");
        if ((keys == EntryKind::kDomain || keys == EntryKind::kAccount) && !about(Party::kText))
            add(LintKind::kUnreachable, list.line,
                name + "is of what only texts name; put \"text\" into 'party'");
    }

    void activity() {
        std::vector<Box> boxes;
        for (const ActivityRule& rule : policy_.activity) boxes.push_back(box_of(rule));
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            const ActivityRule& rule = policy_.activity[i];
            const std::string name = "activity rule '" + rule.id + "' ";
            if (never_holds(boxes[i])) {
                add(LintKind::kUnreachable, rule.line,
                    name + "can never hold: its conditions exclude each other");
                continue;
            }
            if (rule.gate == ActivityGate{})
                add(LintKind::kNoGate, rule.line,
                    name +
                        "may fire on a number's first event; ask for a count from below, such as "
                        "calls_24h = \">=10\"");
            against_others(i, boxes, name);
        }
    }

    void against_others(std::size_t i, const std::vector<Box>& boxes, const std::string& name) {
        const ActivityRule& rule = policy_.activity[i];
        if (rule.finding.shadow) return;
        for (std::size_t j = 0; j < boxes.size(); ++j) {
            const ActivityRule& other = policy_.activity[j];
            if (i == j || other.finding.shadow || never_holds(boxes[j]) ||
                !implies(boxes[i], boxes[j]))
                continue;
            const bool blocks = rule.finding.action > Action::kTag;
            if (other.finding.action == Action::kAllow && blocks) {
                add(LintKind::kContradiction, rule.line,
                    name + "blocks only what '" + other.id + "' allows: tagged");
            } else if (yields_to(rule.finding, other.finding, j < i)) {
                add(LintKind::kUnreachable, rule.line,
                    name + "can never decide: wherever it holds, '" + other.id + "' does");
            } else {
                continue;
            }
            return;
        }
    }

    void trunk_rules(const PolicyTrunk& trunk) {
        const bool abroad = trunk.rules.kind == TrunkKind::kInternational ||
                            trunk.rules.kind == TrunkKind::kRoaming;
        if (abroad && !trunk.rules.protected_numbers.empty())
            add(LintKind::kUnreachable, trunk.line,
                "trunk '" + trunk.id +
                    "' comes from abroad, where no protected number may appear; "
                    "remove 'protected'");
    }

    void score() {
        if (!policy_.score) return;
        const ScoreRule& score = *policy_.score;
        if (score.may_stop_alone && score.finding.action == Action::kTag)
            add(LintKind::kNoEffect, score.line,
                "the score may stop a message alone, and its action is a tag, which stops none; "
                "remove 'may_stop_alone' or give another 'action'");
        constexpr std::uint32_t kFew = 500;
        if (std::min(score.model->spam(), score.model->ham()) < kFew)
            add(LintKind::kFewMessages, score.line,
                "the model '" + printable(score.path) + "' has learned from " +
                    std::to_string(score.model->spam()) + " spam messages and " +
                    std::to_string(score.model->ham()) +
                    " honest ones; under 500 of a class its scores say little");
    }

    void templates(const TemplateRule& rule) {
        rule_params(policy_.rules[rule.finding.rule], "templates");
        for (const std::string& line : rule.report.lines(rule.path))
            findings_.push_back({LintKind::kBadRow, line});
    }

    void campaigns(const CampaignRule& rule) {
        rule_params(policy_.rules[rule.finding.rule], "campaigns");
        if (rule.messages < rule.senders)
            add(LintKind::kNoEffect, rule.line,
                "campaigns ask for fewer messages than senders, who send one each at least; remove "
                "'messages'");
    }

    const Policy& policy_;
    std::optional<Time> now_;
    std::vector<LintFinding>& findings_;
};

}  // namespace

std::string_view name_of(LintKind kind) {
    switch (kind) {
        case LintKind::kError: return "error";
        case LintKind::kBadRow: return "bad_row";
        case LintKind::kContradiction: return "contradiction";
        case LintKind::kDuplicateEntry: return "duplicate_entry";
        case LintKind::kShadowed: return "shadowed";
        case LintKind::kUnreachable: return "unreachable";
        case LintKind::kTooWide: return "too_wide";
        case LintKind::kNoGate: return "no_gate";
        case LintKind::kEmpty: return "empty";
        case LintKind::kUnknownRange: return "unknown_range";
        case LintKind::kEmergency: return "emergency";
        case LintKind::kNoEffect: return "no_effect";
        case LintKind::kNoFolder: return "no_folder";
        case LintKind::kDue: return "due";
        case LintKind::kFuture: return "future";
        case LintKind::kFewMessages: return "few_messages";
        case LintKind::kLookAlike: return "look_alike";
    }
    return {};
}

std::vector<LintFinding> lint(const Policy& policy, std::optional<Time> now) {
    std::vector<LintFinding> findings;
    PolicyLint(policy, now, findings).run();
    return findings;
}

std::vector<LintFinding> lint(const std::string& path, std::optional<Time> now) {
    const auto policy = Policy::load(path);
    if (!policy) return {{LintKind::kError, policy.error().text}};
    return lint(*policy, now);
}

}  // namespace ringfence
