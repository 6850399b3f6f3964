// shared_mapping.hpp - the memory of a SharedImage: where its parts lie, and the processes that map it.
//
//     0           header            never changes; mapped for reading
//     64 KB       words, slots      mapped for reading and writing
//     behind      words of the      the same
//                 emergency notes
//     2 MB ...    their cells       the same; 2 MB
//     ...         arena 0           mapped for reading, by the writer for writing too, at another address
//     ...         arena 1
//
// Where parts lie follows from two numbers of the header, which is copied and checked once: no offset is taken from the memory later.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "ringfence/activity/emergency_window.hpp"
#include "ringfence/image/shared_image.hpp"
#include "ringfence/source/file.hpp"
#include "ringfence/sync/shared_pins.hpp"

namespace ringfence {

namespace image {

struct SharedHeader {
    static constexpr std::uint64_t kMagic = 0x3245524148534752u;  // "RGSHARE2"

    std::uint64_t magic = kMagic;
    std::uint64_t place = 0;  // of process names
    std::uint64_t arena_bytes = 0;
    std::uint64_t readers = 0;
    std::uint64_t bytes = 0;     // of the whole file
    std::uint64_t checksum = 0;  // XXH3-64 (seed 0) of what stands before
};
static_assert(sizeof(SharedHeader) == 48);

// Takes memory for a part of the file, so that a store there cannot fail. False, with errno, when there is none.
bool take_room(int fd, std::uint64_t offset, std::uint64_t bytes);

}  // namespace image

class SharedImage::Mapping {
public:
    static constexpr std::uint64_t kPage = 65536;  // of any system
    static constexpr std::uint64_t kArenaAlignment = std::uint64_t{2} << 20u;
    static constexpr std::uint64_t kCellsBytes =
        EmergencyWindow::kDefaultCells * sizeof(EmergencyWindow::Cell);

    // A header for these options; none are out of bounds.
    static image::SharedHeader header_for(const SharedImageOptions& options, std::uint64_t place);

    // Writes the header to an empty file, takes memory for all but the arenas, so that no store there can fail, and maps it.
    // Fails with kUnwritable. `name` is for errors.
    static Result<std::shared_ptr<const Mapping>> make(FileDescriptor file, const std::string& name,
                                                       const image::SharedHeader& header);
    // Maps a file that has a header, made in this `place`.
    static Result<std::shared_ptr<const Mapping>> map(FileDescriptor file, const std::string& name,
                                                      std::uint64_t place);

    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    const SharedPins& pins() const { return *pins_; }

    // Where the notes of emergency calls lie, for a window that keeps `self`.
    static EmergencyWindow::Memory notes(std::shared_ptr<const Mapping> self);

    // The calling process, as its name is understood here. Fails as this_process does, and with kRefused for a process that came to be in
    // another container than the memory.
    Result<SharedPins::Owner> own_name() const;

    const image::SharedHeader& header() const { return header_; }
    const std::string& name() const { return name_; }
    int descriptor() const { return file_.get(); }
    // Whether both map the same memory.
    bool is_same(const Mapping& other) const;

    static std::size_t arena_of(std::uint64_t generation) { return generation & 1u; }
    static std::uint64_t cells_offset(std::uint64_t readers);
    std::uint64_t arena_offset(std::size_t arena) const;
    std::span<const std::byte> arena(std::uint64_t generation) const;

private:
    Mapping() = default;

    FileDescriptor file_;
    std::string name_;
    image::SharedHeader header_;
    std::byte* memory_ = nullptr;
    std::unique_ptr<const SharedPins> pins_;
};

}  // namespace ringfence
