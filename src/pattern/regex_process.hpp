// regex_process.hpp - runs the program that compiles regular expressions, once, and waits for what comes of it.
//
// It is started without a shell, with no file of ours but the four that regex_frames.hpp names, no signal blocked or ignored,
// and its errors to /dev/null. It limits itself: processor time anew for each group, and memory. We limit the time on the
// wall, and kill it where it goes beyond that. Request and answer are files in memory, so that nobody waits for a
// full pipe and no SIGPIPE comes; the pipe of its progress ends when it does, whoever waits for children in this process.
//
// Not promised: to be the only one who learns of its end. A host that reaps every child takes its status; then the
// answer, whole or not, tells.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ringfence::pattern {

struct RegexRun {
    enum class End : std::uint8_t {
        kDone,        // `answer` is what it wrote
        kNotStarted,  // `detail` is the errno
        kCpuTime,     // beyond its limit of processor time
        kWallTime,    // beyond the time that we wait
        kMemory,
        kSignal,  // `detail` is the signal
        kStatus,  // `detail` is how it exited
    };
    End end = End::kDone;
    int detail = 0;
    std::size_t group = 0;  // that it had begun last
    std::string answer;
};

// Runs `program` on `request`. `patience`: how long each group may take. Threads: any thread.
RegexRun run_regex_program(const std::string& program, const std::string& request,
                           const std::vector<std::chrono::milliseconds>& patience);

}  // namespace ringfence::pattern
