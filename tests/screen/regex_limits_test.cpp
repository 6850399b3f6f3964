// The limits that a policy sets on compiling regular expressions.
#include <gtest/gtest.h>

#include <algorithm>

#include "ringfence/policy/lint.hpp"
#include "tests/screen/fixture.hpp"

#ifndef RINGFENCE_REGEX_COMPILER
#define RINGFENCE_REGEX_COMPILER ""
#endif

namespace ringfence {
namespace {

using test::open_screen;
using test::sms;

class ScreenRegexTest : public testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(RINGFENCE_REGEX_COMPILER))
            GTEST_SKIP() << "ringfence-regex-compiler is not built here";
        folder_.write("rules.toml",
                      "[pack]\nid = \"test\"\n[[rule]]\nid = \"r\"\ncategory = \"c\"\n"
                      "action = \"reject\"\nregex = '加.+信$'\nmust_match = [\"加我微信\"]\n");
        write_policy(RINGFENCE_REGEX_COMPILER);
    }
    void write_policy(const std::string& program) const {
        folder_.write("policy.toml",
                      "[screen]\ncountry = \"CN\"\n[[patterns]]\nfile = \"rules.toml\"\n[regex]\n"
                      "compile_seconds = 20\ncompile_mb = 512\nprogram = \"" +
                          program + "\"\n");
    }
    static Action judged(Session& session) {
        return session.screen(sms("13800001234", "13800002222", "加我微信")).action;
    }
    test::PolicyFolder folder_;
};

TEST_F(ScreenRegexTest, keeps_the_last_good_rules_when_they_cannot_be_compiled) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    EXPECT_EQ(judged(session), Action::kReject);
    folder_.write("ends.sh", "#!/bin/sh\nkill -KILL $$\n");
    std::filesystem::permissions(folder_.path("ends.sh"), std::filesystem::perms::owner_all);
    write_policy("ends.sh");
    const auto killed = screen.reload();
    ASSERT_FALSE(killed);
    EXPECT_NE(killed.error().text.find("rules.toml:4: rule 'r'"), std::string::npos)
        << killed.error().text;
    write_policy("nowhere");
    const auto missing = screen.reload();
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::kMissing);
    EXPECT_EQ(judged(session), Action::kReject);
    EXPECT_EQ(screen.generation(), 1u);
    write_policy(RINGFENCE_REGEX_COMPILER);
    ASSERT_TRUE(screen.reload());
    EXPECT_EQ(judged(session), Action::kReject);
}

TEST(ScreenRegex, warns_of_limits_that_no_program_keeps) {
    const test::PolicyFolder folder;
    const auto warnings_of = [&](const std::string& regex) {
        folder.write("policy.toml", "[screen]\ncountry = \"CN\"\n[regex]\n" + regex);
        return open_screen(folder).warnings();
    };
    EXPECT_TRUE(warnings_of("program = \"\"\n").empty());
    EXPECT_TRUE(warnings_of("program = \"\"\ncompile_states = 100\n").empty());
    for (const char* limit : {"compile_seconds = 3\n", "compile_mb = 300\n"}) {
        const auto warnings = warnings_of(std::string("program = \"\"\n") + limit);
        ASSERT_EQ(warnings.size(), 1u) << limit;
        EXPECT_NE(warnings[0].find("policy.toml:5: [regex] sets limits"), std::string::npos)
            << warnings[0];
        const auto findings = lint(folder.path("policy.toml"));
        EXPECT_TRUE(std::ranges::any_of(findings, [&](const LintFinding& finding) {
            return finding.kind == LintKind::kNoEffect && finding.text == warnings[0];
        })) << limit;
    }
    // Beside the programs of tests there is none.
    if (!installed_regex_compiler().empty()) return;
    EXPECT_EQ(warnings_of("compile_mb = 300\n").size(), 1u);
}

}  // namespace
}  // namespace ringfence
