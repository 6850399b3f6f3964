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

Result<FreshFile> FreshFile::beside(const std::string& path, unsigned mode) {
    if (auto status = check_path(path); !status) return status.error();
    struct stat about = {};
    if (::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode)) {
        if (S_ISDIR(about.st_mode)) return unwritable(path, EISDIR);
        return Error::at(ErrorCode::kUnwritable, path, 0,
                         "is no regular file, and would be lost; name another");
    }
    std::string place = path;
    std::error_code code;
    if (std::filesystem::is_symlink(path, code))
        if (const auto aim = std::filesystem::canonical(path, code); !code) place = aim.string();
    // Files that killed processes of the same number left are passed by.
    constexpr int kTries = 10'000;
    static std::atomic<unsigned> count{0};
    for (int i = 0; i < kTries; ++i) {
        std::string name = place + "." + std::to_string(::getpid()) + "-" +
                           std::to_string(count.fetch_add(1)) + ".new";
        FileDescriptor fd(
            open_retrying(name.c_str(), O_RDWR | O_APPEND | O_CREAT | O_EXCL, mode_t{mode}));
        if (fd.open()) return FreshFile(std::move(fd), std::move(name), std::move(place), path);
        if (errno != EEXIST) return unwritable(path, errno);
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
