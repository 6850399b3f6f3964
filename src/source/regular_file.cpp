#include "src/source/regular_file.hpp"

#include <fcntl.h>

#include <cerrno>
#include <ctime>
#include <string_view>

#include "src/source/file_error.hpp"

namespace ringfence {
namespace {

// What another process holds a lease on (a file server, F_SETLEASE) is refused to who will not wait, and given up for who
// asks once more: a second of asking.
int open_at_once(const char* path) {
    constexpr int kTries = 50;
    constexpr timespec kPause{.tv_sec = 0, .tv_nsec = 20'000'000};
    for (int i = 1;; ++i) {
        const int fd = open_retrying(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
        if (fd >= 0 || errno != EWOULDBLOCK || i == kTries) return fd;
        ::nanosleep(&kPause, nullptr);
    }
}

Status check_regular(const std::string& path, mode_t mode) {
    if (S_ISREG(mode)) return ok();
    if (S_ISDIR(mode)) return unreadable(path, EISDIR);
    const std::string_view kind = S_ISFIFO(mode)   ? "is a pipe"
                                  : S_ISSOCK(mode) ? "is a socket"
                                                   : "is a device";
    return Error::at(ErrorCode::kUnreadable, path, 0, std::string(kind) + "; name a file");
}

}  // namespace

Result<FileDescriptor> open_regular(const std::string& path, struct stat& about) {
    if (auto status = check_path(path); !status) return status.error();
    // Looked at before it is opened, as opening alone sets some devices going; and once more behind that: by then another
    // may stand in its place, and O_NONBLOCK keeps its opening from waiting.
    if (::stat(path.c_str(), &about) != 0) return unreadable(path, errno);
    if (auto status = check_regular(path, about.st_mode); !status) return status.error();
    FileDescriptor fd(open_at_once(path.c_str()));
    if (!fd.open() || ::fstat(fd.get(), &about) != 0) return unreadable(path, errno);
    if (auto status = check_regular(path, about.st_mode); !status) return status.error();
    // A file system that is a program may heed the flag in every read.
    if (::fcntl(fd.get(), F_SETFL, 0) != 0) return unreadable(path, errno);
    return fd;
}

}  // namespace ringfence
