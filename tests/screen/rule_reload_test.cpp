// Rules that a reload exchanges for others, beside traffic: a verdict is that of the old rules or of the new ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::counter;
using test::open_screen;
using test::sms;

// Both packs know 返佣 as test.kept, at another place in the pack. All else differs: what is found, ids, actions, views, and
// in how many rules, of which tiers.
constexpr const char* kPacks[2] = {R"(
[pack]
id = "test"
view = "dense"
[[rule]]
id = "test.kept"
category = "task_rebate"
action = "tag"
risk = 100
text = ["返佣"]
must_match = ["返佣"]
[[rule]]
id = "test.likes"
category = "task_rebate"
action = "hold"
risk = 800
text = ["点赞{0,8}日结"]
must_match = ["点赞日结"]
)",
                                   R"(
[pack]
id = "test"
view = "light"
[[rule]]
id = "test.prize"
category = "prize"
action = "drop"
risk = 300
text = ["<won>{1,20}<prize>"]
must_match = ["you won a prize"]
[[rule]]
id = "test.daily"
category = "gambling"
action = "reject"
risk = 900
regex = "赞.*日+结$"
must_match = ["点赞日结"]
[[rule]]
id = "test.wages"
category = "fake_loan"
action = "tag"
risk = 200
text = ["日结"]
must_match = ["日结"]
[[rule]]
id = "test.kept"
category = "task_rebate"
action = "tag"
risk = 100
text = ["返佣"]
must_match = ["返佣"]
)"};

struct Expected {
    Action action;
    std::uint16_t risk;
    const char* category;
    const char* rule;
};

struct Case {
    const char* text;
    Expected by[2];  // the packs
};

constexpr Expected kNothing = {Action::kAllow, 0, "", ""};
constexpr Expected kKept = {Action::kTag, 100, "task_rebate", "test.kept"};
constexpr Case kCases[] = {
    {"返佣", {kKept, kKept}},
    {"点赞日结",
     {{Action::kHold, 800, "task_rebate", "test.likes"},
      {Action::kReject, 900, "gambling", "test.daily"}}},
    {"You won a big prize", {kNothing, {Action::kDrop, 300, "prize", "test.prize"}}},
    {"点赞就日结，好",
     {{Action::kHold, 800, "task_rebate", "test.likes"},
      {Action::kTag, 200, "fake_loan", "test.wages"}}},
    {"你好", {kNothing, kNothing}},
};
constexpr std::size_t kCount = std::size(kCases);

class RuleReloadTest : public testing::Test {
protected:
    RuleReloadTest() {
        folder_.write("policy.toml",
                      "[screen]\ncountry = \"CN\"\n[[patterns]]\nfile = \"rules.toml\"\n");
        folder_.write("rules.toml", kPacks[0]);
    }

    static std::array<Sms, kCount> messages() {
        std::array<Sms, kCount> all;
        for (std::size_t i = 0; i < kCount; ++i)
            all[i] = sms("13800001234", "13800002222", kCases[i].text);
        return all;
    }

    // Generation 1 has the first pack, and every reload takes the other.
    static void check(const Screen& screen, const Verdict& verdict, std::size_t message) {
        const Expected& expected = kCases[message].by[(verdict.generation + 1) % 2];
        EXPECT_EQ(verdict.action, expected.action) << message;
        EXPECT_EQ(verdict.risk, expected.risk) << message;
        EXPECT_EQ(verdict.flags, 0) << message;
        // Under load a generation may be long gone, and its words with it.
        const auto expect = [&](const std::string& word, const char* wanted) {
            if (word.empty() && screen.generation() > verdict.generation + 2) return;
            EXPECT_EQ(word, wanted) << message;
        };
        expect(screen.rule_id(verdict), expected.rule);
        expect(screen.category(verdict), expected.category);
    }

    test::PolicyFolder folder_;
};

TEST_F(RuleReloadTest, a_verdict_is_of_the_old_rules_or_of_the_new) {
    constexpr std::uint32_t kReloads = 40;
    Screen screen = open_screen(folder_);
    std::atomic<std::uint32_t> begun{1}, returned{1};  // generations
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> kept{0}, batches{0}, news{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] {
            Session session = screen.session();
            const std::array<Sms, kCount> all = messages();
            std::array<Verdict, kCount> verdicts;
            std::uint32_t last = 1;
            const auto judge = [&](std::size_t from, std::size_t count) {
                const std::uint32_t least = returned.load();
                session.screen(std::span(all).subspan(from, count),
                               std::span(verdicts).subspan(from, count));
                const std::uint32_t most = begun.load();
                for (std::size_t k = from; k < from + count; ++k) {
                    // One generation a batch, and none from before a reload that had returned.
                    EXPECT_EQ(verdicts[k].generation, verdicts[from].generation);
                    EXPECT_GE(verdicts[k].generation, std::max(least, last));
                    EXPECT_LE(verdicts[k].generation, most);
                    check(screen, verdicts[k], k);
                }
                news += verdicts[from].generation != last ? 1u : 0u;
                last = verdicts[from].generation;
            };
            while (!done.load()) {
                judge(0, kCount);
                for (std::size_t k = 0; k < kCount; ++k) judge(k, 1);
                kept += 2;
                ++batches;
            }
        });
    }
    std::uint64_t counted = 0;
    for (std::uint32_t i = 1; i <= kReloads; ++i) {
        folder_.write("rules.toml", kPacks[i % 2]);
        begun.store(i + 1);
        const auto status = screen.reload();
        ASSERT_TRUE(status) << status.error().text;
        returned.store(i + 1);
        // What was kept counts on; what is gone is no counter any more.
        const std::uint64_t now = counter(screen, "rule.test.kept.decided");
        EXPECT_GE(now, counted);
        counted = now;
        const auto rules = screen.rule_counters();
        EXPECT_EQ(rules.size(), i % 2 == 0 ? 2u : 4u);
        for (const RuleCounter& rule : rules)
            EXPECT_EQ(rule.id == "test.likes", i % 2 == 0 && rule.id != "test.kept") << rule.id;
        // Some traffic under each pack.
        const std::uint64_t before = batches.load();
        while (batches.load() < before + 2) std::this_thread::yield();
    }
    done.store(true);
    for (std::thread& reader : readers) reader.join();
    EXPECT_EQ(counter(screen, "rule.test.kept.hits"), kept.load());
    EXPECT_EQ(counter(screen, "rule.test.kept.decided"), kept.load());
    EXPECT_GE(news.load(), kReloads);
}

}  // namespace
}  // namespace ringfence
