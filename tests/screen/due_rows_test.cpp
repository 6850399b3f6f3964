// Rows of files that are due, and live changes that are about them.
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::counter;
using test::kNoon;
using test::open_screen;

constexpr std::int64_t kDay = 24 * 3'600'000;

class DueRowsTest : public testing::Test {
protected:
    DueRowsTest() {
        folder_.write("policy.toml",
                      "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n[[list]]\n"
                      "id = \"a\"\nfile = \"a.csv\"\naction = \"reject\"\n");
        write("2026-03-02");
    }
    // The rows that are removed live, due on that day, beside one that is neither.
    void write(const std::string& expires) const {
        folder_.write("a.csv", "number,kind,expires\n17000001234,exact," + expires +
                                   "\n1700002,prefix," + expires + "\n17000001239,exact,\n");
    }
    static void remove_both(Screen& screen) {
        for (const char* entry : {"17000001234", "1700002*"})
            ASSERT_TRUE(screen.remove({.list = "a", .entry = entry})) << entry;
    }
    static void expect(Screen& screen, Action action) {
        Session session = screen.session();
        for (const char* caller : {"17000001234", "17000021234"})
            EXPECT_EQ(session.screen(call(caller, "13800002222")).action, action) << caller;
        EXPECT_EQ(session.screen(call("17000001239", "13800002222")).action, Action::kReject);
    }

    test::PolicyFolder folder_;
};

TEST_F(DueRowsTest, a_removal_stands_while_the_file_has_the_row_due_or_not) {
    Screen screen = open_screen(folder_);
    remove_both(screen);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 2 * kDay)));
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(counter(screen, "lists.live_changes"), 2u);
    expect(screen, Action::kAllow);
    write("2027-01-01");
    ASSERT_TRUE(screen.reload());
    expect(screen, Action::kAllow);
    folder_.write("a.csv", "number\n17000001239\n");
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(counter(screen, "lists.live_changes"), 0u);
    write("2027-01-01");
    ASSERT_TRUE(screen.reload());
    expect(screen, Action::kReject);
}

TEST_F(DueRowsTest, so_it_does_over_a_reconcile) {
    Screen screen = open_screen(folder_);
    remove_both(screen);
    ASSERT_TRUE(screen.advance(time_from_ms(kNoon + 2 * kDay)));
    const auto due = screen.reconcile("a");
    ASSERT_TRUE(due) << due.error().text;
    EXPECT_EQ(due->expired, 2u);
    EXPECT_EQ(counter(screen, "lists.live_changes"), 2u);
    write("2027-01-01");
    const auto renewed = screen.reconcile("a");
    ASSERT_TRUE(renewed) << renewed.error().text;
    EXPECT_EQ(renewed->overlaid, 2u);
    expect(screen, Action::kAllow);
    folder_.write("a.csv", "number\n17000001239\n");
    ASSERT_TRUE(screen.reconcile("a"));
    EXPECT_EQ(counter(screen, "lists.live_changes"), 0u);
}

TEST_F(DueRowsTest, so_it_does_over_a_restart) {
    {
        Screen screen = open_screen(folder_);
        remove_both(screen);
        ASSERT_TRUE(screen.advance(time_from_ms(kNoon)));
    }
    for (const std::int64_t day : {2, 3}) {
        auto screen = Screen::open(folder_.path("policy.toml"),
                                   {.seed = 2026, .now = time_from_ms(kNoon + day * kDay)});
        ASSERT_TRUE(screen) << screen.error().text;
        EXPECT_EQ(counter(*screen, "lists.live_changes"), 2u);
        expect(*screen, Action::kAllow);
        ASSERT_TRUE(screen->advance(time_from_ms(kNoon + day * kDay)));
        write("2027-01-01");
    }
}

}  // namespace
}  // namespace ringfence
