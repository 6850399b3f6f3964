// Near-copies: of known messages, and of what many senders send within a while.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "ringfence/campaign/store.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::counter;
using test::kNoon;
using test::open_screen;
using test::sms;

constexpr const char* kKnown = "id,text\nfee,\"Your parcel is held, pay the fee of 1.99 today\"\n";
constexpr const char* kCopy = "your PARCEL is held! Pay the fee of 2.49 today";
constexpr const char* kPlain = "Dinner at eight, bring the children and a cake";
constexpr const char* kBulk = "You have been chosen, answer YES to get your bonus of 500";

class TemplatesScreen : public testing::Test {
protected:
    Screen open(const std::string& rest) {
        folder_.write("known.csv", kKnown);
        write(rest);
        return open_screen(folder_);
    }
    void write(const std::string& rest) const {
        folder_.write("policy.toml", "[screen]\ncountry = \"CN\"\n" + rest);
    }
    static std::string sender(unsigned i) { return "1380000" + std::to_string(1'000 + i); }
    // What the last of so many messages gets, each from a sender of its own.
    static Verdict burst(Session& session, unsigned senders, std::int64_t time = kNoon,
                         std::string_view text = kBulk) {
        Verdict verdict;
        for (unsigned i = 0; i < senders; ++i)
            verdict = session.screen(sms(sender(i), "13800002222", text, time));
        return verdict;
    }
    test::PolicyFolder folder_;
};

constexpr const char* kTemplates =
    "[[templates]]\nid = \"known\"\nfile = \"known.csv\"\naction = \"hold\"\ncategory = "
    "\"parcel\"\nrisk = 700\n";
constexpr const char* kCampaigns =
    "[campaigns]\naction = \"reject\"\nsenders = 10\nwindow_s = 3600\n";

TEST_F(TemplatesScreen, give_copies_of_known_messages_their_finding) {
    Screen screen = open(kTemplates);
    Session session = screen.session();
    const Verdict verdict = session.screen(sms("13800001111", "13800002222", kCopy));
    EXPECT_EQ(verdict.action, Action::kHold);
    EXPECT_EQ(verdict.reason, Reason::kTemplate);
    EXPECT_EQ(verdict.stage, Stage::kContent);
    EXPECT_EQ(verdict.risk, 700u);
    EXPECT_EQ(screen.rule_id(verdict), "known");
    EXPECT_EQ(screen.category(verdict), "parcel");
    EXPECT_EQ(session.screen(sms("13800001111", "13800002222", kPlain)).action, Action::kAllow);
    EXPECT_EQ(session.screen(sms("13800001111", "13800002222", "")).action, Action::kAllow);
    EXPECT_EQ(session.screen(sms("13800001111", "110", kCopy)).action, Action::kAllow);
    EXPECT_EQ(counter(screen, "rule.known.hits"), 1u);
    EXPECT_EQ(counter(screen, "rule.known.decided"), 1u);
    EXPECT_EQ(counter(screen, "reasons.template"), 1u);
}

// As a list that comes out empty, a fifth smaller or half as large again.
TEST_F(TemplatesScreen, refuse_a_file_that_lost_most_of_its_rows) {
    const auto known = [](unsigned rows) {
        std::string text = kKnown;
        for (unsigned i = 1; i < rows; ++i)
            text += "m" + std::to_string(i) + ",\"Wedding photographs number " + std::to_string(i) +
                    " are ready\"\n";
        return text;
    };
    Screen screen = open(kTemplates);
    folder_.write("known.csv", known(1'200));
    const Status grown = screen.reload();
    ASSERT_FALSE(grown) << "from one row to 1,200";
    EXPECT_EQ(grown.error().code, ErrorCode::kRefused);
    Screen large = open_screen(folder_);
    Session session = large.session();
    for (const unsigned rows : {900u, 1u, 1'900u}) {
        folder_.write("known.csv", known(rows));
        const Status refused = large.reload();
        ASSERT_FALSE(refused) << rows;
        EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
    }
    folder_.write("known.csv", "id,text\nother,\"Wedding photographs number 9 are ready\"\n");
    EXPECT_EQ(large.reload().error().text,
              folder_.path("known.csv") +
                  ": shrank by 100 %: 1 rows, where the last load had 1200; "
                  "force it if that is right");
    EXPECT_EQ(session.screen(sms("13800001111", "13800002222", kCopy)).action, Action::kHold);
    EXPECT_EQ(counter(large, "reload.failed"), 4u);
    EXPECT_EQ(large.generation(), 1u);

    folder_.write("known.csv", known(1'001));
    EXPECT_TRUE(large.reload()) << "a sixth smaller";
    folder_.write("known.csv", known(500));
    EXPECT_FALSE(large.reload()) << "beside the last good load";
    write("[[templates]]\nid = \"other\"\nfile = \"known.csv\"\naction = \"hold\"\n");
    EXPECT_TRUE(large.reload()) << "the first load of this id";
    folder_.write("known.csv", kKnown);
    EXPECT_TRUE(large.reload()) << "neither has over 1,000";
}

TEST_F(TemplatesScreen, take_a_file_that_shrank_when_forced) {
    std::string rows = kKnown;
    for (unsigned i = 0; i < 2'000; ++i) rows += ",\"Wedding photographs are ready\"\n";
    open(kTemplates);
    folder_.write("known.csv", rows);
    ScreenOptions options;
    options.force = true;
    auto screen = Screen::open(folder_.path("policy.toml"), options);
    ASSERT_TRUE(screen) << screen.error().text;
    folder_.write("known.csv", kKnown);
    EXPECT_TRUE(screen->reload());
}

TEST_F(TemplatesScreen, only_tag_a_message_from_an_emergency_number) {
    Screen screen = open(std::string(kTemplates) + kCampaigns);
    Session session = screen.session();
    EXPECT_EQ(session.screen(sms("13800001111", "13800002222", kCopy)).action, Action::kHold);
    const Verdict copy = session.screen(sms("110", "13800002222", kCopy));
    EXPECT_EQ(copy.action, Action::kTag);
    EXPECT_EQ(copy.reason, Reason::kTemplate);
    EXPECT_EQ(burst(session, 10).action, Action::kReject);
    const Verdict bulk = session.screen(sms("110", "13800002222", kBulk));
    EXPECT_EQ(bulk.action, Action::kTag);
    EXPECT_EQ(bulk.reason, Reason::kCampaign);
}

// Of two blocks at one place the milder stands: a near-copy must not be that one.
TEST_F(TemplatesScreen, make_nothing_milder) {
    folder_.write("rules.toml",
                  "[pack]\nid = \"test\"\n[[rule]]\nid = \"test.fee\"\ncategory = \"parcel\"\n"
                  "action = \"reject\"\nrisk = 400\ntext = [\"paythefee\", \"bonusof\"]\n"
                  "must_match = [\"pay the fee\"]\n");
    const std::string pack = "[[patterns]]\nfile = \"rules.toml\"\n";
    const auto table = [](const std::string& id, const std::string& action) {
        return "[[templates]]\nid = \"" + id + "\"\nfile = \"known.csv\"\naction = \"" + action +
               "\"\n";
    };
    const std::string bursts = "[campaigns]\nsenders = 2\nrisk = 900\naction = ";
    const auto judged = [&](const std::string& rest, std::string_view text = kCopy) {
        Screen screen = open(rest);
        Session session = screen.session();
        return burst(session, 3, kNoon, text);
    };
    const Verdict by_rule = judged(pack + table("a", "challenge"));
    EXPECT_EQ(by_rule.action, Action::kReject);
    EXPECT_EQ(by_rule.reason, Reason::kPattern);
    EXPECT_EQ(judged(pack + bursts + "\"hold\"\n", kBulk).action, Action::kReject);
    // Nor one table another, in either order, nor a burst a table, nor the other way round.
    EXPECT_EQ(judged(table("a", "challenge") + table("b", "reject")).action, Action::kReject);
    EXPECT_EQ(judged(table("a", "reject") + table("b", "challenge")).action, Action::kReject);
    EXPECT_EQ(judged(table("a", "hold") + bursts + "\"drop\"\n").action, Action::kDrop);
    EXPECT_EQ(judged(table("a", "drop") + bursts + "\"hold\"\n").action, Action::kDrop);
    // What asks for more than a rule leaves the rule's.
    EXPECT_EQ(judged(pack + table("a", "drop")).action, Action::kReject);
    // What is in shadow shows what it would come to, and takes no other's place.
    const Verdict shadow = judged(pack + table("a", "challenge") + "shadow = true\n");
    EXPECT_EQ(shadow.action, Action::kReject);
    EXPECT_FALSE(shadow.has(VerdictFlag::kShadow));
    EXPECT_EQ(judged(table("a", "hold") + table("b", "drop") + "shadow = true\n").action,
              Action::kHold);
}

TEST_F(TemplatesScreen, are_named_by_explain) {
    Screen screen = open(kTemplates);
    const auto explained = screen.explain(sms("13800001111", "13800002222", kCopy));
    ASSERT_TRUE(explained) << explained.error().text;
    ASSERT_EQ(explained->findings.size(), 1u);
    EXPECT_EQ(explained->findings[0].like, "fee");
    EXPECT_EQ(explained->findings[0].about, "100 % alike");
    EXPECT_NE(explained->to_json().find("\"like\":\"fee\",\"about\":\"100 % alike\""),
              std::string::npos)
        << explained->to_json();
    EXPECT_NE(explained->to_text().find("like 'fee', 100 % alike; decided"), std::string::npos)
        << explained->to_text();
}

TEST_F(TemplatesScreen, are_found_in_a_message_that_came_in_parts) {
    Screen screen = open(kTemplates);
    Session session = screen.session();
    const std::string text = kCopy;
    std::vector<Action> actions;
    for (std::uint8_t part = 1; part <= 2; ++part) {
        const std::string half = part == 1 ? text.substr(0, 10) : text.substr(10);
        Sms message = sms("13800001111", "13800002222", half);
        message.sar_ref = 7;
        message.sar_total = 2;
        message.sar_seq = part;
        actions.push_back(session.screen(message).action);
    }
    EXPECT_EQ(actions, (std::vector<Action>{Action::kAllow, Action::kHold}));
}

TEST_F(TemplatesScreen, in_shadow_decide_nothing) {
    Screen screen = open(std::string(kTemplates) + "shadow = true\n");
    const Verdict verdict = screen.session().screen(sms("13800001111", "13800002222", kCopy));
    EXPECT_EQ(verdict.action, Action::kAllow);
    EXPECT_EQ(verdict.shadow_action, Action::kHold);
    EXPECT_EQ(counter(screen, "rule.known.shadow_hits"), 1u);
}

TEST_F(TemplatesScreen, come_with_a_reload) {
    Screen screen = open("");
    Session session = screen.session();
    EXPECT_EQ(session.screen(sms("13800001111", "13800002222", kCopy)).action, Action::kAllow);
    write(kTemplates);
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(session.screen(sms("13800001111", "13800002222", kCopy)).action, Action::kHold);
    folder_.write("known.csv", "text\nshort\n");
    ASSERT_FALSE(screen.reload());
    EXPECT_EQ(session.screen(sms("13800001111", "13800002222", kCopy)).action, Action::kHold);
}

TEST_F(TemplatesScreen, warn_of_bad_rows_and_refuse_a_file_of_none) {
    Screen screen = open(kTemplates);
    EXPECT_TRUE(screen.warnings().empty());
    folder_.write("known.csv", std::string(kKnown) + "short,text\n");
    ASSERT_TRUE(screen.reload());
    ASSERT_EQ(screen.warnings().size(), 1u);
    EXPECT_NE(screen.warnings()[0].find("known.csv:3: the text is too short"), std::string::npos)
        << screen.warnings()[0];
    folder_.write("known.csv", "id,text\n");
    const auto reloaded = screen.reload();
    ASSERT_FALSE(reloaded);
    EXPECT_NE(reloaded.error().text.find("known.csv: holds no message"), std::string::npos)
        << reloaded.error().text;
    EXPECT_FALSE(Screen::open(folder_.path("policy.toml")));
    EXPECT_EQ(screen.session().screen(sms("13800001111", "13800002222", kCopy)).action,
              Action::kHold);
}

TEST_F(TemplatesScreen, tell_a_burst_from_many_senders) {
    Screen screen = open(kCampaigns);
    Session session = screen.session();
    EXPECT_EQ(burst(session, 9).action, Action::kAllow);
    const Verdict verdict = session.screen(sms(sender(9), "13800002222", kBulk));
    EXPECT_EQ(verdict.action, Action::kReject);
    EXPECT_EQ(verdict.reason, Reason::kCampaign);
    EXPECT_EQ(verdict.risk, 300u);
    EXPECT_EQ(screen.rule_id(verdict), "campaigns");
    // Another text is nobody's copy, and the same from one sender is no burst.
    EXPECT_EQ(session.screen(sms(sender(10), "13800002222", kPlain)).action, Action::kAllow);
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(session.screen(sms("13800001111", "13800002222", kPlain)).action, Action::kAllow);
    EXPECT_EQ(counter(screen, "campaigns.running"), 2u);
    EXPECT_EQ(counter(screen, "campaigns.displaced"), 0u);
}

TEST_F(TemplatesScreen, explain_counts_no_message_and_shows_the_burst) {
    Screen screen = open(kCampaigns);
    Session session = screen.session();
    burst(session, 10);
    for (int i = 0; i < 3; ++i) {
        const auto explained = screen.explain(sms(sender(50), "13800002222", kBulk));
        ASSERT_TRUE(explained);
        ASSERT_EQ(explained->findings.size(), 1u);
        EXPECT_EQ(explained->findings[0].about, "10 near-copies from 10 senders");
    }
}

TEST_F(TemplatesScreen, forget_a_burst_after_its_window) {
    Screen screen = open(kCampaigns);
    Session session = screen.session();
    EXPECT_EQ(burst(session, 10).action, Action::kReject);
    constexpr std::int64_t kLater = kNoon + 2 * 3'600'000;
    EXPECT_EQ(burst(session, 9, kLater).action, Action::kAllow);
    ASSERT_TRUE(screen.advance(time_from_ms(kLater + 2 * 3'600'000)));
    EXPECT_EQ(counter(screen, "campaigns.running"), 0u);
}

TEST_F(TemplatesScreen, are_not_carried_off_by_a_time_far_ahead) {
    Screen screen = open(kCampaigns);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    Session session = screen.session();
    session.screen(sms(sender(0), "13800002222", kPlain, kNoon + 100LL * 86'400'000));
    constexpr std::int64_t kHour = 3'600'000;
    EXPECT_EQ(burst(session, 9).action, Action::kAllow);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 2 * kHour)));
    // The window has moved on from the nine.
    EXPECT_EQ(session.screen(sms(sender(9), "13800002222", kBulk, kNoon + 2 * kHour)).action,
              Action::kAllow);
}

TEST_F(TemplatesScreen, go_on_counting_over_a_reload_of_the_same_window) {
    Screen screen = open(kCampaigns);
    Session session = screen.session();
    burst(session, 9);
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(session.screen(sms(sender(9), "13800002222", kBulk)).action, Action::kReject);
    write(std::string(kCampaigns) + "similarity = 70\n");
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(session.screen(sms(sender(10), "13800002222", kBulk)).action, Action::kAllow);
}

TEST_F(TemplatesScreen, count_what_all_sessions_see) {
    Screen screen = open(kCampaigns);
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 3; ++t) {
        threads.emplace_back([&, t] {
            Session session = screen.session();
            for (unsigned i = 0; i < 300; ++i) {
                const std::string from = sender(300 * t + i);
                session.screen(sms(from, "13800002222", i % 2 == 0 ? kBulk : kPlain));
            }
        });
    }
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(screen.advance(time_from_ms(kNoon)));
    for (std::thread& thread : threads) thread.join();
    const auto explained = screen.explain(sms("13800001111", "13800002222", kBulk));
    ASSERT_TRUE(explained);
    ASSERT_EQ(explained->findings.size(), 1u);
    EXPECT_EQ(explained->findings[0].about.rfind("450 near-copies from ", 0), 0u)
        << explained->findings[0].about;
    EXPECT_EQ(counter(screen, "campaigns.running"), 2u);
}

}  // namespace
}  // namespace ringfence
