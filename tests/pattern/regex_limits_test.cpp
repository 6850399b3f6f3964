// Regular expressions compiled by another process: the same as here, within limits, and what is told of one that is beyond.
#include "ringfence/pattern/regex_limits.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/deep.hpp"
#include "src/base/sanitized.hpp"
#include "src/pattern/regex_compiler.hpp"
#include "src/pattern/regex_frames.hpp"
#include "src/pattern/regex_process.hpp"
#include "tests/pattern/fixtures.hpp"

#ifndef RINGFENCE_REGEX_COMPILER
#define RINGFENCE_REGEX_COMPILER ""
#endif

namespace ringfence {
namespace {

namespace fs = std::filesystem;

using End = pattern::RegexRun::End;
constexpr std::chrono::milliseconds kSoon(50), kLong(20'000);

class RegexLimitsTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(kProgram)) GTEST_SKIP() << "ringfence-regex-compiler is not built here";
        folder_ = fs::temp_directory_path() / ("ringfence-regex-" + std::to_string(getpid()));
        fs::create_directories(folder_);
    }
    void TearDown() override {
        if (!folder_.empty()) fs::remove_all(folder_);
    }

    // A program that does something else.
    std::string script(const std::string& text) const {
        const std::string path = (folder_ / "program").string();
        std::ofstream(path) << "#!/bin/sh\n" << text << "\n";
        fs::permissions(path, fs::perms::owner_all);
        return path;
    }

    // The error of compiling these rules, or "".
    static std::string refused(const std::vector<std::string>& rules, const RegexLimits& limits,
                               ErrorCode code) {
        auto set = testing::rule_set(rules);
        if (!set) return set.error().text;
        const auto compiled =
            PatternSet::compile(*std::move(set), {.check_samples = false, .limits = limits});
        if (compiled) return "";
        EXPECT_EQ(compiled.error().code, code) << compiled.error().text;
        return compiled.error().text;
    }

    const std::string kProgram = RINGFENCE_REGEX_COMPILER;
    fs::path folder_;
};

// Not linear, so that Hyperscan has to read them.
const std::vector<std::string> kRules = {"regex = '加.+信$'", "regex = '^[0-9]+元'",
                                         "regex = '\\bwin\\b'\nview = \"light\"",
                                         "regex = '(?:ab|c)+d'"};

void expect_parts(const std::string& text, const std::vector<std::string>& parts) {
    for (const std::string& part : parts)
        EXPECT_NE(text.find(part), std::string::npos) << "no '" << part << "' in: " << text;
}

TEST_F(RegexLimitsTest, finds_what_rules_compiled_here_find) {
    auto rules = testing::rule_set(kRules);
    ASSERT_TRUE(rules) << rules.error().text;
    const auto apart =
        PatternSet::compile(*rules, {.check_samples = false, .limits = {.program = kProgram}});
    ASSERT_TRUE(apart) << apart.error().text;
    const auto here = testing::compile(kRules);
    ASSERT_TRUE(here) << here.error().text;
    EXPECT_EQ(apart->bytes(), here->bytes());
    for (const char* text : {"加我的微信", "300元", "you win 5", "ababcd", "abc", "winner", ""})
        EXPECT_EQ(testing::found(*apart, text), testing::found(*here, text)) << text;
    EXPECT_EQ(testing::found(*apart, "加我的微信"), "0:0-5");
}

// Half a second each, and together more than the one or two that they have.
std::vector<std::string> slow_rules() {
    std::vector<std::string> rules;
    for (const char letter : std::string("klmn"))
        rules.push_back("regex = '....+.." + std::string(1, letter) + "..........+'");
    return rules;
}

TEST_F(RegexLimitsTest, refuse_those_that_take_too_long) {
    if (!test::deep()) GTEST_SKIP() << "takes seconds; RINGFENCE_DEEP runs it";
    const auto rules = slow_rules();
    EXPECT_EQ(refused({rules[0]}, {.seconds = 20, .program = kProgram}, ErrorCode::kInternal), "");
    // Of the processor or, on a machine that is busy, on the wall.
    const std::string error =
        refused(rules, {.seconds = 1, .program = kProgram}, ErrorCode::kTooLarge);
    expect_parts(error, {"test.toml:5: rule 'r0'", "compile_seconds"});
}

TEST_F(RegexLimitsTest, stop_a_program_beyond_its_processor_time) {
    const std::string error =
        refused({kRules[0], kRules[3]}, {.seconds = 7, .program = script("kill -XCPU $$")},
                ErrorCode::kTooLarge);
    expect_parts(error, {"test.toml:5: rule 'r0'", "more than 7 s", "compile_seconds"});
}

TEST_F(RegexLimitsTest, stop_a_program_that_does_not_end) {
    // Its own child holds its files open, and is none of ours.
    for (const char* text :
         {"exec sleep 60", "sleep 5 & exec sleep 60", "exec 3>&-; exec sleep 60"}) {
        const auto begun = std::chrono::steady_clock::now();
        const auto run =
            pattern::run_regex_program(script(text), "", {{kSoon}, std::chrono::minutes(1)});
        EXPECT_EQ(run.end, End::kWallTime) << text;
        EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4)) << text;
    }
}

TEST_F(RegexLimitsTest, stop_a_program_that_takes_too_long_in_all) {
    const std::string begins =
        "while :; do printf '\\0\\0\\0\\0\\0\\0\\0\\0' >&3; sleep 0.01; done";
    const auto begun = std::chrono::steady_clock::now();
    const auto run =
        pattern::run_regex_program(script(begins), "", {{std::chrono::minutes(1)}, kSoon});
    EXPECT_EQ(run.end, End::kWholeTime);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4));
}

TEST_F(RegexLimitsTest, refuse_one_that_takes_too_much_memory_and_name_it) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer takes more address space than a limit leaves";
    std::vector<std::string> rules = kRules;
    rules.push_back("regex = '....+..l........+'");
    rules.push_back("regex = 'ab+c'");
    const std::string error =
        refused(rules, {.memory_mb = 8, .program = kProgram}, ErrorCode::kTooLarge);
    expect_parts(error, {"test.toml:", "rule 'r4'", "more than 8 MB", "compile_mb"});
}

TEST_F(RegexLimitsTest, tell_of_a_program_that_is_killed) {
    const std::string error =
        refused({kRules[0]}, {.program = script("kill -KILL $$")}, ErrorCode::kRefused);
    expect_parts(error, {"test.toml:5: rule 'r0'", "signal 9", "Killed", "try again"});
}

TEST_F(RegexLimitsTest, tell_of_a_program_that_is_not_there) {
    const std::string error =
        refused({kRules[0]}, {.program = "/nowhere/compiler"}, ErrorCode::kMissing);
    expect_parts(error, {"/nowhere/compiler: cannot be run", "No such file", "[regex]"});
}

TEST_F(RegexLimitsTest, tell_of_a_program_that_may_not_be_run) {
    const std::string path = script("exit 0");
    fs::permissions(path, fs::perms::owner_read);
    expect_parts(refused({kRules[0]}, {.program = path}, ErrorCode::kUnreadable),
                 {"cannot be run", "ermission denied"});
}

TEST_F(RegexLimitsTest, tell_of_a_program_of_another_build) {
    for (const char* text : {"exit 0", "echo nonsense", "exit 4", "exit 77"}) {
        const std::string error =
            refused({kRules[0]}, {.program = script(text)}, ErrorCode::kUnsupported);
        expect_parts(error, {"program: ", "of this version"});
    }
}

TEST_F(RegexLimitsTest, take_no_answer_that_is_cut_off_or_damaged) {
    pattern::FrameWriter request;
    for (const std::uint64_t number : {pattern::kRegexMagic, std::uint64_t{256}, std::uint64_t{1},
                                       std::uint64_t{5}, std::uint64_t{1}})
        request.number(number);
    request.text("ab+c");
    const auto run = pattern::run_regex_program(kProgram, request.octets(), {{kLong}, kLong});
    ASSERT_EQ(run.end, End::kDone);
    const std::string path = (folder_ / "answer").string();
    const auto answer_with = [&](const std::string& answer) {
        std::ofstream(path, std::ios::binary) << answer;
        return refused({"regex = 'ab+c'"}, {.program = script("cat " + path)},
                       ErrorCode::kUnsupported);
    };
    EXPECT_EQ(answer_with(run.answer), "");
    for (std::size_t size = 0; size < run.answer.size(); size += 1 + size)
        expect_parts(answer_with(run.answer.substr(0, size)), {"of this version"});
    std::string damaged = run.answer;
    damaged[damaged.size() / 2] ^= 1;
    expect_parts(answer_with(damaged), {"cannot read"});
}

TEST_F(RegexLimitsTest, leave_what_the_engine_refuses_to_it) {
    const std::string rule = "regex = 'a.{50}b+c'";
    const std::string apart = refused({kRules[0], rule}, {.program = kProgram}, ErrorCode::kSyntax);
    const std::string here = refused({kRules[0], rule}, {}, ErrorCode::kSyntax);
    EXPECT_EQ(apart, here);
    expect_parts(apart, {"rule 'r1'"});
}

TEST_F(RegexLimitsTest, do_without_children_that_a_host_does_not_wait_for) {
    const auto before = std::signal(SIGCHLD, SIG_IGN);
    const std::string error = refused({kRules[0]}, {.program = kProgram}, ErrorCode::kInternal);
    std::signal(SIGCHLD, before);
    EXPECT_EQ(error, "");
}

// Its status is lost, and its word is not.
TEST_F(RegexLimitsTest, name_the_rule_where_a_host_does_not_wait_for_children) {
    const auto refused_unseen = [](const RegexLimits& limits, ErrorCode code) {
        const auto before = std::signal(SIGCHLD, SIG_IGN);
        const std::string error = refused({kRules[0], "regex = '....+..l........+'"}, limits, code);
        std::signal(SIGCHLD, before);
        return error;
    };
    const std::string begin = "printf '\\0\\0\\0\\0\\0\\0\\0\\0' >&3; ";
    expect_parts(refused_unseen({.program = script(begin + "kill -KILL $$")}, ErrorCode::kRefused),
                 {"test.toml:5: rule 'r0'", "SIGCHLD", "try again"});
    expect_parts(refused_unseen(
                     {.seconds = 7,
                      .program = script(begin + "printf '\\5\\0\\0\\0\\0\\0\\0\\200' >&3; exit 5")},
                     ErrorCode::kTooLarge),
                 {"test.toml:5: rule 'r0'", "more than 7 s", "compile_seconds"});
    expect_parts(refused_unseen({.program = script("exit 0")}, ErrorCode::kUnsupported),
                 {"program: ", "of this version"});
    if (kSanitized) return;
    expect_parts(refused_unseen({.memory_mb = 8, .program = kProgram}, ErrorCode::kTooLarge),
                 {"rule 'r1'", "more than 8 MB", "compile_mb"});
}

TEST_F(RegexLimitsTest, keep_the_smaller_memory_of_the_host) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer takes more address space than a limit leaves";
    const std::string limited = script("ulimit -v 24000; exec " + kProgram);
    EXPECT_EQ(refused({kRules[0]}, {.program = limited}, ErrorCode::kInternal), "");
    expect_parts(refused({kRules[0], "regex = '....+..l........+'"}, {.program = limited},
                         ErrorCode::kTooLarge),
                 {"rule 'r1'", "hard RLIMIT_AS"});
}

TEST_F(RegexLimitsTest, keep_the_smaller_time_of_the_host) {
    const std::string limited = script("ulimit -t 2; exec " + kProgram);
    EXPECT_EQ(refused({kRules[0]}, {.program = limited}, ErrorCode::kInternal), "");
    if (!test::deep()) GTEST_SKIP() << "takes seconds; RINGFENCE_DEEP runs it";
    expect_parts(refused(slow_rules(), {.seconds = 20, .program = limited}, ErrorCode::kTooLarge),
                 {"rule 'r", "hard RLIMIT_CPU"});
}

TEST_F(RegexLimitsTest, run_no_program_in_real_time) {
    const int before = ::sched_getscheduler(0);
    sched_param priority{};
    priority.sched_priority = 1;
    if (::sched_setscheduler(0, SCHED_FIFO, &priority) != 0)
        GTEST_SKIP() << "no real-time scheduling here";
    const auto run =
        pattern::run_regex_program(script("cut -d' ' -f41 /proc/self/stat"), "", {{kLong}, kLong});
    priority.sched_priority = 0;
    ASSERT_EQ(::sched_setscheduler(0, before, &priority), 0);
    EXPECT_EQ(run.answer, "0\n");
}

// Seen while it waits for its request.
TEST_F(RegexLimitsTest, give_way_to_others) {
    const std::string watched =
        script("sleep 5 | " + kProgram +
               " >/dev/null &\nfor i in $(seq 100); do\n"
               "nice=$(cut -d' ' -f19 /proc/$!/stat); [ \"$nice\" = 0 ] || break; sleep 0.02\n"
               "done; echo $nice; kill $!");
    const auto run = pattern::run_regex_program(watched, "", {{kLong}, kLong});
    EXPECT_EQ(run.answer, "5\n");
}

TEST_F(RegexLimitsTest, start_no_program_where_none_is_wanted) {
    EXPECT_EQ(
        refused({kRules[0]}, {.program = script("exit 4"), .here = true}, ErrorCode::kInternal),
        "");
}

TEST_F(RegexLimitsTest, start_beside_standard_files_that_are_closed) {
    const int kept = ::dup(STDIN_FILENO);
    ::close(STDIN_FILENO);
    const std::string error = refused({kRules[0]}, {.program = kProgram}, ErrorCode::kInternal);
    ::dup2(kept, STDIN_FILENO);
    ::close(kept);
    EXPECT_EQ(error, "");
}

}  // namespace
}  // namespace ringfence
