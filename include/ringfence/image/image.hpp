// image.hpp - all lists of a policy as one file, ready to be looked up: written once, opened in a moment.
//
// A list of CSV is read row by row; an image is the tables themselves. It holds what look-ups read (numbers,
// prefixes, keys), and what the writer needs to change them further (which lists there are and what their rows say
// of their own, every prefix and name with its bounds, until when and who says so). The policy is not in it: an
// image says which lists a number is on, the policy says what that means. Layout, octet by octet: docs/image.md.
//
//     header | section table | lists | sub-lists | sets | lines | prefixes | keys | sources | rules | notes | origins
//
// Readers: the file is read into memory of our own, once, and that copy is checked: checksums (accidents), then
// structure (accidents that a checksum was made over, and attackers who can write the file but must not crash the
// switch). What passed answers like tables that were built. An attacker can still write lists that lie.
// Writers: a file beside the old one, fsync, rename, fsync of the folder: whoever opens the path finds the old image
// or the new one, whole, whenever the power goes.
//
// Cost: reading is reading the file, and 4 ns a number (AVX-512; 6 with AVX2, 8 scalar). Size 10 to 20 bytes a number by how full its table is,
// 16 a note.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"
#include "ringfence/lists/entry_book.hpp"
#include "ringfence/lists/sub_lists.hpp"
#include "ringfence/number/country.hpp"
#include "ringfence/table/table_set.hpp"

namespace ringfence {

// A list as it was when the image was made; at the same position as in its policy.
struct ImageList {
    static constexpr std::size_t kMaxId = 255;  // octets

    std::string id;
    CountryCode country;                // under which its national numbers were read
    std::optional<std::uint64_t> rows;  // good ones of its file; none: it had no file
    std::optional<Time> written;        // when its file was

    friend bool operator==(const ImageList&, const ImageList&) = default;
};

// How a list was read, and the file it was read from: by these an image is known for the one of a policy's files
// (ringfence/image/origin.hpp).
struct ImageOrigin {
    std::uint64_t declaration = 0;  // XXH3-64 of what its [[list]] says about reading rows
    bool has_file = false;          // else the next three are 0
    std::uint64_t bytes = 0;        // of the file as it lies, compressed or not
    std::int64_t written_ns = 0;    // since 1970
    std::uint64_t hash = 0;         // XXH3-64 of its octets

    friend bool operator==(const ImageOrigin&, const ImageOrigin&) = default;
};

// What an image is made of. Borrowed.
struct ImageContents {
    const TableSet& tables;
    const SubLists& sub_lists;
    const EntryBook& book;
    std::span<const ImageList> lists;
    std::uint64_t serial = 0;                   // of the image; later ones have larger ones
    std::span<const ImageOrigin> origins = {};  // one for each list, or none: of no policy's files
};

// What changes of the tables build on.
struct ImageEntries {
    TableRules rules;
    EntryBook book;
};

// Threads: one thread per object.
class Image {
public:
    static constexpr std::uint32_t kVersion = 1;

    // Reads and checks the file. Fails with kUnreadable; with kSyntax for what is no image or is damaged,
    // `lists.rft: section lines at offset 4160: what, and what to do`; with kUnsupported for what a later version
    // wrote; with kOutOfMemory. Threads: any thread.
    static Result<Image> read(const std::string& path);

    // The same for an image in memory; errors call it `name`. Threads: any thread.
    static Result<Image> from_bytes(std::string_view bytes, const std::string& name);

    Image(Image&&) noexcept;
    Image& operator=(Image&&) noexcept;
    ~Image();

    std::uint64_t serial() const { return serial_; }
    const std::vector<ImageList>& lists() const { return lists_; }
    const SubLists& sub_lists() const { return sub_lists_; }
    // One for each list; none when it was made of no policy's files.
    const std::vector<ImageOrigin>& origins() const { return origins_; }

    // The tables, of which whoever takes them is the writer.
    const TableSet& tables() const { return tables_; }

    // Prefixes and names as rules, and what is known of entries. Checked against the tables: fails as `read` does
    // when they disagree. Cost: about 1 us a prefix or name, 150 ns a note.
    Result<ImageEntries> entries() const;

private:
    friend class ImageReader;

    Image();

    std::string name_;
    std::uint64_t serial_ = 0;
    std::vector<ImageList> lists_;
    std::vector<ImageOrigin> origins_;
    SubLists sub_lists_{0};
    TableSet tables_;
    struct Coded;  // sources, rules and notes as they stand in the file
    std::unique_ptr<Coded> coded_;
};

// Writes an image, in place of one that was there; mode 0600. The file at `path` is the old one or the new one at
// any time. Fails with kUnwritable, with kInvalidArgument for lists or origins that are not those of `sub_lists`, with kBusy
// and kOutOfMemory as parts_of does. Threads: the writer of the tables; readers go on.
Status write_image(const std::string& path, const ImageContents& contents);

}  // namespace ringfence
