#include "ringfence/screen/screen.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <random>
#include <thread>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::kNoon;
using test::open_screen;
using test::PolicyFolder;
using test::sms;

class ScreenTest : public testing::Test {
protected:
    ScreenTest() { folder_.write_usual(); }
    PolicyFolder folder_;
};

std::uint64_t counter(const Screen& screen, std::string_view name) {
    for (const Counter& one : screen.counters()) {
        if (one.name == name) return one.value;
    }
    ADD_FAILURE() << "no counter " << name;
    return 0;
}

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

TEST_F(ScreenTest, remembers_emergency_callers_and_live_changes_over_a_restart) {
    std::ofstream(folder_.path("journal.toml"))
        << "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n"
           "[[list]]\nid = \"fraud\"\nfile = \"fraud.csv\"\naction = \"reject\"\n";
    const auto open = [&] { return *Screen::open(folder_.path("journal.toml")); };
    const Time now = time_from_ms(kNoon);
    const Call to_caller = call("13800001111", "13800002222");
    {
        Screen screen = open();
        Session session = screen.session();
        session.screen(call("13800002222", "110"));
        ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800004444"}));
        ASSERT_TRUE(screen.advance(now));
        EXPECT_EQ(session.screen(to_caller).reason, Reason::kEmergencyCallback);
    }
    {
        Screen screen = open();
        EXPECT_TRUE(screen.warnings().empty());
        Session session = screen.session();
        EXPECT_EQ(session.screen(to_caller).reason, Reason::kEmergencyCallback);
        EXPECT_EQ(session.screen(call("13800004444", "13800005555")).action, Action::kReject);
        ASSERT_TRUE(screen.advance(now));
    }
    folder_.write("live.journal.emergency", "nonsense");
    Screen screen = open();
    ASSERT_EQ(screen.warnings().size(), 1u);
    EXPECT_NE(screen.warnings()[0].find("live.journal.emergency: "), std::string::npos);
    EXPECT_EQ(screen.session().screen(to_caller).action, Action::kReject);
}

TEST_F(ScreenTest, reads_a_journal_that_another_holds_and_leaves_it) {
    folder_.write("journal.toml",
                  "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n"
                  "[[list]]\nid = \"fraud\"\nfile = \"fraud.csv\"\naction = \"reject\"\n");
    Screen holder = *Screen::open(folder_.path("journal.toml"));
    ASSERT_TRUE(holder.add({.list = "fraud", .entry = "13800004444"}));
    ASSERT_TRUE(holder.add({.list = "fraud", .entry = "13800005555", .expires = time_from_ms(1)}));
    const auto size = [&] { return std::filesystem::file_size(folder_.path("live.journal")); };
    const auto before = size();
    const auto second = Screen::open(folder_.path("journal.toml"));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kBusy);
    Screen study = *Screen::open(folder_.path("journal.toml"),
                                 {.read_only = true, .now = time_from_ms(kNoon)});
    Session session = study.session();
    EXPECT_EQ(session.screen(call("13800004444", "13800002222")).action, Action::kReject);
    EXPECT_EQ(session.screen(call("13800005555", "13800002222")).action, Action::kAllow);
    session.screen(call("13800002222", "110"));
    ASSERT_TRUE(study.add({.list = "fraud", .entry = "13800006666"}));
    ASSERT_TRUE(study.reload());
    ASSERT_TRUE(study.advance(time_from_ms(kNoon)));
    EXPECT_EQ(session.screen(call("13800006666", "13800003333")).action, Action::kReject);
    EXPECT_EQ(size(), before);
    EXPECT_FALSE(std::filesystem::exists(folder_.path("live.journal.emergency")));
    folder_.remove("live.journal");
    EXPECT_TRUE(Screen::open(folder_.path("journal.toml"), {.read_only = true}));
    EXPECT_FALSE(std::filesystem::exists(folder_.path("live.journal")));
}

TEST_F(ScreenTest, keeps_a_live_entry_when_a_row_of_the_same_number_expires) {
    folder_.write("fraud.csv", "number,kind,action,expires\n13800004444,exact,hold,2026-03-01\n");
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800004444"}));
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(session.screen(call("13800004444", "13800002222")).action, Action::kReject);
    ASSERT_TRUE(screen.add(
        {.list = "fraud", .entry = "13800004444", .expires = time_from_ms(kNoon + 1000)}));
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 2000)));
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(session.screen(call("13800004444", "13800002222")).action, Action::kAllow);
}

TEST_F(ScreenTest, takes_a_wide_live_prefix_where_the_policy_means_it) {
    Screen screen = open_screen(folder_);
    const auto refused = screen.add({.list = "fraud", .entry = "+86138*"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
    folder_.write("policy.toml",
                  "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"fraud\"\n"
                  "file = \"fraud.csv\"\naction = \"reject\"\nwide = true\n");
    ASSERT_TRUE(screen.reload());
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "+86138*"}));
    EXPECT_EQ(screen.session().screen(call("13812345678", "17000001234")).action, Action::kReject);
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

TEST_F(ScreenTest, keeps_no_more_in_the_journal_than_still_matters) {
    const std::string policy =
        "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n"
        "[[list]]\nid = \"fraud\"\nfile = \"fraud.csv\"\naction = \"reject\"\n";
    folder_.write("journal.toml", policy);
    Screen screen = *Screen::open(folder_.path("journal.toml"));
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800004444"}));
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800005555"}));
    const auto size = [&] { return std::filesystem::file_size(folder_.path("live.journal")); };
    const auto before = size();
    folder_.write("fraud.csv",
                  "number,kind,category\n13800001111,exact,\n1700000,prefix,\n"
                  "13800004444,exact,\n");
    ASSERT_TRUE(screen.reload());
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    EXPECT_LT(size(), before);
    EXPECT_EQ(screen.session().screen(call("13800005555", "13800002222")).action, Action::kReject);
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

TEST_F(ScreenTest, keeps_every_number_while_advance_settles_the_table) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const auto number = [](unsigned i) { return "1380000" + std::to_string(1000 + i % 9000); };
    std::vector<bool> listed(9000);
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 1500; ++i) {
            const auto which = static_cast<unsigned>(random() % 9000);
            const std::string text = number(which);
            if (text == "13800001111") continue;
            const auto done = listed[which] ? screen.remove({.list = "fraud", .entry = text})
                                            : screen.add({.list = "fraud", .entry = text});
            ASSERT_TRUE(done) << done.error().text;
            listed[which] = !listed[which];
        }
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon + round)));
        for (unsigned i = 0; i < 9000; i += 7) {
            const std::string text = number(i);
            if (text == "13800001111") continue;
            const bool blocked =
                session.screen(call(text.c_str(), "13900000000")).action == Action::kReject;
            ASSERT_EQ(blocked, listed[i]) << text;
        }
    }
}

TEST_F(ScreenTest, shows_a_live_change_to_the_next_look_up) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Call event = call("13800008888", "13800002222");
    EXPECT_EQ(session.screen(event).action, Action::kAllow);
    const auto added = screen.add({.list = "fraud", .entry = "13800008888"});
    ASSERT_TRUE(added) << added.error().text;
    const Verdict blocked = session.screen(event);
    EXPECT_EQ(blocked.action, Action::kReject);
    EXPECT_GE(blocked.change, *added);
    ASSERT_TRUE(screen.remove({.list = "fraud", .entry = "+8613800008888"}));
    EXPECT_EQ(session.screen(event).action, Action::kAllow);
    EXPECT_EQ(screen.remove({.list = "fraud", .entry = "13800008888"}).error().code,
              ErrorCode::kMissing);
    EXPECT_EQ(screen.add({.list = "frauds", .entry = "13800008888"}).error().code,
              ErrorCode::kMissing);
}

TEST_F(ScreenTest, changes_prefixes_and_names_live) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "+861380000999*"}));
    EXPECT_EQ(session.screen(call("13800009991", "13800002222")).action, Action::kReject);
    ASSERT_TRUE(screen.remove({.list = "fraud", .entry = "+861380000999*"}));
    EXPECT_EQ(session.screen(call("13800009991", "13800002222")).action, Action::kAllow);
    ASSERT_TRUE(screen.add({.list = "senders", .entry = "Fake2"}));
    EXPECT_EQ(session.screen(sms("fake2", "13800002222", "x")).action, Action::kHold);
}

TEST_F(ScreenTest, expires_an_entry_at_the_first_advance_after_its_time) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    ASSERT_TRUE(
        screen.add({.list = "fraud", .entry = "13800008888", .expires = time_from_ms(kNoon)}));
    const Call event = call("13800008888", "13800002222", kNoon - 1000);
    EXPECT_EQ(session.screen(event).action, Action::kReject);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 1000)));
    EXPECT_EQ(session.screen(event).action, Action::kAllow);
}

TEST_F(ScreenTest, keeps_the_last_good_state_when_a_reload_fails) {
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

TEST_F(ScreenTest, keeps_its_lists_when_a_reload_cannot_be_published) {
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

TEST_F(ScreenTest, makes_up_for_an_expiry_that_could_not_be_published) {
    Screen screen = open_screen(folder_);
    Session first = screen.session();
    Session second = screen.session();
    Session third = screen.session();
    ASSERT_TRUE(
        screen.add({.list = "fraud", .entry = "+861380000777*", .expires = time_from_ms(kNoon)}));
    const Call events[] = {call("13800003333", "13800002222")};
    first.prepare(events, {});
    ASSERT_TRUE(screen.reload());
    second.prepare(events, {});
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(screen.advance(time_from_ms(kNoon + 1000)).error().code, ErrorCode::kBusy);
    const Call caller = call("13800007771", "13800002222", kNoon + 2000);
    EXPECT_EQ(third.screen(caller).action, Action::kReject);
    Verdict unused[1];
    first.decide(unused, {});
    second.decide(unused, {});
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 3000)));
    EXPECT_EQ(third.screen(caller).action, Action::kAllow);
}

TEST_F(ScreenTest, makes_up_for_a_number_whose_grown_table_could_not_be_published) {
    Screen screen = open_screen(folder_);
    Session first = screen.session();
    Session second = screen.session();
    Session third = screen.session();
    const Call events[] = {call("13800003333", "13800002222")};
    first.prepare(events, {});
    ASSERT_TRUE(screen.reload());
    second.prepare(events, {});
    ASSERT_TRUE(screen.reload());
    std::vector<std::string> refused;
    for (int i = 10'000; refused.size() < 2; ++i) {
        ASSERT_LT(i, 30'000);
        const std::string number = "138000" + std::to_string(i);
        const auto added = screen.add({.list = "fraud", .entry = number});
        if (added) continue;
        EXPECT_EQ(added.error().code, ErrorCode::kBusy);
        refused.push_back(number);
    }
    EXPECT_EQ(screen.remove({.list = "fraud", .entry = refused[1]}).error().code, ErrorCode::kBusy);
    Verdict unused[1];
    first.decide(unused, {});
    second.decide(unused, {});
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    EXPECT_EQ(third.screen(call(refused[0].c_str(), "13800002222")).action, Action::kReject);
    EXPECT_EQ(third.screen(call(refused[1].c_str(), "13800002222")).action, Action::kAllow);
    EXPECT_EQ(third.screen(call("13800010000", "13800002222")).action, Action::kReject);
}

TEST_F(ScreenTest, puts_a_live_change_back_that_the_journal_refused) {
    folder_.write("journal.toml",
                  "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n"
                  "[[list]]\nid = \"fraud\"\nfile = \"fraud.csv\"\naction = \"reject\"\n");
    Screen screen = *Screen::open(folder_.path("journal.toml"));
    Session session = screen.session();
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "13800004444"}));
    rlimit usual{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &usual), 0);
    const rlimit full{std::filesystem::file_size(folder_.path("live.journal")), usual.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
    const auto added = screen.add({.list = "fraud", .entry = "13800005555"});
    const auto removed = screen.remove({.list = "fraud", .entry = "13800004444"});
    const auto prefix = screen.add({.list = "fraud", .entry = "+861380000666*"});
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &usual), 0);
    std::signal(SIGXFSZ, handler);
    for (const auto* refused : {&added, &removed, &prefix})
        EXPECT_EQ(refused->error().code, ErrorCode::kUnwritable);
    EXPECT_EQ(session.screen(call("13800005555", "13800002222")).action, Action::kAllow);
    EXPECT_EQ(session.screen(call("13800004444", "13800002222")).action, Action::kReject);
    ASSERT_TRUE(screen.add({.list = "senders", .entry = "x"}).error().code == ErrorCode::kMissing);
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "+861380000777*"}));
    EXPECT_EQ(session.screen(call("13800006661", "13800002222")).action, Action::kAllow);
    EXPECT_EQ(session.screen(call("13800007771", "13800002222")).action, Action::kReject);
}

TEST_F(ScreenTest, keeps_live_changes_and_handles_over_a_reload) {
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

TEST_F(ScreenTest, tells_the_code_of_a_verdict_from_before_reloads) {
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

TEST_F(ScreenTest, goes_on_without_a_list_that_is_absent_and_says_so) {
    folder_.remove("partners.csv");
    Screen screen = open_screen(folder_);
    ASSERT_EQ(screen.warnings().size(), 1u);
    EXPECT_NE(screen.warnings()[0].find("partners.csv"), std::string::npos);
    Session session = screen.session();
    const Verdict verdict = session.screen(call("13800003333", "13800002222"));
    EXPECT_EQ(verdict.action, Action::kAllow);
    EXPECT_TRUE(verdict.has(VerdictFlag::kDegraded));
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

TEST_F(ScreenTest, screens_beside_reloads_and_changes) {
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
