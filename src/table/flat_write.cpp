// flat_write.cpp - tables into a block.
#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ringfence/table/parts.hpp"
#include "ringfence/table/table_set.hpp"
#include "src/table/flat_layout.hpp"

namespace ringfence {
namespace {

using flat::Header;
using flat::Part;
using flat::Section;

// A side entry as it lies in memory, before readers see it.
struct PlainWide {
    std::uint64_t rank = 0;
    SetPlace place = 0;
};
static_assert(sizeof(PlainWide) == sizeof(WideEntry));

std::vector<PlainWide> side_table(std::span<const WideNumber> numbers, std::uint64_t seed) {
    std::vector<PlainWide> table(std::bit_ceil(2 * numbers.size() + 1));
    const std::uint64_t mask = table.size() - 1;
    for (const WideNumber& number : numbers) {
        std::uint64_t at = hash_rank(number.rank, seed) & mask;
        while (table[at].rank != 0) at = (at + 1) & mask;
        table[at] = {number.rank, number.place};
    }
    return table;
}

}  // namespace

class FlatTables::State {
public:
    State(const TableSet& tables, NumberParts numbers, std::string_view about)
        : numbers_(std::move(numbers)), about_(about), narrow_(kNarrowSets) {
        std::ranges::copy(numbers_.narrow_sets, narrow_.begin() + 1);  // payload 0 names none
        // Views hash with the seed as it was spread, which is that of the table's view.
        header_.number_seed = tables.numbers->view().seed();
        wide_ = side_table(numbers_.wide_numbers, header_.number_seed);
        const PrefixArrays& prefixes = tables.prefixes->view().arrays();
        const KeyArrays& keys = tables.keys->view().arrays();
        header_.numbers = numbers_.shape.numbers;
        header_.key_seed = keys.seed;
        header_.key_labels = keys.most_labels;

        put(Part::kAbout, std::span<const char>(about_));
        put(Part::kLines, numbers_.lines);
        put(Part::kNarrow, std::span<const SetPlace>(narrow_));
        put(Part::kHeap, numbers_.set_lists);
        put(Part::kWide, std::span<const PlainWide>(wide_));
        put(Part::kPrefixBlocks, prefixes.blocks);
        put(Part::kPrefixEntries, prefixes.entries);
        put(Part::kLengths, prefixes.lengths);
        put(Part::kHeads, prefixes.heads);
        put(Part::kHits, prefixes.hits);
        put(Part::kKeySlots, keys.slots);
        put(Part::kKeyRecords, keys.records);
        put(Part::kKeyTexts, keys.texts);
        put(Part::kKeyLists, keys.lists);
        header_.bytes = end_;
    }

    std::uint64_t bytes() const { return header_.bytes; }

    void write(std::span<std::byte> to, std::uint64_t generation) const {
        Header header = header_;
        header.generation = generation;
        for (std::size_t part = 0; part < flat::kParts; ++part) {
            Section& section = header.sections[part];
            section.checksum = copy(octets_[part], to.subspan(section.offset, section.bytes));
        }
        header.checksum = XXH3_64bits(&header, offsetof(Header, checksum));
        std::memcpy(to.data(), &header, sizeof(header));
    }

private:
    // Plain bytes: elements are trivial but for the atomics of lines, which nobody changes now.
    template <class Entry>
    void put(Part part, std::span<const Entry> entries) {
        Section& section = header_.sections[static_cast<std::size_t>(part)];
        octets_[static_cast<std::size_t>(part)] = std::as_bytes(entries);
        section.offset = (end_ + kAlignment - 1) / kAlignment * kAlignment;
        section.bytes = entries.size_bytes();
        end_ = section.offset + section.bytes;
    }

    // Copies, and sums each piece while it is in cache.
    static std::uint64_t copy(std::span<const std::byte> from, std::span<std::byte> to) {
        constexpr std::size_t kPiece = std::size_t{256} << 10u;
        XXH3_state_t sum;
        XXH3_64bits_reset(&sum);
        for (std::size_t at = 0; at < from.size(); at += kPiece) {
            const auto piece = from.subspan(at, std::min(kPiece, from.size() - at));
            std::memcpy(to.data() + at, piece.data(), piece.size());
            XXH3_64bits_update(&sum, piece.data(), piece.size());
        }
        return XXH3_64bits_digest(&sum);
    }

    NumberParts numbers_;
    std::string about_;
    std::vector<SetPlace> narrow_;
    std::vector<PlainWide> wide_;
    Header header_;
    std::array<std::span<const std::byte>, flat::kParts> octets_;
    std::uint64_t end_ = sizeof(Header);
};

FlatTables::FlatTables(std::unique_ptr<State> state) : state_(std::move(state)) {}
FlatTables::FlatTables(FlatTables&&) noexcept = default;
FlatTables& FlatTables::operator=(FlatTables&&) noexcept = default;
FlatTables::~FlatTables() = default;

Result<FlatTables> FlatTables::of(const TableSet& tables, std::string_view about) {
    auto numbers = parts_of(*tables.numbers);
    if (!numbers) return numbers.error();
    try {
        return FlatTables(std::make_unique<State>(tables, *std::move(numbers), about));
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

std::uint64_t FlatTables::bytes() const { return state_->bytes(); }

void FlatTables::write(std::span<std::byte> to, std::uint64_t generation) const {
    assert(to.size() >= bytes());
    assert(reinterpret_cast<std::uintptr_t>(to.data()) % kAlignment == 0);
    state_->write(to, generation);
}

}  // namespace ringfence
