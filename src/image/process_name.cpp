#include "src/image/process_name.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>
#include <span>
#include <string_view>

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

}  // namespace

Result<ProcessName> own_name() {
    const auto me = about("/proc/self/stat");
    if (!me)
        return Error{ErrorCode::kUnsupported,
                     "/proc/self/stat cannot be read; sharing between processes needs /proc"};
    if (me->id != static_cast<std::uint32_t>(::getpid()))
        return Error{ErrorCode::kUnsupported,
                     "/proc is that of another container; mount this one's to share tables"};
    return name_of(*me);
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

std::uint64_t place_of_names() {
    struct {
        std::array<char, 40> boot{};
        std::uint64_t processes = 0;
        std::uint64_t time = 0;
    } place;
    read_start("/proc/sys/kernel/random/boot_id", place.boot);
    struct stat about = {};
    if (::stat("/proc/self/ns/pid", &about) == 0) place.processes = about.st_ino;
    if (::stat("/proc/self/ns/time", &about) == 0) place.time = about.st_ino;
    return XXH3_64bits(&place, sizeof(place));
}

}  // namespace ringfence::image
