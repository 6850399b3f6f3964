#include "src/image/process_name.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ringfence/source/file.hpp"

namespace ringfence::image {
namespace {

struct About {
    std::uint32_t id = 0;
    std::uint64_t started = 0;  // ticks
    std::uint64_t threads = 0;
    char state = 0;
};

// The first octets of a small file; empty when it cannot be read.
std::string_view read_start(const char* path, std::span<char> to) noexcept {
    int fd = -1;
    do fd = ::open(path, O_RDONLY | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    if (fd < 0) return {};
    const FileDescriptor closes(fd);
    ssize_t got = 0;
    do got = ::read(fd, to.data(), to.size());
    while (got < 0 && errno == EINTR);
    return {to.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

std::optional<std::uint64_t> whole(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return {};
    return value;
}

// proc_pid_stat(5): "id (name) state ...", where the name may hold anything; threads are field 20, the start 22.
std::optional<About> about(const char* path) noexcept {
    std::array<char, 1024> buffer;
    std::string_view text = read_start(path, buffer);
    const std::size_t name = text.find(" (");
    const std::size_t behind = text.rfind(") ");
    if (name == std::string_view::npos || behind == std::string_view::npos || behind < name)
        return {};
    About found;
    const auto id = whole(text.substr(0, name));
    text.remove_prefix(behind + 2);
    if (!id || text.empty()) return {};
    found.id = static_cast<std::uint32_t>(*id);
    found.state = text.front();
    std::optional<std::uint64_t> threads;
    std::optional<std::uint64_t> started;
    for (unsigned field = 3; field <= 22 && !text.empty(); ++field) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (field == 20) threads = whole(text.substr(0, end));
        if (field == 22) started = whole(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!threads || !started) return {};
    found.threads = *threads;
    found.started = *started;
    return found;
}

bool knows_no(std::uint32_t id) noexcept {
    return ::kill(static_cast<pid_t>(id), 0) != 0 && errno == ESRCH;
}

constexpr ProcessName name_of(const About& about) {
    return about.started << kProcessIdBits | about.id;
}

// errno is that of the call that failed.
Error cannot_read(const char* path) {
    return {ErrorCode::kUnsupported, std::string(path) + " cannot be read (" +
                                         std::generic_category().message(errno) +
                                         "); sharing between processes needs /proc, and a file "
                                         "descriptor, when a process first takes part"};
}

Result<ProcessName> read_name() {
    errno = 0;
    const auto me = about("/proc/self/stat");
    if (!me) return cannot_read("/proc/self/stat");
    if (me->id != static_cast<std::uint32_t>(::getpid()))
        return Error{ErrorCode::kUnsupported,
                     "/proc is that of another container; mount this one's to share tables"};
    return name_of(*me);
}

Result<std::uint64_t> read_place() {
    struct {
        std::array<char, 40> boot{};
        std::uint64_t processes = 0;
        std::uint64_t time = 0;
    } place;
    errno = 0;
    if (read_start("/proc/sys/kernel/random/boot_id", place.boot).empty())
        return cannot_read("/proc/sys/kernel/random/boot_id");
    struct stat about = {};
    if (::stat("/proc/self/ns/pid", &about) != 0) return cannot_read("/proc/self/ns/pid");
    place.processes = about.st_ino;
    if (::stat("/proc/self/ns/time", &about) == 0)
        place.time = about.st_ino;
    else if (errno != ENOENT)  // Linux before 5.6 has one time for all
        return cannot_read("/proc/self/ns/time");
    return XXH3_64bits(&place, sizeof(place));
}

// What was read last. All threads of a process store the same; `kept_at` is stored last and tells of which process it is.
std::atomic<ProcessName> kept_name{0};
std::atomic<std::uint64_t> kept_place{0};
std::atomic<std::uint64_t> kept_at{0};  // forks() + 1; 0: nothing was read yet

std::atomic<std::uint64_t> fork_count{0};

}  // namespace

Result<Process> this_process() {
    const std::uint64_t now = forks() + 1;
    // acquire: pairs with the release below.
    if (kept_at.load(std::memory_order_acquire) == now) {
        const Process kept{kept_name.load(std::memory_order_relaxed),
                           kept_place.load(std::memory_order_relaxed)};
        // A child made without the handlers of a fork has the count of its parent, and another id.
        if (process_id(kept.name) == static_cast<std::uint32_t>(::getpid())) return kept;
    }
    const auto name = read_name();
    if (!name) return name.error();
    const auto place = read_place();
    if (!place) return place.error();
    kept_name.store(*name, std::memory_order_relaxed);
    kept_place.store(*place, std::memory_order_relaxed);
    // release: pairs with the acquire above.
    kept_at.store(now, std::memory_order_release);
    return Process{*name, *place};
}

std::uint64_t forks() {
    static const int registered = ::pthread_atfork(nullptr, nullptr, [] {
        fork_count.fetch_add(1, std::memory_order_relaxed);  // the child has one thread
    });
    static_cast<void>(registered);
    return fork_count.load(std::memory_order_relaxed);
}

bool is_gone(ProcessName name) noexcept {
    const std::uint32_t id = process_id(name);
    if (id == 0) return true;  // damage: kill would ask for the whole group
    if (knows_no(id)) return true;
    std::array<char, 32> path;
    std::snprintf(path.data(), path.size(), "/proc/%u/stat", id);
    const auto found = about(path.data());
    if (!found) return knows_no(id);  // gone since, or not for us to see
    if (name_of(*found) != name) return true;
    // A leader that ended before its threads is a zombie too.
    return (found->state == 'Z' || found->state == 'X') && found->threads <= 1;
}

}  // namespace ringfence::image
