// What a reload brings, and what it leaves when it fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::counter;
using test::kNoon;
using test::open_screen;
using test::sms;

class ReloadTest : public test::UsualPolicy {};

TEST_F(ReloadTest, keeps_the_last_good_state_when_a_reload_fails) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    folder_.write("policy.toml", "[screen]\ncountry = \"CN\"\nbogus = 1\n");
    const auto status = screen.reload();
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().text.find("policy.toml:3"), std::string::npos) << status.error().text;
    EXPECT_EQ(session.screen(call("13800001111", "13800002222")).action, Action::kReject);
    EXPECT_EQ(screen.generation(), 1u);
    EXPECT_EQ(counter(screen, "reload.failed"), 1u);
}

// Rules take long to compile, and what is changed meanwhile neither waits for that nor is lost by it.
TEST_F(ReloadTest, lets_live_changes_by_while_rules_compile) {
    using Clock = std::chrono::steady_clock;
    std::string rules = "[pack]\nid = \"test\"\nview = \"dense\"\n";
    for (unsigned i = 0; i < 8'000; ++i) {
        const std::string word = std::to_string(1'000'003ULL * (i + 17) % 99'991ULL);
        rules += "[[rule]]\nid = \"test.r" + std::to_string(i) +
                 "\"\ncategory = \"task_rebate\"\naction = \"tag\"\ntext = [\"word" + word +
                 "{0,8}(prize|bonus)\"]\nmust_match = [\"word" + word + " prize\"]\n";
    }
    folder_.write("rules.toml", rules);
    Screen screen = open_screen(folder_);
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800008888"}));
    std::atomic<bool> over{false};
    Clock::duration whole{};
    std::thread reloading([&] {
        const auto from = Clock::now();
        EXPECT_TRUE(screen.reload());
        whole = Clock::now() - from;
        over = true;
    });
    Clock::duration longest{};
    std::vector<std::string> added;
    ASSERT_TRUE(screen.remove({.list = "fraud", .entry = "13800001111"}));
    while (!over) {
        added.push_back("1700001" + std::to_string(1'000 + added.size() % 9'000));
        const auto from = Clock::now();
        EXPECT_TRUE(screen.add({.list = "fraud", .entry = added.back()}));
        longest = std::max(longest, Clock::now() - from);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    reloading.join();
    EXPECT_EQ(screen.generation(), 2u);
    EXPECT_GE(added.size(), 3u);
    EXPECT_LT(longest, whole / 2) << added.size() << " added within "
                                  << std::chrono::duration<double>(whole).count() << " s";
    Session session = screen.session();
    for (const std::string& number : added)
        ASSERT_EQ(session.screen(call(number.c_str(), "13800002222")).action, Action::kReject)
            << number;
    EXPECT_EQ(session.screen(call("13800008888", "13800002222")).action, Action::kReject);
    EXPECT_EQ(session.screen(call("13800001111", "13800002222")).action, Action::kAllow);
}

TEST_F(ReloadTest, keeps_its_lists_when_a_reload_cannot_be_published) {
    Screen screen = open_screen(folder_);
    Session first = screen.session();
    Session second = screen.session();
    Session third = screen.session();
    // A live entry that the file of the reload that fails holds too.
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "+861380000777*"}));
    const Call events[] = {call("13800003333", "13800002222")};
    first.prepare(events, {});
    ASSERT_TRUE(screen.reload());
    second.prepare(events, {});
    ASSERT_TRUE(screen.reload());
    folder_.write("fraud.csv", "number,kind\n1380000777,prefix\n");
    const auto busy = screen.reload();
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().code, ErrorCode::kBusy);
    EXPECT_EQ(screen.generation(), 3u);

    Verdict unused[1];
    first.decide(unused, {});
    second.decide(unused, {});
    // Builds the prefixes of the last good state again: what they held before is still there.
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "+861380000999*"}));
    EXPECT_EQ(third.screen(call("13800009991", "13800002222")).action, Action::kReject);
    EXPECT_EQ(third.screen(call("17000001234", "13800002222")).action, Action::kReject);
    // And what only the live change said is not forgotten for a file that never came live.
    folder_.write_usual();
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(third.screen(call("13800007771", "13800002222")).action, Action::kReject);
}

TEST_F(ReloadTest, keeps_live_changes_and_handles_over_a_reload) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const TrunkId trunk = screen.trunk("igw-1");
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800008888"}));
    ASSERT_TRUE(screen.remove({.list = "fraud", .entry = "13800001111"}));
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(screen.generation(), 2u);
    EXPECT_EQ(screen.trunk("igw-1"), trunk);
    EXPECT_EQ(session.screen(call("13800008888", "13800002222")).action, Action::kReject);
    EXPECT_EQ(session.screen(call("13800001111", "13800002222")).action, Action::kAllow);
}

TEST_F(ReloadTest, tells_the_code_of_a_verdict_from_before_reloads) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Call listed = call("13800001111", "13800002222");
    const Verdict before = session.screen(listed);
    EXPECT_EQ(screen.sip_code(before), 608u);
    std::ofstream(folder_.path("policy.toml"), std::ios::app) << "[codes.sip]\nreject = 603\n";
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(screen.reload());
    EXPECT_EQ(screen.sip_code(session.screen(listed)), 603u);
    EXPECT_EQ(screen.sip_code(before), 608u);
    EXPECT_EQ(screen.rule_id(before), "");  // its words are gone
}

TEST_F(ReloadTest, goes_on_without_a_list_that_is_absent_and_says_so) {
    folder_.remove("partners.csv");
    Screen screen = open_screen(folder_);
    ASSERT_EQ(screen.warnings().size(), 1u);
    EXPECT_NE(screen.warnings()[0].find("partners.csv"), std::string::npos);
    Session session = screen.session();
    const Verdict verdict = session.screen(call("13800003333", "13800002222"));
    EXPECT_EQ(verdict.action, Action::kAllow);
    EXPECT_TRUE(verdict.has(VerdictFlag::kDegraded));
}

TEST_F(ReloadTest, screens_beside_reloads_and_changes) {
    Screen screen = open_screen(folder_);
    std::atomic<bool> done{false};
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] {
            Session session = screen.session();
            while (!done.load()) {
                EXPECT_EQ(session.screen(call("13800001111", "13800002222")).action,
                          Action::kReject);
                EXPECT_EQ(session.screen(sms("FakeBank", "13800002222", "点赞返佣")).action,
                          Action::kHold);
                EXPECT_EQ(session.screen(call("13800001111", "110")).action, Action::kAllow);
            }
        });
    }
    for (int i = 0; i < 10; ++i) {
        const std::string number = "1380000" + std::to_string(8000 + i);
        EXPECT_TRUE(screen.add({.list = "fraud", .entry = number}));
        EXPECT_TRUE(screen.add({.list = "senders", .entry = "name" + std::to_string(i)}));
        folder_.write("policy.toml", "[screen]\ncountry = \"CN\"\nbroken");
        const auto broken = screen.reload();
        ASSERT_FALSE(broken);
        EXPECT_NE(broken.error().text.find("policy.toml:3"), std::string::npos);
        folder_.write_usual();
        const auto status = screen.reload();
        EXPECT_TRUE(status) << status.error().text;
        EXPECT_TRUE(screen.advance(time_from_ms(kNoon + i)));
    }
    done.store(true);
    for (std::thread& reader : readers) reader.join();
    EXPECT_EQ(counter(screen, "reload.failed"), 10u);
    EXPECT_EQ(counter(screen, "reload.done"), 10u);
}

}  // namespace
}  // namespace ringfence
