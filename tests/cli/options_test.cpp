// What the command line refuses, and how it says so; what it writes where a person or a terminal reads it.
#include <chrono>

#include "base/deep.hpp"
#include "ringfence/study/generate.hpp"
#include "tests/cli/program.hpp"

namespace ringfence {
namespace {

using namespace test;

class OptionsTest : public CliTest {
protected:
    void expect(int status, const std::string& arguments, const std::string& said) const {
        const Ran ran = run(arguments);
        EXPECT_EQ(ran.status, status) << arguments << "\n" << ran.out;
        EXPECT_NE(ran.out.find(said), std::string::npos) << arguments << "\n" << ran.out;
        if (status == 2) {
            EXPECT_EQ(ran.out.rfind("ringfence: error: ", 0), 0u) << ran.out;
        }
    }
};

TEST_F(OptionsTest, names_the_command_that_there_is_not_and_those_that_there_are) {
    expect(2, "bogus", "there is no command 'bogus'; give one of screen explain number");
    expect(2, "scren --calls x", "there is no command 'scren'; did you mean 'screen'?");
    expect(2, "", "no command is given; give one of screen");
    expect(2, "--bogus", "there is no option '--bogus'");
    expect(2, "lists bogus", "lists: there is no command 'bogus'; give one of load");
    expect(2, "screen --calls x", "screen: --policy is required; see ringfence screen --help");
    expect(2, "screen --policy x --out y --calls z --bogus", "--bogus");
    expect(2, "screen --policy x --out y --calls z --threads many", "--threads");
    expect(2, "explain nonsense --policy x", "nonsense");
    expect(0, "--version", "ringfence ");
    expect(0, "--help", "Exit codes: 0 done");
    expect(0, "screen --help", "docs/traffic.md");
}

TEST_F(OptionsTest, refuses_options_that_would_do_nothing) {
    const std::string call = "explain call --policy " + at("policy.toml");
    const std::string parties = " --calling 13800001111 --called 13800002222";
    for (const char* option :
         {"--text hello", "--pdu 00", "--short-message 00", "--bind x", "--udhi", "--coding 8"}) {
        const std::string name = std::string(option).substr(0, std::string(option).find(' '));
        expect(2, call + parties + " " + option,
               "explain call: " + name + " belongs to explain sms");
    }
    expect(2, call, "explain call: give --calling and --called");
    expect(2, call + " --called 110", "give --calling and --called");
    expect(2, call + parties + " --trunk national --trunk-id igw-1", "only one of --trunk");
    expect(0, call + parties + " --roaming no --redirecting 13800003333 --emergency", "allow");
    expect(0, call + " --calling '' --called 13800002222 --trunk-id igw-1", "cli_missing");

    const std::string sms = "explain sms --policy " + at("policy.toml");
    const std::string both = " --sender 13800001111 --recipient 13800002222";
    for (const char* option : {"--emergency", "--roaming yes", "--redirecting 13800003333"}) {
        const std::string name = std::string(option).substr(0, std::string(option).find(' '));
        expect(2, sms + both + " --text hello " + option,
               "explain sms: " + name + " belongs to explain call");
    }
    expect(2, sms + both, "give one of --text, --pdu and --short-message");
    expect(2, sms + both + " --text hello --pdu 00", "give one of --text");
    expect(2, sms + both + " --pdu 00 --short-message 00", "give one of --text");
    expect(2, sms + both + " --text hello --coding 8", "give --pdu or --short-message");
    expect(2, sms + both + " --text hello --udhi", "give --pdu or --short-message");
    expect(2, sms + " --text hello", "give --sender and --recipient");
    expect(0, sms + both + " --pdu E8329BFD06 --coding 0", "hello");
}

TEST_F(OptionsTest, explains_what_the_other_columns_of_a_call_change) {
    const std::string call = "explain call --policy " + at("policy.toml");
    const std::string parties = call + " --calling 13800003333 --called 13800002222";
    expect(0, parties, "nothing was found");
    expect(0, parties + " --verstat failed", "cli_verstat_failed -> tag");
    expect(0, parties + " --verstat TN-Validation-Failed", "cli_verstat_failed -> tag");
    expect(0, parties + " --verstat passed", "nothing was found");
    const std::string abroad = call + " --calling Bank --called 13800002222 --trunk-id igw-1";
    expect(0, abroad + " --presentation allowed", "cli_missing -> tag");
    expect(0, abroad + " --presentation restricted", "cli_malformed -> tag");
    const std::string bare = call + " --calling 14155550111 --called 13800002222";
    expect(0, bare, "'14155550111': +8614155550111");
    expect(0, bare + " --calling-ton international", "'14155550111': +14155550111");
    expect(0, bare + " --calling-ton 1", "'14155550111': +14155550111");
    const std::string called = call + " --calling 13800003333 --called 14155550111";
    expect(0, called + " --called-ton international", "'14155550111': +14155550111");
    const std::string roamer = call + " --calling +8613800003333 --called 999";
    expect(0, roamer, "nothing was found");
    expect(0, roamer + " --serving-country GB", "emergency_called");
    for (const char* option : {"--verstat", "--presentation", "--calling-ton", "--called-ton"})
        expect(2, parties + " " + option + " bogus", "explain: " + std::string(option) + ": bogus");
    for (const char* country : {"''", "G", "GBR", "7x"})
        expect(2, parties + " --serving-country " + country, "explain: --serving-country: ");

    const std::string sms = "explain sms --policy " + at("policy.toml") +
                            " --sender 14155550111 --recipient 13800002222 --text hello";
    expect(0, sms, "'14155550111': +8614155550111");
    expect(0, sms + " --sender-ton international", "'14155550111': +14155550111");
    for (const char* option : {"--verstat failed", "--presentation restricted", "--called-ton 1",
                               "--serving-country GB"}) {
        const std::string name = std::string(option).substr(0, std::string(option).find(' '));
        expect(2, sms + " " + option, "explain sms: " + name + " belongs to explain call");
    }
}

TEST_F(OptionsTest, explains_an_emergency_whatever_else_cannot_be_read) {
    const std::string call =
        "explain call --policy " + at("policy.toml") + " --calling 13800001111";
    for (const char* slip : {"--subscriber bogus", "--subscriber 1380000999", "--trunk-id bogus"}) {
        const std::string option(slip);
        const std::string word = option.substr(option.find(' ') + 1);
        expect(2, call + " --called 13800002222 " + option, "'" + word + "'");
        expect(0, call + " --called 110 " + option, "emergency_called");
        expect(0, call + " --called 110 " + option,
               "warning: " + option.substr(0, option.find(' ')));
        expect(0, call + " --called 13800002222 --emergency " + option, "emergency");
    }
    const std::string sms = "explain sms --policy " + at("policy.toml") + " --sender 13800001111";
    for (const char* slip : {" --text help --bind bogus", " --text help --subscriber bogus",
                             " --pdu 0g", " --short-message zz"}) {
        expect(2, sms + " --recipient 13800002222" + slip, "");
        expect(0, sms + " --recipient 12110" + slip, "emergency_called");
    }
}

TEST_F(OptionsTest, names_option_and_range_of_a_number_that_is_none) {
    const std::string screen = "screen --policy x --out y --calls z --threads ";
    for (const char* threads : {"0", "-1", "129", "1000000000000000000000000000000", "2x", "''"})
        expect(2, screen + threads, " is no whole number from 1 to 128; see ringfence screen");
    expect(2, screen + "-1", "screen: --threads: '-1' is no whole number");
    expect(2, "generate --out x --seed -1",
           "generate: --seed: '-1' is no whole number from 0 to 18446744073709551615");
    expect(2, "generate --out x --calls 1e9x",
           "generate: --calls: '1e9x' is no whole number from 0 to 20000000");
    expect(2, "generate --out x --sms 20000001", "--sms: '20000001' is no whole number from 0 to");
    expect(2, "explain sms --policy x --coding 256", "--coding: '256' is no whole number from 0");
    expect(2, "explain call --policy x --tenant -7", "--tenant: '-7' is no whole number from 0");
    expect(2, "lists add --policy x fraud 1 --confidence 101", "--confidence: '101' is no whole");
    expect(0,
           "explain sms --policy " + at("policy.toml") +
               " --sender 13800001111 --recipient 13800002222 --pdu E8329BFD06 --coding 0x00",
           "hello");
}

TEST_F(OptionsTest, names_what_is_empty) {
    const std::string policy = " --policy " + at("policy.toml");
    expect(2, "screen --policy '' --calls z --out y", "screen: --policy: is empty");
    expect(2, "screen --calls z --out ''" + policy, "screen: --out: is empty");
    expect(2, "screen --calls '' --out y" + policy, "screen: --calls: is empty");
    expect(2, "generate --out ''", "generate: --out: is empty");
    expect(2, "explain call --policy ''", "explain: --policy: is empty");
    for (const char* option : {"--subscriber", "--trunk-id", "--bind", "--time"})
        expect(2, "explain call --calling 1 --called 2 " + std::string(option) + " ''" + policy,
               "explain: " + std::string(option) + ": is empty");
    expect(2, "compile ''", "compile: policy: is empty");
    expect(2, "compile --out '' " + at("policy.toml"), "compile: --out: is empty");
    expect(2, "lint ''", "lint: policy: is empty");
    expect(2, "lists stats --policy ''", "lists stats: --policy: is empty");
    expect(2, "lists stats --now ''" + policy, "lists stats: --now: is empty");
    for (const char* option : {"--expires", "--since", "--source"})
        expect(2, "lists add fraud 1 " + std::string(option) + " ''" + policy,
               "lists add: " + std::string(option) + ": is empty");
    expect(2, "lists export '' " + policy, "lists export: list: is empty");
    expect(2, "lists export fraud --out ''" + policy, "lists export: --out: is empty");
}

TEST_F(OptionsTest, takes_a_row_with_two_contents_for_a_bad_one) {
    folder_.write("sms.csv",
                  "time,sender,recipient,text,pdu,short_message\n"
                  "1772366400,13800003333,13800002222,hello,,\n"
                  "1772366400,13800003333,13800002222,hello,E8329BFD06,\n"
                  "1772366400,13800003333,13800002222,hello,,68656C6C6F\n"
                  "1772366400,13800003333,13800002222,,E8329BFD06,68656C6C6F\n");
    const Ran ran = screen("--sms " + at("sms.csv"));
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_EQ(count_of(ran.out, "fill only one of text, pdu and short_message"), 3u) << ran.out;
    EXPECT_EQ(count_of(read(at("out/sms.csv")), ",bad_row,"), 3u);
}

TEST_F(OptionsTest, lets_no_message_end_a_row_or_move_the_terminal) {
    const std::string text = "one\ntwo\tthree\x1b[2J\r\x7f\xc2\x9b end";
    const std::string shown = "one\\x0atwo\\x09three\\x1b[2J\\x0d\\x7f\\xc2\\x9b end";
    folder_.write("sms.csv", "time,sender,recipient,text\n0,13800003333,13800002222,\"" + text +
                                 "\"\n0,13800003333,13800002222,hello\n");
    const Ran decoded = run("decode " + at("sms.csv"));
    EXPECT_EQ(decoded.status, 0);
    EXPECT_EQ(rows_of(decoded.out), 2u) << decoded.out;
    EXPECT_NE(decoded.out.find("0\tok\t" + shown), std::string::npos) << decoded.out;

    const Ran explained =
        run("explain sms --policy " + at("policy.toml") +
            " --sender \"evil\x1b[2J\nname\" --recipient 13800002222 --text \"" + text + "\"");
    EXPECT_EQ(explained.status, 0) << explained.out;
    EXPECT_NE(explained.out.find(shown), std::string::npos) << explained.out;
    EXPECT_EQ(explained.out.find('\x1b'), std::string::npos) << explained.out;

    folder_.write("numbers.txt", "138\x1b[2J\t0000 1111\n");
    const Ran number = run("number --country CN " + at("numbers.txt"));
    EXPECT_EQ(number.status, 0);
    EXPECT_EQ(number.out.rfind("138\\x1b[2J\\x090000 1111\t", 0), 0u) << number.out;
    EXPECT_EQ(number.out.find('\x1b'), std::string::npos);
}

TEST_F(OptionsTest, tells_a_mistyped_policy_from_a_faulty_one) {
    expect(2, "lint " + at("absent.toml"), "absent.toml: does not exist");
    expect(2, "lint --json " + at("absent.toml"), "absent.toml: does not exist");
    folder_.write("faulty.toml", "[screen]\ncountry = 1\n");
    expect(1, "lint " + at("faulty.toml"), "error: ");
    folder_.remove("fraud.csv");
    expect(1, "lint " + at("policy.toml"), "fraud.csv");
}

// Exit code 3 of every command that writes to a pipe, and 1 and 130 elsewhere here and in run_files_test.
TEST_F(OptionsTest, reports_a_closed_pipe_whoever_writes_to_it) {
    folder_.write("calls.csv", "time,calling,called\n1772366400,13800001111,13800002222\n");
    folder_.write("sms.csv", "time,sender,recipient,text\n0,13800003333,13800002222,hello\n");
    folder_.write("numbers.txt", "13800001111\n");
    const std::string policy = " --policy " + at("policy.toml");
    for (const std::string& arguments :
         {"screen" + policy + " --calls " + at("calls.csv") + " --out " + at("out"),
          "screen --json" + policy + " --calls " + at("calls.csv") + " --out " + at("out"),
          "explain call --calling 1 --called 2" + policy,
          "number --country CN " + at("numbers.txt"), "decode " + at("sms.csv"),
          "lint " + at("policy.toml"), "generate --calls 10 --sms 0 --out " + at("day")}) {
        // The reader is gone before the program begins.
        const std::string command = "bash -c '(sleep 0.2; exec " + program().string() + " " +
                                    arguments + " 2>/dev/null) | true; exit ${PIPESTATUS[0]}'";
        const int status = std::system(command.c_str());
        EXPECT_EQ(WEXITSTATUS(status), 3) << arguments;
    }
}

TEST_F(OptionsTest, prints_the_summary_as_json) {
    folder_.write("calls.csv",
                  "time,calling,called\n1772366400,13800001111,13800002222\nsoon,1,2\n");
    const Ran ran = run("screen --json --policy " + at("policy.toml") + " --calls " +
                        at("calls.csv") + " --out " + at("out"));
    EXPECT_EQ(ran.status, 0);
    const std::string json = read(at("out/summary.json"));
    ASSERT_GT(ran.out.size(), json.size());
    EXPECT_EQ(ran.out.substr(ran.out.size() - json.size()), json) << "the warning came first";
    for (const char* wanted : {"\"rows\": 2", "\"bad_rows\": 1", "\"reject\": 1", "\"bad_row\": 1",
                               "\"interrupted\": false", "\"decided\": 1"})
        EXPECT_NE(ran.out.find(wanted), std::string::npos) << wanted << ran.out;
}

TEST_F(OptionsTest, names_a_list_that_may_not_be_read) {
    folder_.write("calls.csv", "time,calling,called\n1772366400,13800001111,13800002222\n");
    fs::permissions(at("fraud.csv"), fs::perms::none);
    if (access(at("fraud.csv").c_str(), R_OK) == 0) {
        // To root everything is readable: a folder in the file's place is not.
        fs::remove(at("fraud.csv"));
        fs::create_directories(at("fraud.csv"));
    }
    expect(2,
           "screen --policy " + at("policy.toml") + " --calls " + at("calls.csv") + " --out " +
               at("out"),
           "fraud.csv");
    EXPECT_FALSE(fs::exists(at("out")));
}

// Runs the program with a terminal on its standard error: what the terminal got.
class TerminalTest : public CliTest {
protected:
    void SetUp() override {
        CliTest::SetUp();
        if (std::system("script --version >/dev/null 2>&1") != 0)
            GTEST_SKIP() << "there is no script program of util-linux to give a terminal";
    }
    std::string on_terminal(const std::string& arguments,
                            const std::string& environment = "") const {
        return said_by(program().string() + " " + arguments, environment);
    }
    // The same of a script of the folder.
    std::string script_on_terminal(const std::string& script) const {
        return said_by("sh " + at(script), "");
    }

private:
    static std::string said_by(const std::string& what, const std::string& environment) {
        const std::string command = "env -u NO_COLOR " + environment + " script -qec '" + what +
                                    "' /dev/null </dev/null 2>&1";
        FILE* pipe = popen(command.c_str(), "r");
        std::string out;
        std::array<char, 4096> buffer;
        while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
            out.append(buffer.data(), got);
        pclose(pipe);
        return out;
    }
};

TEST_F(TerminalTest, colours_errors_on_a_terminal_alone_and_as_NO_COLOR_says) {
    const std::string absent = "lint " + at("absent.toml");
    EXPECT_NE(on_terminal(absent).find("ringfence: \x1b[31merror: \x1b[0m"), std::string::npos);
    EXPECT_NE(on_terminal(absent, "NO_COLOR=").find('\x1b'), std::string::npos);
    EXPECT_EQ(on_terminal(absent, "NO_COLOR=1").find('\x1b'), std::string::npos);
    EXPECT_NE(on_terminal(absent, "NO_COLOR=1").find("error: "), std::string::npos);
    EXPECT_EQ(run(absent).out.find('\x1b'), std::string::npos);
}

TEST_F(TerminalTest, shows_progress_on_a_terminal_alone) {
    // A second and a half of a pipe, so that there is progress to show; a chunk of rows at a time.
    folder_.write("slow.sh",
                  "echo time,calling,called; for i in 1 2 3 4 5; do for j in $(seq 600); do echo "
                  "1772366400,13800003333,13800002222; done; sleep 0.3; done\n");
    const std::string arguments =
        "screen --policy " + at("policy.toml") + " --calls - --out " + at("out");
    folder_.write("run.sh",
                  "sh " + at("slow.sh") + " | " + program().string() + " " + arguments + "\n");
    const std::string out = script_on_terminal("run.sh");
    EXPECT_NE(out.find("screened: "), std::string::npos) << out;
    const std::string piped = "sh " + at("run.sh") + " > " + at("said") + " 2>&1";
    ASSERT_EQ(std::system(piped.c_str()), 0);
    EXPECT_EQ(read(at("said")).find("screened: "), std::string::npos);
    EXPECT_NE(read(at("said")).find("3000 rows"), std::string::npos) << read(at("said"));
}

TEST_F(TerminalTest, shows_the_seconds_of_what_it_cannot_count) {
    if (rerun()) GTEST_SKIP() << "millions of rows, of which a sanitizer learns nothing";
    std::string rows = "number,kind\n";
    for (std::uint64_t i = 0; i < 1'500'000; ++i)
        rows += std::to_string(13'800'000'000 + i) + ",\n";
    folder_.write("fraud.csv", rows);
    const std::string slow = "lint " + at("policy.toml");
    const auto begun = std::chrono::steady_clock::now();
    const std::string out = on_terminal(slow);
    if (std::chrono::steady_clock::now() - begun < std::chrono::milliseconds(1'500))
        GTEST_SKIP() << "a machine so quick has nothing to show";
    EXPECT_NE(out.find("checking ("), std::string::npos) << out;
    EXPECT_EQ(run(slow).out.find("checking ("), std::string::npos);
}

TEST_F(TerminalTest, shows_progress_of_rows_that_go_elsewhere) {
    folder_.write("slow.sh",
                  "for i in 1 2 3 4 5; do seq 13800000000 13800000999; sleep 0.3; done\n");
    const std::string numbers =
        "sh " + at("slow.sh") + " | " + program().string() + " number --country CN -";
    folder_.write("elsewhere.sh", numbers + " > " + at("numbers") + "\n");
    folder_.write("here.sh", numbers + "\n");
    const std::string out = script_on_terminal("elsewhere.sh");
    EXPECT_NE(out.find("reading numbers: "), std::string::npos) << out;
    EXPECT_EQ(script_on_terminal("here.sh").find("reading numbers: "), std::string::npos);
}

}  // namespace
}  // namespace ringfence
