// What a load passed over or doubted, told by line.
#include <gtest/gtest.h>

#include <string>

#include "ringfence/screen/screen.hpp"
#include "screen/fixture.hpp"

namespace ringfence {
namespace {

constexpr const char* kFrench = R"(
[screen]
country = "FR"

[[list]]
id = "reports"
file = "reports.csv"
action = "reject"
)";

TEST(ListWarnings, name_the_lines_of_bad_rows_and_of_unknown_ranges) {
    const test::PolicyFolder folder;
    folder.write("policy.toml", kFrench);
    // 06 39 98 is kept for fiction: no plan issues it.
    folder.write("reports.csv", "number\n0142685300\nnobody\n0639980012\n");
    Screen screen = test::open_screen(folder);
    std::string warnings;
    for (const std::string& warning : screen.warnings()) warnings += warning + "\n";
    EXPECT_NE(warnings.find("reports.csv:3: "), std::string::npos) << warnings;
    EXPECT_NE(warnings.find("reports.csv:4: '0639980012' is in no range"), std::string::npos)
        << warnings;
    EXPECT_EQ(warnings.find("reports.csv:2: "), std::string::npos) << warnings;
    Session session = screen.session();
    EXPECT_EQ(session.screen(test::call("0639980012", "0142685300")).action, Action::kReject);
}

TEST(ListWarnings, name_the_lines_of_prefixes_and_hosts_that_can_meet_nothing) {
    const test::PolicyFolder folder;
    folder.write("policy.toml", std::string(kFrench) + "party = [\"calling\", \"text\"]\n");
    folder.write("reports.csv",
                 "number,kind\n33162,prefix\n01620000001,prefix\n"
                 "*.evil.example,domain\nexample,domain\n");
    Screen screen = test::open_screen(folder);
    std::string warnings;
    for (const std::string& warning : screen.warnings()) warnings += warning + "\n";
    for (const char* line : {"reports.csv:3: ", "reports.csv:5: "})
        EXPECT_NE(warnings.find(line), std::string::npos) << line << warnings;
    for (const char* line : {"reports.csv:2: ", "reports.csv:4: "})
        EXPECT_EQ(warnings.find(line), std::string::npos) << line << warnings;
    Session session = screen.session();
    EXPECT_EQ(session.screen(test::call("0162000012", "0142685300")).action, Action::kReject);
    for (const char* link : {"http://evil.example", "http://www.evil.example/x"})
        EXPECT_NE(session.screen(test::sms("+33639980001", "+33142685300", link)).action,
                  Action::kAllow)
            << link;
    EXPECT_TRUE(screen.add({.list = "reports", .entry = "33163*"}));
    EXPECT_EQ(session.screen(test::call("0163000012", "0142685300")).action, Action::kReject);
}

TEST(ListWarnings, name_the_policy_that_names_a_file_that_is_not_there) {
    const test::PolicyFolder folder;
    folder.write("policy.toml", kFrench);
    Screen screen = test::open_screen(folder);
    ASSERT_EQ(screen.warnings().size(), 1u);
    EXPECT_EQ(screen.warnings()[0],
              folder.path("policy.toml") + ":5: the file '" + folder.path("reports.csv") +
                  "' of list 'reports' is not there; screening goes on without it");
}

TEST(ListWarnings, say_who_names_a_file_that_cannot_be_read) {
    const test::PolicyFolder folder;
    folder.write("policy.toml", kFrench);
    folder.write("reports.csv", "number\n0142685300\n");
    Screen screen = test::open_screen(folder);
    folder.remove("reports.csv");
    const std::string here =
        folder.path("policy.toml") + ":5: '" + folder.path("reports.csv") + "' ";
    const auto gone = screen.reload();
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().text, here + "does not exist; check the path");
    std::filesystem::create_directory(folder.path("reports.csv"));
    const auto directory = Screen::open(folder.path("policy.toml"), {});
    ASSERT_FALSE(directory);
    EXPECT_EQ(directory.error().text, here + "is a directory; name a file");
}

TEST(ListWarnings, keep_a_hundred_and_count_the_rest) {
    const test::PolicyFolder folder;
    folder.write("policy.toml", kFrench);
    std::string rows = "number\n";
    for (int i = 0; i < 150; ++i) rows += "0639980" + std::to_string(100 + i) + "\n";
    folder.write("reports.csv", rows);
    const Screen screen = test::open_screen(folder);
    const auto warnings = screen.warnings();
    ASSERT_EQ(warnings.size(), 101u) << (warnings.empty() ? "" : warnings.front());
    EXPECT_NE(warnings.back().find("50 more"), std::string::npos) << warnings.back();
}

}  // namespace
}  // namespace ringfence
