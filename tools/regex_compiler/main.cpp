// ringfence-regex-compiler: compiles regular expressions into Hyperscan's databases, for the library, within limits.
//
// It is no command for people: the library starts it with a request as standard input and a file for the answer as standard
// output (src/pattern/regex_frames.hpp). It takes its limits before it looks at an expression: processor time anew for each
// group, and memory, where no sanitizer needs more address space than any limit would leave. The hard limits that it was started
// with stay, and the smaller of both holds. It gives way to whoever wants the processor.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
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

// Which limits are the host's, and not those of the request.
bool hosts_memory = false;
volatile std::sig_atomic_t hosts_time = 0;

// Says on the pipe how it ends, and ends. Calls nothing that a handler of a signal may not.
[[noreturn]] void end(int how) {
    const std::uint64_t word = kRegexEnds | static_cast<std::uint64_t>(how);
    [[maybe_unused]] const ssize_t told = ::write(kRegexProgressFile, &word, sizeof word);
    _exit(how);
}

[[noreturn]] void no_memory() { end(hosts_memory ? kRegexHostMemory : kRegexNoMemory); }
void no_time(int) { end(hosts_time != 0 ? kRegexHostTime : kRegexNoTime); }

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

// Takes `wanted`, or the host's hard limit less `room` where that is smaller: then true. The hard limit stays. Ends with
// `refused` where the system does not let it.
bool limit(__rlimit_resource resource, rlim_t wanted, rlim_t room, int refused) {
    rlimit limits{};
    if (::getrlimit(resource, &limits) != 0) end(refused);
    const rlim_t most = limits.rlim_max == RLIM_INFINITY
                            ? RLIM_INFINITY
                            : limits.rlim_max - std::min(limits.rlim_max, room);
    limits.rlim_cur = std::min(wanted, most);
    if (::setrlimit(resource, &limits) != 0) end(refused);
    return most < wanted;
}

// So many megabytes besides what this program takes already.
void limit_memory(std::uint64_t megabytes) {
    if (kSanitized) return;
    std::uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const std::uint64_t octets =
        (megabytes << 20u) + pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    hosts_memory = limit(RLIMIT_AS, octets, 0, kRegexNoMemoryLimit);
}

// So many seconds of processor time from now on, and up to one more: the kernel counts in whole ones. A second is left before
// the hard limit, at which it would kill without a word.
void limit_time(std::uint64_t seconds) {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    const auto until = static_cast<rlim_t>(used.tv_sec) + 1 + seconds;
    hosts_time = limit(RLIMIT_CPU, until, 1, kRegexNoTimeLimit) ? 1 : 0;
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
    constexpr int kNice = 5;
    using namespace ringfence::pattern;
    if (::fcntl(kRegexProgressFile, F_GETFD) < 0) {
        std::fputs("ringfence-regex-compiler is run by the library, and by nobody else\n", stderr);
        return kRegexBadRequest;
    }
    ::close_range(kRegexProgressFile + 1, ~0u, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::setpriority(PRIO_PROCESS, 0, std::max(kNice, ::getpriority(PRIO_PROCESS, 0)));
    std::signal(SIGXCPU, no_time);
    std::set_new_handler(no_memory);
    if (const int how = serve(); how != 0) end(how);
    return 0;
}
