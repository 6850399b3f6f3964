// fixtures.hpp - small packs from a few lines, and what they find.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/pattern/pattern_set.hpp"
#include "src/pattern/rule_fold.hpp"

namespace ringfence {

// For the messages of failed tests.
inline void PrintTo(const PatternMatch& match, std::ostream* out) {
    *out << match.rule << ':' << match.begin << '-' << match.end;
}

}  // namespace ringfence

namespace ringfence::testing {

inline Result<Expression> parse(std::string_view text, TextView view = TextView::kDense) {
    static const std::vector<std::string> kWechat = {"微信", "薇信", "vx", "威-信"};
    return parse_expression(
        text, view, [](std::string_view name) { return name == "wechat" ? &kWechat : nullptr; });
}

// A pack of rules given as TOML lines without id, category, action and samples.
inline Result<RuleSet> rule_set(const std::vector<std::string>& rules,
                                std::string_view view = "dense") {
    std::string toml = "[pack]\nid = \"test\"\nview = \"" + std::string(view) + "\"\n";
    for (std::size_t i = 0; i < rules.size(); ++i) {
        toml += "[[rule]]\nid = \"r" + std::to_string(i) +
                "\"\ncategory = \"test\"\naction = \"tag\"\nmust_match = \"unchecked\"\n" +
                rules[i] + "\n";
    }
    return RuleSet::parse(toml, "test.toml");
}

inline Result<PatternSet> compile(const std::vector<std::string>& rules,
                                  std::string_view view = "dense") {
    auto set = rule_set(rules, view);
    if (!set) return set.error();
    return PatternSet::compile(*std::move(set), {.check_samples = false});
}

// "0:2-5 3:0-1": the rules that match the text, with their places in units.
inline std::string found(const PatternSet& set, std::string_view text) {
    auto scratch = set.make_scratch();
    if (!scratch) return scratch.error().text;
    const std::u16string light = pattern::fold_phrase(text, TextView::kLight);
    const std::u16string dense = pattern::fold_phrase(text, TextView::kDense);
    const ScanResult result = set.scan(FoldedUnits{light, dense}, *scratch);
    std::string out;
    for (const PatternMatch& match : result.matches) {
        if (!out.empty()) out += ' ';
        out += std::to_string(match.rule) + ':' + std::to_string(match.begin) + '-' +
               std::to_string(match.end);
    }
    if (result.status != ScanStatus::kOk) {
        out += " status " + std::to_string(static_cast<int>(result.status));
    }
    return out;
}

inline std::string found(const std::vector<std::string>& rules, std::string_view text,
                         std::string_view view = "dense") {
    const auto set = compile(rules, view);
    return set ? found(*set, text) : set.error().text;
}

}  // namespace ringfence::testing
