// rules.hpp - the content rules of one or more packs, read from TOML and checked, not yet compiled.
//
// A pack (rules/zh-fraud.toml) names its rules, each with an id, a category, an action, what it looks
// for and samples of what it must and must not match. Data files that several packs share (aliases,
// brands, shorteners) are named by the pack and found from its path. docs/rules.md is the manual.
//
//     [pack]
//     id = "en-smishing"
//     language = "en"
//     view = "light"
//     data = ["data/en-aliases.toml"]
//
//     [[rule]]
//     id = "en.task_rebate.likes"
//     category = "task_rebate"
//     action = "tag"
//     risk = 700
//     text = ["<like>{1,20}<earn>"]
//     must_match = ["Like our videos to earn money"]
//
// Readers: a RuleSet is a value; copies are deep. Compiling it (pattern_set.hpp) runs the samples.
// Cost: about 1 KB a rule.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/base/vocabulary.hpp"
#include "ringfence/pattern/expression.hpp"
#include "ringfence/source/file.hpp"

namespace ringfence {

class TomlDocument;

struct PatternRule {
    static constexpr std::uint16_t kMaxRisk = 1000;
    static constexpr std::size_t kMaxHosts = 1024;  // of `foreign_to`, aliases expanded

    std::string id;
    std::string category;  // free text, interned by the policy
    Action action = Action::kTag;
    std::uint16_t risk = 500;  // 0 to kMaxRisk
    bool shadow = false;       // matched and counted, not deciding
    std::string
        language;  // of the messages it is for, a tag of BCP 47 ("zh"); empty: not told. Decides nothing
    TextView view = TextView::kDense;

    std::vector<Expression> text;  // matches where any of these does,
    std::string regex;  // or where this does (UTF-8, folded, Hyperscan's syntax); one of the two
    // Positions of `regex` with all counts written out: the states of its Glushkov automaton, but for the first.
    // A unit, a class and a `.` is one; `(?:ab){3,5}` has 10. 0 without a regex.
    std::uint32_t states = 0;
    std::vector<Expression>
        also;  // and, if there are any, one of these matches somewhere in the message,
    std::vector<Expression> unless;  // and none of these does
    // and, if there are any, the message names a host that is neither one of these nor below one
    // (ASCII or UTF-8 as extract gives hosts; sorted, each once).
    std::vector<std::string> foreign_to;

    std::vector<std::string> must_match;  // whole messages, UTF-8, unfolded
    std::vector<std::string> must_not_match;

    std::uint32_t file = 0;  // RuleSet::files()[file]
    std::uint32_t line = 0;  // of the rule's `id`
};

class RuleSet {
public:
    // Bounds of one set, packs added up.
    static constexpr std::size_t kMaxRules = 100'000;
    static constexpr std::size_t kMaxFileBytes = 64u << 20u;
    static constexpr std::size_t kMaxRegexBytes = 1024;

    RuleSet() = default;

    // The rules of the pack at `path`, with the data files it names. Fails at the first error, whose
    // text is `file:line: what, and what to do` and names the rule.
    // Threads: any thread.
    static Result<RuleSet> load(const std::string& path, const InputOptions& options = {});

    // The same from text in memory; `path` is what errors say and where data files are sought.
    // Threads: any thread.
    static Result<RuleSet> parse(std::string_view toml, const std::string& path);

    // Adds the rules of another pack behind these. An id that both hold is kDuplicate, and names both
    // places; then nothing is added.
    // Threads: one thread per object.
    Status add(RuleSet other);

    // One of the rules by itself, at its place, to measure what it costs alone. Threads: any thread.
    RuleSet only(std::size_t rule) const;

    const std::vector<PatternRule>& rules() const { return rules_; }
    const std::vector<std::string>& files() const { return files_; }

    // `file:line`, for messages about a rule. Threads: any thread.
    std::string place_of(const PatternRule& rule) const;

private:
    static Result<RuleSet> from(const TomlDocument& document, const std::string& path);

    std::vector<PatternRule> rules_;
    std::vector<std::string> files_;
};

}  // namespace ringfence
