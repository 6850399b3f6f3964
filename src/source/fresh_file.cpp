#include "ringfence/source/fresh_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "src/source/file_error.hpp"

namespace ringfence {
namespace {

// Where the links at `path` lead, be anything there yet or not.
Result<std::string> end_of_links(const std::string& path) {
    constexpr int kMostLinks = 40;  // as many as Linux follows
    std::filesystem::path place = path;
    std::error_code code;
    for (int i = 0; std::filesystem::is_symlink(place, code); ++i) {
        if (i == kMostLinks) return unwritable(path, ELOOP);
        const auto aim = std::filesystem::read_symlink(place, code);
        if (code) return unwritable(path, code.value());
        place = place.parent_path() / aim;
    }
    return place.string();
}

// Owner and group of the file that is to be replaced, where this process may give them, and its mode.
Status take_after(int fd, const struct stat& old, const std::string& path) {
    struct stat own = {};
    if (::fstat(fd, &own) != 0) return unwritable(path, errno);
    constexpr auto kSame = static_cast<uid_t>(-1);
    if (own.st_gid != old.st_gid && ::fchown(fd, kSame, old.st_gid) != 0 && errno != EPERM)
        return unwritable(path, errno);
    if (own.st_uid != old.st_uid && ::fchown(fd, old.st_uid, kSame) != 0 && errno != EPERM)
        return unwritable(path, errno);
    if (::fchmod(fd, old.st_mode & 0777u) != 0) return unwritable(path, errno);
    return ok();
}

}  // namespace

Result<FreshFile> FreshFile::beside(const std::string& path, unsigned mode, OldMode old) {
    if (auto status = check_path(path); !status) return status.error();
    struct stat about = {};
    const bool there = ::stat(path.c_str(), &about) == 0;
    if (there && !S_ISREG(about.st_mode)) {
        if (S_ISDIR(about.st_mode)) return unwritable(path, EISDIR);
        return Error::at(ErrorCode::kUnwritable, path, 0,
                         "is no regular file, and would be lost; name another");
    }
    const auto place = end_of_links(path);
    if (!place) return place.error();
    // All memory is there before the file is, so that it never stays behind.
    FreshFile made(FileDescriptor(), {}, *place, path);
    const bool kept = there && old == OldMode::kKept;
    constexpr unsigned kOwnerOnly = 0600;
    // Files that killed processes of the same number left are passed by.
    constexpr int kTries = 10'000;
    static std::atomic<unsigned> count{0};
    for (int i = 0; i < kTries; ++i) {
        std::string name = *place + "." + std::to_string(::getpid()) + "-" +
                           std::to_string(count.fetch_add(1)) + ".new";
        made.fd_ = FileDescriptor(open_retrying(name.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL,
                                                mode_t{kept ? kOwnerOnly : mode}));
        if (!made.fd_.open()) {
            if (errno != EEXIST) return unwritable(path, errno);
            continue;
        }
        made.name_ = std::move(name);
        if (kept)
            if (auto status = take_after(made.descriptor(), about, path); !status)
                return status.error();
        return made;
    }
    return unwritable(path, EEXIST);
}

Result<OutputFile> FreshFile::output() const {
    FileDescriptor fd(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!fd.open()) return unwritable(path_, errno);
    return OutputFile::of(std::move(fd), path_);
}

Status FreshFile::put_in_place() {
    if (::fsync(fd_.get()) != 0 || std::rename(name_.c_str(), place_.c_str()) != 0)
        return unwritable(path_, errno);
    name_.clear();
    return sync_folder_of(place_);
}

FreshFile::FreshFile(FreshFile&& other) noexcept
    : fd_(std::move(other.fd_)),
      name_(std::exchange(other.name_, {})),
      place_(std::move(other.place_)),
      path_(std::move(other.path_)) {}

FreshFile& FreshFile::operator=(FreshFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(name_, other.name_);
    std::swap(place_, other.place_);
    std::swap(path_, other.path_);
    return *this;
}

FreshFile::~FreshFile() {
    if (!name_.empty()) ::unlink(name_.c_str());
}

}  // namespace ringfence
