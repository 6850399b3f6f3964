// `ringfence lists` as an operator meets it: what each verb writes, tells and refuses.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "ringfence/lists/journal.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

fs::path program() {
    return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "ringfence";
}

struct Ran {
    int status = -1;
    std::string out;  // standard output
    std::string err;
};

std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

class ListsTest : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(program())) GTEST_SKIP() << program() << " is not built here";
        folder_.write("policy.toml", R"(
[screen]
country = "FR"
journal = "live.journal"
[[list]]
id = "fraud"
file = "fraud.csv"
action = "reject"
[[list]]
id = "hosts"
file = "hosts.csv"
keys = "domain"
action = "reject"
)");
        folder_.write("fraud.csv",
                      "number,kind,category,expires,source,since,confidence\n"
                      "0639980001,,,2027-01-01,police,2026-01-02,90\n0162,prefix,,,arcep,,\n"
                      "0639980050..0639980059,range,,,,,\n3950,,,,,,\n");
        folder_.write("hosts.csv", "number\nevil.example\n");
    }
    std::string at(const std::string& name) const { return folder_.path(name); }
    Ran lists(const std::string& verb, const std::string& more) const {
        Ran ran;
        const std::string policy = verb == "diff" ? "" : " --policy " + at("policy.toml");
        const std::string command = program().string() + " lists " + verb + policy + " " + more +
                                    " >" + at("out.txt") + " 2>" + at("err.txt");
        const int status = std::system(command.c_str());
        ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
        ran.out = read(at("out.txt"));
        ran.err = read(at("err.txt"));
        return ran;
    }
    Json json(const std::string& verb, const std::string& more) const {
        const Ran ran = lists(verb, "--json " + more);
        EXPECT_EQ(ran.status, 0) << ran.err;
        Json last;
        std::istringstream lines(ran.out);
        for (std::string line; std::getline(lines, line);) last = Json::parse(line);
        return last;
    }

    // The first file that waits to be put in place, if any.
    std::string left_over() const {
        for (const auto& entry : fs::directory_iterator(at("")))
            if (entry.path().extension() == ".new") return entry.path();
        return "";
    }

    test::PolicyFolder folder_;
};

TEST_F(ListsTest, show_tells_every_list_and_who_says_so) {
    const Json one = json("show", "+33639980001");
    EXPECT_EQ(one["list"], "fraud");
    EXPECT_EQ(one["entry"], "+33639980001");
    EXPECT_EQ(one["source"], "police");
    EXPECT_EQ(one["since"], "2026-01-02T00:00:00Z");
    EXPECT_EQ(one["expires"], "2027-01-01T00:00:00Z");
    EXPECT_EQ(one["confidence"], 90);
    EXPECT_EQ(one["state"], "listed");
    EXPECT_EQ(one["where"], at("fraud.csv") + ":2");
    EXPECT_EQ(json("show", "\"01 62 00 00 00\"")["kind"], "prefix");
    EXPECT_EQ(json("show", "0639980055")["kind"], "range");
    EXPECT_EQ(json("show", "www.evil.example")["list"], "hosts");
    const Ran none = lists("show", "0639980060");
    EXPECT_EQ(none.status, 0);
    EXPECT_EQ(none.out, "0639980060 is on no list\n");
}

TEST_F(ListsTest, add_and_remove_write_the_journal_that_a_switch_reads) {
    EXPECT_EQ(
        lists("add", "--source duty --confidence 70 --expires 2090-01-01 fraud 0639980003").status,
        0);
    EXPECT_EQ(lists("add", "hosts bad.example").status, 0);
    EXPECT_EQ(lists("remove", "fraud 0639980001").status, 0);
    EXPECT_EQ(json("show", "0639980003")["state"], "added live");
    EXPECT_EQ(json("show", "0639980003")["confidence"], 70);
    EXPECT_EQ(json("show", "0639980001")["state"], "taken off live");
    {
        auto screen = Screen::open(at("policy.toml"));
        ASSERT_TRUE(screen) << screen.error().text;
        Session session = screen->session();
        EXPECT_EQ(session.screen(test::call("+33639980003", "0639980002")).action, Action::kReject);
        EXPECT_EQ(session.screen(test::call("+33639980001", "0639980002")).action, Action::kAllow);
        // That is a running switch: the journal is its own.
        const Ran busy = lists("add", "fraud 0639980004");
        EXPECT_EQ(busy.status, 2);
        EXPECT_NE(busy.err.find("through its own interface"), std::string::npos) << busy.err;
        EXPECT_EQ(lists("show", "0639980003").status, 0);
    }
    const Ran twice = lists("remove", "fraud 0639980001");
    EXPECT_EQ(twice.status, 2);
    EXPECT_NE(twice.err.find("is not on the list 'fraud'"), std::string::npos) << twice.err;
}

TEST_F(ListsTest, writing_a_list_leaves_every_other_file_as_it_is) {
    folder_.write("fraud.csv.new", "another's");
    folder_.write("out.csv.new", "another's");
    folder_.write("new.csv", "number\n0639980009\n");
    EXPECT_EQ(lists("load", "--force fraud " + at("new.csv")).status, 0);
    EXPECT_EQ(lists("export", "fraud --out " + at("out.csv")).status, 0);
    EXPECT_EQ(read(at("fraud.csv.new")), "another's");
    EXPECT_EQ(read(at("out.csv.new")), "another's");
    folder_.remove("fraud.csv.new");
    folder_.remove("out.csv.new");
    EXPECT_EQ(left_over(), "");
}

TEST_F(ListsTest, a_dry_run_writes_nothing) {
    const std::string before = read(at("fraud.csv"));
    EXPECT_EQ(lists("add", "--dry-run fraud 0639980003").out,
              "+33639980003 would be added to fraud\n");
    folder_.write("new.csv", "number\n0639980009\n");
    const Json told = json("reconcile", "--dry-run fraud " + at("new.csv"));
    EXPECT_EQ(told["added"], 1);
    EXPECT_EQ(told["removed"], 4);
    EXPECT_EQ(told["written"], false);
    EXPECT_EQ(read(at("fraud.csv")), before);
    EXPECT_FALSE(fs::exists(at("live.journal")));
    EXPECT_EQ(left_over(), "");
}

TEST_F(ListsTest, reconcile_writes_the_lists_file_when_it_differs) {
    const Json same = json("reconcile", "fraud " + at("fraud.csv"));
    EXPECT_EQ(same["kept"], 4);
    EXPECT_EQ(same["written"], false);
    folder_.write("new.csv",
                  "number,kind,source,expires,since,confidence\n0639980001,,police,2028-01-01,"
                  "2026-01-02,90\n0162,prefix,arcep,,,\n3950,,,,,\n0639980007,,,,,\nx,,,,,\n");
    const Ran ran = lists("reconcile", "fraud " + at("new.csv"));
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.out.find("1 added, 1 removed, 1 changed, 2 kept"), std::string::npos) << ran.out;
    EXPECT_NE(ran.err.find("new.csv:6:"), std::string::npos) << ran.err;
    // What was written reads back as what was read: short codes and prefixes too.
    EXPECT_EQ(json("reconcile", "fraud " + at("new.csv"))["kept"], 4);
    EXPECT_EQ(json("show", "3950")["entry"], "+333950");
}

TEST_F(ListsTest, load_takes_other_formats_and_refuses_what_looks_like_an_accident) {
    std::string many;
    for (int i = 0; i < 2'000; ++i) many += "063998" + std::to_string(1'000 + i) + "\n";
    folder_.write("lines.txt", many);
    folder_.remove("fraud.csv");  // the first load of a list passes, whatever its size
    EXPECT_EQ(json("load", "--format lines fraud " + at("lines.txt"))["rows"], 2'000);
    EXPECT_EQ(json("show", "0639981999")["kind"], "exact");
    folder_.write("few.txt", "0639980001\n");
    const Ran few = lists("load", "--format lines fraud " + at("few.txt"));
    EXPECT_EQ(few.status, 2);
    EXPECT_NE(few.err.find("force it"), std::string::npos) << few.err;
    EXPECT_EQ(json("show", "0639981999")["kind"], "exact");
    EXPECT_EQ(lists("load", "--force --format lines fraud " + at("few.txt")).status, 0);
    EXPECT_EQ(read(at("fraud.csv")),
              "number,kind,action,category,expires,source,since,confidence\n"
              "+33639980001,exact,,,,,,\n");
}

TEST_F(ListsTest, expire_takes_due_entries_out_of_the_journal) {
    ASSERT_EQ(lists("add", "--expires 2090-06-01 fraud 0639980003").status, 0);
    ASSERT_EQ(lists("add", "--expires 2092-06-01 fraud 0639980004").status, 0);
    EXPECT_EQ(json("expire", "--dry-run --now 2091-06-01")["expired_live"], 1);
    const Json told = json("expire", "--now 2091-06-01");
    EXPECT_EQ(told["expired_live"], 1);
    EXPECT_EQ(told["due_in_files"], 1);
    EXPECT_EQ(lists("show", "0639980003").out, "0639980003 is on no list\n");
    EXPECT_EQ(json("show", "0639980004")["state"], "added live");
}

TEST_F(ListsTest, diff_compares_two_files) {
    folder_.write("a.csv", "number,category\n0639980001,\n0639980002,x\n0162*,\n");
    folder_.write("b.csv", "number,category\n0639980002,y\n0639980003,\n");
    const Ran ran = lists("diff", "--country FR " + at("a.csv") + " " + at("b.csv"));
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(ran.out,
              "- +33639980001\n~ +33639980002\n+ +33639980003\n"
              "1 added, 1 removed, 1 changed, 0 kept\n");
    EXPECT_EQ(lists("diff", "--country XX " + at("a.csv") + " " + at("b.csv")).status, 2);
}

TEST_F(ListsTest, export_gives_the_file_and_the_live_changes_together) {
    ASSERT_EQ(lists("remove", "fraud 0162*").status, 0);
    ASSERT_EQ(lists("add", "--since 2026-03-01 --source duty fraud 0639980003").status, 0);
    const Ran ran = lists("export", "fraud");
    EXPECT_EQ(ran.out,
              "number,kind,action,category,expires,source,since,confidence\n"
              "+33639980001,exact,,,2027-01-01T00:00:00Z,police,2026-01-02T00:00:00Z,90\n"
              "+33639980050..+33639980059,range,,,,,,\n+333950,exact,,,,,,\n"
              "+33639980003,exact,,,,duty,2026-03-01T00:00:00Z,\n");
    EXPECT_EQ(lists("export", "fraud --out /nowhere/list.csv").status, 3);
    // What is no regular file is written as it stands.
    EXPECT_EQ(lists("export", "fraud --out /dev/stdout").out, ran.out);
    ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
    const std::string reader = "cat " + at("pipe") + " > " + at("piped") + " &";
    ASSERT_EQ(std::system(reader.c_str()), 0);
    EXPECT_EQ(lists("export", "fraud --out " + at("pipe")).status, 0);
    EXPECT_TRUE(fs::is_fifo(at("pipe")));
    for (int i = 0; i < 500 && read(at("piped")) != ran.out; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(read(at("piped")), ran.out);
    EXPECT_EQ(lists("export", "fraud --out " + at("")).status, 3);
}

TEST_F(ListsTest, stats_report_memory_and_disk) {
    ASSERT_EQ(lists("add", "hosts bad.example").status, 0);
    const Json told = json("stats", "--now 2027-06-01");
    EXPECT_EQ(told["lists"][0]["rows"], 4);
    EXPECT_EQ(told["lists"][0]["due"], 1);
    EXPECT_EQ(told["lists"][0]["file_bytes"], fs::file_size(at("fraud.csv")));
    EXPECT_EQ(told["lists"][1]["added_live"], 1);
    EXPECT_EQ(told["journal_bytes"], fs::file_size(at("live.journal")));
    EXPECT_EQ(told["memory"]["tables.numbers"], 2);
    EXPECT_GT(told["memory"]["lists.notes_bytes"], 0);
}

TEST_F(ListsTest, personal_entries_are_told_with_their_subscriber) {
    folder_.write("policy.toml",
                  "[screen]\ncountry = \"FR\"\njournal = \"live.journal\"\n[[list]]\nid = \"own\"\n"
                  "file = \"own.csv\"\naction = \"reject\"\nauthority = \"personal\"\n");
    const std::string rows = "subscriber,number\n0639980007,0639980001\n0639980008,0639980001\n";
    folder_.write("own.csv", rows);
    const Ran added = lists("add", "--subscriber 0639980008 own 0639980002");
    ASSERT_EQ(added.status, 0) << added.err;
    EXPECT_EQ(added.out, "+33639980002 for +33639980008 is added to own\n");
    EXPECT_EQ(json("remove", "--subscriber 0639980007 own 0639980001").at("subscriber"),
              "+33639980007");
    EXPECT_EQ(lists("remove", "--subscriber 0639980009 own 0639980001").status, 2);
    EXPECT_EQ(lists("add", "own 0639980002").status, 2);
    const std::string all = lists("show", "0639980001").out;
    EXPECT_NE(all.find("own: +33639980001 for +33639980007 (exact, taken off live)"),
              std::string::npos)
        << all;
    EXPECT_NE(all.find("own: +33639980001 for +33639980008 (exact, listed)"), std::string::npos);
    EXPECT_EQ(lists("show", "--subscriber 0639980008 0639980001").out.find("0639980007"),
              std::string::npos);
    EXPECT_EQ(lists("show", "--subscriber x 0639980001").status, 2);
    Screen screen = test::open_screen(folder_);
    const auto asked = [&](const char* calling, const char* called) {
        return screen.session().screen(test::call(calling, called)).action;
    };
    EXPECT_EQ(asked("+33639980002", "0639980008"), Action::kReject);
    EXPECT_EQ(asked("+33639980001", "0639980007"), Action::kAllow);
    const std::string out = lists("export", "own").out;
    EXPECT_EQ(out.find("subscriber,number,kind,"), 0u) << out;
    EXPECT_NE(out.find("\n+33639980008,+33639980001,exact,"), std::string::npos) << out;
    EXPECT_NE(out.find("\n+33639980008,+33639980002,exact,"), std::string::npos) << out;
    EXPECT_EQ(out.find("+33639980007"), std::string::npos) << out;
    folder_.write("new.csv", rows + "0639980009,0639980001\n");
    const Ran diff = lists("diff", "--country FR " + at("own.csv") + " " + at("new.csv"));
    EXPECT_NE(diff.out.find("+ +33639980001 for +33639980009\n"), std::string::npos) << diff.out;
    EXPECT_EQ(json("load", "own " + at("new.csv")).at("rows"), 3u);
    EXPECT_NE(read(at("own.csv")).find("\n+33639980009,+33639980001,exact,"), std::string::npos);
}

TEST_F(ListsTest, says_what_is_wrong_with_an_input) {
    for (const auto& [verb, more] : std::vector<std::pair<std::string, std::string>>{
             {"add", "nolist 0639980001"},
             {"add", "fraud 06x"},
             {"add", "--expires never fraud 0639980001"},
             {"add", "--expires 2020-01-01 fraud 0639980001"},
             {"add", "--since 2999-01-01 fraud 0639980001"},
             {"add", "--confidence 101 fraud 0639980001"},
             {"add", "fraud +33*"},
             {"load", "fraud " + at("absent.csv")},
             {"load", "--format xls fraud " + at("fraud.csv")},
             {"reconcile", "nolist " + at("fraud.csv")},
             {"show", ""},
             {"", ""}}) {
        const Ran ran = lists(verb, more);
        EXPECT_EQ(ran.status, 2) << verb << " " << more << ran.out;
        EXPECT_NE(ran.err, "") << verb << " " << more;
    }
    folder_.write("policy.toml",
                  "[screen]\ncountry = \"FR\"\n[[list]]\nid = \"fraud\"\n"
                  "file = \"fraud.csv\"\naction = \"reject\"\n");
    const Ran none = lists("add", "fraud 0639980001");
    EXPECT_EQ(none.status, 2);
    EXPECT_NE(none.err.find("names no journal"), std::string::npos) << none.err;
}

// A dump of a whole database: what is no list of that program is told by name and not taken.
TEST_F(ListsTest, load_tells_the_tables_that_it_passed_over) {
    folder_.write("dump.sql",
                  "INSERT INTO secfilter VALUES (1,0,2,'0639980009');\n"
                  "INSERT INTO subscriber VALUES (1,'0639980010','sip');\n");
    const Ran ran = lists("load", "--dry-run --format secfilter fraud " + at("dump.sql"));
    EXPECT_NE(ran.err.find("subscriber"), std::string::npos) << ran.err;
}

TEST_F(ListsTest, help_teaches_what_each_verb_acts_on) {
    const Ran ran = lists("--help", "");
    EXPECT_EQ(ran.status, 0);
    for (const char* wanted : {"load", "reconcile", "journal", "running switch", "Exit codes"})
        EXPECT_NE(ran.out.find(wanted), std::string::npos) << wanted;
}

}  // namespace
}  // namespace ringfence
