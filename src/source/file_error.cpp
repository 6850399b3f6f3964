#include "src/source/file_error.hpp"

#include <fcntl.h>

#include <cerrno>
#include <system_error>

#include "ringfence/source/utf8.hpp"

namespace ringfence {
namespace {

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

Error unreadable(std::string_view name, int error) {
    switch (error) {
        case ENOENT:
            return Error::at(ErrorCode::kUnreadable, name, 0, "does not exist; check the path");
        case EISDIR:
            return Error::at(ErrorCode::kUnreadable, name, 0, "is a directory; name a file");
        case EACCES:
        case EPERM:
            return Error::at(ErrorCode::kUnreadable, name, 0,
                             "may not be read; check its permissions");
        default:
            return Error::at(
                ErrorCode::kUnreadable, name, 0,
                "cannot be read: " + reason_of(error) + "; check the disk or the path");
    }
}

Error unwritable(std::string_view name, int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return Error::at(ErrorCode::kUnwritable, name, 0, "the disk is full; free some space");
        case EFBIG:
            return Error::at(ErrorCode::kUnwritable, name, 0,
                             "may not grow so large; raise the limit on the size of files");
        case EPIPE:
            return Error::at(ErrorCode::kUnwritable, name, 0,
                             "nobody reads the pipe any more; keep the reader running");
        case EISDIR:
            return Error::at(ErrorCode::kUnwritable, name, 0, "is a directory; name a file");
        case EACCES:
        case EPERM:
        case EROFS:
            return Error::at(ErrorCode::kUnwritable, name, 0,
                             "may not be written; check its permissions");
        case ENOENT:
            return Error::at(ErrorCode::kUnwritable, name, 0,
                             "its directory does not exist; make it first");
        default:
            return Error::at(
                ErrorCode::kUnwritable, name, 0,
                "cannot be written: " + reason_of(error) + "; check the disk or the path");
    }
}

Status check_path(const std::string& path) {
    if (path.find('\0') == std::string::npos) return ok();
    return Error::at(ErrorCode::kInvalidArgument, printable(path), 0,
                     "holds a NUL, which no path does; give the path alone");
}

int open_retrying(const char* path, int flags, mode_t mode) {
    for (;;) {
        const int fd = ::open(path, flags | O_CLOEXEC, mode);
        if (fd >= 0 || errno != EINTR) return fd;
    }
}

}  // namespace ringfence
