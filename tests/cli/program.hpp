// program.hpp - runs the built program, for the tests of the command line.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/screen/fixture.hpp"

namespace ringfence::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// The program lies beside the folder of the tests.
inline fs::path program() {
    return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "ringfence";
}

struct Ran {
    int status = -1;
    std::string out;  // both streams
};

inline Ran run(const std::string& arguments) {
    Ran ran;
    const std::string command = program().string() + " " + arguments + " 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return ran;
    std::array<char, 4096> buffer;
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        ran.out.append(buffer.data(), got);
    }
    const int status = pclose(pipe);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ran;
}

inline std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

inline std::size_t rows_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

inline std::size_t count_of(const std::string& text, std::string_view wanted) {
    std::size_t count = 0;
    for (auto at = text.find(wanted); at != text.npos; at = text.find(wanted, at + 1)) ++count;
    return count;
}

// The program while it runs, with both its streams in a file.
class Running {
public:
    // `input` becomes its standard input, -1 for /dev/null.
    Running(const std::vector<std::string>& arguments, const std::string& output, int input = -1) {
        pid_ = fork();
        if (pid_ != 0) return;
        const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
        const int in = input >= 0 ? input : open("/dev/null", O_RDONLY);
        if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) _exit(127);
        const std::string path = program();
        std::vector<char*> argv{const_cast<char*>(path.c_str())};
        for (const std::string& one : arguments) argv.push_back(const_cast<char*>(one.c_str()));
        argv.push_back(nullptr);
        execv(path.c_str(), argv.data());
        _exit(127);
    }
    ~Running() {
        if (pid_ <= 0) return;
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    void signal(int number) const { kill(pid_, number); }

    // Whether it has the file open.
    bool holds(const std::string& path) const {
        std::error_code code;
        for (const auto& fd : fs::directory_iterator(proc("fd"), code))
            if (fs::read_symlink(fd.path(), code) == fs::path(path)) return true;
        return false;
    }
    bool sleeps() const {
        const std::string about = read(proc("stat"));
        const auto at = about.rfind(')');
        return at != about.npos && about.substr(at, 3) == ") S";
    }

    // The exit status, 128 + the signal that ended it, or -1 when it still runs after so long.
    int wait_for(std::chrono::milliseconds most) {
        int status = 0;
        for (auto waited = 0ms; waitpid(pid_, &status, WNOHANG) == 0; waited += 10ms) {
            if (waited >= most) return -1;
            std::this_thread::sleep_for(10ms);
        }
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

private:
    std::string proc(const char* what) const {
        return "/proc/" + std::to_string(pid_) + "/" + what;
    }

    pid_t pid_ = 0;
};

// False when it has not come to be within 20 s.
template <class Condition>
bool comes_true(Condition condition) {
    for (auto waited = 0ms; waited < 20s; waited += 10ms) {
        if (condition()) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

class CliTest : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(program())) GTEST_SKIP() << program() << " is not built here";
        folder_.write_usual();
    }
    std::string at(const std::string& name) const { return folder_.path(name); }
    Ran screen(const std::string& more) const {
        return run("screen --policy " + at("policy.toml") + " --out " + at("out") + " " + more);
    }
    PolicyFolder folder_;
};

}  // namespace ringfence::test
