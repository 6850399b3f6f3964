// What the register of senders does to the verdict on a message.
#include <gtest/gtest.h>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::counter;
using test::kNoon;
using test::open_screen;
using test::sms;

class SendersScreen : public testing::Test {
protected:
    SendersScreen() {
        folder_.write("senders.csv",
                      "sender,binds,trunks,since,until\n"
                      "ICBC,agg-1,,,\n"
                      "95588,,bank,,\n"
                      "110,agg-1,,,\n"
                      "MyShop,,,2026-01-01,2026-06-01\n");
        folder_.write("allow.csv", "number\nlCBC\n");
    }
    Screen open(const std::string& senders = {}, const std::string& more = {}) {
        folder_.write("policy.toml", R"(
[screen]
country = "CN"
[[trunk]]
id = "bank"
kind = "national"
[[trunk]]
id = "sea"
kind = "national"
[[bind]]
id = "agg-1"
[[bind]]
id = "agg-2"
trunk = "bank"
[senders]
file = "senders.csv"
)" + senders + "\n" + more);
        return open_screen(folder_);
    }
    // A verdict as "reject sender_look_alike".
    static std::string told(Screen& screen, std::string_view sender, const char* bind = "",
                            const char* trunk = "", std::int64_t time = kNoon) {
        Sms message = sms(sender, "13800002222", "hello", time);
        message.bind = screen.bind(bind);
        message.trunk = screen.trunk(trunk);
        const Verdict verdict = screen.session().screen(message);
        return std::string(name_of(verdict.action)) + " " + std::string(name_of(verdict.reason));
    }
    test::PolicyFolder folder_;
};

TEST_F(SendersScreen, tags_an_unregistered_sender_and_rejects_a_look_alike) {
    Screen screen = open("category = \"spoof\"");
    EXPECT_EQ(told(screen, "ICBC", "agg-1"), "allow none");
    EXPECT_EQ(told(screen, "icbc"), "allow none");
    EXPECT_EQ(told(screen, "CCB"), "tag sender_unregistered");
    EXPECT_EQ(told(screen, "lCBC"), "reject sender_look_alike");
    EXPECT_EQ(told(screen, "\u0399CBC", "agg-1"), "reject sender_look_alike");
    EXPECT_EQ(told(screen, "13800003333"), "allow none");
    EXPECT_EQ(told(screen, ""), "allow none");
    const Verdict verdict = screen.session().screen(sms("lCBC", "13800002222", "hello"));
    EXPECT_EQ(verdict.stage, Stage::kCallerId);
    EXPECT_EQ(verdict.risk, 500u);
    EXPECT_EQ(screen.rule_id(verdict), "senders");
    EXPECT_EQ(screen.category(verdict), "spoof");
    EXPECT_EQ(screen.smpp_status(verdict), 0x0Au);
    EXPECT_EQ(counter(screen, "reasons.sender_look_alike"), 3u);
    EXPECT_EQ(counter(screen, "reasons.sender_unregistered"), 1u);
    EXPECT_EQ(counter(screen, "rule.senders.hits"), 4u);
}

TEST_F(SendersScreen, rejects_a_registered_sender_by_a_bind_that_it_may_not_use) {
    Screen screen = open();
    EXPECT_EQ(told(screen, "ICBC", "agg-2"), "reject sender_wrong_bind");
    EXPECT_EQ(told(screen, "ICBC", "agg-1", "sea"), "allow none");
    EXPECT_EQ(told(screen, "ICBC", "", "sea"), "reject sender_wrong_bind");
    EXPECT_EQ(told(screen, "95588", "", "bank"), "allow none");
    EXPECT_EQ(told(screen, "95588", "agg-2"), "allow none");  // its trunk
    EXPECT_EQ(told(screen, "95588", "agg-1"), "reject sender_wrong_bind");
    EXPECT_EQ(told(screen, "95588", "agg-2", "sea"), "reject sender_wrong_bind");
    // A kind of trunk is none that a row could name.
    Sms message = sms("ICBC", "13800002222", "hello");
    message.trunk = screen.trunk_of_kind(TrunkKind::kNational);
    EXPECT_EQ(screen.session().screen(message).reason, Reason::kSenderWrongBind);
}

TEST_F(SendersScreen, never_blocks_an_emergency_number_that_sends) {
    Screen screen = open("wrong_bind = \"drop\"");
    EXPECT_EQ(told(screen, "110", "agg-1"), "allow none");
    EXPECT_EQ(told(screen, "110", "agg-2"), "tag sender_wrong_bind");
    EXPECT_EQ(told(screen, "ll0"), "reject sender_look_alike");  // which is none
    // Nor one that is sent to, nor whoever made an emergency call.
    Session session = screen.session();
    EXPECT_EQ(session.screen(sms("lCBC", "12110", "help")).stage, Stage::kEmergency);
    session.screen(test::call("13800004444", "110"));
    EXPECT_EQ(session.screen(sms("lCBC", "13800004444", "hello")).action, Action::kTag);
}

TEST_F(SendersScreen, knows_when_a_registration_holds) {
    Screen screen = open();
    EXPECT_EQ(told(screen, "MyShop"), "allow none");
    EXPECT_EQ(told(screen, "MyShop", "", "", kNoon + 200 * 86'400'000ll),
              "tag sender_unregistered");
}

TEST_F(SendersScreen, does_what_the_policy_says) {
    Screen open_door =
        open("unregistered = \"allow\"\nlook_alike = \"hold\"\nwrong_bind = \"tag\"");
    EXPECT_EQ(told(open_door, "CCB"), "allow none");
    EXPECT_EQ(told(open_door, "lCBC"), "hold sender_look_alike");
    EXPECT_EQ(told(open_door, "ICBC", "agg-2"), "tag sender_wrong_bind");
    Screen shadow = open("shadow = true");
    const Verdict verdict = shadow.session().screen(sms("lCBC", "13800002222", "hello"));
    EXPECT_EQ(verdict.action, Action::kAllow);
    EXPECT_EQ(verdict.shadow_action, Action::kReject);
    // No list lifts a certain forgery.
    Screen listed = open(
        "", "[[list]]\nid = \"ok\"\nfile = \"allow.csv\"\nkeys = \"sender\"\naction = \"allow\"\n");
    EXPECT_EQ(told(listed, "lCBC"), "reject sender_look_alike");
}

TEST_F(SendersScreen, explains_whom_a_sender_looks_like) {
    Screen screen = open();
    const auto explained = screen.explain(sms("lCBC", "13800002222", "hello"));
    ASSERT_TRUE(explained) << explained.error().text;
    ASSERT_FALSE(explained->findings.empty());
    EXPECT_EQ(explained->findings[0].reason, "sender_look_alike");
    EXPECT_EQ(explained->findings[0].like, "ICBC");
    EXPECT_NE(explained->to_text().find("like 'ICBC'"), std::string::npos) << explained->to_text();
    EXPECT_NE(explained->to_json().find(R"("like":"ICBC")"), std::string::npos);
    const auto plain = screen.explain(sms("CCB", "13800002222", "hello"));
    EXPECT_EQ(plain->to_json().find("\"like\""), std::string::npos);
}

TEST_F(SendersScreen, takes_a_new_register_with_a_reload_and_keeps_the_last_good_one) {
    Screen screen = open();
    EXPECT_EQ(told(screen, "CCB"), "tag sender_unregistered");
    folder_.write("senders.csv", "sender\nCCB\n*1#\n");
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(told(screen, "CCB"), "allow none");
    ASSERT_EQ(screen.warnings().size(), 1u);
    EXPECT_NE(screen.warnings()[0].find("senders.csv:3: '*1#' is neither"), std::string::npos);
    folder_.write("senders.csv", "name\nICBC\n");
    EXPECT_FALSE(screen.reload());
    // Rows that are all bad are no register of nobody.
    folder_.write("senders.csv", "sender\n*1#\n*2#\n");
    const auto emptied = screen.reload();
    ASSERT_FALSE(emptied);
    EXPECT_NE(emptied.error().text.find("senders.csv:2: "), std::string::npos)
        << emptied.error().text;
    EXPECT_EQ(told(screen, "CCB"), "allow none");
    EXPECT_EQ(told(screen, "ICBC"), "tag sender_unregistered");
    folder_.remove("senders.csv");
    const auto status = screen.reload();
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().text.find("policy.toml:"), std::string::npos) << status.error().text;
    EXPECT_EQ(told(screen, "CCB"), "allow none");
}

TEST_F(SendersScreen, trusts_no_bind_or_trunk_that_a_reload_took_out) {
    folder_.write("senders.csv", "sender,binds\nICBC,agg-1\n");
    Screen screen = open();
    const auto judged = [&](BindId bind, TrunkId trunk) {
        Sms message = sms("ICBC", "13800002222", "hello");
        message.bind = bind;
        message.trunk = trunk;
        return screen.session().screen(message).reason;
    };
    const BindId mine = screen.bind("agg-1"), gone = screen.bind("agg-2");
    const TrunkId sea = screen.trunk("sea"), none = {};
    EXPECT_EQ(judged(gone, none), Reason::kSenderWrongBind);
    EXPECT_EQ(judged({}, sea), Reason::kSenderWrongBind);
    folder_.write("policy.toml", R"(
[screen]
country = "CN"
[[bind]]
id = "agg-1"
[senders]
file = "senders.csv"
)");
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(judged(gone, none), Reason::kSenderWrongBind);
    EXPECT_EQ(judged({}, sea), Reason::kSenderWrongBind);
    EXPECT_EQ(judged(gone, sea), Reason::kSenderWrongBind);
    EXPECT_EQ(judged(mine, none), Reason::kNone);
    EXPECT_EQ(judged(mine, sea), Reason::kNone);
    EXPECT_EQ(judged({}, none), Reason::kNone);
}

TEST_F(SendersScreen, counts_a_names_messages_as_it_does_a_numbers) {
    Screen screen = open("unregistered = \"allow\"",
                         "[[activity]]\nid = \"burst\"\nwhen = { sms_1h = \">=4\" }\naction = "
                         "\"throttle\"\nrate = \"10/h\"\n");
    for (const char* sender : {"MyShop", "13800003333", "106900001111222233"}) {
        Session session = screen.session();
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(session.screen(sms(sender, "13800002222", "hello", kNoon + i)).reason,
                      Reason::kNone)
                << sender;
        // In whatever case it writes itself.
        std::string shouted(sender);
        for (char& c : shouted) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        EXPECT_EQ(session.screen(sms(shouted, "13800002222", "hello", kNoon + 3)).reason,
                  Reason::kActivity)
            << sender;
        EXPECT_EQ(session.screen(sms("MyShop2", "13800002222", "hello", kNoon + 4)).reason,
                  Reason::kNone);
    }
}

}  // namespace
}  // namespace ringfence
