// What `ringfence lists` reads once, what it writes over what, and what others write meanwhile.
#include "ringfence/lists/journal.hpp"
#include "tests/cli/program.hpp"

namespace ringfence {
namespace {

using namespace test;

class ListsFilesTest : public CliTest {
protected:
    void SetUp() override {
        CliTest::SetUp();
        folder_.write("policy.toml",
                      "[screen]\ncountry = \"FR\"\njournal = \"live.journal\"\n"
                      "[[list]]\nid = \"fraud\"\nfile = \"fraud.csv\"\naction = \"reject\"\n"
                      "[[list]]\nid = \"other\"\nfile = \"other.csv\"\naction = \"tag\"\n");
        folder_.write("fraud.csv", "number,action\n0639980001,\n0639980002,tag\n");
        folder_.write("other.csv", "number\n0639980009\n");
    }
    Ran lists(const std::string& verb, const std::string& more) const {
        return run("lists " + verb + " --policy " + at("policy.toml") + " " + more);
    }
    void do_lists(const std::string& verb, const std::string& more) const {
        const Ran ran = lists(verb, more);
        EXPECT_EQ(ran.status, 0) << verb << ": " << ran.out;
    }
    Action asked(const char* caller, const std::string& policy = "policy.toml") const {
        ScreenOptions options;
        options.read_only = true;
        const auto screen = Screen::open(at(policy), options);
        EXPECT_TRUE(screen) << screen.error().text;
        return screen->explain(call(caller, "0639980100"))->verdict.action;
    }
    void fifo(const std::string& name) const { ASSERT_EQ(mkfifo(at(name).c_str(), 0600), 0); }
    // Writes the file into the pipe, once it is read.
    void feed(const std::string& from, const std::string& pipe) const {
        EXPECT_EQ(std::system(("cat " + at(from) + " > " + at(pipe) + " &").c_str()), 0);
    }
};

TEST_F(ListsFilesTest, expire_keeps_what_was_changed_while_it_read) {
    {
        auto journal = Journal::open(at("live.journal"), [](const JournalRecord&) {});
        ASSERT_TRUE(journal);
        JournalRecord ended;
        ended.list = "fraud";
        ended.entry.text = "33639980003";
        ended.expires = time_from_ms(1);
        ASSERT_TRUE(journal->append(ended));
    }
    // So long that it can be stopped while it reads.
    std::string rows = "number\n";
    for (int i = 0; i < 300'000; ++i) rows += "0639980009\n";
    folder_.write("other.csv", rows);
    Running expire({"lists", "expire", "--policy", at("policy.toml")}, at("said"));
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (!expire.holds(at("other.csv")) && std::chrono::steady_clock::now() < until) {
    }
    expire.signal(SIGSTOP);
    ASSERT_TRUE(expire.holds(at("other.csv"))) << "it was stopped too late";
    do_lists("remove", "fraud 0639980001");
    expire.signal(SIGCONT);
    EXPECT_EQ(expire.wait_for(60s), 0) << read(at("said"));
    EXPECT_NE(read(at("said")).find("1 live entries were taken out"), std::string::npos);
    EXPECT_EQ(asked("+33639980001"), Action::kAllow);
    EXPECT_EQ(read(at("live.journal")).find("33639980003"), std::string::npos);
}

TEST_F(ListsFilesTest, no_verb_waits_for_a_pipe_in_a_lists_place) {
    fs::remove(at("fraud.csv"));
    fifo("fraud.csv");
    for (const char* verb : {"show", "stats", "export", "expire"}) {
        const bool one_list =
            std::string_view(verb) != "expire" && std::string_view(verb) != "stats";
        Running one({"lists", verb, "--policy", at("policy.toml"), one_list ? "fraud" : "--json"},
                    at("said"));
        EXPECT_EQ(one.wait_for(20s), 2) << verb;
        EXPECT_NE(read(at("said")).find("is a pipe; name a file"), std::string::npos)
            << verb << ": " << read(at("said"));
    }
}

TEST_F(ListsFilesTest, expire_keeps_the_removal_under_an_addition_that_ended) {
    do_lists("remove", "fraud 0639980001");
    do_lists("add", "--expires 2090-01-01 fraud 0639980001");
    EXPECT_EQ(asked("+33639980001"), Action::kReject);
    do_lists("expire", "--now 2090-01-02");
    EXPECT_EQ(asked("+33639980001"), Action::kAllow);
    EXPECT_NE(lists("remove", "fraud 0639980001").status, 0) << "it is off already";
}

TEST_F(ListsFilesTest, an_export_gives_the_verdicts_of_the_list) {
    folder_.write("copy.toml",
                  "[screen]\ncountry = \"FR\"\n[[list]]\nid = \"fraud\"\nfile = \"copy.csv\"\n"
                  "action = \"reject\"\n");
    folder_.write("fraud.csv",
                  "number,action,expires\n0639980001,allow,\n0639980002,tag,\n0639980003,,\n"
                  "0639980004,,2080-01-01\n0639980005,,\n0639980006,,\n");
    for (const char* number : {"0639980001", "0639980002", "0639980003", "0639980004"})
        do_lists("add", "--expires 2090-01-01 fraud " + std::string(number));
    do_lists("remove", "fraud 0639980005");
    do_lists("remove", "fraud 0639980006");
    do_lists("add", "--expires 2090-01-01 fraud 0639980006");
    do_lists("add", "fraud 0639980007");
    do_lists("export", "fraud --out " + at("copy.csv"));
    const std::string copy = read(at("copy.csv"));
    EXPECT_EQ(rows_of(copy), 1u + 2u + 2u + 1u + 1u + 1u + 1u) << copy;
    EXPECT_EQ(count_of(copy, "2080"), 0u) << copy;
    EXPECT_EQ(count_of(copy, "+33639980003,exact,,,,"), 1u) << copy;
    for (const char* number : {"+33639980001", "+33639980002", "+33639980003", "+33639980004",
                               "+33639980005", "+33639980006", "+33639980007"})
        EXPECT_EQ(asked(number, "copy.toml"), asked(number)) << number << "\n" << copy;
}

TEST_F(ListsFilesTest, an_export_takes_the_place_of_no_file_of_its_policy) {
    do_lists("add", "fraud 0639980003");
    fs::create_symlink("fraud.csv", at("link.csv"));
    const std::string before = read(at("fraud.csv")) + read(at("live.journal"));
    for (const char* out : {"fraud.csv", "other.csv", "live.journal", "policy.toml", "link.csv",
                            "live.journal.emergency"}) {
        const Ran ran = lists("export", "fraud --out " + at(out));
        EXPECT_EQ(ran.status, 2) << out << ": " << ran.out;
        EXPECT_NE(ran.out.find("which the policy reads"), std::string::npos) << ran.out;
    }
    EXPECT_EQ(read(at("fraud.csv")) + read(at("live.journal")), before);
    EXPECT_TRUE(fs::is_symlink(at("link.csv")));
}

TEST_F(ListsFilesTest, tells_the_difference_of_two_pipes) {
    folder_.write("new.csv", "number,action\n0639980001,\n0639980003,\n");
    fifo("first");
    fifo("second");
    feed("fraud.csv", "first");
    feed("new.csv", "second");
    const Ran ran = run("lists diff --country FR " + at("first") + " " + at("second"));
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_NE(ran.out.find("1 added, 1 removed, 0 changed, 1 kept"), std::string::npos) << ran.out;
    folder_.write("own.csv", "subscriber,number\n0639980007,0639980001\n");
    fifo("third");
    feed("own.csv", "third");
    const Ran own = run("lists diff --country FR " + at("own.csv") + " " + at("third"));
    EXPECT_NE(own.out.find("0 added, 0 removed, 0 changed, 1 kept"), std::string::npos) << own.out;
}

TEST_F(ListsFilesTest, loads_a_pipe_and_standard_input) {
    folder_.write("new.csv", "number\n0639980001\n0639980003\n");
    fifo("pipe");
    feed("new.csv", "pipe");
    do_lists("load", "fraud " + at("pipe"));
    EXPECT_EQ(rows_of(read(at("fraud.csv"))), 3u);
    folder_.write("newer.csv", "number\n0639980001\n0639980004\n");
    do_lists("load", "fraud - < " + at("newer.csv"));
    EXPECT_NE(read(at("fraud.csv")).find("+33639980004"), std::string::npos);
    do_lists("reconcile", "fraud - < " + at("new.csv"));
    EXPECT_NE(read(at("fraud.csv")).find("+33639980003"), std::string::npos);
    folder_.write("none.csv", "numbr\n1\n");
    EXPECT_EQ(lists("load", "fraud - < " + at("none.csv")).status, 2);
    EXPECT_EQ(rows_of(read(at("fraud.csv"))), 3u) << "what was refused is not put in place";
    for (const auto& entry : fs::directory_iterator(at("")))
        EXPECT_NE(entry.path().extension(), ".new") << entry.path();
}

TEST_F(ListsFilesTest, a_load_keeps_the_mode_of_the_file) {
    folder_.write("new.csv", "number\n0639980001\n0639980003\n");
    fs::permissions(at("fraud.csv"), fs::perms(0640));
    do_lists("load", "fraud " + at("new.csv"));
    EXPECT_EQ(fs::status(at("fraud.csv")).permissions(), fs::perms(0640));
    fs::permissions(at("fraud.csv"), fs::perms(0600));
    folder_.write("new.csv", "number\n0639980001\n0639980004\n");
    do_lists("reconcile", "fraud " + at("new.csv"));
    EXPECT_EQ(fs::status(at("fraud.csv")).permissions(), fs::perms(0600));
}

}  // namespace
}  // namespace ringfence
