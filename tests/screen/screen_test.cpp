#include "ringfence/screen/screen.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::kNoon;
using test::open_screen;
using test::sms;

class ScreenTest : public test::UsualPolicy {};

TEST_F(ScreenTest, rejects_a_listed_caller_in_every_form) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    for (const char* form : {"13800001111", "+8613800001111", "008613800001111", "8613800001111"}) {
        const Verdict verdict = session.screen(call(form, "13800002222"));
        EXPECT_EQ(verdict.action, Action::kReject) << form;
        EXPECT_EQ(verdict.reason, Reason::kGlobalList) << form;
        EXPECT_EQ(screen.rule_id(verdict), "fraud");
        EXPECT_EQ(screen.category(verdict), "fraud_card");
        EXPECT_EQ(screen.sip_code(verdict), 608u);
    }
    EXPECT_EQ(session.screen(call("13800003333", "13800002222")).action, Action::kAllow);
}

TEST_F(ScreenTest, gives_a_row_its_own_category) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Verdict verdict = session.screen(call("17000001234", "13800002222"));
    EXPECT_EQ(verdict.action, Action::kReject);
    EXPECT_EQ(screen.category(verdict), "prefix_fraud");
}

TEST_F(ScreenTest, lets_a_tenants_allow_stand_above_a_global_block) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    Call event = call("13800001111", "13800002222");
    event.tenant = 7;
    EXPECT_EQ(session.screen(event).action, Action::kAllow);
    event.tenant = 8;
    EXPECT_EQ(session.screen(event).action, Action::kReject);
}

TEST_F(ScreenTest, never_blocks_an_emergency_call_nor_who_calls_back) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    for (const char* emergency : {"110", "119", "120", "122", "+86110", "010110", "12110"}) {
        const Verdict verdict = session.screen(call("13800001111", emergency));
        EXPECT_EQ(verdict.action, Action::kAllow) << emergency;
        EXPECT_EQ(verdict.stage, Stage::kEmergency) << emergency;
        EXPECT_TRUE(verdict.has(VerdictFlag::kEmergency)) << emergency;
    }
    constexpr std::int64_t kMinute = 60'000;
    const Verdict back = session.screen(call("17000001234", "13800001111", kNoon + 89 * kMinute));
    EXPECT_LE(back.action, Action::kTag);
    const Verdict text =
        session.screen(sms("FakeBank", "13800001111", "hello", kNoon + 89 * kMinute));
    EXPECT_LE(text.action, Action::kTag);
    const Verdict late = session.screen(call("17000001234", "13800001111", kNoon + 91 * kMinute));
    EXPECT_EQ(late.action, Action::kReject);
}

TEST_F(ScreenTest, says_so_when_no_session_is_left_to_explain_with) {
    Screen screen = open_screen(folder_);
    std::vector<Session> sessions;
    for (std::size_t i = 0; i < Screen::kMaxSessions; ++i) sessions.push_back(screen.session());
    const auto told = screen.explain(call("13800001111", "13800002222"));
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, ErrorCode::kFull);
    sessions.pop_back();
    EXPECT_TRUE(screen.explain(call("13800001111", "13800002222")));
}

TEST_F(ScreenTest, knows_an_emergency_call_in_every_form_it_is_dialled_in) {
    for (const char* dialled : {"*31#110", "#31#110", "urn:service:sos", "sip:sos@example.net",
                                "+112", "112#", "tel:110;phone-context=example.net"}) {
        Screen screen = open_screen(folder_);
        Session session = screen.session();
        EXPECT_EQ(session.screen(call("13800001111", dialled)).action, Action::kAllow) << dialled;
        EXPECT_EQ(session.screen(call("17000001234", "13800001111")).reason,
                  Reason::kEmergencyCallback)
            << dialled;
    }
}

TEST_F(ScreenTest, never_blocks_an_emergency_number_of_where_the_caller_is) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    Call abroad = call("13800001111", "911");
    EXPECT_EQ(session.screen(abroad).action, Action::kReject);
    for (const char* country : {"US", "GB", "ZZ"}) {
        abroad.serving_country = country;
        EXPECT_EQ(session.screen(abroad).action, Action::kAllow) << country;
        EXPECT_TRUE(screen.is_emergency(abroad));
    }
    abroad.called = AddressView(std::string_view("999"));
    EXPECT_EQ(session.screen(abroad).action, Action::kReject);
    abroad.serving_country = "GB";
    EXPECT_EQ(session.screen(abroad).action, Action::kAllow);
    abroad.called = AddressView(std::string_view("9991"));
    EXPECT_EQ(session.screen(abroad).action, Action::kReject);
}

TEST_F(ScreenTest, rejects_a_look_alike_from_abroad_whatever_lists_say) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    Call event = call("+95588", "13800002222");
    event.trunk = screen.trunk("igw-1");
    ASSERT_NE(event.trunk.index, 0);
    const Verdict verdict = session.screen(event);
    EXPECT_EQ(verdict.action, Action::kReject);
    EXPECT_EQ(verdict.stage, Stage::kCallerId);
    event.trunk = screen.trunk_of_kind(TrunkKind::kInternational);
    EXPECT_EQ(session.screen(event).action, Action::kReject);
}

TEST_F(ScreenTest, asks_for_a_roaming_answer_and_resumes) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    Call event = call("+8613800003333", "13800002222");
    event.trunk = screen.trunk("igw-1");
    const Verdict asked = session.screen(event);
    EXPECT_EQ(asked.action, Action::kTag);
    EXPECT_TRUE(asked.has(VerdictFlag::kNeedsRoaming));
    const Verdict roams = session.resume(event, Roaming::kYes);
    EXPECT_EQ(roams.action, Action::kAllow);
    EXPECT_FALSE(roams.has(VerdictFlag::kNeedsRoaming));
    EXPECT_EQ(session.resume(event, Roaming::kNo).action, Action::kReject);
}

TEST_F(ScreenTest, counts_a_repeated_invite_once) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    Call event = call("13800004444", "13800002222");
    event.call_id = "a84b4c76e66710";
    EXPECT_FALSE(session.screen(event).has(VerdictFlag::kRepeated));
    EXPECT_TRUE(session.screen(event).has(VerdictFlag::kRepeated));
}

TEST_F(ScreenTest, counts_a_repeated_answer_and_end_once) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    Call event = call("13800003333", "13800002222");
    event.call_id = "a";
    for (const Phase phase : {Phase::kSetup, Phase::kAnswer, Phase::kEnd}) {
        event.phase = phase;
        EXPECT_FALSE(session.screen(event).has(VerdictFlag::kRepeated));
        EXPECT_TRUE(session.screen(event).has(VerdictFlag::kRepeated));
    }
}

TEST_F(ScreenTest, challenges_a_burst_and_not_a_friend_called_often) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    Verdict burst, friendly;
    for (int i = 0; i < 30; ++i) {
        const std::string callee = "1380000" + std::to_string(5000 + i);
        burst = session.screen(call("13800006666", callee.c_str(), kNoon + i * 1000));
        friendly = session.screen(call("13800007777", "13800002222", kNoon + i * 1000));
    }
    EXPECT_EQ(burst.action, Action::kChallenge);
    EXPECT_EQ(screen.rule_id(burst), "burst");
    EXPECT_EQ(friendly.action, Action::kAllow);
}

TEST_F(ScreenTest, finds_words_senders_hosts_and_numbers_of_a_message) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Verdict words =
        session.screen(sms("10690000000001", "13800002222", "给主播点 赞就返佣金"));
    EXPECT_EQ(words.action, Action::kHold);
    EXPECT_EQ(words.reason, Reason::kPattern);
    EXPECT_EQ(words.match_offset, 3);
    EXPECT_EQ(session.screen(sms("FAKEBANK", "13800002222", "hello")).action, Action::kHold);
    const Verdict host =
        session.screen(sms("ICBC", "13800002222", "see http://a.phish.example.com/x"));
    EXPECT_EQ(host.action, Action::kReject);
    EXPECT_EQ(host.reason, Reason::kTextList);
    EXPECT_EQ(session.screen(sms("ICBC", "13800002222", "call 138 0000 1111 now")).reason,
              Reason::kTextList);
    EXPECT_EQ(session.screen(sms("ICBC", "13800002222", "hello")).action, Action::kAllow);
}

TEST_F(ScreenTest, finds_an_e_mail_address_among_the_accounts_of_a_list) {
    folder_.write("hosts.csv", "number,kind\nBob@Example.com,account\n");
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Verdict address =
        session.screen(sms("ICBC", "13800002222", "send it to ｂｏｂ@example.com now"));
    EXPECT_EQ(address.reason, Reason::kTextList);
    EXPECT_EQ(address.match_offset, 11);
    EXPECT_EQ(address.match_length, 15);
    EXPECT_EQ(session.screen(sms("ICBC", "13800002222", "see example.com")).action, Action::kAllow);
}

TEST_F(ScreenTest, judges_the_part_that_completes_a_message_with_the_whole_text) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    Sms first = sms("10690000000001", "13800002222", "给主播点赞");
    first.sar_ref = 9;
    first.sar_total = 2;
    first.sar_seq = 1;
    first.coding = SmsCoding::kShortMessage;
    first.coding_scheme = 8;
    const std::array<std::uint8_t, 10> head = {0x7E, 0xD9, 0x4E, 0x3B, 0x64,
                                               0xAD, 0x70, 0xB9, 0x8D, 0x5E};
    const std::array<std::uint8_t, 6> tail = {0x5C, 0x31, 0x8F, 0xD4, 0x4F, 0x63};
    first.content = head;
    Sms second = first;
    second.sar_seq = 2;
    second.content = tail;
    const Verdict partial = session.screen(first);
    EXPECT_TRUE(partial.has(VerdictFlag::kPartial));
    EXPECT_FALSE(partial.has(VerdictFlag::kDegraded));
    EXPECT_EQ(partial.action, Action::kAllow);
    const Verdict whole = session.screen(second);
    EXPECT_FALSE(whole.has(VerdictFlag::kPartial));
    EXPECT_EQ(whole.action, Action::kHold);
}

TEST_F(ScreenTest, holds_a_message_that_names_no_trunk_against_its_binds) {
    folder_.write("policy.toml",
                  "[screen]\ncountry = \"CN\"\n[[trunk]]\nid = \"sz\"\nkind = \"national\"\ncli = "
                  "[\"+86755\"]\n"
                  "[[bind]]\nid = \"agg\"\ntrunk = \"sz\"\n[[bind]]\nid = \"free\"\n");
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    Sms message = sms("13800003333", "13800002222", "hello");
    message.bind = screen.bind("agg");
    ASSERT_NE(message.bind.index, 0);
    const Verdict held = session.screen(message);
    EXPECT_EQ(held.action, Action::kReject);
    EXPECT_EQ(held.reason, Reason::kCliNotOnTrunk);
    EXPECT_EQ(screen.smpp_status(held), 0x0Au);  // ESME_RINVSRCADR
    message.bind = screen.bind("free");
    EXPECT_EQ(session.screen(message).action, Action::kAllow);
}

TEST_F(ScreenTest, explains_what_won_and_counts_nothing) {
    Screen screen = open_screen(folder_);
    Call event = call("13800001111", "13800002222");
    event.call_id = "x1";
    const Explanation told = *screen.explain(event);
    EXPECT_EQ(told.verdict.action, Action::kReject);
    EXPECT_EQ(told.rule, "fraud");
    ASSERT_FALSE(told.findings.empty());
    EXPECT_NE(told.to_json().find("\"rule\":\"fraud\""), std::string::npos) << told.to_json();
    EXPECT_NE(told.to_text().find("reject"), std::string::npos);
    Session session = screen.session();
    EXPECT_FALSE(session.screen(event).has(VerdictFlag::kRepeated));
}

// Whatever other codes the policy leaves out, one that is sent is told.
TEST_F(ScreenTest, explains_each_code_that_the_peer_gets) {
    const auto told = [&](const std::string& codes, const auto& event) {
        folder_.write_usual();
        std::ofstream(folder_.path("policy.toml"), std::ios::app) << codes;
        const std::string text = open_screen(folder_).explain(event)->to_text();
        const std::size_t at = text.find("  peer gets ");
        return at == std::string::npos ? "" : text.substr(at + 12, text.find('\n', at) - at - 12);
    };
    const Call rejected = call("13800001111", "13800002222");
    const Sms phishing = sms("10086", "13800002222", "see http://phish.example.com/x");
    EXPECT_EQ(told("", rejected), "SIP 608, Q.850 21");
    EXPECT_EQ(told("", phishing), "SMPP submit 0x45, SMPP deliver 0x66");
    EXPECT_EQ(told("[codes.sip]\nreject = 0\n", rejected), "Q.850 21");
    EXPECT_EQ(told("[codes.q850]\nreject = 0\n", rejected), "SIP 608");
    EXPECT_EQ(told("[codes.sip]\nreject = 0\n", phishing), "SMPP submit 0x45, SMPP deliver 0x66");
    EXPECT_EQ(told("[codes.smpp]\nreject = 0\n", phishing), "SMPP deliver 0x66");
    EXPECT_EQ(told("[codes.smpp]\nreject = 0\n[codes.smpp_deliver]\nreject = 0\n", phishing), "");
    EXPECT_EQ(told("", call("13800003333", "13800002222")), "");
}

TEST_F(ScreenTest, tells_numbers_from_other_text) {
    Screen screen = open_screen(folder_);
    for (const char* number : {"13800001111", "+86 138 0000 1111", "008613800001111",
                               "+12025550111", "tel:+8613800001111", "95588", "+12805550136"})
        EXPECT_TRUE(screen.is_number(number)) << number;
    const std::string long_one(4000, '7');
    for (const std::string_view slip : {"", " ", "abc", "+", "number 7", "*21#", "anonymous",
                                        "\xff", "1", "1380000999", "138000099999", "+861380000999",
                                        "+1", "1380000111122223333444455556666", long_one.c_str()})
        EXPECT_FALSE(screen.is_number(slip)) << slip.substr(0, 40);
}

TEST_F(ScreenTest, explains_nothing_to_a_subscriber_that_is_no_number) {
    Screen screen = open_screen(folder_);
    Call event = call("13800001111", "13800002222");
    Sms message = sms("13800001111", "13800002222", "hello");
    for (const char* slip : {"abc", "+", "number 7", "1380000222"}) {
        event.subscriber = message.subscriber = slip;
        for (const auto& told : {screen.explain(event), screen.explain(message)}) {
            ASSERT_FALSE(told) << slip;
            EXPECT_EQ(told.error().code, ErrorCode::kSyntax);
            EXPECT_EQ(told.error().text, "subscriber '" + std::string(slip) +
                                             "' is no number; write it like +8613800001111");
        }
    }
    event.subscriber = message.subscriber = "13800002222";
    EXPECT_TRUE(screen.explain(event));
    EXPECT_TRUE(screen.explain(message));
    // Nothing about a subscriber stands in the way of an emergency.
    event.called = AddressView(std::string_view("110"));
    message.recipient = AddressView(std::string_view("12110"));
    event.subscriber = message.subscriber = "bogus";
    for (const auto& told : {screen.explain(event), screen.explain(message)}) {
        ASSERT_TRUE(told) << told.error().text;
        EXPECT_EQ(told->verdict.reason, Reason::kEmergencyCalled);
    }
}

TEST_F(ScreenTest, gives_a_batch_what_single_calls_would) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    std::vector<std::string> numbers;
    for (int i = 0; i < 60; ++i)
        numbers.push_back((i % 3 == 0 ? "1700000" : "1380000") + std::to_string(1100 + i));
    numbers.push_back("110");
    std::vector<Call> calls;
    for (int i = 0; i < 3000; ++i) {
        Call event;
        event.calling = AddressView(std::string_view(numbers[random() % 60]));
        event.called = AddressView(std::string_view(numbers[random() % numbers.size()]));
        event.time = time_from_ms(kNoon + i * 500);
        calls.push_back(event);
    }
    Screen one = open_screen(folder_);
    Screen many = open_screen(folder_);
    Session single = one.session();
    Session batch = many.session();
    std::vector<Verdict> verdicts(calls.size());
    batch.screen(std::span<const Call>(calls), verdicts);
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const Verdict alone = single.screen(calls[i]);
        ASSERT_EQ(alone.action, verdicts[i].action) << i;
        ASSERT_EQ(alone.reason, verdicts[i].reason) << i;
        ASSERT_EQ(alone.rule, verdicts[i].rule) << i;
    }
}

TEST_F(ScreenTest, tells_late_housekeeping_by_the_order_of_recording) {
    Screen screen = open_screen(folder_);
    Session first = screen.session(), second = screen.session();
    const Call now = call("13800003333", "13800002222");
    Call later = now;
    later.time += std::chrono::hours(1);
    first.prepare(std::span(&now, 1), {});
    first.record();
    second.prepare(std::span(&later, 1), {});
    second.record();
    ASSERT_TRUE(screen.advance(later.time));
    Verdict of_first, of_second;
    second.decide(std::span(&of_second, 1), {});
    first.decide(std::span(&of_first, 1), {});
    EXPECT_FALSE(of_first.has(VerdictFlag::kHousekeepingLate));
    EXPECT_TRUE(of_second.has(VerdictFlag::kHousekeepingLate));
}

TEST_F(ScreenTest, answers_degraded_beyond_the_bound_of_sessions) {
    Screen screen = open_screen(folder_);
    std::vector<Session> sessions;
    for (std::size_t i = 0; i < Screen::kMaxSessions; ++i) sessions.push_back(screen.session());
    Session beyond = screen.session();
    EXPECT_FALSE(beyond.open());
    const Verdict verdict = beyond.screen(call("13800001111", "13800002222"));
    EXPECT_EQ(verdict.action, Action::kAllow);
    EXPECT_TRUE(verdict.has(VerdictFlag::kDegraded));
    sessions.pop_back();
    EXPECT_TRUE(screen.session().open());
}

}  // namespace
}  // namespace ringfence
