// regex_process.hpp - runs the program that compiles regular expressions, once, and waits for what comes of it.
//
// It is started without a shell, with no file of ours but the four that regex_frames.hpp names, no signal blocked or ignored,
// and its errors to /dev/null; where this thread is real-time, it is not. It limits itself: processor time anew for each
// group, and memory. We limit the time on the wall, of each group and of all, and kill it where it goes beyond. Request and answer are files in memory, so that nobody waits for a
// full pipe and no SIGPIPE comes; the pipe of its progress ends when it does, whoever waits for children in this process.
//
// Not promised: to be the only one who learns of its end. A host that ignores SIGCHLD or reaps every child takes its status;
// then its last word on the pipe tells, and without one the answer, whole or not.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ringfence::pattern {

struct RegexRun {
    enum class End : std::uint8_t {
        kDone,        // `answer` is what it wrote
        kUnknown,     // its status is somebody else's; `answer` is what it wrote, perhaps not all
        kNotStarted,  // `detail` is the errno
        kCpuTime,     // beyond its limit of processor time
        kHostTime,    // beyond the smaller one of this process
        kWallTime,    // beyond the time that we wait for a group
        kWholeTime,   // beyond the time that we wait for all
        kMemory,
        kHostMemory,  // beyond the smaller limit of this process
        kNoLimit,     // the system refuses it a limit; `detail` is how it exited
        kSignal,      // `detail` is the signal
        kStatus,      // `detail` is how it exited
    };
    End end = End::kDone;
    int detail = 0;
    std::size_t group = 0;  // that it had begun last
    bool begun = false;     // any group
    std::string answer;
};

struct RegexPatience {
    std::vector<std::chrono::milliseconds> groups;  // how long each may take; at least one
    std::chrono::milliseconds whole;                // and all of them
};

// Runs `program` on `request`. Threads: any thread.
RegexRun run_regex_program(const std::string& program, const std::string& request,
                           const RegexPatience& patience);

}  // namespace ringfence::pattern
