// flat_layout.hpp - the header of flat tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ringfence/table/flat_tables.hpp"

namespace ringfence::flat {

enum class Part : std::uint8_t {
    kAbout = 0,
    kLines,
    kNarrow,  // kNarrowSets of them
    kHeap,
    kWide,  // a power of two
    kPrefixBlocks,
    kPrefixEntries,
    kLengths,
    kHeads,
    kHits,
    kKeySlots,  // a power of two, or none
    kKeyRecords,
    kKeyTexts,
    kKeyLists,
};
inline constexpr std::size_t kParts = 14;

struct Section {
    std::uint64_t offset = 0;  // from the block's first octet; a multiple of the alignment
    std::uint64_t bytes = 0;
    std::uint64_t checksum = 0;  // XXH3-64 (seed 0)
};

struct Header {
    static constexpr std::uint64_t kMagic = 0x3154414C46474E52u;  // "RNGFLAT1"

    std::uint64_t magic = kMagic;
    std::uint64_t generation = 0;
    std::uint64_t bytes = 0;  // of the whole block
    std::uint64_t numbers = 0;
    std::uint64_t number_seed = 0;
    std::uint64_t key_seed = 0;
    std::uint64_t key_labels = 0;
    std::array<Section, kParts> sections;
    std::uint64_t checksum = 0;  // XXH3-64 (seed 0) of what stands before
};
static_assert(sizeof(Header) == 8 * 8 + kParts * 24);

// The header of a block, copied and checked. Threads: any thread.
FlatFault read_header(std::span<const std::byte> from, Header& header);

}  // namespace ringfence::flat
