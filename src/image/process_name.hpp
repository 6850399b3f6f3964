// process_name.hpp - a number for a process that no other process ever has, and whether that process is still there.
//
//     name     start time 42 | process id 22        start time in ticks since the machine started
//
// Ids are given again, so an id alone would take a new process for the dead one; the time at which it began tells them
// apart: the same id would have to come round within one tick of 10 ms. Names mean something only among processes
// that see the same ids and the same time: one start of the machine, one container (`Process::place`).
//
// A process counts as gone when the system knows no such id, when the id began at another time, and when all of its
// threads have ended, whether or not its parent has asked (a zombie). In doubt it is not gone: where /proc does not show it, say.
//
// A process reads its own name and place once, from /proc, and keeps them: it may change its root or run out of descriptors
// later. A child of a fork reads its own. To tell of others whether they are gone takes /proc each time.
//
// Cost: 10 to 20 us where /proc is read.
#pragma once

#include <cstdint>

#include "ringfence/base/result.hpp"

namespace ringfence::image {

using ProcessName = std::uint64_t;  // 0: no process

inline constexpr unsigned kProcessIdBits = 22;  // Linux gives ids below 2^22
constexpr std::uint32_t process_id(ProcessName name) {
    return static_cast<std::uint32_t>(name & ((1u << kProcessIdBits) - 1));
}

struct Process {
    ProcessName name = 0;
    std::uint64_t place = 0;  // the same for all processes whose names can be compared
};

// The calling process. Fails with kUnsupported where /proc does not tell, which is asked once a process.
// Threads: any thread.
Result<Process> this_process();

// How often this process, or one that it came from, was forked: what a child finds changed is its parent's. Counts from the first call.
// Threads: any thread.
std::uint64_t forks();

// Threads: any thread.
bool is_gone(ProcessName name) noexcept;

}  // namespace ringfence::image
