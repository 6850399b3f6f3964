// flat_tables.hpp - a set of tables in one block of memory, as look-ups read it: no pointers, nothing of the writer's.
//
//     header | about | lines | narrow sets | heap | side table | prefixes (5) | names (4)
//              any octets of the owner's        each section at a multiple of 64
//
// An image (image/image.hpp) is for files: its names and side table must be hashed before they can be looked up. This is for
// memory that several processes map: what one of them wrote there, the others look up in at once. The block may lie at
// another address in each.
//
// Readers: `view_flat` takes a copy of the header and bounds every section by the memory it is given, so that a header with any
// octets gives an error or views that lie inside. `check_flat` looks at what the sections hold too: what it passed cannot
// lead a look-up out of its arrays, or round for ever, as long as nobody writes.
// Writers: only where no reader is (sync/shared_pins.hpp).
//
// Personal lists (pairs of subscriber and number) are not among them.
//
// Cost: 10 to 13 bytes a number, 10 of them lines at the load of 0.8, as in a table; writing is a copy with its checksum.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/table/table_views.hpp"

namespace ringfence {

struct TableSet;

// What is to be written. Borrows the tables, which must not change until it has been.
class FlatTables {
public:
    static constexpr std::size_t kAlignment = 64;  // of the block and its sections

    // Fails with kBusy and kOutOfMemory as parts_of (parts.hpp) does. `about` is copied.
    // Threads: the writer of the tables; readers go on.
    static Result<FlatTables> of(const TableSet& tables, std::string_view about);

    FlatTables(FlatTables&&) noexcept;
    FlatTables& operator=(FlatTables&&) noexcept;
    ~FlatTables();

    std::uint64_t bytes() const;

    // Fills the first bytes() of `to`, which has as many and is aligned. `generation` is kept in the header.
    // Threads: the writer of the tables; nobody reads `to`.
    void write(std::span<std::byte> to, std::uint64_t generation) const;

private:
    class State;
    explicit FlatTables(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

// What a block holds. Good as long as the block.
struct FlatView {
    std::uint64_t generation = 0;
    std::uint64_t bytes = 0;
    std::uint64_t numbers = 0;
    TableViews tables;
    std::string_view about;
    std::uint64_t header_checksum = 0;  // of the header that they were taken from
};

enum class FlatFault : std::uint8_t {
    kNone = 0,
    kHeader,  // no such block, damaged, or of another version of the library
    kBounds,  // its header says what cannot be
};

// The views of a block. Allocates nothing. `from` is aligned. Threads: any thread.
FlatFault view_flat(std::span<const std::byte> from, FlatView& view);

// Whether what `view` shows of a block is as it was written and can be looked up in; list indexes must be below
// `list_count`. `view` is what view_flat gave of `from`: a block that has come to hold another thing since, however whole,
// fails. Fails with kSyntax. Linear in the block: about 0.1 s a GB. Threads: any thread.
Status check_flat(std::span<const std::byte> from, const FlatView& view, std::size_t list_count);

}  // namespace ringfence
