// ringfence-regex-compiler: compiles regular expressions into Hyperscan's databases, for the library, within limits.
//
// It is no command for people: the library starts it with a request as standard input and a file for the answer as standard
// output (src/pattern/regex_frames.hpp). It takes its limits before it looks at an expression: processor time anew for each
// group, and memory, where no sanitizer needs more address space than any limit would leave.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <new>
#include <string>
#include <vector>

#include "src/base/sanitized.hpp"
#include "src/pattern/engine.hpp"
#include "src/pattern/regex_frames.hpp"

namespace ringfence::pattern {
namespace {

[[noreturn]] void no_memory() { _exit(kRegexNoMemory); }

std::string read_request() {
    std::string octets;
    char buffer[65'536];
    for (;;) {
        const ssize_t got = ::read(kRegexRequestFile, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return octets;
        octets.append(buffer, static_cast<std::size_t>(got));
    }
}

bool write_all(int file, std::string_view octets) {
    while (!octets.empty()) {
        const ssize_t written = ::write(file, octets.data(), octets.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        octets.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// So many megabytes besides what this program takes already.
void limit_memory(std::uint64_t megabytes) {
    if (kSanitized) return;
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const std::uint64_t octets =
        (megabytes << 20u) + pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const rlimit limit{octets, octets};
    ::setrlimit(RLIMIT_AS, &limit);
}

// So many seconds of processor time from now on, and up to one more: the kernel counts in whole ones.
void limit_time(std::uint64_t seconds) {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    const auto until = static_cast<rlim_t>(used.tv_sec) + 1 + seconds;
    const rlimit limit{until, RLIM_INFINITY};
    ::setrlimit(RLIMIT_CPU, &limit);
}

void begin(std::uint64_t group) {
    write_all(kRegexProgressFile, {reinterpret_cast<const char*>(&group), sizeof group});
}

// False when the answer cannot be written.
bool compile_group(const std::vector<std::string>& expressions) {
    std::size_t bad = 0;
    auto engine = Engine::compile(expressions, bad);
    auto octets = engine ? engine->serialize() : engine.error();
    if (!octets && octets.error().code == ErrorCode::kOutOfMemory) no_memory();
    FrameWriter answer;
    answer.number(static_cast<std::uint64_t>(octets ? RegexKind::kDatabase : RegexKind::kRefused));
    answer.number(bad);
    answer.text(octets ? *octets : octets.error().text);
    return write_all(kRegexAnswerFile, answer.octets());
}

int serve() {
    const std::string octets = read_request();
    FrameReader request(octets);
    if (request.number() != kRegexMagic) return kRegexBadRequest;
    const std::uint64_t megabytes = request.number();
    const std::uint64_t groups = request.number();
    limit_memory(megabytes);
    FrameWriter magic;
    magic.number(kRegexMagic);
    if (!write_all(kRegexAnswerFile, magic.octets())) return kRegexBadRequest;
    for (std::uint64_t i = 0; i < groups; ++i) {
        const std::uint64_t seconds = request.number();
        std::vector<std::string> expressions;
        for (std::uint64_t left = request.number(); left > 0 && request.good(); --left)
            expressions.emplace_back(request.text());
        if (!request.good() || expressions.empty()) return kRegexBadRequest;
        begin(i);
        limit_time(seconds);
        if (!compile_group(expressions)) return kRegexBadRequest;
    }
    return write_all(kRegexAnswerFile, magic.octets()) ? 0 : kRegexBadRequest;
}

}  // namespace
}  // namespace ringfence::pattern

int main() {
    using namespace ringfence::pattern;
    if (::fcntl(kRegexProgressFile, F_GETFD) < 0) {
        std::fputs("ringfence-regex-compiler is run by the library, and by nobody else\n", stderr);
        return kRegexBadRequest;
    }
    ::close_range(kRegexProgressFile + 1, ~0u, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    std::set_new_handler(no_memory);
    return serve();
}
