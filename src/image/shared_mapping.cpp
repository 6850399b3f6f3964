#include "src/image/shared_mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ringfence/source/fresh_file.hpp"
#include "src/image/process_name.hpp"

namespace ringfence {
namespace {

using image::SharedHeader;

std::uint64_t checksum_of(const SharedHeader& header) {
    return XXH3_64bits(&header, offsetof(SharedHeader, checksum));
}

std::uint64_t pins_bytes(std::uint64_t readers) {
    return sizeof(SharedPinWords) + readers * sizeof(SharedPinSlot);
}
std::uint64_t words_bytes(std::uint64_t readers) {
    return pins_bytes(readers) + sizeof(EmergencyWindow::Words);
}

std::uint64_t up_to(std::uint64_t bytes, std::uint64_t border) {
    return (bytes + border - 1) / border * border;
}

std::string reason() { return std::generic_category().message(errno); }

bool within_bounds(std::uint64_t arena_bytes, std::uint64_t readers) {
    return arena_bytes > 0 && arena_bytes <= SharedImageOptions::kMostArenaBytes && readers > 0 &&
           readers <= SharedImageOptions::kMostReaders;
}

Status check(const SharedImageOptions& options) {
    if (within_bounds(options.arena_bytes, options.readers)) return ok();
    return Error{ErrorCode::kOutOfRange, "shared tables take arenas of 1 byte to 16 TB and 1 to " +
                                             std::to_string(SharedImageOptions::kMostReaders) +
                                             " readers"};
}

}  // namespace

bool image::take_room(int fd, std::uint64_t offset, std::uint64_t bytes) {
    for (;;) {
        if (::fallocate(fd, 0, static_cast<off_t>(offset), static_cast<off_t>(bytes)) == 0)
            return true;
        if (errno != EINTR) return false;
    }
}

std::uint64_t SharedImage::Mapping::cells_offset(std::uint64_t readers) {
    static_assert(kCellsBytes % kArenaAlignment == 0);
    return up_to(kPage + words_bytes(readers), kArenaAlignment);
}

SharedHeader SharedImage::Mapping::header_for(const SharedImageOptions& options,
                                              std::uint64_t place) {
    SharedHeader header;
    header.place = place;
    header.arena_bytes = up_to(options.arena_bytes, kArenaAlignment);
    header.readers = options.readers;
    header.bytes = cells_offset(header.readers) + kCellsBytes + 2 * header.arena_bytes;
    header.checksum = checksum_of(header);
    return header;
}

std::uint64_t SharedImage::Mapping::arena_offset(std::size_t arena) const {
    return header_.bytes - (2 - arena) * header_.arena_bytes;
}

std::span<const std::byte> SharedImage::Mapping::arena(std::uint64_t generation) const {
    return {memory_ + arena_offset(arena_of(generation)), header_.arena_bytes};
}

Result<std::shared_ptr<const SharedImage::Mapping>> SharedImage::Mapping::make(
    FileDescriptor file, const std::string& name, const SharedHeader& header) {
    // The arenas take memory when they are filled.
    if (::ftruncate(file.get(), static_cast<off_t>(header.bytes)) != 0 ||
        !image::take_room(file.get(), 0, kPage + words_bytes(header.readers)) ||
        !image::take_room(file.get(), cells_offset(header.readers), kCellsBytes) ||
        ::pwrite(file.get(), &header, sizeof(header), 0) != ssize_t{sizeof(header)})
        return Error::at(ErrorCode::kUnwritable, name, 0,
                         "cannot be made: " + reason() + "; ask for smaller arenas, or make room");
    return map(std::move(file), name, header.place);
}

Result<std::shared_ptr<const SharedImage::Mapping>> SharedImage::Mapping::map(
    FileDescriptor file, const std::string& name, std::uint64_t place) {
    const auto refuse = [&](ErrorCode code, const std::string& what) {
        return Error::at(code, name, 0, what);
    };
    struct stat about = {};
    if (::fstat(file.get(), &about) != 0)
        return refuse(ErrorCode::kUnreadable, "cannot be read: " + reason());
    if (!S_ISREG(about.st_mode))
        return refuse(ErrorCode::kUnreadable, "is no regular file; name one of shared tables");
    // Whoever may write may cut it, which would end all who map it.
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return refuse(ErrorCode::kRefused,
                      "can be written by others than its owner; take that right away");
    if (about.st_uid != 0 && about.st_uid != ::geteuid())
        return refuse(ErrorCode::kRefused,
                      "belongs to another user; create it as the one who opens it");
    SharedHeader header;
    const bool whole =
        ::pread(file.get(), &header, sizeof(header), 0) == ssize_t{sizeof(header)} &&
        header.magic == SharedHeader::kMagic && header.checksum == checksum_of(header) &&
        within_bounds(header.arena_bytes, header.readers) &&
        header.arena_bytes % kArenaAlignment == 0 &&
        header.bytes == cells_offset(header.readers) + kCellsBytes + 2 * header.arena_bytes &&
        static_cast<std::uint64_t>(about.st_size) == header.bytes;
    if (!whole)
        return refuse(ErrorCode::kSyntax,
                      "is no file of shared tables, or is damaged; remove it and create it anew");
    if (header.place != place)
        return refuse(ErrorCode::kRefused,
                      "was made before this machine was started, or in another container; remove "
                      "it and create it anew");

    std::shared_ptr<Mapping> mapping(new Mapping);
    void* memory =
        ::mmap(nullptr, header.bytes, PROT_READ, MAP_SHARED | MAP_NORESERVE, file.get(), 0);
    if (memory == MAP_FAILED)
        return refuse(ErrorCode::kOutOfMemory, "cannot be mapped: " + reason());
    mapping->file_ = std::move(file);
    mapping->name_ = name;
    mapping->header_ = header;
    mapping->memory_ = static_cast<std::byte*>(memory);
    std::byte* const words = mapping->memory_ + kPage;
    std::byte* const cells = mapping->memory_ + cells_offset(header.readers);
    if (::mprotect(words, up_to(words_bytes(header.readers), kPage), PROT_READ | PROT_WRITE) != 0 ||
        ::mprotect(cells, kCellsBytes, PROT_READ | PROT_WRITE) != 0)
        return refuse(ErrorCode::kOutOfMemory, "cannot be mapped for writing: " + reason());
    // Where the system gives huge pages to such memory; else small ones do.
    ::madvise(cells, kCellsBytes + 2 * header.arena_bytes, MADV_HUGEPAGE);
    mapping->pins_ = std::make_unique<const SharedPins>(
        *reinterpret_cast<SharedPinWords*>(words),
        std::span(reinterpret_cast<SharedPinSlot*>(words + sizeof(SharedPinWords)), header.readers),
        image::is_gone);
    return std::shared_ptr<const Mapping>(std::move(mapping));
}

EmergencyWindow::Memory SharedImage::Mapping::notes(std::shared_ptr<const Mapping> self) {
    const std::uint64_t readers = self->header_.readers;
    auto* words =
        reinterpret_cast<EmergencyWindow::Words*>(self->memory_ + kPage + pins_bytes(readers));
    auto* cells = reinterpret_cast<EmergencyWindow::Cell*>(self->memory_ + cells_offset(readers));
    return {words, {cells, EmergencyWindow::kDefaultCells}, std::move(self)};
}

bool SharedImage::Mapping::is_same(const Mapping& other) const {
    if (this == &other) return true;
    struct stat one = {};
    struct stat two = {};
    return ::fstat(descriptor(), &one) == 0 && ::fstat(other.descriptor(), &two) == 0 &&
           one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

Result<SharedPins::Owner> SharedImage::Mapping::own_name() const {
    const auto me = image::this_process();
    if (!me) return Error::at(me.error().code, name_, 0, me.error().text);
    if (header_.place != me->place)
        return Error::at(ErrorCode::kRefused, name_, 0,
                         "was made in another container; create it where it is used");
    return me->name;
}

SharedImage::Mapping::~Mapping() {
    if (memory_ != nullptr) ::munmap(memory_, header_.bytes);
}

namespace {

// Every call here may find no memory.
template <class Call>
auto guarded(const Call& call) -> decltype(call()) {
    try {
        return call();
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

int open_again(const std::string& path) {
    for (;;) {
        const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd >= 0 || errno != EINTR) return fd;
    }
}

}  // namespace

Result<SharedImage> SharedImage::create(const SharedImageOptions& options) {
    return guarded([&]() -> Result<SharedImage> {
        if (auto status = check(options); !status) return status.error();
        const auto me = image::this_process();
        if (!me) return me.error();
        FileDescriptor file(::memfd_create("ringfence", MFD_CLOEXEC | MFD_ALLOW_SEALING));
        constexpr unsigned kOwnerOnly = 0600;  // others reach it under /proc
        if (!file.open() || ::fchmod(file.get(), kOwnerOnly) != 0)
            return Error{ErrorCode::kUnsupported, "no memory to share: " + reason()};
        const int fd = file.get();
        auto mapping = Mapping::make(std::move(file), "shared tables",
                                     Mapping::header_for(options, me->place));
        if (!mapping) return mapping.error();
        // Nobody cuts it under the others.
        if (::fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
            return Error{ErrorCode::kUnsupported, "shared memory cannot be sealed: " + reason()};
        return SharedImage(*std::move(mapping));
    });
}

Result<SharedImage> SharedImage::create(const std::string& path,
                                        const SharedImageOptions& options) {
    return guarded([&]() -> Result<SharedImage> {
        if (auto status = check(options); !status) return status.error();
        const auto me = image::this_process();
        if (!me) return me.error();
        constexpr unsigned kOwnerOnly = 0600;
        // Under a name of its own until it is whole; linked, not renamed, so that it replaces nothing.
        auto fresh = FreshFile::beside(path, kOwnerOnly);
        if (!fresh) return fresh.error();
        FileDescriptor file(open_again(fresh->name()));
        if (!file.open())
            return Error::at(ErrorCode::kUnwritable, path, 0, "cannot be made: " + reason());
        auto mapping =
            Mapping::make(std::move(file), path, Mapping::header_for(options, me->place));
        if (!mapping) return mapping.error();
        if (::link(fresh->name().c_str(), path.c_str()) != 0) {
            if (errno == EEXIST)
                return Error::at(ErrorCode::kRefused, path, 0,
                                 "is there already; open it, or remove it once nobody uses it");
            return Error::at(ErrorCode::kUnwritable, path, 0, "cannot be made: " + reason());
        }
        return SharedImage(*std::move(mapping));
    });
}

Result<SharedImage> SharedImage::open(const std::string& path) {
    return guarded([&]() -> Result<SharedImage> {
        const auto me = image::this_process();
        if (!me) return me.error();
        FileDescriptor file(open_again(path));
        if (!file.open())
            return Error::at(ErrorCode::kUnreadable, path, 0,
                             "cannot be opened for reading and writing: " + reason());
        auto mapping = Mapping::map(std::move(file), path, me->place);
        if (!mapping) return mapping.error();
        return SharedImage(*std::move(mapping));
    });
}

const std::string& SharedImage::name() const { return mapping_->name(); }
std::uint64_t SharedImage::generation() const { return mapping_->pins().current(); }
std::uint64_t SharedImage::arena_bytes() const { return mapping_->header().arena_bytes; }
unsigned SharedImage::readers() const { return mapping_->pins().slots(); }

Result<EmergencyWindow> SharedImage::emergencies(std::uint64_t seed) const {
    auto window = EmergencyWindow::share(Mapping::notes(mapping_), seed);
    if (window || window.error().code != ErrorCode::kSyntax) return window;
    return guarded([&]() -> Result<EmergencyWindow> {
        return Error::at(ErrorCode::kSyntax, name(), 0,
                         window.error().text + "; remove it and create it anew");
    });
}

std::uint64_t SharedImage::memory_bytes() const {
    constexpr std::uint64_t kBlock = 512;  // st_blocks, stat(2)
    struct stat about = {};
    if (::fstat(mapping_->descriptor(), &about) != 0) return 0;
    return static_cast<std::uint64_t>(about.st_blocks) * kBlock;
}

}  // namespace ringfence
