// What a run of `screen` writes, what it leaves of what was there, and how it ends when it is told to.
#include <sys/ioctl.h>

#include "tests/cli/program.hpp"

namespace ringfence {
namespace {

using namespace test;

const std::string kHeader = "time,calling,called\n";
const std::string kRow = "1772366400,13800003333,13800002222\n";
const std::string kCalls = kHeader + kRow + "1772366401,13800001111,13800002222\n";

class RunFilesTest : public CliTest {
protected:
    void SetUp() override {
        CliTest::SetUp();
        fs::create_directories(at("day"));
        folder_.write("day/calls.csv", kCalls);
        folder_.write("day/sms.csv",
                      "time,sender,recipient,text\n1772366400,13800003333,13800002222,hello\n");
    }
    Ran screen_into(const std::string& out, const std::string& more) const {
        return run("screen --policy " + at("policy.toml") + " --out " + out + " " + more);
    }
    std::vector<std::string> arguments(const std::string& calls, const char* threads = "1") const {
        return {"screen", "--policy", at("policy.toml"), "--calls", calls,
                "--out",  at("out"),  "--threads",       threads};
    }
};

TEST_F(RunFilesTest, refuses_to_write_over_what_it_reads) {
    fs::create_directories(at("links"));
    fs::create_directories(at("hard"));
    fs::create_symlink(at("day/calls.csv"), at("links/calls.csv"));
    fs::create_hard_link(at("day/calls.csv"), at("hard/summary.json"));
    fs::create_directory_symlink(at("day"), at("again"));
    const std::string input = "--calls " + at("day/calls.csv");
    for (const auto& [out, more] : {std::pair<std::string, std::string>{at("day"), input},
                                    {at("again"), input},
                                    {at("links"), input},
                                    {at("hard"), input},
                                    {at("day"), "--calls - < " + at("day/calls.csv")},
                                    {at("day"), "--sms " + at("day/sms.csv")},
                                    {at("links"), "--calls " + at("links/calls.csv")}}) {
        const Ran ran = screen_into(out, more);
        EXPECT_EQ(ran.status, 2) << out << " " << more << "\n" << ran.out;
        EXPECT_NE(ran.out.find("give --out another folder"), std::string::npos) << ran.out;
    }
    EXPECT_EQ(read(at("day/calls.csv")), kCalls);
    EXPECT_EQ(rows_of(read(at("day/sms.csv"))), 2u);
    EXPECT_FALSE(fs::exists(at("day/summary.json")));
    EXPECT_FALSE(fs::exists(at("links/summary.json")));
}

TEST_F(RunFilesTest, refuses_to_write_over_the_files_of_its_policy) {
    folder_.write("lists.toml",
                  "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"a\"\nfile = \"own/calls.csv\"\n"
                  "action = \"tag\"\n");
    fs::create_directories(at("own"));
    folder_.write("own/calls.csv", "number\n13800001111\n");
    const Ran ran = run("screen --policy " + at("lists.toml") + " --calls " + at("day/calls.csv") +
                        " --out " + at("own"));
    EXPECT_EQ(ran.status, 2) << ran.out;
    EXPECT_EQ(read(at("own/calls.csv")), "number\n13800001111\n");
}

TEST_F(RunFilesTest, removes_what_an_earlier_run_left) {
    const std::string both = "--calls " + at("day/calls.csv") + " --sms " + at("day/sms.csv");
    ASSERT_EQ(screen_into(at("out"), both).status, 0);
    ASSERT_TRUE(fs::exists(at("out/sms.csv")));
    folder_.write("out/notes.txt", "mine");
    ASSERT_EQ(screen_into(at("out"), "--calls " + at("day/calls.csv")).status, 0);
    EXPECT_FALSE(fs::exists(at("out/sms.csv")));
    EXPECT_TRUE(fs::exists(at("out/summary.json")));
    EXPECT_TRUE(fs::exists(at("out/notes.txt")));

    // A zstd frame that ends too early: the run fails on its way.
    std::string rows = kHeader;
    for (int i = 0; i < 40'000; ++i)
        rows += std::to_string(1772366400 + i) + ",13800003333,13800002222\n";
    folder_.write("long.csv", rows);
    if (std::system(("zstd -q " + at("long.csv") + " 2>/dev/null").c_str()) != 0)
        GTEST_SKIP() << "there is no zstd program to make a damaged file with";
    fs::resize_file(at("long.csv.zst"), fs::file_size(at("long.csv.zst")) / 2);
    const Ran failed = screen_into(at("out"), "--calls " + at("long.csv.zst"));
    EXPECT_EQ(failed.status, 2) << failed.out;
    EXPECT_FALSE(fs::exists(at("out/summary.json")));
}

TEST_F(RunFilesTest, leaves_an_earlier_run_alone_when_nothing_can_be_read) {
    ASSERT_EQ(screen_into(at("out"), "--calls " + at("day/calls.csv")).status, 0);
    EXPECT_EQ(screen_into(at("out"), "--calls " + at("absent.csv")).status, 2);
    EXPECT_EQ(rows_of(read(at("out/calls.csv"))), 3u);
    EXPECT_TRUE(fs::exists(at("out/summary.json")));
}

TEST_F(RunFilesTest, pairs_labels_by_row) {
    const std::string calls =
        "--calls " + at("day/calls.csv") + " --labels " + at("day") + " --json";
    const auto labelled = [&](const std::string& rows) {
        folder_.write("day/calls_labels.csv", "row,label,fraud_type\n" + rows);
        return screen_into(at("out"), calls);
    };
    // Row 1 is the one that the fraud list rejects.
    const Ran turned = labelled("1,fraud,cards\n0,honest,\n");
    EXPECT_EQ(turned.status, 0) << turned.out;
    EXPECT_NE(turned.out.find("\"fraud_stopped\": 1"), std::string::npos) << turned.out;
    EXPECT_NE(turned.out.find("\"honest_stopped\": 0"), std::string::npos) << turned.out;
    EXPECT_NE(turned.out.find("\"unlabelled\": 0"), std::string::npos) << turned.out;

    const Ran missing = labelled("1,fraud,cards\n");
    EXPECT_EQ(missing.status, 0) << missing.out;
    EXPECT_NE(missing.out.find("\"unlabelled\": 1"), std::string::npos) << missing.out;

    for (const auto& [rows, said] :
         {std::pair<const char*, const char*>{"0,honest,\n2,fraud,cards\n", "_labels.csv:3: row 2"},
          {"0,honest,\n1,fraud,x\n0,honest,\n", "row 0 is labelled twice"},
          {"0,honest,\n-1,fraud,x\n", "no whole number"},
          {"0,honest,\n,fraud,x\n", "no whole number"},
          {"0,honest,\n1,odd,x\n", "neither fraud nor honest"}}) {
        const Ran ran = labelled(rows);
        EXPECT_EQ(ran.status, 2) << rows << ran.out;
        EXPECT_NE(ran.out.find(said), std::string::npos) << rows << ran.out;
    }
    fs::remove(at("day/calls_labels.csv"));
    fs::remove_all(at("out"));
    EXPECT_EQ(screen_into(at("out"), calls).status, 2);
    EXPECT_FALSE(fs::exists(at("out"))) << "labels that are not there show before the run";
}

TEST_F(RunFilesTest, keeps_the_rows_so_far_when_interrupted_at_a_pipe) {
    for (const int signal : {SIGINT, SIGTERM}) {
        for (const char* threads : {"1", "3"}) {
            int ends[2];
            ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
            Running program(arguments("-", threads), at("said"), ends[0]);
            std::string rows = kHeader;
            for (int i = 0; i < 1'000; ++i) rows += kRow;
            rows += "1772366400,138";  // the writer stops inside a row
            ASSERT_EQ(write(ends[1], rows.data(), rows.size()), static_cast<ssize_t>(rows.size()));
            const auto waits = [&] {
                int left = -1;
                return ioctl(ends[0], FIONREAD, &left) == 0 && left == 0 && program.sleeps();
            };
            ASSERT_TRUE(comes_true(waits));
            std::this_thread::sleep_for(200ms);
            ASSERT_TRUE(comes_true(waits));
            program.signal(signal);
            // The writer is still there: nothing but the signal ends the run.
            EXPECT_EQ(program.wait_for(20s), 130) << read(at("said"));
            close(ends[0]);
            close(ends[1]);
            const std::string verdicts = read(at("out/calls.csv"));
            EXPECT_EQ(rows_of(verdicts), 1'001u) << threads << " threads";
            EXPECT_EQ(verdicts.back(), '\n');
            EXPECT_NE(read(at("out/summary.json")).find("\"interrupted\": true"),
                      std::string::npos);
        }
    }
}

TEST_F(RunFilesTest, ends_when_interrupted_before_a_fifo_has_a_writer) {
    ASSERT_EQ(mkfifo(at("fifo").c_str(), 0666), 0);
    Running program(arguments(at("fifo")), at("said"));
    ASSERT_TRUE(comes_true([&] { return program.holds(at("fifo")) && program.sleeps(); }));
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait_for(20s), 130) << read(at("said"));
    EXPECT_FALSE(fs::exists(at("out")));
}

TEST_F(RunFilesTest, reads_a_fifo_to_its_end) {
    ASSERT_EQ(mkfifo(at("fifo").c_str(), 0666), 0);
    Running program(arguments(at("fifo")), at("said"));
    ASSERT_TRUE(comes_true([&] { return program.holds(at("fifo")) && program.sleeps(); }));
    std::ofstream(at("fifo")) << kCalls;
    EXPECT_EQ(program.wait_for(20s), 0) << read(at("said"));
    EXPECT_EQ(rows_of(read(at("out/calls.csv"))), 3u);
}

TEST_F(RunFilesTest, dies_of_the_second_signal) {
    // A FIFO nobody reads keeps the program in opening its output, whatever it was told.
    fs::create_directories(at("out"));
    ASSERT_EQ(mkfifo(at("out/calls.csv").c_str(), 0666), 0);
    Running program(arguments(at("day/calls.csv")), at("said"));
    ASSERT_TRUE(comes_true([&] { return program.holds(at("day/calls.csv")) && program.sleeps(); }));
    program.signal(SIGINT);
    ASSERT_EQ(program.wait_for(300ms), -1) << read(at("said"));
    program.signal(SIGINT);
    EXPECT_EQ(program.wait_for(20s), 128 + SIGINT) << read(at("said"));
}

}  // namespace
}  // namespace ringfence
