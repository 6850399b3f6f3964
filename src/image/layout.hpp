// layout.hpp - how an image lies in its file; docs/image.md says the same in words.
//
//     0      Header          128 octets
//     128    Section[n]      32 octets each, ascending by kind
//     ...    sections        each begins at the next multiple of 64; zeros between
//
// All little-endian, which the processors we support are. Numbers here are persisted: never reused.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ringfence/table/parts.hpp"

namespace ringfence::image {

static_assert(std::endian::native == std::endian::little);

// As PNG's: not text, and told at once when a transfer changed line ends or cut the eighth bit.
inline constexpr std::array<unsigned char, 8> kMagic = {0x89, 'R',  'F',  'T',
                                                        '\r', '\n', 0x1A, '\n'};
inline constexpr std::uint32_t kEndianness = 0x0A0B0C0D;
inline constexpr std::size_t kAlignment = 64;
inline constexpr std::size_t kMostSections = 64;
inline constexpr std::uint64_t kKnownFeatures = 0;  // of the required ones
inline constexpr std::uint64_t kHasOrigins =
    1;  // an optional one: the section of that kind is there
// A section of a kind with this bit may be passed over by who does not know it.
inline constexpr std::uint32_t kOptionalSection = 0x80000000u;

struct Header {
    std::array<unsigned char, 8> magic = kMagic;
    std::uint32_t version = 1;
    std::uint32_t endianness = kEndianness;
    std::uint64_t required_features = 0;
    std::uint64_t optional_features = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t serial = 0;
    std::uint64_t hash_seed = 0;
    std::uint64_t numbers = 0;
    std::uint64_t room = 0;
    std::uint32_t load_percent = 0;
    std::uint32_t sections = 0;
    std::array<std::uint32_t, 10> zeros{};
    std::uint64_t checksum = 0;  // of the octets before it, then the section table
};
static_assert(sizeof(Header) == 128 && offsetof(Header, checksum) == 120);

struct Section {
    std::uint32_t kind = 0;
    std::uint32_t zero = 0;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::uint64_t checksum = 0;
};
static_assert(sizeof(Section) == 32);

enum class Kind : std::uint32_t {
    kLists = 1,
    kSubLists = 2,
    kNarrowSets = 3,
    kSetLists = 4,
    kWideNumbers = 5,
    kLines = 6,
    kPrefixBlocks = 7,
    kPrefixEntries = 8,
    kLengths = 9,
    kHeads = 10,
    kHits = 11,
    kKeyShapes = 12,
    kKeyTexts = 13,
    kKeyLists = 14,
    kSources = 15,
    kRules = 16,
    kNotes = 17,
    kOrigins = kOptionalSection | 1u,
};
inline constexpr std::size_t kKinds = 17;

// Names, and the octets of what the index of a PartFault counts.
struct KindFacts {
    std::string_view name;
    std::size_t entry_bytes;
};
inline constexpr std::array<KindFacts, kKinds + 1> kKindFacts = {{{"", 1},
                                                                  {"lists", 1},
                                                                  {"sub-lists", 1},
                                                                  {"narrow sets", 8},
                                                                  {"set lists", 2},
                                                                  {"wide numbers", 16},
                                                                  {"lines", 8},
                                                                  {"prefix blocks", 16},
                                                                  {"prefix entries", 4},
                                                                  {"prefix lengths", 4},
                                                                  {"prefix heads", 12},
                                                                  {"prefix hits", 4},
                                                                  {"key shapes", 4},
                                                                  {"key texts", 1},
                                                                  {"key lists", 2},
                                                                  {"sources", 1},
                                                                  {"rules", 1},
                                                                  {"notes", 1}}};
inline constexpr KindFacts kOriginFacts = {"origins", 40};
constexpr const KindFacts& facts_of(Kind kind) {
    if (kind == Kind::kOrigins) return kOriginFacts;
    return kKindFacts[static_cast<std::size_t>(kind)];
}
// Parts and kinds stand in one order.
constexpr Kind kind_of(TablePart part) {
    return static_cast<Kind>(static_cast<std::uint32_t>(part) + 2);
}
static_assert(kind_of(TablePart::kNarrow) == Kind::kNarrowSets &&
              kind_of(TablePart::kKeyLists) == Kind::kKeyLists);

// What stands before each list's id.
struct ListHead {
    static constexpr std::uint16_t kHasRows = 1;
    static constexpr std::uint16_t kHasWritten = 2;

    std::uint64_t rows = 0;
    std::int64_t written_ms = 0;
    std::array<char, 2> country{};
    std::uint16_t id_bytes = 0;
    std::uint16_t flags = 0;
    std::uint16_t zero = 0;
};
static_assert(sizeof(ListHead) == 24);

// What stands before each sub-list's category.
struct SubListHead {
    static constexpr std::uint8_t kNoAction = 0xFF;

    std::uint16_t list = 0;
    std::uint8_t action = kNoAction;
    std::uint8_t category_bytes = 0;
};
static_assert(sizeof(SubListHead) == 4);

// What stands before each rule's text and last.
struct RuleHead {
    static constexpr std::uint8_t kNoConfidence = 0xFF;

    std::uint32_t expires = 0;  // seconds since 1970, 0xFFFFFFFF: never
    std::uint32_t source = 0;   // position in the sources from 1; 0: none
    std::uint16_t list = 0;
    std::uint16_t since = 0;  // days since 1970; 0: not known
    std::uint8_t kind = 0;
    std::uint8_t min_length = 0;
    std::uint8_t max_length = 0;
    std::uint8_t confidence = kNoConfidence;
    std::uint8_t text_bytes = 0;
    std::uint8_t last_bytes = 0;
    std::uint16_t zero = 0;
};
static_assert(sizeof(RuleHead) == 20);

// Of a list: how its rows were read, and from which file.
struct Origin {
    static constexpr std::uint32_t kHasFile = 1;

    std::uint64_t declaration = 0;
    std::uint64_t bytes = 0;
    std::int64_t written_ns = 0;
    std::uint64_t hash = 0;
    std::uint32_t flags = 0;
    std::uint32_t zero = 0;
};
static_assert(sizeof(Origin) == 40);

// What stands before the notes of a list's index.
struct NotesHead {
    std::uint64_t count = 0;
    std::uint16_t list = 0;
    std::array<std::uint16_t, 3> zeros{};
};
static_assert(sizeof(NotesHead) == 16);

// What is known of a number. Both words as NoteTable has them in memory.
struct Note {
    static constexpr std::uint64_t kNoConfidence = 127;

    std::uint64_t first = 0;   // rank 50 | confidence 7 | source, upper 7
    std::uint64_t second = 0;  // expires 32 | since 16 | source, lower 16
};
static_assert(sizeof(Note) == 16);

}  // namespace ringfence::image
