// sample.hpp - lists of fiction to make images of, and what the tests do with the octets of one.
#pragma once

#include <xxhash.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ringfence/image/image.hpp"
#include "ringfence/lists/load_list.hpp"
#include "ringfence/source/file.hpp"

namespace ringfence::sample {

// All that an image is made of, and its owner.
struct Lists {
    TableSet tables;
    TableRules rules;
    SubLists sub_lists{0};
    EntryBook book;
    std::vector<ImageList> lists;
    std::vector<ImageOrigin> origins;  // none: made of no policy's files

    ImageContents contents(std::uint64_t serial = 1) const {
        return {tables, sub_lists, book, lists, serial, origins};
    }
};

struct Entry {
    ListIndex list;
    ListEntry entry;
    EntryNote note = {};
};

inline ListEntry entry(EntryKind kind, std::string text, std::string last = {}) {
    ListEntry made;
    made.kind = kind;
    made.text = std::move(text);
    made.last = std::move(last);
    return made;
}

inline Lists lists_of(std::vector<ImageList> lists, SubLists sub_lists,
                      const std::vector<Entry>& entries, NumberTableOptions options) {
    Lists made;
    auto builder = TableSetBuilder::create(options);
    for (const Entry& one : entries) {
        if (const Number number = one.entry.number(); !number.empty())
            *builder->add(number, one.list);
        else
            *add_to(builder->rules(), one.entry, one.list);
        made.book.note(one.list, one.entry, one.note);
    }
    made.tables = *std::move(*builder).build(&made.rules);
    made.sub_lists = std::move(sub_lists);
    made.lists = std::move(lists);
    return made;
}

// What the committed image of version 1 holds: two lists of France, one with rows that say something of their own.
inline Lists fiction(bool with_prefixes = true) {
    const Time noon = time_from_ms(1'772'366'400'000);  // 2026-03-01T12:00:00Z
    std::vector<ImageList> lists = {{"fraud", CountryCode("FR"), 40, noon},
                                    {"partners", CountryCode("FR"), {}, {}}};
    SubLists sub_lists(2);
    const ListIndex tagged = *sub_lists.index_of(0, Action::kTag, "");
    const ListIndex polls = *sub_lists.index_of(0, {}, "poll");
    std::vector<Entry> entries;
    for (unsigned i = 0; i < 30; ++i) {
        const std::string number = "336399800" + std::to_string(10 + i);
        EntryNote note;
        if (i % 3 == 0) note.expires = noon + Milliseconds(86'400'000 * (1 + i));
        if (i % 5 == 0) note.source = "arcep";
        if (i % 7 == 0) note.confidence = static_cast<std::uint8_t>(i);
        if (i % 4 == 0) note.since = noon - Milliseconds(std::int64_t{86'400'000} * i);
        const ListIndex list = i < 20 ? ListIndex{0} : i < 25 ? tagged : polls;
        entries.push_back({list, entry(EntryKind::kExact, number), note});
        if (i % 2 == 0) entries.push_back({1, entry(EntryKind::kExact, number)});
    }
    if (with_prefixes) {
        entries.push_back({0, entry(EntryKind::kPrefix, "33639981"), {noon, "arcep", {}, {}}});
        ListEntry bounded = entry(EntryKind::kPrefix, "336399812");
        bounded.min_length = 11;
        bounded.max_length = 11;
        entries.push_back({polls, bounded});
        entries.push_back({1, entry(EntryKind::kRange, "33639982095", "33639982104")});
    }
    entries.push_back({1, entry(EntryKind::kSender, "exemple")});
    entries.push_back({0, entry(EntryKind::kDomain, "bad.example"), {{}, "press", {}, 90}});
    entries.push_back({tagged, entry(EntryKind::kDomain, "bad.example")});
    entries.push_back({0, entry(EntryKind::kAccount, "some_body")});
    entries.push_back({0, entry(EntryKind::kExact, "3363998000000000")});
    NumberTableOptions options;
    options.numbers = 40;
    options.seed = 7;
    return lists_of(std::move(lists), std::move(sub_lists), entries, options);
}

// The same without prefixes, made of files: every section there is, and small.
inline Lists fiction_of_files() {
    Lists made = fiction(false);
    made.origins = {{0xF1C710, true, 412, 1'772'366'400'000'000'000, 0xABCDEF}, {0xF1C711}};
    return made;
}

// A folder of the test's own, gone with it.
class Folder {
public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "image-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() {
        std::error_code code;
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all, code);
        std::filesystem::remove_all(path_, code);
    }
    std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
    const std::string& path() const { return path_; }

    // What lies in it, sorted.
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(path_))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

private:
    std::string path_;
};

inline std::string octets_of(const Lists& lists, std::uint64_t serial = 1) {
    const Folder folder;
    if (!write_image(folder / "lists.rft", lists.contents(serial))) return {};
    return *read_file(folder / "lists.rft", std::size_t{1} << 30u);
}

template <class T>
T field(const std::string& octets, std::size_t at) {
    T value{};
    if (at + sizeof value <= octets.size()) std::memcpy(&value, octets.data() + at, sizeof value);
    return value;
}
template <class T>
void put(std::string& octets, std::size_t at, T value) {
    if (at + sizeof value <= octets.size()) std::memcpy(octets.data() + at, &value, sizeof value);
}

// Places in the octets, as docs/image.md has them.
inline constexpr std::size_t kVersionAt = 8;
inline constexpr std::size_t kRequiredAt = 16;
inline constexpr std::size_t kOptionalAt = 24;
inline constexpr std::size_t kFileBytesAt = 32;
inline constexpr std::size_t kSectionsAt = 76;
inline constexpr std::size_t kSumAt = 120;
inline constexpr std::size_t kHeaderBytes = 128;
inline constexpr std::size_t kSectionBytes = 32;

// Where section number `i` (from 0) begins, and its octets.
inline std::pair<std::uint64_t, std::uint64_t> section(const std::string& octets, std::size_t i) {
    const std::size_t at = kHeaderBytes + kSectionBytes * i;
    return {field<std::uint64_t>(octets, at + 8), field<std::uint64_t>(octets, at + 16)};
}

// Makes every checksum right for what is there now.
inline void repair(std::string& octets) {
    const std::size_t sections =
        std::min<std::size_t>(field<std::uint32_t>(octets, kSectionsAt), 64);
    for (std::size_t i = 0; i < sections; ++i) {
        const auto [offset, bytes] = section(octets, i);
        if (offset > octets.size() || bytes > octets.size() - offset) continue;
        put(octets, kHeaderBytes + kSectionBytes * i + 24,
            std::uint64_t{XXH3_64bits(octets.data() + offset, bytes)});
    }
    if (octets.size() < kHeaderBytes + kSectionBytes * sections) return;
    std::string summed = octets.substr(0, kSumAt);
    summed.append(octets, kHeaderBytes, kSectionBytes * sections);
    put(octets, kSumAt, std::uint64_t{XXH3_64bits(summed.data(), summed.size())});
}

}  // namespace ringfence::sample
