// What the score of a text does to the verdict on its message.
#include <gtest/gtest.h>

#include "tests/score/sample_model.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::counter;
using test::open_screen;
using test::sms;

constexpr const char* kSpam = "claim your prize now";
constexpr const char* kPlain = "dinner at eight";

class ScoreScreen : public testing::Test {
protected:
    ScoreScreen() {
        const ScoreModel model =
            test::made(test::sample_parts({{u"pri", 8'000}, {u"din", -8'000}}));
        EXPECT_TRUE(model.save(folder_.path("messages.model")));
        folder_.write("rules.toml", R"(
[pack]
id = "test"
[[rule]]
id = "test.prize"
category = "fake_shopping"
action = "tag"
risk = 400
text = ["claimyour"]
must_match = ["claim your car"]
)");
        folder_.write("allow.csv", "number\n13800009999\n");
    }

    Screen open(const std::string& score, const std::string& more = {}) {
        folder_.write("policy.toml",
                      "[screen]\ncountry = \"CN\"\n[score]\nmodel = \"messages.model\"\n" + score +
                          "\n" + more);
        return open_screen(folder_);
    }
    static Verdict judge(Screen& screen, std::string_view text,
                         std::string_view sender = "13800001111") {
        return screen.session().screen(sms(sender, "13800002222", text));
    }
    test::PolicyFolder folder_;
};

constexpr const char* kPack = "[[patterns]]\nfile = \"rules.toml\"\n";

TEST_F(ScoreScreen, tags_by_itself) {
    Screen screen = open("category = \"spam\"");
    const Verdict verdict = judge(screen, kSpam);
    EXPECT_EQ(verdict.action, Action::kTag);
    EXPECT_EQ(verdict.reason, Reason::kScore);
    EXPECT_EQ(verdict.stage, Stage::kContent);
    EXPECT_EQ(verdict.risk, 300u);
    EXPECT_EQ(screen.rule_id(verdict), "score");
    EXPECT_EQ(screen.category(verdict), "spam");
    EXPECT_EQ(judge(screen, kPlain).reason, Reason::kNone);
    EXPECT_EQ(judge(screen, "").reason, Reason::kNone);
    EXPECT_EQ(counter(screen, "reasons.score"), 1u);
    EXPECT_EQ(counter(screen, "rule.score.hits"), 1u);
}

TEST_F(ScoreScreen, never_stops_a_message_alone_unless_the_policy_says_so) {
    for (const char* action : {"challenge", "hold", "reject", "drop"}) {
        const std::string asks = "action = \"" + std::string(action) + "\"\n";
        Screen screen = open(asks);
        EXPECT_EQ(judge(screen, kSpam).action, Action::kTag) << action;
        Screen may = open(asks + "may_stop_alone = true");
        EXPECT_EQ(judge(may, kSpam).action, action_from_name(action)) << action;
    }
}

TEST_F(ScoreScreen, adds_to_what_else_was_found) {
    Screen tagging = open("", kPack);
    Verdict verdict = judge(tagging, kSpam);
    EXPECT_EQ(verdict.action, Action::kTag);
    EXPECT_EQ(tagging.rule_id(verdict), "test.prize");  // a rule says more than a score
    EXPECT_EQ(counter(tagging, "rule.score.hits"), 1u);

    Screen holding = open("action = \"hold\"", kPack);
    verdict = judge(holding, kSpam);
    EXPECT_EQ(verdict.action, Action::kHold);
    EXPECT_EQ(verdict.reason, Reason::kScore);
    EXPECT_EQ(judge(holding, "your prize").action, Action::kTag);
    EXPECT_EQ(judge(holding, "claim your dinner").reason, Reason::kPattern);

    // What runs in shadow, allows or only could not be read adds nothing.
    Screen shadow = open("action = \"hold\"", std::string(kPack) + "shadow = true\n");
    EXPECT_EQ(judge(shadow, kSpam).action, Action::kTag);
    Screen allowed =
        open("action = \"hold\"",
             "[[list]]\nid = \"partners\"\nfile = \"allow.csv\"\naction = \"allow\"\n");
    EXPECT_EQ(judge(allowed, kSpam, "13800009999").action, Action::kAllow);
    EXPECT_EQ(judge(allowed, kSpam).action, Action::kTag);
    Screen stale = open("action = \"hold\"",
                        "[[list]]\nid = \"gone\"\nfile = \"absent.csv\"\naction = \"reject\"\n"
                        "[failure]\nfeed_missing = \"tag\"\n");
    EXPECT_EQ(judge(stale, kSpam).action, Action::kTag);
}

TEST_F(ScoreScreen, never_makes_a_verdict_milder) {
    const auto pack = [&](const std::string& action) {
        folder_.write(
            "rules.toml",
            "[pack]\nid = \"test\"\n[[rule]]\nid = \"test.prize\"\ncategory = \"fake_shopping\"\n"
            "action = \"" +
                action +
                "\"\nrisk = 200\ntext = [\"claimyour\"]\nmust_match = [\"claim your car\"]\n");
    };
    for (const char* stops : {"challenge", "hold", "reject", "drop"}) {
        pack(stops);
        for (const char* scored : {"tag", "challenge", "hold", "reject", "drop"})
            for (const char* alone : {"false", "true"}) {
                Screen screen = open("action = \"" + std::string(scored) +
                                         "\"\nmay_stop_alone = " + alone + "\nrisk = 900",
                                     kPack);
                EXPECT_EQ(judge(screen, kSpam).action, action_from_name(stops))
                    << stops << " " << scored;
                EXPECT_EQ(counter(screen, "rule.score.hits"), 1u);
            }
    }
    // In shadow it would change nothing either; and a rule on trial holds nothing back.
    pack("reject");
    Screen trial = open("action = \"hold\"\nshadow = true", kPack);
    EXPECT_FALSE(judge(trial, kSpam).has(VerdictFlag::kShadow));
    Screen rule_on_trial =
        open("action = \"hold\"\nmay_stop_alone = true", std::string(kPack) + "shadow = true\n");
    EXPECT_EQ(judge(rule_on_trial, kSpam).action, Action::kHold);
}

TEST_F(ScoreScreen, runs_in_shadow) {
    Screen screen = open("action = \"reject\"\nmay_stop_alone = true\nshadow = true");
    const Verdict verdict = judge(screen, kSpam);
    EXPECT_EQ(verdict.action, Action::kAllow);
    ASSERT_TRUE(verdict.has(VerdictFlag::kShadow));
    EXPECT_EQ(verdict.shadow_action, Action::kReject);
    EXPECT_EQ(counter(screen, "rule.score.shadow_hits"), 1u);
}

TEST_F(ScoreScreen, leaves_emergencies_alone) {
    Screen screen = open("action = \"reject\"\nmay_stop_alone = true");
    Session session = screen.session();
    EXPECT_EQ(session.screen(sms("13800001111", "12110", kSpam)).stage, Stage::kEmergency);
    EXPECT_EQ(session.screen(sms("13800001111", "13800002222", kSpam)).action, Action::kReject);
    // What one sends is tagged, whether something else was found or not.
    EXPECT_EQ(session.screen(sms("110", "13800002222", kSpam)).action, Action::kTag);
    folder_.write("senders.csv", "sender,binds\n110,agg-1\n");
    Screen registered = open("action = \"reject\"", R"(
[[bind]]
id = "agg-1"
[[bind]]
id = "agg-2"
[senders]
file = "senders.csv"
)");
    Sms warning = sms("110", "13800002222", kSpam);
    warning.bind = registered.bind("agg-2");
    EXPECT_EQ(registered.session().screen(warning).action, Action::kTag);
    // Under a call-back window it tags.
    session.screen(test::call("13800002222", "110"));
    EXPECT_EQ(session.screen(sms("13800001111", "13800002222", kSpam)).action, Action::kTag);
}

TEST_F(ScoreScreen, scores_a_message_in_parts_as_the_whole) {
    Screen screen = open("");
    Session session = screen.session();
    Sms first = sms("13800001111", "13800002222", "claim your p");
    Sms second = sms("13800001111", "13800002222", "rize now");
    first.sar_ref = second.sar_ref = 7;
    first.sar_total = second.sar_total = 2;
    first.sar_seq = 1;
    second.sar_seq = 2;
    EXPECT_NE(session.screen(first).reason, Reason::kScore);
    EXPECT_EQ(session.screen(second).reason, Reason::kScore);
}

TEST_F(ScoreScreen, explains_by_the_grams_that_weighed_most) {
    Screen screen = open("");
    const auto told = screen.explain(sms("13800001111", "13800002222", "Claim your PRIZE"));
    ASSERT_TRUE(told) << told.error().text;
    ASSERT_TRUE(told->score);
    EXPECT_GE(told->score->score, 900u);
    EXPECT_EQ(told->score->from, 900u);
    ASSERT_FALSE(told->score->grams.empty());
    EXPECT_EQ(told->score->grams[0].gram, "pri");
    EXPECT_GT(told->score->grams[0].weight, 5);
    EXPECT_NE(told->to_text().find("'pri' +"), std::string::npos) << told->to_text();
    EXPECT_NE(told->to_json().find(R"("gram":"pri")"), std::string::npos) << told->to_json();
    // One that is no finding is told all the same, and what spoke against.
    const auto plain = screen.explain(sms("13800001111", "13800002222", kPlain));
    ASSERT_TRUE(plain && plain->score);
    EXPECT_LT(plain->score->score, 100u);
    EXPECT_TRUE(plain->findings.empty());
    EXPECT_LT(plain->score->grams[0].weight, 0);
    EXPECT_EQ(counter(screen, "rule.score.hits"), 0u);
}

TEST_F(ScoreScreen, keeps_the_last_good_model_when_a_reload_fails) {
    Screen screen = open("");
    folder_.write("messages.model", "damaged");
    const auto status = screen.reload();
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().text.find("messages.model: has 7 octets"), std::string::npos)
        << status.error().text;
    EXPECT_EQ(judge(screen, kSpam).reason, Reason::kScore);
    ASSERT_TRUE(test::made(test::sample_parts({})).save(folder_.path("messages.model")));
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(judge(screen, kSpam).reason, Reason::kNone);
}

// A near-copy that asks for less is beside a score as it is beside a rule.
TEST_F(ScoreScreen, is_made_no_milder_by_a_near_copy) {
    folder_.write("known.csv", "text\nclaim your prize now\n");
    const std::string known = "[[templates]]\nid = \"known\"\nfile = \"known.csv\"\naction = ";
    const std::string score = "action = \"drop\"\n";
    Screen milder = open(score + "may_stop_alone = true", known + "\"hold\"\n");
    const Verdict verdict = judge(milder, kSpam);
    EXPECT_EQ(verdict.action, Action::kDrop);
    EXPECT_EQ(verdict.reason, Reason::kScore);
    // The copy counts as something else that was found.
    Screen beside = open(score, known + "\"tag\"\n");
    EXPECT_EQ(judge(beside, kSpam).action, Action::kDrop);
    Screen stricter = open("action = \"hold\"\nmay_stop_alone = true", known + "\"reject\"\n");
    EXPECT_EQ(judge(stricter, kSpam).action, Action::kReject);
}

}  // namespace
}  // namespace ringfence
