#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

using testing::compile;
using testing::found;

TEST(Scan, finds_phrases_with_their_place_in_units) {
    EXPECT_EQ(found({"text = \"微信\""}, "请加我微信号"), "0:3-5");
    EXPECT_EQ(found({"text = \"微信\""}, "请加我微博号"), "");
    EXPECT_EQ(found({"text = \"微信\""}, ""), "");
}

TEST(Scan, reports_the_end_that_comes_first_and_there_the_longest) {
    EXPECT_EQ(found({"text = \"加{0,6}微信\""}, "加我加微信再加微信"), "0:0-5");
    EXPECT_EQ(found({"text = [\"微信号\", \"我{0,2}微信\"]"}, "加我的微信号"), "0:1-5");
}

TEST(Scan, gives_matches_in_the_order_of_the_rules) {
    EXPECT_EQ(found({"text = \"信\"", "text = \"加\"", "regex = \"我\""}, "加我微信"),
              "0:3-4 1:0-1 2:1-2");
}

// Byte mode misses the first and finds a wrong second: 狠 and 家 share their bytes' ends.
TEST(Scan, counts_characters_and_never_bytes) {
    EXPECT_EQ(found({"regex = \"加.{1}微\""}, "加我微"), "0:0-3");
    EXPECT_EQ(found({"regex = \"加.{1}微\""}, "加我我微"), "");
    EXPECT_EQ(found({"regex = \"[加家]微\""}, "家微"), "0:0-2");
    EXPECT_EQ(found({"regex = \"[加家]微\""}, "狠微"), "");
    EXPECT_EQ(found({"regex = \"[^加]微\""}, "加微"), "");
    EXPECT_EQ(found({"regex = \"(?:加){2}微?信\""}, "加加信"), "0:0-3");
    EXPECT_EQ(found({"text = \"加{1}微\""}, "加我微"), "0:0-3");
    EXPECT_EQ(found({"text = \"[加家]微\""}, "家微"), "0:0-2");
    EXPECT_EQ(found({"text = \"[加家]微\""}, "狠微"), "");
}

TEST(Scan, reads_word_borders) {
    const std::vector<std::string> rule = {"text = \"<free>\""};
    EXPECT_EQ(found(rule, "free!", "light"), "0:0-4");
    EXPECT_EQ(found(rule, "a FREE gift", "light"), "0:2-6");
    EXPECT_EQ(found(rule, "carefree", "light"), "");
    EXPECT_EQ(found(rule, "freedom", "light"), "");
    EXPECT_EQ(found(rule, "送free送", "light"), "0:1-5");
}

TEST(Scan, wants_one_of_also_and_none_of_unless) {
    const std::vector<std::string> rule = {
        "text = \"积分\"\nalso = [\"兑换\", \"light:http\"]\nunless = \"反诈\""};
    EXPECT_EQ(found(rule, "积分可兑换 http://a"), "0:0-2");
    EXPECT_EQ(found(rule, "积分 http://a"), "0:0-2");
    EXPECT_EQ(found(rule, "积分可兑换"), "0:0-2");
    EXPECT_EQ(found(rule, "积分可查"), "");
    EXPECT_EQ(found(rule, "可兑换 http://a"), "");
    EXPECT_EQ(found(rule, "反诈中心：积分可兑换 http://a 勿信"), "");
}

TEST(Scan, folds_the_letters_of_a_regex_and_keeps_its_signs) {
    EXPECT_EQ(found({"regex = \"ＡＢ[Ｃ-Ｅ]\\\\d\""}, "abd7"), "0:0-4");
    EXPECT_EQ(found({"regex = \"［a］\""}, "[a]", "light"), "0:0-3");
    EXPECT_EQ(found({"regex = \"\\\\D7\""}, "x7 17", "light"), "0:0-2");
}

TEST(Scan, reads_a_lone_surrogate_as_a_replacement) {
    const auto set = compile({"regex = \"a.b\"", "text = \"a{1}b\""});
    ASSERT_TRUE(set) << set.error().text;
    auto scratch = set->make_scratch();
    ASSERT_TRUE(scratch);
    const std::u16string text = {u'a', 0xD800, u'b'};
    EXPECT_EQ(set->scan(FoldedUnits{text, text}, *scratch).matches.size(), 2u);
}

TEST(Scan, says_when_a_text_is_too_long) {
    const auto set = compile({"text = \"微信\""});
    ASSERT_TRUE(set) << set.error().text;
    auto scratch = set->make_scratch();
    ASSERT_TRUE(scratch);
    std::u16string text(PatternSet::kMaxTextUnits, u'加');
    text.replace(text.size() - 2, 2, u"微信");
    EXPECT_EQ(set->scan(FoldedUnits{{}, text}, *scratch).status, ScanStatus::kOk);
    EXPECT_EQ(set->scan(FoldedUnits{{}, text}, *scratch).matches.size(), 1u);
    text.insert(0, u"加");
    EXPECT_EQ(set->scan(FoldedUnits{{}, text}, *scratch).status, ScanStatus::kTruncated);
    EXPECT_EQ(set->scan(FoldedUnits{{}, text}, *scratch).matches.size(), 0u);
}

TEST(Scan, keeps_nothing_of_the_text_before) {
    const auto set = compile({"text = \"加{0,3}微信\"", "text = \"积分\"\nalso = \"微信\""});
    ASSERT_TRUE(set) << set.error().text;
    auto scratch = set->make_scratch();
    ASSERT_TRUE(scratch);
    const std::u16string first = u"加微信积分", second = u"加积分", third = u"微信";
    EXPECT_EQ(set->scan(FoldedUnits{{}, first}, *scratch).matches.size(), 2u);
    EXPECT_EQ(set->scan(FoldedUnits{{}, second}, *scratch).matches.size(), 0u);
    EXPECT_EQ(set->scan(FoldedUnits{{}, third}, *scratch).matches.size(), 0u);
    EXPECT_EQ(set->scan(FoldedUnits{{}, first}, *scratch).matches.size(), 2u);
}

// A folded text is looked at where it lies: what an earlier and longer one left behind it is no part of it.
TEST(Scan, of_a_folded_text_is_that_of_its_units) {
    const auto set =
        compile({"text = '微信'", "text = '加{0,6}(微信|qq)'", "text = '[0-9]{5}{0,3}元'",
                 "text = '加{0,80}微信'", "text = '元{0,9}[0-9]{4}'", "regex = 'q+a'",
                 "text = 'light:<qq>'\nview = 'light'"});
    ASSERT_TRUE(set) << set.error().text;
    auto scratch = set->make_scratch();
    ASSERT_TRUE(scratch);
    std::mt19937 random(61);
    const std::u16string letters = u"加微信元q1 a";
    FoldedText folded;
    std::size_t matches = 0;
    for (int turn = 0; turn < 2'000; ++turn) {
        std::u16string text(random() % (turn % 50 == 0 ? 3'000 : 40), u' ');
        for (char16_t& unit : text) unit = letters[random() % letters.size()];
        fold(text, folded);
        const auto of = [&](const auto& what) {
            const ScanResult result = set->scan(what, *scratch);
            EXPECT_EQ(result.status, ScanStatus::kOk);
            return std::vector(result.matches.begin(), result.matches.end());
        };
        const std::u16string light(folded.light().text()), dense(folded.dense().text());
        const auto found = of(folded);
        ASSERT_EQ(found, of(FoldedUnits{light, dense}));
        matches += found.size();
    }
    EXPECT_GT(matches, 2'000u);
}

// More windows than are free, and more checks than an expression may have.
TEST(Scan, finds_what_stands_behind_a_thousand_anchors) {
    const std::vector<std::string> rules = {"text = '加[^微]{3}[^加]{2}[^a]'",
                                            "text = '加[^微]{3}[^加]{2}[^b]'\nunless = '没有'"};
    std::string text;
    for (int i = 0; i < 1'500; ++i) text += "加微";
    EXPECT_EQ(found(rules, text), "");
    EXPECT_EQ(found(rules, text + "加xxxyyb"), "0:3000-3007");
    EXPECT_EQ(found(rules, text + "加xxxyya加xxxyyb"), "0:3007-3014 1:3000-3007");
}

TEST(Scan, serves_many_threads_from_one_set) {
    const auto set = compile({"text = \"加{0,3}微信\"", "regex = \"[0-9]{5}\""});
    ASSERT_TRUE(set) << set.error().text;
    std::vector<std::thread> threads;
    std::array<int, 4> counts{};
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&set, &counts, t] {
            auto scratch = set->make_scratch();
            const std::u16string text = u"加我微信12345";
            for (int i = 0; i < 2000; ++i) {
                const auto n = set->scan(FoldedUnits{text, text}, *scratch).matches.size();
                counts[static_cast<std::size_t>(t)] += static_cast<int>(n);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    for (const int count : counts) EXPECT_EQ(count, 4000);
}

TEST(Scan, outlives_a_move_of_its_set) {
    auto set = compile({"text = \"微信\""});
    ASSERT_TRUE(set) << set.error().text;
    auto scratch = set->make_scratch();
    ASSERT_TRUE(scratch);
    const PatternSet moved = *std::move(set);
    const std::u16string text = u"微信";
    EXPECT_EQ(moved.scan(FoldedUnits{{}, text}, *scratch).matches.size(), 1u);
    EXPECT_GT(moved.bytes(), 1000u);
}

TEST(Scan, of_a_set_without_rules_finds_nothing) {
    auto set = PatternSet::compile(RuleSet{});
    ASSERT_TRUE(set) << set.error().text;
    EXPECT_EQ(found(*set, "加微信"), "");
}

}  // namespace
}  // namespace ringfence
