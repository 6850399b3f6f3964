#include "src/pattern/regex_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
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
        flags_ = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
        // Seconds of compiling are no work for a real-time thread's rank. Others keep what they have, which may be refused.
        const int scheduler = ::sched_getscheduler(0);
        if (scheduler >= 0 && is_real_time(scheduler)) {
            const sched_param plain{};
            ::posix_spawnattr_setschedpolicy(&attributes_, SCHED_OTHER);
            ::posix_spawnattr_setschedparam(&attributes_, &plain);
            flags_ |= POSIX_SPAWN_SETSCHEDULER;
        }
        ::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags_));
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
    static bool is_real_time(int scheduler) {
        constexpr int kResetOnFork = 0x4000'0000;
        const int policy = scheduler & ~kResetOnFork;
        return policy == SCHED_FIFO || policy == SCHED_RR;
    }

    posix_spawn_file_actions_t files_;
    posix_spawnattr_t attributes_;
    int flags_ = 0;
};

RegexRun::End end_of_exit(int status) {
    switch (status) {
        case 0: return End::kDone;
        case kRegexNoMemory: return End::kMemory;
        case kRegexNoTime: return End::kCpuTime;
        case kRegexHostTime: return End::kHostTime;
        case kRegexHostMemory: return End::kHostMemory;
        case kRegexNoTimeLimit:
        case kRegexNoMemoryLimit: return End::kNoLimit;
        default: return End::kStatus;
    }
}

// The program while it runs.
class Child {
public:
    Child(pid_t number, File progress, const RegexPatience& patience, RegexRun& run)
        : number_(number),
          progress_(std::move(progress)),
          patience_(patience),
          run_(run),
          whole_(Clock::now() + patience.whole) {
        allow(0);
    }

    // Waits for its end, or kills it.
    void wait() {
        while (hear()) {
        }
        switch (reap(deadline_)) {
            case Reaped::kNot:
                run_.end = deadline_ == whole_ ? End::kWholeTime : End::kWallTime;
                ::kill(number_, SIGKILL);
                reap(Clock::time_point::max());
                return;
            case Reaped::kByOthers:
                // What it wrote before it died is in the pipe still.
                while (hear()) {
                }
                exited(last_word_, End::kUnknown);
                return;
            case Reaped::kByUs: break;
        }
        if (WIFSIGNALED(status_)) {
            run_.detail = WTERMSIG(status_);
            run_.end = run_.detail == SIGXCPU ? End::kCpuTime : End::kSignal;
        } else {
            exited(WEXITSTATUS(status_), End::kDone);
        }
    }

private:
    enum class Reaped : std::uint8_t { kNot, kByUs, kByOthers };

    void exited(int status, End otherwise) {
        run_.end = status == 0 ? otherwise : end_of_exit(status);
        run_.detail = status;
    }

    void allow(std::size_t group) {
        deadline_ = std::min(whole_, Clock::now() + patience_.groups[group]);
    }

    // Waits for word of its progress; false when there will be none, or not in time.
    bool hear() {
        // A child of ours that was forked meanwhile may hold the pipe open: its end is looked for now and then.
        constexpr std::int64_t kLookAgain = 100;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
        pollfd wanted{progress_.number(), POLLIN, 0};
        const int ready = ::poll(
            &wanted, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kLookAgain)));
        if (ready == 0) return Clock::now() < deadline_ && !ended();
        if (ready < 0) return errno == EINTR;
        std::uint64_t word = 0;
        const ssize_t got = ::read(progress_.number(), &word, sizeof word);
        if (got < 0 && errno == EINTR) return true;
        if (got != sizeof word) return false;
        if ((word & kRegexEnds) != 0) {
            last_word_ = static_cast<int>(word & 0xFFu);
            return true;
        }
        if (word >= patience_.groups.size()) return false;
        run_.group = static_cast<std::size_t>(word);
        run_.begun = true;
        allow(run_.group);
        return true;
    }

    bool ended() const {
        siginfo_t about{};
        const int asked =
            ::waitid(P_PID, static_cast<id_t>(number_), &about, WEXITED | WNOHANG | WNOWAIT);
        return asked != 0 || about.si_pid == number_;
    }

    Reaped reap(Clock::time_point deadline) {
        for (;;) {
            const pid_t ended = ::waitpid(number_, &status_, WNOHANG);
            if (ended == number_) return Reaped::kByUs;
            if (ended < 0 && errno != EINTR) return Reaped::kByOthers;
            if (Clock::now() >= deadline) return Reaped::kNot;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

    pid_t number_;
    File progress_;
    const RegexPatience& patience_;
    RegexRun& run_;
    Clock::time_point whole_, deadline_;
    int status_ = 0;
    int last_word_ = 0;  // how it said that it ends
};

}  // namespace

RegexRun run_regex_program(const std::string& program, const std::string& request,
                           const RegexPatience& patience) {
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
    Child(child, std::move(heard), patience, run).wait();
    if (run.end == End::kDone || run.end == End::kUnknown) run.answer = read_all(answered);
    return run;
}

}  // namespace ringfence::pattern
