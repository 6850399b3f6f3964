// What time a screen goes by: what it was told by `now` and `advance`, never what an event says.
#include <chrono>
#include <limits>
#include <optional>
#include <utility>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::kNoon;
using test::open_screen;

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kDay = 24 * 60 * kMinute;
constexpr std::int64_t kYear2100 = 4'102'444'800'000;

// A list that a program fills: its one row is known since the first of March, at noon of which kNoon is.
class ClockTest : public testing::Test {
protected:
    ClockTest() {
        folder_.write("policy.toml",
                      "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"model\"\nfile = \"model.csv\"\n"
                      "action = \"reject\"\nautomatic = true\n");
        folder_.write("model.csv",
                      "number,since,expires\n17000001234,2026-03-01,\n"
                      "17000001235,,2026-12-31\n");
    }
    static Action action_at(Session& session, const char* caller, std::int64_t ms) {
        return session.screen(call(caller, "13800002222", ms)).action;
    }

    test::PolicyFolder folder_;
};

TEST_F(ClockTest, an_event_of_a_wrong_time_takes_nothing_off) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    EXPECT_EQ(action_at(session, "17000001234", kYear2100), Action::kReject);
    ASSERT_TRUE(screen.reload());
    const auto reconciled = screen.reconcile("model");
    ASSERT_TRUE(reconciled) << reconciled.error().text;
    EXPECT_EQ(reconciled->kept, 2u);
    for (const char* listed : {"17000001234", "17000001235"})
        EXPECT_EQ(action_at(session, listed, kNoon), Action::kReject) << listed;
    const auto added = screen.add({.list = "model", .entry = "17000001236"});
    ASSERT_FALSE(added) << "nobody has said what time it is";
    EXPECT_EQ(added.error().code, ErrorCode::kInvalidArgument);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 40 * kDay)));
    EXPECT_EQ(action_at(session, "17000001234", kNoon), Action::kAllow);
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(action_at(session, "17000001234", kNoon), Action::kAllow);
    EXPECT_EQ(action_at(session, "17000001235", kNoon), Action::kReject);
}

TEST_F(ClockTest, housekeeping_is_late_by_the_first_event_until_an_advance) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const auto late = [&](std::int64_t ms) {
        return session.screen(call("13800001111", "13800002222", ms))
            .has(VerdictFlag::kHousekeepingLate);
    };
    EXPECT_FALSE(late(kNoon));
    EXPECT_FALSE(late(kNoon + 15 * kMinute));
    EXPECT_TRUE(late(kNoon + 16 * kMinute));
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 16 * kMinute)));
    EXPECT_FALSE(late(kNoon + 31 * kMinute));
    EXPECT_TRUE(late(kNoon + 32 * kMinute));
}

TEST_F(ClockTest, an_advance_to_any_time_tells_it) {
    for (const std::int64_t ms : {std::numeric_limits<std::int64_t>::min(), std::int64_t{0}}) {
        Screen screen = open_screen(folder_);
        ASSERT_TRUE(screen.advance(time_from_ms(ms)));
        EXPECT_TRUE(screen.session()
                        .screen(call("13800001111", "13800002222", kNoon))
                        .has(VerdictFlag::kHousekeepingLate));
        EXPECT_TRUE(screen.add({.list = "model", .entry = "17000001236"}));
    }
}

TEST_F(ClockTest, refuses_an_entry_that_ended_or_has_not_begun) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Time now = time_from_ms(kNoon);
    const std::chrono::days day(1);
    // Before the time is told nobody can say.
    ASSERT_TRUE(screen.add({.list = "model", .entry = "17000001237", .expires = now - 300 * day}));
    ASSERT_TRUE(screen.advance(now));
    EXPECT_EQ(action_at(session, "17000001237", kNoon), Action::kAllow);
    const auto expect_refused = [&](std::optional<Time> expires, std::optional<Time> since,
                                    const char* wanted) {
        ListChange change{.list = "model", .entry = "17000001238"};
        change.expires = expires;
        change.since = since;
        const auto done = screen.add(change);
        ASSERT_FALSE(done) << wanted;
        EXPECT_EQ(done.error().code, ErrorCode::kOutOfRange);
        EXPECT_NE(done.error().text.find(wanted), std::string::npos) << done.error().text;
        EXPECT_NE(done.error().text.find("list 'model', '17000001238': "), std::string::npos);
        EXPECT_EQ(action_at(session, "17000001238", kNoon), Action::kAllow);
    };
    expect_refused(now, {}, "would have ended on 2026-03-01T12:00:00Z already");
    expect_refused({}, now - 31 * day, "would have ended on 2026-02-28T12:00:00Z already");
    expect_refused({}, now + 2 * day, "since 2026-03-03T12:00:00Z lies in the future");
    expect_refused(now + 9 * day, Time::max(), "lies in the future");
    for (const ListChange& good :
         {ListChange{.list = "model", .entry = "17000001239", .expires = now + Milliseconds(1)},
          ListChange{.list = "model", .entry = "17000001240", .since = now - 29 * day},
          ListChange{.list = "model", .entry = "17000001241", .since = now + day}})
        EXPECT_TRUE(screen.add(good)) << good.entry;
    EXPECT_EQ(action_at(session, "17000001241", kNoon), Action::kReject);
    // What is on the list comes off whatever its dates say.
    EXPECT_TRUE(screen.remove({.list = "model", .entry = "17000001241", .expires = now}));
}

// The journal keeps until when an entry is there: a restart makes none younger.
TEST_F(ClockTest, an_automatic_entry_keeps_its_end_over_restarts_and_reloads) {
    folder_.write("policy.toml",
                  "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n[[list]]\n"
                  "id = \"model\"\nfile = \"model.csv\"\naction = \"reject\"\n"
                  "automatic = true\n");
    const auto open_at = [&](std::int64_t day) {
        return Screen::open(folder_.path("policy.toml"),
                            {.seed = 2026, .now = time_from_ms(kNoon + day * kDay)});
    };
    {
        auto screen = open_at(0);
        ASSERT_TRUE(screen) << screen.error().text;
        ASSERT_TRUE(screen->add({.list = "model", .entry = "17000001236"}));
        ASSERT_TRUE(screen->remove({.list = "model", .entry = "17000001234"}));
        ASSERT_TRUE(screen->advance(time_from_ms(kNoon)));
    }
    for (const auto& [day, action] :
         {std::pair(10, Action::kReject), std::pair(29, Action::kReject),
          std::pair(31, Action::kAllow), std::pair(40, Action::kAllow)}) {
        auto screen = open_at(day);
        ASSERT_TRUE(screen) << screen.error().text;
        const std::int64_t now = kNoon + day * kDay;
        for (int again = 0; again < 2; ++again) {
            Session session = screen->session();
            EXPECT_EQ(action_at(session, "17000001236", now), action) << day;
            EXPECT_EQ(action_at(session, "17000001234", now), Action::kAllow) << day;
            EXPECT_EQ(action_at(session, "17000001235", now), Action::kReject) << day;
            ASSERT_TRUE(screen->advance(time_from_ms(now)));
            ASSERT_TRUE(screen->reload());
        }
    }
    // The file names it still, now for longer: the removal stands.
    folder_.write("model.csv", "number,since,expires\n17000001234,2026-04-01,\n");
    auto screen =
        Screen::open(folder_.path("policy.toml"),
                     {.seed = 2026, .force = true, .now = time_from_ms(kNoon + 40 * kDay)});
    ASSERT_TRUE(screen) << screen.error().text;
    Session session = screen->session();
    EXPECT_EQ(action_at(session, "17000001234", kNoon + 40 * kDay), Action::kAllow);
}

}  // namespace
}  // namespace ringfence
