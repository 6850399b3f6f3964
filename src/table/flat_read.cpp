// flat_read.cpp - a block, bounded and checked.
#include <bit>
#include <cassert>
#include <cstring>
#include <string>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ringfence/table/parts.hpp"
#include "src/table/flat_layout.hpp"

namespace ringfence {
namespace {

using flat::Header;
using flat::Part;
using flat::Section;

const Section& section(const Header& header, Part part) {
    return header.sections[static_cast<std::size_t>(part)];
}

// The entries of a section, which must end with one.
template <class Entry>
std::span<const Entry> entries(std::span<const std::byte> from, const Header& header, Part part) {
    const Section& at = section(header, part);
    return {reinterpret_cast<const Entry*>(from.data() + at.offset), at.bytes / sizeof(Entry)};
}

constexpr std::array<std::size_t, flat::kParts> kEntryBytes = {
    1,
    sizeof(NumberLine),
    sizeof(SetPlace),
    sizeof(ListIndex),
    sizeof(WideEntry),
    sizeof(PrefixBlock),
    sizeof(std::uint32_t),
    sizeof(std::uint32_t),
    sizeof(PrefixHead),
    sizeof(PrefixHit),
    sizeof(std::uint64_t),
    sizeof(KeyRecord),
    1,
    sizeof(ListIndex),
};

bool none_or_power_of_two(std::uint64_t count) { return count == 0 || std::has_single_bit(count); }

bool in_bounds(const Header& header, std::uint64_t room) {
    if (header.bytes > room) return false;
    for (std::size_t part = 0; part < flat::kParts; ++part) {
        const Section& at = header.sections[part];
        if (at.offset % FlatTables::kAlignment != 0 || at.offset > header.bytes ||
            at.bytes > header.bytes - at.offset || at.bytes % kEntryBytes[part] != 0)
            return false;
    }
    const auto count = [&](Part part) {
        return section(header, part).bytes / kEntryBytes[static_cast<std::size_t>(part)];
    };
    return count(Part::kNarrow) == kNarrowSets && std::has_single_bit(count(Part::kWide)) &&
           (count(Part::kPrefixBlocks) == 0 || count(Part::kLengths) == PrefixArrays::kLengths) &&
           none_or_power_of_two(count(Part::kKeySlots)) && header.key_labels <= kMaxKeyText;
}

Error wrong(const char* what) {
    return {ErrorCode::kSyntax, std::string("the shared tables are damaged: ") + what};
}

bool lists_ascend(std::span<const ListIndex> lists, std::size_t list_count) {
    for (std::size_t i = 0; i < lists.size(); ++i)
        if (lists[i] >= list_count || (i > 0 && lists[i] <= lists[i - 1])) return false;
    return true;
}

// A set that a number's payload names: none, or within the heap and in order.
bool good_set(SetPlace place, std::span<const ListIndex> heap, std::size_t list_count) {
    const std::uint64_t first = place >> 16u;
    const std::uint64_t count = place & 0xFFFFu;
    return first <= heap.size() && count <= heap.size() - first &&
           lists_ascend(heap.subspan(first, count), list_count);
}

bool good_keys(const KeyArrays& keys, std::size_t list_count) {
    std::size_t used = 0;
    for (const std::uint64_t slot : keys.slots) {
        const std::uint64_t record = slot & 0xFFFFFFFFu;
        if (slot != 0 && (record == 0 || record > keys.records.size())) return false;
        used += slot != 0;
    }
    if (!keys.slots.empty() && used >= keys.slots.size()) return false;  // a search would not end
    for (const KeyRecord& record : keys.records) {
        if (record.text > keys.texts.size() || record.length > keys.texts.size() - record.text ||
            record.lists > keys.lists.size() ||
            record.list_count > keys.lists.size() - record.lists)
            return false;
        if (!lists_ascend(keys.lists.subspan(record.lists, record.list_count), list_count))
            return false;
    }
    return true;
}

}  // namespace

FlatFault flat::read_header(std::span<const std::byte> from, Header& header) {
    if (from.size() < sizeof(Header)) return FlatFault::kHeader;
    // A copy, since what was looked at in memory that others write could be another thing at the next look.
    std::memcpy(&header, from.data(), sizeof(Header));
    if (header.magic != Header::kMagic ||
        XXH3_64bits(&header, offsetof(Header, checksum)) != header.checksum)
        return FlatFault::kHeader;
    return in_bounds(header, from.size()) ? FlatFault::kNone : FlatFault::kBounds;
}

FlatFault view_flat(std::span<const std::byte> from, FlatView& view) {
    assert(reinterpret_cast<std::uintptr_t>(from.data()) % FlatTables::kAlignment == 0);
    Header header;
    if (const FlatFault fault = flat::read_header(from, header); fault != FlatFault::kNone)
        return fault;
    const auto lines = entries<NumberLine>(from, header, Part::kLines);
    const auto wide = entries<WideEntry>(from, header, Part::kWide);
    view.tables.numbers =
        NumberView(lines.data(), lines.size(), header.number_seed,
                   MembershipView(entries<SetPlace>(from, header, Part::kNarrow).data(),
                                  entries<ListIndex>(from, header, Part::kHeap).data(), wide.data(),
                                  wide.size(), header.number_seed));
    view.tables.prefixes = {};
    const PrefixArrays prefixes{entries<PrefixBlock>(from, header, Part::kPrefixBlocks),
                                entries<std::uint32_t>(from, header, Part::kPrefixEntries),
                                entries<std::uint32_t>(from, header, Part::kLengths),
                                entries<PrefixHead>(from, header, Part::kHeads),
                                entries<PrefixHit>(from, header, Part::kHits)};
    if (!prefixes.blocks.empty()) view.tables.prefixes = PrefixView(prefixes);
    view.tables.keys = KeyView({entries<std::uint64_t>(from, header, Part::kKeySlots),
                                entries<KeyRecord>(from, header, Part::kKeyRecords),
                                entries<char>(from, header, Part::kKeyTexts),
                                entries<ListIndex>(from, header, Part::kKeyLists), header.key_seed,
                                static_cast<std::uint32_t>(header.key_labels)});
    const auto about = entries<char>(from, header, Part::kAbout);
    view.about = {about.data(), about.size()};
    view.generation = header.generation;
    view.bytes = header.bytes;
    view.numbers = header.numbers;
    view.header_checksum = header.checksum;
    return FlatFault::kNone;
}

Status check_flat(std::span<const std::byte> from, const FlatView& view, std::size_t list_count) {
    Header header;
    if (flat::read_header(from, header) != FlatFault::kNone ||
        header.checksum != view.header_checksum || header.generation != view.generation)
        return wrong("their header");
    for (const Section& at : header.sections) {
        if (XXH3_64bits(from.data() + at.offset, at.bytes) != at.checksum)
            return wrong("a checksum is wrong");
    }
    // Lines need no look: a slot can name a narrow set, which all are looked at here, or a wide one.
    const auto heap = entries<ListIndex>(from, header, Part::kHeap);
    for (const SetPlace place : entries<SetPlace>(from, header, Part::kNarrow))
        if (!good_set(place, heap, list_count)) return wrong("a set of lists");
    for (const WideEntry& entry : entries<WideEntry>(from, header, Part::kWide)) {
        // relaxed: nobody writes.
        if (!good_set(entry.place.load(std::memory_order_relaxed), heap, list_count))
            return wrong("a set of lists");
    }
    try {
        if (!view.tables.prefixes.empty()) {
            if (const auto fault = fault_of(view.tables.prefixes.arrays(), list_count)) {
                if (fault->code == ErrorCode::kOutOfMemory) return Error{fault->code, fault->what};
                return wrong("a prefix");
            }
        }
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
    if (!good_keys(view.tables.keys.arrays(), list_count)) return wrong("a name");
    return ok();
}

}  // namespace ringfence
