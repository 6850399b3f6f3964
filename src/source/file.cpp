#include "ringfence/source/file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "ringfence/source/fresh_file.hpp"
#include "src/source/file_error.hpp"
#include "src/source/regular_file.hpp"

namespace ringfence {
namespace {

constexpr std::string_view kGzipMagic("\x1f\x8b", 2);
constexpr std::size_t kHeadBytes = 4;

bool is_zstd(std::string_view head) {
    if (head.size() < kHeadBytes) return false;
    std::uint32_t magic = 0;
    for (std::size_t i = kHeadBytes; i-- > 0;)
        magic = magic << 8u | static_cast<unsigned char>(head[i]);
    return magic == ZSTD_MAGICNUMBER ||
           (magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
}

}  // namespace

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

FileDescriptor::~FileDescriptor() { close(); }

bool FileDescriptor::close() {
    const int fd = std::exchange(fd_, -1);
    // Not retried on EINTR: Linux has released the descriptor all the same.
    return fd <= STDERR_FILENO || ::close(fd) == 0 || errno == EINTR;
}

// A zstd stream being decompressed.
class InputFile::Zstd {
public:
    Zstd() : stream_(ZSTD_createDStream()), input_(ZSTD_DStreamInSize(), '\0') {}
    ~Zstd() { ZSTD_freeDStream(stream_); }
    Zstd(const Zstd&) = delete;
    Zstd& operator=(const Zstd&) = delete;

    bool ready() const { return stream_ != nullptr; }

    Result<std::size_t> read(InputFile& file, std::span<char> buffer) {
        ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
        while (out.pos == 0) {
            if (in_.pos == in_.size && !drain_) {
                auto got = file.read_raw(input_);
                if (!got) return got;
                if (*got == 0) {
                    if (!inside_frame_) return std::size_t{0};
                    return Error::at(ErrorCode::kUnreadable, file.name_, 0,
                                     "ends inside its zstd stream; get the whole file");
                }
                in_ = {input_.data(), *got, 0};
            }
            const std::size_t left = ZSTD_decompressStream(stream_, &out, &in_);
            if (ZSTD_isError(left) != 0) {
                return Error::at(ErrorCode::kUnreadable, file.name_, 0,
                                 std::string("its zstd stream is damaged (") +
                                     ZSTD_getErrorName(left) + "); get the file again");
            }
            inside_frame_ = left != 0;
            // A full output means that more may wait inside, whatever the input holds.
            drain_ = out.pos == out.size && inside_frame_;
        }
        return out.pos;
    }

private:
    ZSTD_DStream* stream_;
    std::string input_;
    ZSTD_inBuffer in_{nullptr, 0, 0};
    bool inside_frame_ = false;
    bool drain_ = false;
};

InputFile::InputFile(FileDescriptor fd, std::string name, int wake)
    : fd_(std::move(fd)), wake_(wake), name_(std::move(name)) {}
InputFile::InputFile(InputFile&&) noexcept = default;
InputFile& InputFile::operator=(InputFile&&) noexcept = default;
InputFile::~InputFile() = default;

Result<InputFile> InputFile::open(const std::string& path, const InputOptions& options) {
    struct stat about = {};
    if (!options.streams) {
        auto fd = open_regular(path, about);
        if (!fd) return fd.error();
        return InputFile(std::move(*fd), path, -1);
    }
    const int wake = options.wake;
    if (path == "-") return InputFile(FileDescriptor(STDIN_FILENO), "<stdin>", wake);
    if (auto status = check_path(path); !status) return status.error();
    FileDescriptor fd(open_retrying(path.c_str(), O_RDONLY | (wake < 0 ? 0 : O_NONBLOCK)));
    if (!fd.open()) return unreadable(path, errno);
    if (::fstat(fd.get(), &about) != 0) return unreadable(path, errno);
    if (S_ISDIR(about.st_mode)) return unreadable(path, EISDIR);
    if (wake >= 0 && ::fcntl(fd.get(), F_SETFL, 0) != 0) return unreadable(path, errno);
    return InputFile(std::move(fd), path, wake);
}

// Until there is something to read, or the end. A FIFO that no writer has opened yet has neither.
Status InputFile::wait() const {
    if (wake_ < 0) return ok();
    pollfd waited[] = {{wake_, POLLIN, 0}, {fd_.get(), POLLIN, 0}};
    while (::poll(waited, 2, -1) < 0)
        if (errno != EINTR) return unreadable(name_, errno);
    if (waited[0].revents == 0) return ok();
    return Error::at(ErrorCode::kUnreadable, name_, 0, "reading was interrupted; start again");
}

Result<std::size_t> InputFile::read_raw(std::span<char> buffer) {
    if (!head_.empty()) {
        const std::size_t size = std::min(head_.size(), buffer.size());
        std::copy_n(head_.data(), size, buffer.data());
        head_.erase(0, size);
        return size;
    }
    if (auto waited = wait(); !waited) return waited.error();
    for (;;) {
        const ssize_t got = ::read(fd_.get(), buffer.data(), buffer.size());
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return unreadable(name_, errno);
    }
}

Result<std::size_t> InputFile::read(std::span<char> buffer) {
    if (!recognised_) {
        recognised_ = true;
        std::string head;
        while (head.size() < kHeadBytes) {
            char more[kHeadBytes];
            auto got = read_raw(std::span(more, kHeadBytes - head.size()));
            if (!got) return got;
            if (*got == 0) break;
            head.append(more, *got);
        }
        if (head.starts_with(kGzipMagic)) {
            return Error::at(ErrorCode::kUnsupported, name_, 0,
                             "is compressed by gzip; unpack it, or use zstd");
        }
        head_ = std::move(head);
        if (is_zstd(head_)) {
            zstd_ = std::make_unique<Zstd>();
            if (!zstd_->ready()) {
                return Error::at(ErrorCode::kOutOfMemory, name_, 0,
                                 "no memory to unpack zstd; free some");
            }
        }
    }
    return zstd_ ? zstd_->read(*this, buffer) : read_raw(buffer);
}

Result<OutputFile> OutputFile::create(const std::string& path, unsigned mode) {
    if (path == "-") return OutputFile(FileDescriptor(STDOUT_FILENO), "<stdout>");
    if (auto status = check_path(path); !status) return status.error();
    FileDescriptor fd(open_retrying(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, mode));
    if (!fd.open()) return unwritable(path, errno);
    return OutputFile(std::move(fd), path);
}

Status OutputFile::write(std::string_view bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t wrote = ::write(fd_.get(), bytes.data() + done, bytes.size() - done);
        if (wrote > 0) {
            done += static_cast<std::size_t>(wrote);
            continue;
        }
        if (wrote < 0 && errno == EINTR) continue;
        const int error = wrote < 0 ? errno : ENOSPC;
        // Fails on pipes and devices, which hold no file to cut.
        if (done != 0 && fd_.get() > STDERR_FILENO) {
            [[maybe_unused]] const bool cut =
                ::ftruncate(fd_.get(), static_cast<off_t>(size_)) == 0 &&
                ::lseek(fd_.get(), static_cast<off_t>(size_), SEEK_SET) >= 0;
        }
        return unwritable(name_, error);
    }
    size_ += bytes.size();
    return ok();
}

Status OutputFile::close() {
    if (fd_.close()) return ok();
    return unwritable(name_, errno);
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes,
                              const InputOptions& options) {
    auto file = InputFile::open(path, options);
    if (!file) return file.error();
    constexpr std::size_t kStep = std::size_t{64} << 10u;
    std::string text;
    for (;;) {
        const std::size_t size = text.size();
        // One byte past the bound tells a longer file from one that just fits.
        const std::size_t step = std::min(std::max(kStep, size), max_bytes - size + 1);
        text.resize(size + step);
        auto got = file->read(std::span(text).subspan(size));
        if (!got) return got.error();
        text.resize(size + *got);
        if (*got == 0) return text;
        if (text.size() > max_bytes) {
            return Error::at(ErrorCode::kTooLarge, file->name(), 0,
                             "holds more than " + std::to_string(max_bytes) + " bytes; split it");
        }
    }
}

Status write_file(const std::string& path, std::string_view bytes) {
    auto file = OutputFile::create(path);
    if (!file) return file.error();
    if (Status wrote = file->write(bytes); !wrote) return wrote;
    return file->close();
}

Status sync_folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const FileDescriptor fd(open_retrying(folder.c_str(), O_RDONLY | O_DIRECTORY));
    return fd.open() && ::fsync(fd.get()) == 0 ? ok() : unwritable(folder, errno);
}

Status replace_file(const std::string& path, std::string_view bytes) {
    constexpr unsigned kOwnerOnly = 0600;
    auto fresh = FreshFile::beside(path, kOwnerOnly);
    if (!fresh) return fresh.error();
    auto file = fresh->output();
    if (!file) return file.error();
    if (Status wrote = file->write(bytes); !wrote) return wrote;
    if (Status closed = file->close(); !closed) return closed;
    return fresh->put_in_place();
}

}  // namespace ringfence
