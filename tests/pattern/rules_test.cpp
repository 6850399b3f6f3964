#include "ringfence/pattern/rules.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

constexpr std::string_view kHead =
    "[pack]\nid = \"p\"\n\n[[rule]]\nid = \"first\"\ncategory = \"c\"\naction = \"tag\"\n";

std::string refusal(const std::string& toml) {
    auto set = RuleSet::parse(toml, "p.toml");
    if (!set) return set.error().text;
    const auto compiled = PatternSet::compile(*std::move(set));
    return compiled ? "accepted" : compiled.error().text;
}

std::string rule(std::string_view rest) { return std::string(kHead) + std::string(rest); }

TEST(Rules, read_everything_a_rule_says) {
    const auto set = RuleSet::parse(
        rule("risk = 900\nshadow = true\nview = \"light\"\ntext = [\"a{1,2}b\", \"c\"]\nalso = "
             "\"d\"\n"
             "unless = [\"e\", \"dense:f\"]\nmust_match = [\"cd\"]\nmust_not_match = \"x\"\n"),
        "p.toml");
    ASSERT_TRUE(set) << set.error().text;
    const PatternRule& r = set->rules().at(0);
    EXPECT_EQ(r.id, "first");
    EXPECT_EQ(r.category, "c");
    EXPECT_EQ(r.action, Action::kTag);
    EXPECT_EQ(r.risk, 900);
    EXPECT_TRUE(r.shadow);
    EXPECT_EQ(r.view, TextView::kLight);
    EXPECT_EQ(r.text.size(), 2u);
    EXPECT_EQ(r.also.size(), 1u);
    EXPECT_EQ(r.unless.at(1).view, TextView::kDense);
    EXPECT_EQ(r.must_match, std::vector<std::string>{"cd"});
    EXPECT_EQ(r.must_not_match, std::vector<std::string>{"x"});
    EXPECT_EQ(set->place_of(r), "p.toml:5");
}

TEST(Rules, errors_name_file_line_and_rule) {
    const auto has = [](const std::string& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    };
    std::string text = refusal(rule("text = \"a{\"\nmust_match = \"a\"\n"));
    EXPECT_TRUE(has(text, "p.toml:8") && has(text, "'first'") && has(text, "'a{'")) << text;
    text = refusal(rule("regex = \"(?=a)b\"\nmust_match = \"a\"\n"));
    EXPECT_TRUE(has(text, "p.toml:8") && has(text, "'first'") && has(text, "look-around")) << text;
    text = refusal(rule("text = \"a\"\nmust_match = \"b\"\n"));
    EXPECT_TRUE(has(text, "p.toml:5: rule 'first' does not match its sample 'b'")) << text;
    text = refusal(rule("text = \"a\"\nmust_match = \"a\"\nmust_not_match = \"xax\"\n"));
    EXPECT_TRUE(has(text, "p.toml:5: rule 'first' matches a sample that it must not: 'xax'"))
        << text;
    text = refusal(rule("text = \"a\"\n"));
    EXPECT_TRUE(has(text, "must_match") && has(text, "'first'")) << text;
    text = refusal(rule("regex = \"a*\"\nmust_match = \"a\"\n"));
    EXPECT_TRUE(has(text, "p.toml:5: rule 'first'")) << text;
}

TEST(Rules, refuse_unknown_and_missing_keys) {
    const auto has = [](const std::string& toml, std::string_view part) {
        const std::string text = refusal(toml);
        return text.find(part) != std::string::npos ? ::testing::AssertionSuccess()
                                                    : ::testing::AssertionFailure() << text;
    };
    EXPECT_TRUE(has(rule("txt = \"a\"\nmust_match = \"a\"\n"), "'text'"));
    EXPECT_TRUE(has(rule("must_match = \"a\"\n"), "exactly one of 'text' and 'regex'"));
    EXPECT_TRUE(has(rule("text = \"a\"\nregex = \"a\"\nmust_match = \"a\"\n"), "exactly one of"));
    EXPECT_TRUE(has(rule("text = []\nmust_match = \"a\"\n"), "empty list"));
    EXPECT_TRUE(has(rule("text = \"a\"\nrisk = 1001\nmust_match = \"a\"\n"), "p.toml:9"));
    EXPECT_TRUE(has(rule("text = \"light:a\"\nmust_match = \"a\"\n"), "set 'view' of the rule"));
    EXPECT_TRUE(has(rule("text = \"a\"\nview = \"lihgt\"\nmust_match = \"a\"\n"), "light"));
    EXPECT_TRUE(has("[pack]\nid = \"p\"\n", "no [[rule]]"));
    EXPECT_TRUE(has("[[rule]]\nid = \"a\"\n", "no [pack]"));
    EXPECT_TRUE(has("", "[pack]"));
    EXPECT_TRUE(
        has(rule("text = \"a\"\nmust_match = \"a\"\n[[rule]]\nid = \"first\"\ncategory = \"c\"\n"
                 "action = \"tag\"\ntext = \"b\"\nmust_match = \"b\"\n"),
            "the first is in line 5"));
    EXPECT_TRUE(
        has("[pack]\nid = \"p\"\n[[rule]]\nid = \"x\"\ncategory = \"c\"\naction = \"rejcet\"\n"
            "text = \"a\"\nmust_match = \"a\"\n",
            "reject"));
}

TEST(Rules, have_the_language_of_their_pack_or_their_own) {
    const auto language = [](const std::string& of_pack, const std::string& of_rule) {
        const auto set = RuleSet::parse(
            "[pack]\nid = \"p\"\n" + of_pack +
                "[[rule]]\nid = \"x\"\ncategory = \"c\"\naction = \"tag\"\ntext = \"a\"\n"
                "must_match = \"a\"\n" +
                of_rule,
            "p.toml");
        return set ? set->rules()[0].language : set.error().text;
    };
    const std::string zh = "language = \"zh\"\n";
    EXPECT_EQ(language("", ""), "");
    EXPECT_EQ(language(zh, ""), "zh");
    EXPECT_EQ(language(zh, "language = \"en\"\n"), "en");
    for (const char* tag : {"en", "yue", "zh-Hant", "en-IN", "es-419", "zh-Hans-SG"})
        EXPECT_EQ(language("", "language = \"" + std::string(tag) + "\"\n"), tag);
    for (const char* tag : {"", "z", "Zh", "chinese", "zh-", "zh-hant", "zh_CN", "zh-CN-Hans",
                            "en--IN", "en-IN-x", "中文"}) {
        const std::string line = "language = \"" + std::string(tag) + "\"\n";
        EXPECT_NE(language(line, "").find("p.toml:3: "), std::string::npos) << language(line, "");
        EXPECT_NE(language("", line).find("BCP 47"), std::string::npos) << language("", line);
        EXPECT_NE(language("", line).find("'x'"), std::string::npos) << language("", line);
    }
}

TEST(Rules, count_the_states_of_a_regex) {
    const auto states = [](std::string_view regex) {
        const auto set = RuleSet::parse(
            rule("regex = '" + std::string(regex) + "'\nmust_match = \"a\"\n"), "p.toml");
        return set ? set->rules()[0].states : 0;
    };
    for (const auto& [regex, count] :
         std::vector<std::pair<std::string, std::uint32_t>>{{"a", 1},
                                                            {"加.+信", 3},
                                                            {"(?:abc|de)[0-9]{5,11}", 16},
                                                            {"(abc){100}", 300},
                                                            {"(?:ab.{0,90}c){10}", 930},
                                                            {"(?:(?:ab){3}c){4,6}d", 43},
                                                            {"a{3,}b*c?", 5},
                                                            {"a{0,}", 1},
                                                            {"^\\bwin\\b$", 3},
                                                            {"(?:|a)(?:b|)", 2},
                                                            {"\\d{4}\\x41[\\d五]{2}", 7},
                                                            {"a{5}{4}?", 20},
                                                            {"㎏", 2}})  // folds to two units
        EXPECT_EQ(states(regex), count) << regex;
}

TEST(Rules, are_refused_beyond_the_states_of_the_limits) {
    const auto refused = [](const std::string& regex, std::uint32_t states) {
        auto set = RuleSet::parse(rule("regex = '" + regex + "'\nmust_match = \"a\"\n"), "p.toml");
        if (!set) return set.error().text;
        const auto compiled = PatternSet::compile(
            *std::move(set), {.check_samples = false, .limits = {.states = states, .here = true}});
        if (compiled) return std::string();
        EXPECT_EQ(compiled.error().code, ErrorCode::kTooLarge) << compiled.error().text;
        return compiled.error().text;
    };
    EXPECT_EQ(refused("(?:abc){100}", 300), "");
    const std::string text = refused("(?:abc){100}", 299);
    for (const char* part :
         {"p.toml:", "rule 'first'", "300 positions", "299 are allowed", "compile_states"})
        EXPECT_NE(text.find(part), std::string::npos) << text;
    // The default.
    EXPECT_NE(refused("(?:abc.{0,90}){50}", RegexLimits{}.states).find("4650 positions"),
              std::string::npos);
    // Beyond what any limits allow it is not read.
    EXPECT_NE(refused("(?:[a-c]{100}b){100}", RegexLimits::kMostStates).find("too large"),
              std::string::npos);
}

TEST(Rules, refuse_compile_bombs) {
    const auto bomb = [](std::string_view regex) {
        return refusal(rule("regex = '" + std::string(regex) + "'\nmust_match = \"a\"\n"));
    };
    EXPECT_NE(bomb("приз.{0,300}деньги.{0,300}").find("count above 100"), std::string::npos);
    EXPECT_NE(bomb("(?:(?:a{1,90}){1,90}){1,90}").find("too large"), std::string::npos);
    EXPECT_NE(bomb("(?:abc.{0,90}){50}{3}").find("too large"), std::string::npos);
    EXPECT_NE(bomb(std::string(2000, 'a')).find("1024"), std::string::npos);
    EXPECT_NE(bomb("(?i)a").find("no flags"), std::string::npos);
    EXPECT_NE(bomb("(a)\\1").find("escape"), std::string::npos);
    EXPECT_NE(bomb("\\p{L}+").find("escape"), std::string::npos);
    EXPECT_NE(bomb(std::string(40, '(') + "a" + std::string(40, ')')).find("too deep"),
              std::string::npos);
}

TEST(Rules, find_data_files_from_the_path_of_the_pack) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("ringfence_rules_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder / "data");
    std::ofstream(folder / "data" / "a.toml") << "[alias]\nwechat = [\"微信\", \"vx\"]\n";
    std::ofstream(folder / "p.toml") << "[pack]\nid = \"p\"\ndata = [\"data/a.toml\"]\n[[rule]]\n"
                                        "id = \"x\"\ncategory = \"c\"\naction = \"tag\"\n"
                                        "text = \"加@wechat\"\nmust_match = \"加VX\"\n";
    auto set = RuleSet::load((folder / "p.toml").string());
    ASSERT_TRUE(set) << set.error().text;
    EXPECT_TRUE(PatternSet::compile(*std::move(set)));

    std::ofstream(folder / "data" / "a.toml") << "[alias]\nWechat = \"微信\"\n";
    auto bad = RuleSet::load((folder / "p.toml").string());
    ASSERT_FALSE(bad);
    EXPECT_NE(bad.error().text.find("a.toml:2"), std::string::npos) << bad.error().text;
    std::filesystem::remove(folder / "data" / "a.toml");
    EXPECT_FALSE(RuleSet::load((folder / "p.toml").string()));
    EXPECT_FALSE(RuleSet::load(folder.string()));
    std::filesystem::remove_all(folder);
}

TEST(Rules, of_several_packs_join_and_keep_their_places) {
    auto one = RuleSet::parse(rule("text = \"a\"\nmust_match = \"a\"\n"), "one.toml");
    auto two = RuleSet::parse(
        "[pack]\nid = \"q\"\n[[rule]]\nid = \"second\"\ncategory = \"c\"\n"
        "action = \"tag\"\ntext = \"b\"\nmust_match = \"b\"\n",
        "two.toml");
    ASSERT_TRUE(one && two);
    auto again = *one;
    ASSERT_TRUE(one->add(*two));
    EXPECT_EQ(one->place_of(one->rules().at(1)), "two.toml:4");
    const auto status = one->add(again);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::kDuplicate);
    EXPECT_NE(status.error().text.find("one.toml:5"), std::string::npos) << status.error().text;
    EXPECT_EQ(one->rules().size(), 2u);
}

}  // namespace
}  // namespace ringfence
