// read.cpp - an image in, section by section in the order of the file.
//
// Large arrays are read a piece at a time to where they will lie, and each piece is summed (and lines are checked)
// while it is in cache. Sizes are bounded by the file's own before memory is asked for.
#include <algorithm>
#include <new>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ringfence/image/image.hpp"
#include "ringfence/source/utf8.hpp"
#include "ringfence/table/parts.hpp"
#include "src/image/bytes.hpp"
#include "src/image/coded.hpp"
#include "src/image/layout.hpp"

namespace ringfence {

using image::Header;
using image::Kind;
using image::Section;

Error image::error_at(ErrorCode code, const std::string& file, Kind section, std::uint64_t offset,
                      std::string_view what) {
    std::string text = "section " + std::string(facts_of(section).name) + " at offset " +
                       std::to_string(offset) + ": ";
    text.append(what);
    if (code == ErrorCode::kSyntax) text.append("; compile the image again, or copy it again");
    return Error::at(code, file, 0, text);
}

class ImageReader {
public:
    explicit ImageReader(const image::Bytes& bytes) : bytes_(bytes) {}

    Result<Image> read();

private:
    // A piece is read, summed and checked before the next: it fits the second-level cache.
    static constexpr std::size_t kPiece = std::size_t{512} << 10u;

    Error fault(std::string_view what) const {
        return Error::at(ErrorCode::kSyntax, bytes_.name(), 0, what);
    }
    Error fault(Kind kind, std::uint64_t at, std::string_view what) const {
        return image::error_at(ErrorCode::kSyntax, bytes_.name(), kind, section(kind).offset + at,
                               what);
    }
    Error fault(const PartFault& part) const;
    const Section& section(Kind kind) const { return known_[static_cast<std::size_t>(kind)]; }

    Status read_header();
    Status read_section_table();
    Status check_zeros(std::uint64_t from, std::uint64_t to) const;
    template <class Check>
    Status read_pieces(const Section& section, std::span<std::byte> to, const Check& check) const;
    template <class Entries>
    Status read_array(Kind kind, Entries& entries) const;
    Status pass_over(const Section& section) const;
    Status read_lists();
    Status read_sub_lists();
    Status read_numbers();
    Status read_prefixes();
    Status read_keys();
    Status read_coded(Kind kind, Image::Coded::Text& text) const;
    Status read_origins(const Section& from);

    const image::Bytes& bytes_;
    Header header_;
    std::vector<Section> sections_;
    std::array<Section, image::kKinds + 1> known_{};
    Image image_;
};

Error ImageReader::fault(const PartFault& part) const {
    if (part.code != ErrorCode::kSyntax) return Error::at(part.code, bytes_.name(), 0, part.what);
    if (part.part == TablePart::kNone)
        return fault("its header does not fit its sections: " + part.what +
                     "; compile the image again");
    const Kind kind = image::kind_of(part.part);
    const auto entry_bytes = image::facts_of(kind).entry_bytes;
    return fault(kind, part.index * entry_bytes, part.what);
}

Status ImageReader::read_header() {
    if (bytes_.size() < sizeof(Header))
        return fault("has " + std::to_string(bytes_.size()) +
                     " octets and is no image, or cut short; compile it again");
    if (auto status = bytes_.read(0, std::as_writable_bytes(std::span(&header_, 1))); !status)
        return status;
    if (header_.magic != image::kMagic)
        return fault("is no image: it does not begin as one; name a file that write_image made");
    if (header_.endianness != image::kEndianness)
        return fault("was written in another order of octets; compile it on this kind of machine");
    if (header_.version == 0) return fault("has the version 0; compile it again");
    if (header_.version > Image::kVersion)
        return Error::at(ErrorCode::kUnsupported, bytes_.name(), 0,
                         "is an image of version " + std::to_string(header_.version) +
                             ", this library reads up to " + std::to_string(Image::kVersion) +
                             "; update the library, or compile with this one");
    if (const auto unknown = header_.required_features & ~image::kKnownFeatures; unknown != 0)
        return Error::at(ErrorCode::kUnsupported, bytes_.name(), 0,
                         "needs feature " + std::to_string(__builtin_ctzll(unknown)) +
                             ", which this library does not know; update it");
    if (header_.file_bytes != bytes_.size())
        return fault("has " + std::to_string(bytes_.size()) + " octets and should have " +
                     std::to_string(header_.file_bytes) + "; copy it again");
    if (header_.sections > image::kMostSections)
        return fault("claims " + std::to_string(header_.sections) + " sections; compile it again");
    return ok();
}

Status ImageReader::read_section_table() {
    sections_.resize(header_.sections);
    const auto table = std::as_writable_bytes(std::span(sections_));
    if (bytes_.size() - sizeof(Header) < table.size())
        return fault("ends inside its section table; copy it again");
    if (auto status = bytes_.read(sizeof(Header), table); !status) return status;
    XXH3_state_t sum;
    XXH3_64bits_reset(&sum);
    XXH3_64bits_update(&sum, &header_, offsetof(Header, checksum));
    XXH3_64bits_update(&sum, table.data(), table.size());
    if (XXH3_64bits_digest(&sum) != header_.checksum)
        return fault("its header is damaged (the checksum is wrong); copy it again");
    if (std::ranges::any_of(header_.zeros, [](std::uint32_t word) { return word != 0; }))
        return fault("its header has something where zeros belong; compile it again");

    std::uint64_t end = sizeof(Header) + table.size();
    std::uint32_t last = 0;
    for (const Section& one : sections_) {
        const std::uint64_t begin = (end + image::kAlignment - 1) & ~(image::kAlignment - 1);
        if (one.kind <= last || one.zero != 0 || one.offset != begin || begin > bytes_.size() ||
            one.bytes > bytes_.size() - begin)
            return fault("its section table is wrong at the section of kind " +
                         std::to_string(one.kind) + "; compile it again");
        if (auto status = check_zeros(end, begin); !status) return status;
        end = begin + one.bytes;
        last = one.kind;
        if (one.kind <= image::kKinds)
            known_[one.kind] = one;
        else if ((one.kind & image::kOptionalSection) == 0)
            return Error::at(ErrorCode::kUnsupported, bytes_.name(), 0,
                             "has a section of kind " + std::to_string(one.kind) +
                                 ", which this library does not know; update it");
    }
    if (end != bytes_.size()) return fault("goes on behind its last section; compile it again");
    constexpr auto kOrigins = static_cast<std::uint32_t>(Kind::kOrigins);
    const bool promised = (header_.optional_features & image::kHasOrigins) != 0;
    if (promised !=
        std::ranges::any_of(sections_, [](const Section& one) { return one.kind == kOrigins; }))
        return fault("its section origins and its feature bit do not agree; compile it again");
    for (std::size_t kind = 1; kind <= image::kKinds; ++kind) {
        if (known_[kind].kind == 0)
            return fault("has no section " + std::string(image::kKindFacts[kind].name) +
                         "; compile it again");
    }
    return ok();
}

Status ImageReader::check_zeros(std::uint64_t from, std::uint64_t to) const {
    std::array<std::byte, image::kAlignment> gap{};
    const auto zeros = std::span(gap).first(static_cast<std::size_t>(to - from));
    if (auto status = bytes_.read(from, zeros); !status) return status;
    if (std::ranges::any_of(zeros, [](std::byte octet) { return octet != std::byte{0}; }))
        return fault("has something between two sections, before offset " + std::to_string(to) +
                     "; copy it again");
    return ok();
}

// Reads a section to `to`, which has its size. `check(first octet, end)` is called for each piece.
template <class Check>
Status ImageReader::read_pieces(const Section& from, std::span<std::byte> to,
                                const Check& check) const {
    XXH3_state_t sum;
    XXH3_64bits_reset(&sum);
    for (std::size_t at = 0; at < to.size();) {
        const auto piece = to.subspan(at, std::min(kPiece, to.size() - at));
        if (auto status = bytes_.read(from.offset + at, piece); !status) return status;
        XXH3_64bits_update(&sum, piece.data(), piece.size());
        if (auto status = check(at, at + piece.size()); !status) return status;
        at += piece.size();
    }
    if (XXH3_64bits_digest(&sum) == from.checksum) return ok();
    return image::error_at(ErrorCode::kSyntax, bytes_.name(), static_cast<Kind>(from.kind),
                           from.offset, "is damaged (the checksum is wrong)");
}

constexpr auto kNoCheck = [](std::size_t, std::size_t) { return ok(); };

template <class Entries>
Status ImageReader::read_array(Kind kind, Entries& entries) const {
    using Entry = typename Entries::value_type;
    const Section& from = section(kind);
    if (from.bytes % sizeof(Entry) != 0) return fault(kind, from.bytes, "ends inside an entry");
    entries.resize(from.bytes / sizeof(Entry));
    return read_pieces(from, std::as_writable_bytes(std::span(entries)), kNoCheck);
}

// A section that we do not know: its checksum must be right all the same.
Status ImageReader::pass_over(const Section& from) const {
    std::vector<std::byte> piece(std::min<std::uint64_t>(kPiece, from.bytes));
    XXH3_state_t sum;
    XXH3_64bits_reset(&sum);
    for (std::uint64_t at = 0; at < from.bytes;) {
        const auto part =
            std::span(piece).first(std::min<std::uint64_t>(piece.size(), from.bytes - at));
        if (auto status = bytes_.read(from.offset + at, part); !status) return status;
        XXH3_64bits_update(&sum, part.data(), part.size());
        at += part.size();
    }
    if (XXH3_64bits_digest(&sum) == from.checksum) return ok();
    return fault("its section of kind " + std::to_string(from.kind) +
                 " is damaged (the checksum is wrong); copy it again");
}

Status ImageReader::read_coded(Kind kind, Image::Coded::Text& text) const {
    text.offset = section(kind).offset;
    return read_array(kind, text.bytes);
}

Status ImageReader::read_origins(const Section& from) {
    std::string octets(from.bytes, '\0');
    if (auto status = read_pieces(from, std::as_writable_bytes(std::span(octets)), kNoCheck);
        !status)
        return status;
    auto origins = image::decode_origins(octets, image_.lists_.size(), bytes_.name(), from.offset);
    if (!origins) return origins.error();
    image_.origins_ = *std::move(origins);
    return ok();
}

Status ImageReader::read_lists() {
    std::string text;
    if (auto status = read_array(Kind::kLists, text); !status) return status;
    image::Cursor cursor(text);
    while (!cursor.done()) {
        const std::size_t at = cursor.at();
        image::ListHead head;
        std::string_view id;
        if (!cursor.take(head) || !cursor.take(id, head.id_bytes))
            return fault(Kind::kLists, at, "ends inside a list");
        ImageList list;
        list.id = id;
        list.country = CountryCode(std::string_view(head.country.data(), head.country.size()));
        constexpr unsigned kFlags = image::ListHead::kHasRows | image::ListHead::kHasWritten;
        if (id.empty() || id.size() > ImageList::kMaxId || !is_utf8(id) || head.zero != 0 ||
            (head.flags & ~kFlags) != 0 || list.country.letters != head.country)
            return fault(Kind::kLists, at, "is a list that makes no sense");
        if ((head.flags & image::ListHead::kHasRows) != 0) list.rows = head.rows;
        if ((head.flags & image::ListHead::kHasWritten) != 0)
            list.written = time_from_ms(head.written_ms);
        if (image_.lists_.size() == SubLists::kMax)
            return fault(Kind::kLists, at, "is one list too many");
        image_.lists_.push_back(std::move(list));
    }
    return ok();
}

Status ImageReader::read_sub_lists() {
    std::string text;
    if (auto status = read_array(Kind::kSubLists, text); !status) return status;
    const auto lists = static_cast<std::uint16_t>(image_.lists_.size());
    image_.sub_lists_ = SubLists(lists);
    image::Cursor cursor(text);
    while (!cursor.done()) {
        const std::size_t at = cursor.at();
        image::SubListHead head;
        std::string_view category;
        if (!cursor.take(head) || !cursor.take(category, head.category_bytes))
            return fault(Kind::kSubLists, at, "ends inside a sub-list");
        std::optional<Action> action;
        if (head.action != image::SubListHead::kNoAction) action = static_cast<Action>(head.action);
        if (head.list >= lists || (action && head.action >= kActionCount) || !is_utf8(category))
            return fault(Kind::kSubLists, at, "is of no list, of no action, or no text");
        const std::size_t count = image_.sub_lists_.all().size();
        const auto index = image_.sub_lists_.index_of(head.list, action, category);
        if (!index || *index != count)
            return fault(Kind::kSubLists, at, "is there twice, or one too many");
    }
    return ok();
}

Status ImageReader::read_numbers() {
    const Section& lines = section(Kind::kLines);
    NumberShape shape;
    shape.seed = header_.hash_seed;
    shape.room = header_.room;
    shape.numbers = header_.numbers;
    shape.load_percent = header_.load_percent;
    shape.line_count = lines.bytes / sizeof(NumberLine);
    const auto entries = [&](Kind kind, std::size_t bytes) { return section(kind).bytes / bytes; };
    shape.narrow_sets = entries(Kind::kNarrowSets, sizeof(SetPlace));
    shape.set_lists = entries(Kind::kSetLists, sizeof(ListIndex));
    shape.wide_numbers = entries(Kind::kWideNumbers, sizeof(WideNumber));
    const std::pair<Kind, std::size_t> sizes[] = {{Kind::kNarrowSets, sizeof(SetPlace)},
                                                  {Kind::kSetLists, sizeof(ListIndex)},
                                                  {Kind::kWideNumbers, sizeof(WideNumber)},
                                                  {Kind::kLines, sizeof(NumberLine)}};
    for (const auto& [kind, bytes] : sizes) {
        if (section(kind).bytes % bytes != 0)
            return fault(kind, section(kind).bytes, "ends inside an entry");
    }
    auto assembly = NumberAssembly::begin(shape, image_.sub_lists_.all().size());
    if (!assembly) return fault(assembly.error());
    const std::pair<Kind, std::span<std::byte>> sets[] = {
        {Kind::kNarrowSets, std::as_writable_bytes(assembly->narrow_sets())},
        {Kind::kSetLists, std::as_writable_bytes(assembly->set_lists())},
        {Kind::kWideNumbers, std::as_writable_bytes(assembly->wide_numbers())}};
    for (const auto& [kind, to] : sets)
        if (auto status = read_pieces(section(kind), to, kNoCheck); !status) return status;
    if (const auto found = assembly->check_sets()) return fault(*found);
    const auto check = [&](std::size_t begin, std::size_t end) -> Status {
        const auto found =
            assembly->check_lines(begin / sizeof(NumberLine), (end - begin) / sizeof(NumberLine));
        return found ? Status(fault(*found)) : ok();
    };
    if (auto status = read_pieces(lines, assembly->lines(), check); !status) return status;
    auto table = std::move(*assembly).finish();
    if (!table) return fault(table.error());
    image_.tables_.numbers = std::make_shared<NumberTable>(*std::move(table));
    return ok();
}

Status ImageReader::read_prefixes() {
    PrefixStore store;
    if (auto status = read_array(Kind::kPrefixBlocks, store.blocks); !status) return status;
    if (auto status = read_array(Kind::kPrefixEntries, store.entries); !status) return status;
    if (auto status = read_array(Kind::kLengths, store.lengths); !status) return status;
    if (auto status = read_array(Kind::kHeads, store.heads); !status) return status;
    std::vector<std::uint32_t> hits;
    if (auto status = read_array(Kind::kHits, hits); !status) return status;
    store.hits.reserve(hits.size());
    for (std::size_t i = 0; i < hits.size(); ++i) {
        if (hits[i] >> 24u != 0)
            return fault(Kind::kHits, 4 * i, "has something where zeros belong");
        store.hits.push_back(
            {static_cast<ListIndex>(hits[i]), static_cast<std::uint8_t>(hits[i] >> 16u)});
    }
    auto table = table_of(std::move(store), image_.sub_lists_.all().size());
    if (!table) return fault(table.error());
    image_.tables_.prefixes = std::make_shared<PrefixTable>(*std::move(table));
    return ok();
}

Status ImageReader::read_keys() {
    KeyParts parts;
    if (auto status = read_array(Kind::kKeyShapes, parts.shapes); !status) return status;
    if (auto status = read_array(Kind::kKeyTexts, parts.texts); !status) return status;
    if (auto status = read_array(Kind::kKeyLists, parts.lists); !status) return status;
    auto table = table_of(std::move(parts), image_.sub_lists_.all().size());
    if (!table) return fault(table.error());
    image_.tables_.keys = std::make_shared<KeyTable>(*std::move(table));
    return ok();
}

Result<Image> ImageReader::read() {
    image_.name_ = bytes_.name();
    if (auto status = read_header(); !status) return status.error();
    image_.serial_ = header_.serial;
    image_.coded_ = std::make_unique<Image::Coded>();
    const auto coded = [&](Kind kind, Image::Coded::Text& text) { return read_coded(kind, text); };
    for (const auto step :
         {&ImageReader::read_section_table, &ImageReader::read_lists, &ImageReader::read_sub_lists,
          &ImageReader::read_numbers, &ImageReader::read_prefixes, &ImageReader::read_keys})
        if (auto status = (this->*step)(); !status) return status.error();
    if (auto status = coded(Kind::kSources, image_.coded_->sources); !status) return status.error();
    if (auto status = coded(Kind::kRules, image_.coded_->rules); !status) return status.error();
    if (auto status = coded(Kind::kNotes, image_.coded_->notes); !status) return status.error();
    for (const Section& one : sections_) {
        if (one.kind <= image::kKinds) continue;
        const bool known = one.kind == static_cast<std::uint32_t>(Kind::kOrigins);
        if (auto status = known ? read_origins(one) : pass_over(one); !status)
            return status.error();
    }
    return std::move(image_);
}

Image::Image() = default;
Image::Image(Image&&) noexcept = default;
Image& Image::operator=(Image&&) noexcept = default;
Image::~Image() = default;

Result<Image> Image::read(const std::string& path) {
    try {
        const auto bytes = image::Bytes::open(path);
        if (!bytes) return bytes.error();
        return ImageReader(*bytes).read();
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

Result<Image> Image::from_bytes(std::string_view bytes, const std::string& name) {
    try {
        return ImageReader(image::Bytes::of(bytes, name)).read();
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

}  // namespace ringfence
