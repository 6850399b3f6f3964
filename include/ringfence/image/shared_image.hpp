// shared_image.hpp - the lists of one writer, looked up by many processes in the same memory.
//
// A parent makes the memory and forks, or processes map a file by its path. One of them writes: it publishes all tables
// anew, beside those that are in use, and says so in one word. The others pin what is current and look up, without a
// lock or a system call. Which lists a number is on lies in the memory; what a list means is each process's policy's.
//
//     header | words and a slot for each reader | emergency calls | arena of generations 0, 2, 4 ... | arena of 1, 3, 5 ...
//     64 KB    192 bytes, and 64 a reader         2 MB              flat tables (table/flat_tables.hpp), and the names of the lists
//
// Two arenas: the memory of the tables twice. What is never touched takes none, and `release_spare` gives back the one that is not in
// use until the next publish.
//
// Readers: a pin keeps its generation whole until it ends, whatever the writer does. A process that is killed while
// pinned is found by the writer, which takes its place over (sync/shared_pins.hpp has the protocol, and why it is safe). One
// that lives and does not unpin lets the writer publish once more and no further: kBusy, with its process id.
// Writer: one process at a time; a second one is refused. One that is killed, wherever, leaves the last generation
// serving, and the next writer begins where that ended.
//
// Who made an emergency call is noted in the same memory by all of them, beside the generations (activity/emergency_window.hpp).
//
// Whoever may map the memory may write to its words, and the writer to all of it: it is for processes that trust
// each other. Made with mode 0600. What readers take from it is bounded by the mapping all the same: damaged words or headers give an error;
// `SharedPin::verify` looks at the tables too. The arenas are mapped for reading alone, but by the writer. A file must not be cut
// while it is mapped (memory without a path is sealed against it).
//
// Processes are told apart by id and start time, so all must run in one container, with /proc, since one start of the machine.
// A process reads its own when it first creates, opens, reads or writes shared tables: before it gives up its root.
//
// Across a fork: SharedImage may be used on both sides. Readers, pins and writers belong to the process that made them; in a child
// they give nothing and destroy nothing, and it makes its own.
//
// Cost: a pin and unpin 10 to 15 ns, a look-up what it costs in a table of one's own; a publish is a copy of the tables. In the memory
// 10 to 13 bytes a number, twice.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/activity/emergency_window.hpp"
#include "ringfence/base/export.hpp"
#include "ringfence/base/result.hpp"
#include "ringfence/image/image.hpp"
#include "ringfence/lists/entry_book.hpp"
#include "ringfence/table/flat_tables.hpp"

namespace ringfence {

class SharedReader;
class SharedWriter;

struct SharedImageOptions {
    static constexpr unsigned kMostReaders = 4096;
    static constexpr std::uint64_t kMostArenaBytes = std::uint64_t{1} << 44u;

    // Room for the tables of one generation; rounded up to 2 MB. Reserved as addresses, not as memory: ask for twice
    // of what the lists take now. 13 bytes a number will do, and 16 more for each that ends, up to a million of them.
    std::uint64_t arena_bytes = std::uint64_t{1} << 30u;
    // Readers at once, in all processes. A Screen takes two.
    unsigned readers = 256;
};

// The mapping. Copies share it; it lives as long as any copy, reader or writer.
// Threads: any thread.
class RINGFENCE_API SharedImage {
public:
    // Memory without a path, for the children of this process. Fails with kOutOfRange for options beyond their bounds,
    // kUnsupported without /proc, kOutOfMemory.
    static Result<SharedImage> create(const SharedImageOptions& options);

    // A new file, best on a file system in memory (/dev/shm). Fails as above, with kRefused when there is a file already: open it, or
    // remove it once nobody uses it; and with kUnwritable.
    static Result<SharedImage> create(const std::string& path, const SharedImageOptions& options);

    // Maps what another process created. Fails with kUnreadable; kSyntax for what is no such file, or damaged; kRefused for a file that
    // others than its owner may write to, that belongs to neither the calling user nor root, or made before the machine was started or in another container.
    static Result<SharedImage> open(const std::string& path);

    // The one writer; fails with kBusy, naming the process, while another lives, with kSyntax when the words are damaged,
    // with kUnsupported and kRefused as open does.
    Result<SharedWriter> writer() const;

    // A reader for one thread; fails with kFull when living processes have all slots, with kUnsupported when /proc does not
    // tell who the calling process is, kRefused when it is in another container.
    Result<SharedReader> reader() const;

    // The notes of emergency calls that all who map it share; the window keeps the memory. `seed`, which is not 0, becomes theirs when nobody gave
    // one before. Fails with kSyntax when its words are damaged, and with kOutOfMemory.
    Result<EmergencyWindow> emergencies(std::uint64_t seed) const;

    // Its path, or "shared tables".
    const std::string& name() const;

    // What was published last, 0: nothing yet. Stale at once.
    std::uint64_t generation() const;

    std::uint64_t arena_bytes() const;
    unsigned readers() const;  // slots
    // What it takes now, both arenas together.
    std::uint64_t memory_bytes() const;

private:
    friend class SharedReader;
    friend class SharedWriter;
    class RINGFENCE_HIDDEN Mapping;
    explicit SharedImage(std::shared_ptr<const Mapping> mapping) : mapping_(std::move(mapping)) {}

    std::shared_ptr<const Mapping> mapping_;
};

// Threads: one thread per object.
class RINGFENCE_API SharedWriter {
public:
    SharedWriter(SharedWriter&&) noexcept;
    SharedWriter& operator=(SharedWriter&&) noexcept;
    ~SharedWriter();  // another may be the writer then

    // Makes the tables, lists, sub-lists and origins the current generation, for every pin that begins after this returned; gives its number.
    // Of the book goes what ends when (SharedEnds); the rest stays with the writer. Fails with kBusy while a living process is pinned to the generation before the current one, asking again for
    // about `patience`; with kFull when the tables are larger than an arena, or the system has no room for them; as
    // write_image does for lists that do not fit; kBusy and kOutOfMemory as parts_of; kSyntax when the words do not say what this
    // writer left there. On failure the last generation serves.
    Result<std::uint64_t> publish(const ImageContents& contents,
                                  std::chrono::milliseconds patience = std::chrono::seconds(1));

    // The same of an image that was read, and so checked. Fails as Image::entries too.
    Result<std::uint64_t> publish(const Image& image,
                                  std::chrono::milliseconds patience = std::chrono::seconds(1));

    // Whether it writes to the memory that `image` maps. Threads: any thread.
    bool writes(const SharedImage& image) const;

    // Gives back the memory of the arena that is not current; the next publish takes it anew. Fails with kBusy and kSyntax as publish does, without waiting.
    Status release_spare();

private:
    friend class SharedImage;
    class RINGFENCE_HIDDEN State;
    explicit SharedWriter(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

// A reader's slot, and the views of both arenas.
// Threads: one thread per object.
class RINGFENCE_API SharedReader {
public:
    SharedReader(SharedReader&&) noexcept;
    SharedReader& operator=(SharedReader&&) noexcept;
    ~SharedReader();  // not pinned

private:
    friend class SharedImage;
    friend class SharedPin;
    class RINGFENCE_HIDDEN State;
    explicit SharedReader(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

// What lists there are in a generation.
struct SharedLists {
    std::vector<ImageList> lists;
    SubLists sub_lists{0};
    std::vector<ImageOrigin> origins;  // one for each list, or none
    std::uint64_t serial = 0;
};

// The entries of a generation that end, the earliest first: who follows it can do without them when nothing is published any more.
// There are fewer where the arena has no room for kMost.
// The tables do not: what a pin gives holds them, until they were taken off and published.
struct SharedEnds {
    static constexpr std::size_t kMost = std::size_t{1} << 20u;  // of numbers, and of others

    struct OfNumber {
        std::uint64_t rank = 0;
        std::uint32_t second = 0;  // since 1970
        ListIndex list = 0;
        std::uint16_t zero = 0;
    };
    static_assert(sizeof(OfNumber) == 16);

    std::span<const OfNumber> numbers;  // by second; good as long as the pin
    std::vector<NextEnds::OfRule> rules;
    // Of these lists others may end, each from its second on: nobody knows which, and whoever follows does without the list then.
    std::vector<NextEnds::OfList> rest;  // by second
};

// While it lives, the tables that it gives stay as they are. One at a time for a reader; keep it for a call or a batch.
// Threads: the thread of its reader.
class RINGFENCE_API SharedPin {
public:
    explicit SharedPin(SharedReader& reader);
    ~SharedPin();
    SharedPin(const SharedPin&) = delete;
    SharedPin& operator=(const SharedPin&) = delete;

    // Null when nothing was published, or when `status` says so.
    const TableViews* tables() const { return view_ != nullptr ? &view_->tables : nullptr; }
    std::uint64_t generation() const { return generation_; }  // 0: nothing was published
    std::uint64_t numbers() const { return view_ != nullptr ? view_->numbers : 0; }
    std::uint64_t bytes() const { return view_ != nullptr ? view_->bytes : 0; }  // of the tables

    // Why there are no tables: kMissing when nothing was published, kSyntax when the memory or the reader's slot is damaged, kInvalidArgument when the
    // reader was made before a fork or has another pin. Cold.
    Status status() const;

    // Whether all that lies in the tables that this pin gives is of its generation, as it was written, and can be looked up in. Fails with kSyntax. Linear: 0.1 s a GB.
    Status verify() const;

    // The lists of the tables' indexes. Fails as `status` and Image::from_bytes do. Cold.
    Result<SharedLists> lists() const;

    // Which entries end when. Fails as `status`, and with kSyntax when that is damaged. Linear in those that are no numbers. Cold.
    Result<SharedEnds> ends() const;

    // The lists, and verify. Fails as either does.
    Result<SharedLists> verified_lists() const;

private:
    enum class Why : std::uint8_t { kGood, kNothing, kDamaged, kForked, kPinned, kLost };

    SharedReader::State& reader_;
    const FlatView* view_ = nullptr;
    std::uint64_t generation_ = 0;
    Why why_ = Why::kGood;
};

}  // namespace ringfence
