// `ringfence compile` as an operator meets it, and a run over the image that it made.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "cli/program.hpp"

namespace ringfence::test {
namespace {

class CompileTest : public CliTest {
protected:
    void SetUp() override {
        CliTest::SetUp();
        if (testing::Test::IsSkipped()) return;
        // The same policy over the image.
        std::string text = read(at("policy.toml"));
        const std::string country = "country = \"CN\"\n";
        text.replace(text.find(country), country.size(), country + "image = \"lists.rft\"\n");
        folder_.write("image.toml", text);
        folder_.write("calls.csv",
                      "time,calling,called\n2026-03-01T12:00:00Z,13800001111,13800002222\n"
                      "2026-03-01T12:00:01Z,17000001234,13800002222\n"
                      "2026-03-01T12:00:02Z,13800003333,13800002222\n");
    }
    auto count_of_files() const {
        return std::distance(fs::directory_iterator(folder_.path("")), fs::directory_iterator());
    }
    std::string verdicts(const std::string& policy) const {
        const Ran ran = run("screen --policy " + at(policy) + " --calls " + at("calls.csv") +
                            " --out " + at("out"));
        EXPECT_EQ(ran.status, 0) << ran.out;
        return read(at("out/calls.csv"));
    }
};

TEST_F(CompileTest, a_run_over_the_image_gives_the_verdicts_of_the_files) {
    const Ran made = run("compile --json " + at("image.toml"));
    ASSERT_EQ(made.status, 0) << made.out;
    const auto object = nlohmann::json::parse(made.out);
    EXPECT_EQ(object["image"], at("lists.rft"));
    EXPECT_EQ(object["lists"], 4);
    EXPECT_EQ(object["rows"], 5);
    EXPECT_EQ(object["bad_rows"], 0);
    EXPECT_EQ(object["numbers"], 1);
    EXPECT_EQ(object["prefixes"], 1);
    EXPECT_EQ(object["names"], 2);
    EXPECT_EQ(object["bytes"], fs::file_size(at("lists.rft")));
    EXPECT_GT(object["serial"], 1'700'000'000'000);
    struct stat about = {};
    ASSERT_EQ(::stat(at("lists.rft").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777u, 0600u);

    const std::string of_files = verdicts("policy.toml");
    EXPECT_NE(of_files.find("fraud"), std::string::npos);
    EXPECT_EQ(verdicts("image.toml"), of_files);
    EXPECT_EQ(run("lint " + at("image.toml")).out, run("lint " + at("policy.toml")).out);
    const auto show = [&](const std::string& policy) {
        return run("lists show --policy " + at(policy) + " 13800001111").out;
    };
    EXPECT_EQ(show("image.toml"), show("policy.toml"));
    EXPECT_NE(show("image.toml").find("fraud: +8613800001111"), std::string::npos);
}

TEST_F(CompileTest, an_image_older_than_a_list_is_refused_until_it_is_compiled) {
    ASSERT_EQ(run("compile " + at("image.toml")).status, 0);
    folder_.write("partners.csv", "number\n13800009999\n13800008888\n");
    const Ran stale = run("screen --policy " + at("image.toml") + " --calls " + at("calls.csv") +
                          " --out " + at("out"));
    EXPECT_EQ(stale.status, 2);
    EXPECT_NE(stale.out.find("image.toml:4: the image '" + at("lists.rft") +
                             "' is not of these lists: list 'partners' is of an older"),
              std::string::npos)
        << stale.out;
    EXPECT_NE(stale.out.find("compile it again: ringfence compile " + at("image.toml")),
              std::string::npos);
    EXPECT_EQ(run("compile " + at("image.toml")).status, 0);
    verdicts("image.toml");
    // Reconciling writes the list's file: it says that the image is to follow.
    folder_.write("new.csv", "number\n13800007777\n");
    const Ran wrote =
        run("lists reconcile --policy " + at("image.toml") + " partners " + at("new.csv"));
    EXPECT_EQ(wrote.status, 0) << wrote.out;
    EXPECT_NE(wrote.out.find("; now compile " + at("lists.rft") + " again"), std::string::npos)
        << wrote.out;
}

TEST_F(CompileTest, says_what_it_made_and_what_it_passed_over) {
    folder_.write("fraud.csv", "number,kind,category\n13800001111,exact,\nnonsense,,\n");
    const Ran made = run("compile " + at("policy.toml") + " --out " + at("a.rft"));
    EXPECT_EQ(made.status, 0);
    EXPECT_NE(made.out.find("fraud.csv:3: "), std::string::npos) << made.out;
    EXPECT_NE(made.out.find(at("a.rft") +
                            ": 4 lists of 4 rows (1 bad ones passed over): 1 numbers, 0 prefixes, "
                            "2 names; "),
              std::string::npos)
        << made.out;
}

TEST_F(CompileTest, a_file_that_may_not_grow_is_an_output_that_cannot_be_written) {
    const std::string command = "sh -c 'ulimit -f 1; exec " + program().string() + " compile " +
                                at("policy.toml") + " --out " + at("a.rft") + "' > " + at("said") +
                                " 2>&1";
    const auto before = count_of_files();
    const int status = std::system(command.c_str());
    EXPECT_EQ(WEXITSTATUS(status), 3) << read(at("said"));
    EXPECT_NE(read(at("said")).find("may not grow"), std::string::npos) << read(at("said"));
    EXPECT_EQ(count_of_files(), before + 1) << "more than what it said was left";
}

TEST_F(CompileTest, an_image_takes_the_place_of_no_other_file) {
    const std::string list = "number\n13800001111\n";
    folder_.write("l.rft.new", list);
    fs::permissions(at("l.rft.new"), fs::perms(0644));
    folder_.write(
        "p.toml",
        "[screen]\ncountry = \"CN\"\njournal = \"j\"\nimage = \"j\"\n[[list]]\nid = \"a\"\n"
        "file = \"l.rft.new\"\naction = \"reject\"\n");
    EXPECT_EQ(run("compile " + at("p.toml") + " --out " + at("l.rft")).status, 0);
    EXPECT_EQ(read(at("l.rft.new")), list);
    EXPECT_EQ(fs::status(at("l.rft")).permissions(), fs::perms(0600));

    const auto refused = [&](const std::string& out, const std::string& what) {
        const Ran ran = run("compile " + at("p.toml") + (out.empty() ? "" : " --out " + out));
        EXPECT_EQ(ran.status, 2) << out << ran.out;
        EXPECT_NE(ran.out.find(what), std::string::npos) << out << ran.out;
    };
    // Of the journal and what stands beside it neither is there yet.
    refused("", "j: is '" + at("j") + "'");
    refused(at("j.emergency"), "is '" + at("j.emergency") + "'");
    fs::create_directory_symlink(at(""), at("link"));
    refused(at("link/./j"), "is '" + at("j") + "'");
    fs::create_hard_link(at("l.rft.new"), at("hard"));
    refused(at("hard"), "is '" + at("l.rft.new") + "'");
    EXPECT_FALSE(fs::exists(at("j")));

    ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
    fs::create_symlink("/dev/null", at("null"));
    for (const char* name : {"pipe", "null", "link"})
        refused(at(name), std::string(name) + ": is there and no regular file");
    EXPECT_TRUE(fs::is_fifo(at("pipe")));
    refused("-", "-: is no place for an image");
    EXPECT_FALSE(fs::exists("-"));
}

TEST_F(CompileTest, refuses_by_name) {
    const auto refused = [&](const std::string& arguments, const std::string& what,
                             int status = 2) {
        const Ran ran = run("compile " + arguments);
        EXPECT_EQ(ran.status, status) << ran.out;
        EXPECT_NE(ran.out.find(what), std::string::npos) << ran.out;
        EXPECT_EQ(rows_of(ran.out), 1u) << ran.out;
    };
    const std::string policy = at("policy.toml");
    refused(policy, "policy.toml names no [screen] image; give the path of one");
    refused(policy + " --out " + at("fraud.csv"), "fraud.csv: is '" + at("fraud.csv") + "'");
    refused(policy + " --out " + at("rules.toml"), "which the policy reads");
    refused(policy + " --out " + at("none/a.rft"), "none/a.rft", 3);
    refused(at("none.toml"), "none.toml: does not exist");
    refused("", "policy is required");
    folder_.remove("hosts.csv");
    refused(policy + " --out " + at("a.rft"), "hosts.csv' of list 'hosts' is not there");
    EXPECT_FALSE(fs::exists(at("a.rft")));
    EXPECT_EQ(run("compile --force " + policy + " --out " + at("a.rft")).status, 0);
    const Ran help = run("compile --help");
    EXPECT_EQ(help.status, 0);
    EXPECT_NE(help.out.find("[screen] image = \"lists.rft\""), std::string::npos);
}

}  // namespace
}  // namespace ringfence::test
