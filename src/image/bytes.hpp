// bytes.hpp - where the octets of an image come from: a file, or memory.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "ringfence/base/result.hpp"
#include "ringfence/source/file.hpp"
#include "src/source/regular_file.hpp"

namespace ringfence::image {

// Threads: one thread per object.
class Bytes {
public:
    // Fails as open_regular does.
    static Result<Bytes> open(const std::string& path) {
        Bytes bytes;
        bytes.name_ = path;
        struct stat about = {};
        auto fd = open_regular(path, about);
        if (!fd) return fd.error();
        bytes.fd_ = *std::move(fd);
        bytes.size_ = static_cast<std::uint64_t>(about.st_size);
        return bytes;
    }

    static Bytes of(std::string_view memory, const std::string& name) {
        Bytes bytes;
        bytes.name_ = name;
        bytes.memory_ = memory;
        bytes.size_ = memory.size();
        return bytes;
    }

    std::uint64_t size() const { return size_; }
    const std::string& name() const { return name_; }

    // Fills `to` with the octets from `offset` on, all of which lie below size(). Fails with kUnreadable, also when
    // the file has become shorter.
    Status read(std::uint64_t offset, std::span<std::byte> to) const {
        if (!fd_.open()) {
            if (!to.empty()) std::memcpy(to.data(), memory_.data() + offset, to.size());
            return ok();
        }
        while (!to.empty()) {
            const ssize_t got =
                ::pread(fd_.get(), to.data(), to.size(), static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0)
                return unreadable("cannot be read: " + std::generic_category().message(errno) +
                                  "; check the disk");
            if (got == 0)
                return unreadable("became shorter while it was read; replace images by rename");
            to = to.subspan(static_cast<std::size_t>(got));
            offset += static_cast<std::uint64_t>(got);
        }
        return ok();
    }

private:
    Error unreadable(std::string_view what) const {
        return Error::at(ErrorCode::kUnreadable, name_, 0, what);
    }

    FileDescriptor fd_;
    std::string_view memory_;
    std::uint64_t size_ = 0;
    std::string name_;
};

}  // namespace ringfence::image
