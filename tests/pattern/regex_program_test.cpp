// Where the program that compiles regular expressions is looked for, and where it is not.
#include "src/pattern/regex_program.hpp"

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "ringfence/pattern/regex_limits.hpp"

namespace ringfence::pattern {
namespace {

namespace fs = std::filesystem;

class RegexProgramTest : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::canonical(fs::temp_directory_path()) /
                  ("ringfence-program-" + std::to_string(getpid()));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    std::string put(const std::string& place) const {
        fs::create_directories(folder_ / place);
        const std::string program = path(place + "/ringfence-regex-compiler");
        std::ofstream(program) << "#!/bin/sh\n";
        return program;
    }

    fs::path folder_;
};

TEST_F(RegexProgramTest, lies_in_libexec_or_beside_and_nowhere_else) {
    const auto beside = [&](const char* file, const char* libexec = "../libexec/ringfence") {
        return regex_program_beside(path(file), libexec);
    };
    put("libexec/ringfence");
    const std::string installed = put("usr/libexec/ringfence");
    EXPECT_EQ(beside("usr/bin/program"), installed);
    EXPECT_EQ(beside("usr/lib/libringfence.so.0.1"), installed);
    EXPECT_EQ(beside("usr/lib/multi/libringfence.so", "../../libexec/ringfence"), installed);
    EXPECT_EQ(beside("usr/lib/multi/libringfence.so"), "");
    EXPECT_EQ(beside("usr/local/bin/program"), "");
    const std::string built = put("build");
    EXPECT_EQ(beside("build/program"), built);
    EXPECT_EQ(beside("build/tests/program"), "");
    EXPECT_EQ(regex_program_beside("build/program", "../libexec/ringfence"), "");
    EXPECT_EQ(regex_program_beside("", "../libexec/ringfence"), "");
}

// Whoever starts it says why it cannot.
TEST_F(RegexProgramTest, is_found_where_it_may_not_be_run) {
    const std::string program = put("libexec/ringfence");
    fs::permissions(program, fs::perms::owner_read);
    EXPECT_EQ(regex_program_beside(path("bin/program"), "../libexec/ringfence"), program);
}

TEST_F(RegexProgramTest, is_that_of_this_program) {
    EXPECT_EQ(
        installed_regex_compiler(),
        regex_program_beside(fs::read_symlink("/proc/self/exe").string(), "../libexec/ringfence"));
}

TEST_F(RegexProgramTest, is_not_that_of_the_name_we_are_called_by) {
    put("libexec/ringfence");
    fs::permissions(path("libexec/ringfence/ringfence-regex-compiler"), fs::perms::owner_all);
    std::string name = path("bin/program");
    std::string filter = "--gtest_filter=RegexProgramTest.is_that_of_this_program";
    const std::array<char*, 3> arguments = {name.data(), filter.data(), nullptr};
    pid_t child = 0;
    ASSERT_EQ(::posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ),
              0);
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace ringfence::pattern
