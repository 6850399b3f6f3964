#include "src/pattern/regex_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include "src/pattern/regex_frames.hpp"

namespace ringfence::pattern {
namespace {

using Clock = std::chrono::steady_clock;
using End = RegexRun::End;

// Of files above those that the program is started with, so that giving it one hides no other.
constexpr int kFirstFile = 16;

class File {
public:
    File() = default;
    explicit File(int number) : number_(number) {}
    File(File&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    File& operator=(File&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~File() {
        if (number_ >= 0) ::close(number_);
    }

    int number() const { return number_; }
    bool good() const { return number_ >= 0; }

    // The same file under a number that hides none of the program's.
    static File moved(File file) {
        if (!file.good() || file.number() >= kFirstFile) return file;
        return File(::fcntl(file.number(), F_DUPFD_CLOEXEC, kFirstFile));
    }

private:
    int number_ = -1;
};

File memory_file(const char* name) { return File::moved(File(::memfd_create(name, MFD_CLOEXEC))); }

bool write_all(const File& file, const std::string& octets) {
    std::size_t done = 0;
    while (done < octets.size()) {
        const ssize_t written = ::pwrite(file.number(), octets.data() + done, octets.size() - done,
                                         static_cast<off_t>(done));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        done += static_cast<std::size_t>(written);
    }
    return true;
}

std::string read_all(const File& file) {
    const off_t size = ::lseek(file.number(), 0, SEEK_END);
    std::string octets(static_cast<std::size_t>(std::max<off_t>(size, 0)), '\0');
    std::size_t done = 0;
    while (done < octets.size()) {
        const ssize_t got = ::pread(file.number(), octets.data() + done, octets.size() - done,
                                    static_cast<off_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        done += static_cast<std::size_t>(got);
    }
    octets.resize(done);
    return octets;
}

// What the program is started with besides its name.
class SpawnSettings {
public:
    SpawnSettings() {
        ::posix_spawn_file_actions_init(&files_);
        ::posix_spawnattr_init(&attributes_);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        ::sigfillset(&signals);
        ::sigdelset(&signals, SIGKILL);
        ::sigdelset(&signals, SIGSTOP);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnSettings() {
        ::posix_spawn_file_actions_destroy(&files_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;

    void give(const File& file, int as) {
        ::posix_spawn_file_actions_adddup2(&files_, file.number(), as);
    }
    void silence(int file) {
        ::posix_spawn_file_actions_addopen(&files_, file, "/dev/null", O_WRONLY, 0);
    }
    // An errno, or 0.
    int start(const std::string& program, pid_t& child) const {
        std::string name = program;
        std::array<char*, 2> arguments = {name.data(), nullptr};
        return ::posix_spawn(&child, program.c_str(), &files_, &attributes_, arguments.data(),
                             environ);
    }

private:
    posix_spawn_file_actions_t files_;
    posix_spawnattr_t attributes_;
};

// The program while it runs.
class Child {
public:
    Child(pid_t number, File progress) : number_(number), progress_(std::move(progress)) {}

    // Waits for its end, or kills it.
    void wait(const std::vector<std::chrono::milliseconds>& patience, RegexRun& run) {
        Clock::time_point deadline = Clock::now() + patience.front();
        while (hear(deadline, patience, run)) {
        }
        int status = 0;
        if (!reap(deadline, status)) {
            run.end = End::kWallTime;
            ::kill(number_, SIGKILL);
            reap(Clock::time_point::max(), status);
            return;
        }
        if (WIFSIGNALED(status)) {
            run.detail = WTERMSIG(status);
            run.end = run.detail == SIGXCPU ? End::kCpuTime : End::kSignal;
        } else if (WEXITSTATUS(status) != 0) {
            run.detail = WEXITSTATUS(status);
            run.end = run.detail == kRegexNoMemory ? End::kMemory : End::kStatus;
        }
    }

private:
    // Waits for word of its progress; false when there will be none, or not in time.
    bool hear(Clock::time_point& deadline, const std::vector<std::chrono::milliseconds>& patience,
              RegexRun& run) {
        // A child of ours that was forked meanwhile may hold the pipe open: its end is looked for now and then.
        constexpr std::int64_t kLookAgain = 100;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd wanted{progress_.number(), POLLIN, 0};
        const int ready = ::poll(
            &wanted, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kLookAgain)));
        if (ready == 0) return Clock::now() < deadline && !ended();
        if (ready < 0) return errno == EINTR;
        std::uint64_t group = 0;
        const ssize_t got = ::read(progress_.number(), &group, sizeof group);
        if (got < 0 && errno == EINTR) return true;
        if (got != sizeof group || group >= patience.size()) return false;
        run.group = static_cast<std::size_t>(group);
        deadline = Clock::now() + patience[run.group];
        return true;
    }

    bool ended() const {
        siginfo_t about{};
        const int asked =
            ::waitid(P_PID, static_cast<id_t>(number_), &about, WEXITED | WNOHANG | WNOWAIT);
        return asked != 0 || about.si_pid == number_;
    }

    // Takes its status, 0 where somebody else has taken it. False when it does not end in time.
    bool reap(Clock::time_point deadline, int& status) const {
        for (;;) {
            const pid_t ended = ::waitpid(number_, &status, WNOHANG);
            if (ended == number_) return true;
            if (ended < 0 && errno != EINTR) {
                status = 0;
                return true;
            }
            if (Clock::now() >= deadline) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    pid_t number_;
    File progress_;
};

}  // namespace

RegexRun run_regex_program(const std::string& program, const std::string& request,
                           const std::vector<std::chrono::milliseconds>& patience) {
    RegexRun run;
    const auto not_started = [&](int error) {
        run.end = End::kNotStarted;
        run.detail = error;
        return run;
    };
    const File asked = memory_file("ringfence-request");
    const File answered = memory_file("ringfence-answer");
    std::array<int, 2> ends{};
    if (!asked.good() || !answered.good() || ::pipe2(ends.data(), O_CLOEXEC) != 0)
        return not_started(errno);
    File heard(ends[0]);
    File told = File::moved(File(ends[1]));
    if (!told.good() || !write_all(asked, request)) return not_started(errno);

    SpawnSettings settings;
    settings.give(asked, kRegexRequestFile);
    settings.give(answered, kRegexAnswerFile);
    settings.silence(2);
    settings.give(told, kRegexProgressFile);
    pid_t child = 0;
    if (const int error = settings.start(program, child); error != 0) return not_started(error);
    told = File();  // the program's end of the pipe is the last
    Child(child, std::move(heard)).wait(patience, run);
    if (run.end == End::kDone) run.answer = read_all(answered);
    return run;
}

}  // namespace ringfence::pattern
