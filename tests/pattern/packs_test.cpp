// The packs that ship: they load alone and together, and leave honest messages alone.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/base/source_folder.hpp"
#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

// The rules folder lies beside tests/.
std::string rules_folder() { return test::source_folder() + "rules/"; }

Result<PatternSet> compile_packs(const std::vector<std::string>& names) {
    RuleSet all;
    for (const std::string& name : names) {
        auto set = RuleSet::load(rules_folder() + name);
        if (!set) return set.error();
        if (auto status = all.add(*std::move(set)); !status) return status.error();
    }
    return PatternSet::compile(std::move(all));
}

// By the kinds of message that a subscriber wants to get; the file says which.
std::vector<std::string> honest_messages() {
    std::ifstream file(test::source_folder() + "tests/pattern/honest_messages.txt");
    std::vector<std::string> messages;
    for (std::string line; std::getline(file, line);)
        if (!line.empty() && line[0] != '#') messages.push_back(line);
    return messages;
}

TEST(Packs, each_loads_alone_and_keeps_its_samples) {
    for (const char* name : {"zh-fraud.toml", "zh-ads.toml", "en-smishing.toml"}) {
        const auto set = compile_packs({name});
        ASSERT_TRUE(set) << set.error().text;
        for (const PatternRule& rule : set->rules()) {
            EXPECT_FALSE(rule.must_match.empty()) << rule.id;
            EXPECT_FALSE(rule.must_not_match.empty()) << rule.id;
            EXPECT_EQ(rule.language, std::string(name).substr(0, 2)) << rule.id;
            EXPECT_EQ(rule.action, Action::kTag)
                << rule.id << ": a starter pack stops nothing by itself";
        }
    }
}

TEST(Packs, know_every_type_of_the_taxonomy) {
    const auto set = compile_packs({"zh-fraud.toml"});
    ASSERT_TRUE(set) << set.error().text;
    std::set<std::string> categories;
    for (const PatternRule& rule : set->rules()) categories.insert(rule.category);
    for (const char* wanted :
         {"task_rebate", "fake_investment", "fake_shopping", "fake_courier_service", "fake_loan",
          "fake_credit", "fake_boss_or_friend", "fake_authority", "romance", "game_trade",
          "etc_points", "gambling", "card_trade", "otp_bombing", "call_bombing", "simbox"}) {
        EXPECT_EQ(categories.count(wanted), 1u) << wanted;
    }
}

TEST(Packs, leave_honest_messages_alone) {
    const auto set = compile_packs({"zh-fraud.toml", "zh-ads.toml", "en-smishing.toml"});
    ASSERT_TRUE(set) << set.error().text;
    const std::vector<std::string> honest = honest_messages();
    EXPECT_GE(honest.size(), 200u);
    EXPECT_EQ(std::set(honest.begin(), honest.end()).size(), honest.size());
    for (const std::string& message : honest) {
        const std::string hits = testing::found(*set, message);
        std::string rule;
        if (!hits.empty()) rule = set->rules()[std::stoul(hits)].id;
        EXPECT_EQ(rule, "") << message;
    }
}

TEST(Packs, see_through_disguises) {
    const auto set = compile_packs({"zh-fraud.toml", "en-smishing.toml"});
    ASSERT_TRUE(set) << set.error().text;
    for (
        const char* message :
        {"招 淘 宝 刷 單 員，每 單 傭 金 5 到 50 元，日 結，加 薇 信",  // blanks, traditional, homophone
         "招淘宝刷\u200b单员，每单佣\u200b金5到50元，日\u200b结",       // zero-width
         "ＵＳＰＳ：ｙｏｕｒ ｐａｃｋａｇｅ ｃａｎｎｏｔ ｂｅ ｄｅｌｉｖｅｒｅｄ "
         "http://a-b.top/x",  // full width
         "U.S.P.S: your p a c k a g e cannot be delivered, in-complete address. "
         "http://a-b.top/x"}) {
        EXPECT_NE(testing::found(*set, message), "") << message;
    }
}

}  // namespace
}  // namespace ringfence
