// What each rule came to: found, found in shadow, decided; and what of it a reload keeps.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::counter;
using test::open_screen;
using test::sms;

constexpr const char* kPack = R"(
[pack]
id = "test"
view = "dense"

[[rule]]
id = "test.rebate"
category = "task_rebate"
action = "hold"
risk = 800
language = "zh"
text = ["点赞{0,8}返佣"]
must_match = ["点赞返佣"]

[[rule]]
id = "test.likes"
category = "task_rebate"
action = "tag"
text = ["点赞"]
must_match = ["点赞"]

[[rule]]
id = "test.new"
category = "task_rebate"
action = "drop"
shadow = true
text = ["返佣"]
must_match = ["返佣"]
)";

struct Counts {
    std::uint64_t hits = 0, shadow_hits = 0, decided = 0;
    friend bool operator==(const Counts&, const Counts&) = default;
};
std::ostream& operator<<(std::ostream& out, const Counts& counts) {
    return out << counts.hits << " " << counts.shadow_hits << " " << counts.decided;
}

Counts counts_of(const Screen& screen, const std::string& id) {
    const std::string name = "rule." + id;
    const Counts counts{counter(screen, name + ".hits"), counter(screen, name + ".shadow_hits"),
                        counter(screen, name + ".decided")};
    for (const RuleCounter& rule : screen.rule_counters()) {
        if (rule.id != id) continue;
        EXPECT_EQ(counts, (Counts{rule.hits, rule.shadow_hits, rule.decided}));
        return counts;
    }
    ADD_FAILURE() << "no rule " << id;
    return counts;
}

class RuleCountsTest : public testing::Test {
protected:
    RuleCountsTest() {
        write_policy("");
        folder_.write("rules.toml", kPack);
    }
    void write_policy(const std::string& more) const {
        folder_.write("policy.toml",
                      "[screen]\ncountry = \"CN\"\n[[patterns]]\nfile = \"rules.toml\"\n" + more);
    }
    static Verdict send(Session& session, std::string_view text) {
        return session.screen(sms("13800001234", "13800002222", text));
    }
    test::PolicyFolder folder_;
};

TEST_F(RuleCountsTest, counts_what_was_found_what_was_in_shadow_and_what_decided) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    EXPECT_EQ(send(session, "点赞返佣").action, Action::kHold);
    EXPECT_EQ(send(session, "点赞").action, Action::kTag);
    EXPECT_EQ(send(session, "返佣").action, Action::kAllow);
    EXPECT_EQ(send(session, "你好").action, Action::kAllow);
    EXPECT_EQ(counts_of(screen, "test.rebate"), (Counts{1, 0, 1}));
    EXPECT_EQ(counts_of(screen, "test.likes"), (Counts{2, 0, 1}));
    EXPECT_EQ(counts_of(screen, "test.new"), (Counts{0, 2, 0}));
}

TEST_F(RuleCountsTest, counts_nothing_for_an_explanation) {
    Screen screen = open_screen(folder_);
    ASSERT_TRUE(screen.explain(sms("13800001234", "13800002222", "点赞返佣")));
    EXPECT_EQ(counts_of(screen, "test.rebate"), Counts{});
}

TEST_F(RuleCountsTest, takes_a_whole_pack_in_shadow_and_names_it_in_the_trace) {
    write_policy("shadow = true\n");
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Verdict verdict = send(session, "点赞返佣");
    EXPECT_EQ(verdict.action, Action::kAllow);
    EXPECT_TRUE(verdict.has(VerdictFlag::kShadow));
    EXPECT_EQ(verdict.shadow_action, Action::kHold);  // the mildest of two blocks
    EXPECT_EQ(counts_of(screen, "test.rebate"), (Counts{0, 1, 0}));
    EXPECT_EQ(counts_of(screen, "test.new"), (Counts{0, 1, 0}));
    const auto explained = screen.explain(sms("13800001234", "13800002222", "点赞返佣"));
    ASSERT_TRUE(explained);
    ASSERT_EQ(explained->findings.size(), 3u);
    for (const ExplainedFinding& finding : explained->findings) {
        EXPECT_TRUE(finding.shadow) << finding.rule;
        EXPECT_FALSE(finding.won) << finding.rule;
        EXPECT_EQ(finding.why, "runs in shadow: counted, not deciding");
        EXPECT_EQ(finding.language, finding.rule == "test.rebate" ? "zh" : "");
    }
    EXPECT_NE(explained->to_json().find("\"language\":\"zh\""), std::string::npos);
}

TEST_F(RuleCountsTest, go_on_over_reloads_that_keep_the_id) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    send(session, "点赞返佣");
    for (int i = 0; i < 5; ++i) {
        // Numbered anew by a list that comes before it.
        write_policy(i % 2 == 0 ? "[[list]]\nid = \"l\"\nfile = \"l.csv\"\naction = \"tag\"\n"
                                : "");
        folder_.write("l.csv", "number\n13900001111\n");
        ASSERT_TRUE(screen.reload());
        send(session, "点赞返佣");
    }
    EXPECT_EQ(counts_of(screen, "test.rebate"), (Counts{6, 0, 6}));
    EXPECT_EQ(counts_of(screen, "test.new"), (Counts{0, 6, 0}));
}

TEST_F(RuleCountsTest, stay_when_a_reload_fails) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    send(session, "点赞返佣");
    folder_.write("rules.toml", std::string(kPack) + "broken");
    ASSERT_FALSE(screen.reload());
    send(session, "点赞返佣");
    EXPECT_EQ(counts_of(screen, "test.rebate"), (Counts{2, 0, 2}));
}

TEST_F(RuleCountsTest, hold_what_a_reader_counts_under_the_rules_of_before) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Sms message[] = {sms("13800001234", "13800002222", "点赞返佣")};
    session.prepare({}, message);
    ASSERT_TRUE(screen.reload());
    session.record();
    Verdict verdict[1];
    session.decide({}, verdict);
    EXPECT_EQ(screen.rule_id(verdict[0]), "test.rebate");
    EXPECT_EQ(counts_of(screen, "test.rebate"), (Counts{1, 0, 1}));
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(counts_of(screen, "test.rebate"), (Counts{1, 0, 1}));
}

TEST_F(RuleCountsTest, outlive_their_sessions) {
    Screen screen = open_screen(folder_);
    {
        Session session = screen.session();
        send(session, "点赞返佣");
    }
    EXPECT_EQ(counts_of(screen, "test.rebate"), (Counts{1, 0, 1}));
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(counts_of(screen, "test.rebate"), (Counts{1, 0, 1}));
}

TEST_F(RuleCountsTest, begin_at_zero_for_a_rule_that_was_gone) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    send(session, "点赞返佣");
    folder_.write("policy.toml", "[screen]\ncountry = \"CN\"\n");
    ASSERT_TRUE(screen.reload());
    EXPECT_TRUE(screen.rule_counters().empty());
    write_policy("");
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(counts_of(screen, "test.rebate"), Counts{});
}

TEST_F(RuleCountsTest, lose_nothing_beside_reloads) {
    constexpr int kMessages = 2'000;
    Screen screen = open_screen(folder_);
    std::atomic<int> left{2};
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] {
            Session session = screen.session();
            for (int k = 0; k < kMessages; ++k) send(session, "点赞返佣");
            --left;
        });
    }
    std::uint64_t last = 0;
    while (left.load() > 0) {
        ASSERT_TRUE(screen.reload());
        const std::uint64_t now = counter(screen, "rule.test.rebate.decided");
        EXPECT_GE(now, last);
        last = now;
    }
    for (std::thread& reader : readers) reader.join();
    EXPECT_EQ(counts_of(screen, "test.rebate"), (Counts{2 * kMessages, 0, 2 * kMessages}));
    EXPECT_EQ(counts_of(screen, "test.new"), (Counts{0, 2 * kMessages, 0}));
}

}  // namespace
}  // namespace ringfence
