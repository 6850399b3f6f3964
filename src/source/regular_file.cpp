#include "src/source/regular_file.hpp"

#include <fcntl.h>

#include <cerrno>
#include <string_view>

#include "src/source/file_error.hpp"

namespace ringfence {
namespace {

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
    FileDescriptor fd(open_retrying(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY));
    if (!fd.open() || ::fstat(fd.get(), &about) != 0) return unreadable(path, errno);
    if (auto status = check_regular(path, about.st_mode); !status) return status.error();
    // A file system that is a program may heed the flag in every read.
    if (::fcntl(fd.get(), F_SETFL, 0) != 0) return unreadable(path, errno);
    return fd;
}

}  // namespace ringfence
