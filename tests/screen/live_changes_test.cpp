// Lists that change under a screen: live entries, their journal, their expiry.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <random>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::kNoon;
using test::open_screen;
using test::sms;

class LiveChangesTest : public test::UsualPolicy {
protected:
    // A policy of one list that keeps a journal.
    LiveChangesTest() {
        folder_.write("journal.toml",
                      "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n"
                      "[[list]]\nid = \"fraud\"\nfile = \"fraud.csv\"\naction = \"reject\"\n");
    }
};

TEST_F(LiveChangesTest, remembers_emergency_callers_and_live_changes_over_a_restart) {
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

TEST_F(LiveChangesTest, reads_a_journal_that_another_holds_and_leaves_it) {
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

TEST_F(LiveChangesTest, keeps_a_live_entry_when_a_row_of_the_same_number_expires) {
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

TEST_F(LiveChangesTest, takes_a_wide_live_prefix_where_the_policy_means_it) {
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

TEST_F(LiveChangesTest, keeps_no_more_in_the_journal_than_still_matters) {
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

TEST_F(LiveChangesTest, keeps_every_number_while_advance_settles_the_table) {
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

TEST_F(LiveChangesTest, shows_a_live_change_to_the_next_look_up) {
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

TEST_F(LiveChangesTest, changes_prefixes_and_names_live) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    ASSERT_TRUE(screen.add({.list = "fraud", .entry = "+861380000999*"}));
    EXPECT_EQ(session.screen(call("13800009991", "13800002222")).action, Action::kReject);
    ASSERT_TRUE(screen.remove({.list = "fraud", .entry = "+861380000999*"}));
    EXPECT_EQ(session.screen(call("13800009991", "13800002222")).action, Action::kAllow);
    ASSERT_TRUE(screen.add({.list = "senders", .entry = "Fake2"}));
    EXPECT_EQ(session.screen(sms("fake2", "13800002222", "x")).action, Action::kHold);
}

TEST_F(LiveChangesTest, keeps_house_at_both_ends_of_time) {
    Screen screen = open_screen(folder_);
    for (const Time now : {Time::min(), time_from_ms(0), Time::max(), Time::min()})
        EXPECT_TRUE(screen.advance(now));
    EXPECT_EQ(screen.session().screen(call("13800001111", "13800002222")).action, Action::kReject);
}

TEST_F(LiveChangesTest, expires_an_entry_at_the_first_advance_after_its_time) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    ASSERT_TRUE(
        screen.add({.list = "fraud", .entry = "13800008888", .expires = time_from_ms(kNoon)}));
    const Call event = call("13800008888", "13800002222", kNoon - 1000);
    EXPECT_EQ(session.screen(event).action, Action::kReject);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 1000)));
    EXPECT_EQ(session.screen(event).action, Action::kAllow);
}

TEST_F(LiveChangesTest, makes_up_for_an_expiry_that_could_not_be_published) {
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

TEST_F(LiveChangesTest, makes_up_for_a_number_whose_grown_table_could_not_be_published) {
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

TEST_F(LiveChangesTest, puts_a_live_change_back_that_the_journal_refused) {
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

}  // namespace
}  // namespace ringfence
