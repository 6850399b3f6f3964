// write.cpp - an image out: sums first, since they stand at the front, then the octets.
#include <algorithm>
#include <new>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ringfence/image/image.hpp"
#include "ringfence/source/fresh_file.hpp"
#include "ringfence/table/parts.hpp"
#include "src/image/catalogue.hpp"
#include "src/image/coded.hpp"
#include "src/image/layout.hpp"

namespace ringfence {
namespace {

using image::Header;
using image::Section;

template <class Entries>
std::string_view octets(const Entries& entries) {
    return {reinterpret_cast<const char*>(entries.data()),
            entries.size() * sizeof(*entries.data())};
}

std::string encode(std::span<const ImageList> lists) {
    std::string text;
    for (const ImageList& list : lists) {
        image::ListHead head;
        head.rows = list.rows.value_or(0);
        head.written_ms = list.written ? to_ms(*list.written) : 0;
        head.country = list.country.letters;
        head.id_bytes = static_cast<std::uint16_t>(list.id.size());
        head.flags = static_cast<std::uint16_t>((list.rows ? image::ListHead::kHasRows : 0) |
                                                (list.written ? image::ListHead::kHasWritten : 0));
        image::append(text, head);
        text.append(list.id);
    }
    return text;
}

// Those behind the lists' own.
std::string encode(std::span<const SubList> sub_lists) {
    std::string text;
    for (const SubList& sub : sub_lists) {
        image::SubListHead head;
        head.list = sub.list;
        if (sub.action) head.action = static_cast<std::uint8_t>(*sub.action);
        head.category_bytes = static_cast<std::uint8_t>(sub.category.size());
        image::append(text, head);
        text.append(sub.category);
    }
    return text;
}

// Their octet of padding must be a zero.
std::vector<std::uint32_t> words_of(std::span<const PrefixHit> hits) {
    std::vector<std::uint32_t> words;
    words.reserve(hits.size());
    for (const PrefixHit& hit : hits)
        words.push_back(std::uint32_t{hit.list} | std::uint32_t{hit.prefix_length} << 16u);
    return words;
}

Status check(const ImageContents& contents) {
    const auto all = contents.sub_lists.all();
    const auto refuse = [](std::string_view what) {
        return Error{ErrorCode::kInvalidArgument, std::string(what)};
    };
    if (all.size() < contents.lists.size() || contents.lists.size() > SubLists::kMax)
        return refuse("an image's lists must be those that its sub-lists were made for");
    for (const ImageList& list : contents.lists)
        if (list.id.empty() || list.id.size() > ImageList::kMaxId)
            return refuse("a list's id has 1 to 255 octets");
    if (!contents.origins.empty() && contents.origins.size() != contents.lists.size())
        return refuse("an image's origins must be those of its lists");
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].category.size() > UINT8_MAX) return refuse("a category has at most 255 octets");
        if (i < contents.lists.size() ? all[i].list != i : all[i].list >= contents.lists.size())
            return refuse("an image's lists must be those that its sub-lists were made for");
    }
    return ok();
}

template <class Put>
Status write_to(const Put& file, const Header& header, std::span<const Section> sections,
                std::span<const std::string_view> texts) {
    static constexpr std::string_view kZeros(
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        image::kAlignment);
    // A call for more than 2 GiB writes less, so that a full disk would be met half way.
    constexpr std::size_t kPiece = std::size_t{64} << 20u;
    std::uint64_t at = 0;
    const auto put = [&](std::string_view text) -> Status {
        at += text.size();
        for (; text.size() > kPiece; text.remove_prefix(kPiece))
            if (auto status = file(text.substr(0, kPiece)); !status) return status;
        return file(text);
    };
    if (auto status = put(octets(std::span(&header, 1))); !status) return status;
    if (auto status = put(octets(sections)); !status) return status;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        if (auto status = put(kZeros.substr(0, sections[i].offset - at)); !status) return status;
        if (auto status = put(texts[i]); !status) return status;
    }
    return ok();
}

// Gives the octets of the image, piece by piece, to `put` once the whole of it is known.
template <class Put>
Status write_checked(const ImageContents& contents, const Put& put) {
    auto numbers = parts_of(*contents.tables.numbers);
    if (!numbers) return numbers.error();
    const PrefixArrays& prefixes = contents.tables.prefixes->view().arrays();
    const auto keys = parts_of(*contents.tables.keys);
    if (!keys) return keys.error();
    const auto all = contents.sub_lists.all();
    const image::EncodedEntries entries = image::encode(contents.book, all.size());
    const std::string lists = encode(contents.lists);
    const std::string sub_lists = encode(all.subspan(contents.lists.size()));
    const std::vector<std::uint32_t> hits = words_of(prefixes.hits);
    const std::string origins = image::encode(contents.origins);

    // By kind, from 1; then those that may be absent.
    std::vector<std::string_view> texts = {lists,
                                           sub_lists,
                                           octets(numbers->narrow_sets),
                                           octets(numbers->set_lists),
                                           octets(numbers->wide_numbers),
                                           octets(numbers->lines),
                                           octets(prefixes.blocks),
                                           octets(prefixes.entries),
                                           octets(prefixes.lengths),
                                           octets(prefixes.heads),
                                           octets(hits),
                                           octets(keys->shapes),
                                           octets(keys->texts),
                                           octets(keys->lists),
                                           entries.sources,
                                           entries.rules,
                                           entries.notes};
    if (!origins.empty()) texts.push_back(origins);
    std::vector<Section> sections(texts.size());
    std::uint64_t end = sizeof(Header) + octets(sections).size();
    for (std::size_t i = 0; i < texts.size(); ++i) {
        Section& section = sections[i];
        section.kind = i < image::kKinds ? static_cast<std::uint32_t>(i + 1)
                                         : static_cast<std::uint32_t>(image::Kind::kOrigins);
        section.offset = (end + image::kAlignment - 1) & ~(image::kAlignment - 1);
        section.bytes = texts[i].size();
        section.checksum = XXH3_64bits(texts[i].data(), texts[i].size());
        end = section.offset + section.bytes;
    }
    Header header;
    header.version = Image::kVersion;
    header.file_bytes = end;
    header.serial = contents.serial;
    header.hash_seed = numbers->shape.seed;
    header.numbers = numbers->shape.numbers;
    header.room = numbers->shape.room;
    header.load_percent = numbers->shape.load_percent;
    header.sections = static_cast<std::uint32_t>(sections.size());
    if (!origins.empty()) header.optional_features = image::kHasOrigins;
    XXH3_state_t sum;
    XXH3_64bits_reset(&sum);
    XXH3_64bits_update(&sum, &header, offsetof(Header, checksum));
    XXH3_64bits_update(&sum, sections.data(), octets(sections).size());
    header.checksum = XXH3_64bits_digest(&sum);

    return write_to(put, header, sections, texts);
}

Status write_file(const std::string& path, const ImageContents& contents) {
    constexpr unsigned kOwnerOnly = 0600;  // it names numbers
    auto fresh = FreshFile::beside(path, kOwnerOnly);
    if (!fresh) return fresh.error();
    auto file = fresh->output();
    if (!file) return file.error();
    const auto put = [&](std::string_view text) { return file->write(text); };
    if (auto status = write_checked(contents, put); !status) return status;
    if (auto status = file->close(); !status) return status;
    return fresh->put_in_place();
}

}  // namespace

Status write_image(const std::string& path, const ImageContents& contents) {
    try {
        if (auto status = check(contents); !status) return status;
        return write_file(path, contents);
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

Result<std::string> image::catalogue_of(const ImageContents& contents) {
    try {
        if (auto status = check(contents); !status) return status.error();
        auto empty = TableSetBuilder::create({.numbers = 1});
        if (!empty) return empty.error();
        auto tables = std::move(*empty).build();
        if (!tables) return tables.error();
        const EntryBook none;
        std::string octets;
        const auto put = [&](std::string_view text) {
            octets.append(text);
            return ok();
        };
        if (auto status = write_checked({*tables, contents.sub_lists, none, contents.lists,
                                         contents.serial, contents.origins},
                                        put);
            !status)
            return status.error();
        return octets;
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

}  // namespace ringfence
