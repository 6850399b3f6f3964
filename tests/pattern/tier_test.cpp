// Which way each rule is looked for, and that what is too much for one way still matches.
#include <gtest/gtest.h>

#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

using testing::compile;
using testing::found;

RuleTier tier(const std::string& rule, std::string_view view = "dense") {
    const auto set = compile({rule}, view);
    return set ? set->tier_of(0) : RuleTier{PatternTier::kWhole, set.error().text};
}

TEST(Tier, is_the_cheapest_that_can_hold_the_rule) {
    for (const char* rule : {"text = '微信'", "text = '加'", "text = '(加|家)微信'",
                             "text = '加[你我]'", "regex = '微信(?:号|码)?'", "regex = 'ab+'"}) {
        EXPECT_EQ(tier(rule).tier, PatternTier::kPhrase) << rule << ": " << tier(rule).why;
    }
    for (const char* rule : {"text = '加{0,6}微信'", "text = '微信[0-9]{5,11}'",
                             "text = '加{0,60}微信'", "regex = '[0-9]{2,5}元(?:起|封顶)'",
                             "regex = 'a.{1,3}b'", "regex = '加(?:[0-9]x|.y)z'"}) {
        EXPECT_EQ(tier(rule).tier, PatternTier::kGap) << rule << ": " << tier(rule).why;
    }
    EXPECT_EQ(tier("text = '<free>'", "light").tier, PatternTier::kGap);
    for (const char* rule : {"text = '[0-9]{5,11}'", "text = '加{0,100}微信{0,100}qq'",
                             "regex = 'a.*b'", "regex = '^加'", "regex = '\\bfree'"}) {
        EXPECT_EQ(tier(rule).tier, PatternTier::kWhole) << rule << ": " << tier(rule).why;
    }
}

TEST(Tier, says_why) {
    EXPECT_EQ(tier("text = '加{0,6}微信'").why, "checked around '微信'");
    EXPECT_EQ(tier("text = '(微信|薇信|威信)'").why, "phrases alone: '威信' and 2 more");
    EXPECT_EQ(tier("regex = '微信.*加我'").why,
              "for the engine: a count without an upper bound before the end; only for texts that "
              "hold a phrase of it");
    EXPECT_EQ(tier("regex = '^[0-9]'").why, "for the engine: '^'; for every text");
    EXPECT_EQ(tier("text = '[0-9]{4}'").why,
              "no phrase must be in it; every text is looked through");
    EXPECT_EQ(name_of(PatternTier::kGap), "gap");
}

TEST(Tier, an_anchor_that_comes_up_without_end_changes_nothing) {
    // More anchors than an expression is checked around; the one that counts is the last.
    const auto set = compile({"text = '加{0,3}微信'", "text = '微信'\nalso = '加{0,3}微信'"});
    ASSERT_TRUE(set) << set.error().text;
    std::string text;
    for (int i = 0; i < 500; ++i) text += "微信我我我我";
    EXPECT_EQ(found(*set, text), "");
    EXPECT_EQ(found(*set, text + "加我微信"), "0:3000-3004 1:0-2");
}

TEST(Tier, many_anchors_with_one_gram_are_all_found) {
    // 3,000 phrases that differ only behind what the filter knows of them.
    std::vector<std::string> rules;
    std::string text;
    for (int i = 0; i < 3000; ++i) {
        std::string phrase = "微信号";
        for (int n = i + 4096; n > 1; n /= 2) phrase += n % 2 ? "是" : "非";
        rules.push_back("text = '" + phrase + "'");
        if (i % 7 == 0) text += phrase;
    }
    const auto set = compile(rules);
    ASSERT_TRUE(set) << set.error().text;
    auto scratch = set->make_scratch();
    ASSERT_TRUE(scratch);
    const std::u16string units = to_utf16(text);
    const auto matches = set->scan(FoldedUnits{{}, units}, *scratch).matches;
    std::size_t expected = 0;
    for (const PatternRule& rule : set->rules())
        expected += units.find(rule.text[0].elements[0].phrases[0]) != std::u16string::npos;
    EXPECT_EQ(matches.size(), expected);
    EXPECT_GT(expected, 400u);
}

}  // namespace
}  // namespace ringfence
