// `ringfence lists` on an automatic list, whose rows without a date are as old as their file.
#include <chrono>
#include <nlohmann/json.hpp>

#include "ringfence/source/time_text.hpp"
#include "tests/cli/program.hpp"

namespace ringfence {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::system_clock;

Time now() { return floor<Milliseconds>(system_clock::now()); }

// A country whose numbers the lists hold, and a feed that a model writes.
class AutomaticListsTest : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(test::program())) GTEST_SKIP() << test::program() << " is not built here";
        folder_.write("policy.toml",
                      "[screen]\ncountry = \"CN\"\njournal = \"live.journal\"\n[[list]]\n"
                      "id = \"model\"\nfile = \"model.csv\"\naction = \"reject\"\n"
                      "automatic = true\n");
    }
    std::string at(const std::string& name) const { return folder_.path(name); }
    // The file, as old as that.
    void write(const std::string& name, const std::string& rows, hours age) const {
        folder_.write(name, "number\n" + rows);
        fs::last_write_time(at(name), fs::file_time_type::clock::now() - age);
    }
    hours age_of(const std::string& name) const {
        return floor<hours>(fs::file_time_type::clock::now() - fs::last_write_time(at(name)));
    }
    test::Ran lists(const std::string& verb, const std::string& more) const {
        return test::run("lists " + verb + " --policy " + at("policy.toml") + " " + more);
    }
    Json json(const std::string& verb, const std::string& more) const {
        const test::Ran ran = lists(verb, "--json " + more);
        EXPECT_EQ(ran.status, 0) << ran.out;
        return Json::parse(ran.out, nullptr, false);
    }
    // What a screen that opens so much later rejects.
    bool rejects(const std::string& caller, days later = days(0)) const {
        const Time then = now() + later;
        auto screen = Screen::open(at("policy.toml"), {.read_only = true, .now = then});
        if (!screen) {
            ADD_FAILURE() << screen.error().text;
            return false;
        }
        Session session = screen->session();
        return session.screen(test::call(caller.c_str(), "13800002222", to_ms(then))).action ==
               Action::kReject;
    }

    test::PolicyFolder folder_;
};

TEST_F(AutomaticListsTest, rows_without_a_date_go_by_the_date_of_their_file) {
    write("model.csv", "17000001234\n", days(10));
    EXPECT_TRUE(rejects("17000001234", days(19)));
    EXPECT_FALSE(rejects("17000001234", days(21)));
    write("model.csv", "17000001234\n", days(31));
    EXPECT_FALSE(rejects("17000001234"));
}

TEST_F(AutomaticListsTest, a_feed_that_confirms_its_entries_keeps_them) {
    write("model.csv", "17000001234\n17000001235\n", days(31));
    write("feed.csv", "17000001235\n17000001234\n", days(1));
    EXPECT_FALSE(rejects("17000001234"));
    const Json dry = json("reconcile", "--dry-run model " + at("feed.csv"));
    EXPECT_EQ(dry["renewed"], false);
    EXPECT_EQ(age_of("model.csv"), days(31));
    const Json told = json("reconcile", "model " + at("feed.csv"));
    EXPECT_EQ(told["kept"], 2);
    EXPECT_EQ(told["written"], false);
    EXPECT_EQ(told["renewed"], true);
    EXPECT_EQ(age_of("model.csv"), days(1));
    EXPECT_TRUE(rejects("17000001234", days(28)));
    EXPECT_FALSE(rejects("17000001234", days(30)));
    // An older one confirms nothing newer.
    write("feed.csv", "17000001235\n17000001234\n", days(5));
    EXPECT_EQ(json("reconcile", "model " + at("feed.csv"))["renewed"], false);
    EXPECT_EQ(age_of("model.csv"), days(1));
}

TEST_F(AutomaticListsTest, a_load_makes_no_entry_younger) {
    write("feed.csv", "17000001234\n", days(20));
    for (const std::string verb : {"load", "reconcile"}) {
        folder_.remove("model.csv");
        EXPECT_EQ(json(verb, "model " + at("feed.csv"))["written"], true);
        EXPECT_EQ(age_of("model.csv"), days(20)) << verb;
        EXPECT_TRUE(rejects("17000001234", days(9))) << verb;
        EXPECT_FALSE(rejects("17000001234", days(11))) << verb;
    }
    write("feed.csv", "17000001234\n", -days(40'000));
    EXPECT_EQ(json("load", "model " + at("feed.csv"))["written"], true);
    EXPECT_EQ(age_of("model.csv"), hours(0));
}

TEST_F(AutomaticListsTest, a_reconciled_file_renews_a_running_screen_and_its_next_load) {
    write("model.csv", "17000001234\n17000001235\n", days(29));
    auto screen = Screen::open(at("policy.toml"), {.read_only = true, .now = now()});
    ASSERT_TRUE(screen) << screen.error().text;
    write("feed.csv", "17000001234\n17000001236\n", days(0));
    EXPECT_EQ(json("reconcile", "model " + at("feed.csv"))["written"], true);
    const auto done = screen->reconcile("model");
    ASSERT_TRUE(done) << done.error().text;
    EXPECT_EQ(done->changed, 1u);
    Session session = screen->session();
    const auto check = [&](const char* when) {
        const auto action = [&](const char* caller) {
            return session.screen(test::call(caller, "13800002222", to_ms(now()))).action;
        };
        EXPECT_EQ(action("17000001234"), Action::kReject) << when;
        EXPECT_EQ(action("17000001235"), Action::kAllow) << when;
        EXPECT_EQ(action("17000001236"), Action::kReject) << when;
    };
    check("reconciled");
    ASSERT_TRUE(screen->advance(now() + days(2)));
    check("advanced");
    ASSERT_TRUE(screen->reload());
    check("reloaded");
}

TEST_F(AutomaticListsTest, show_and_export_tell_until_when) {
    write("model.csv", "17000001234\n", days(10));
    EXPECT_EQ(json("show", "17000001234")["since"], nullptr);
    const auto told = json("show", "17000001234")["expires"].get<std::string>();
    const auto until = parse_time(told);
    ASSERT_TRUE(until) << told;
    EXPECT_LT(*until - (now() + days(20)), hours(1));
    EXPECT_LT((now() + days(20)) - *until, hours(1));
    const test::Ran exported = lists("export", "model");
    EXPECT_NE(exported.out.find("+8617000001234,exact,,," + told), std::string::npos)
        << exported.out;
}

TEST_F(AutomaticListsTest, an_entry_added_lives_from_then_on_over_a_restart) {
    write("model.csv", "", days(0));
    EXPECT_EQ(lists("add", "model 17000001234").status, 0);
    const std::string since = format_time(floor<days>(now()) - days(10));
    EXPECT_EQ(lists("add", "--since " + since + " model 17000001235").status, 0);
    EXPECT_TRUE(rejects("17000001234", days(29)));
    EXPECT_FALSE(rejects("17000001234", days(31)));
    EXPECT_TRUE(rejects("17000001235", days(18)));
    EXPECT_FALSE(rejects("17000001235", days(21)));
    EXPECT_EQ(json("show", "17000001234")["state"], "added live");
    const test::Ran dead = lists("add", "--since 2020-01-01 model 17000001236");
    EXPECT_EQ(dead.status, 2);
    EXPECT_NE(dead.out.find("list 'model', '17000001236': it would have ended on 2020-01-31"),
              std::string::npos)
        << dead.out;
    EXPECT_EQ(lists("show", "17000001236").out, "17000001236 is on no list\n");
}

TEST_F(AutomaticListsTest, lint_warns_of_what_is_dead_or_dated_in_the_future) {
    const auto lint = [&] { return test::run("lint " + at("policy.toml")).out; };
    write("model.csv", "17000001234\n", days(10));
    EXPECT_EQ(lint(), "nothing to complain about\n");
    write("model.csv", "17000001234\n", days(31));
    EXPECT_NE(lint().find("due: "), std::string::npos) << lint();
    write("model.csv", "17000001234\n", -days(2));
    EXPECT_NE(lint().find("future: "), std::string::npos) << lint();
}

}  // namespace
}  // namespace ringfence
