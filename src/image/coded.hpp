// coded.hpp - what an image holds for the writer alone: sources, rules and notes, as text of the file.
//
// Kept as it stands in the file until somebody wants to change the tables; `entries` then makes rules and a book of it.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ringfence/image/image.hpp"
#include "src/image/layout.hpp"

namespace ringfence {

struct Image::Coded {
    struct Text {
        std::string bytes;
        std::uint64_t offset = 0;  // in the file
    };
    Text sources;
    Text rules;
    Text notes;
};

namespace image {

// The entries of `book` as they stand in a file.
struct EncodedEntries {
    std::string sources;
    std::string rules;
    std::string notes;
};
EncodedEntries encode(const EntryBook& book, std::size_t list_count);

// Origins as they stand in a file, and back. Decoding fails when they are not those of `lists` lists; `file` and
// `offset` are what the error names.
std::string encode(std::span<const ImageOrigin> origins);
Result<std::vector<ImageOrigin>> decode_origins(std::string_view octets, std::size_t lists,
                                                const std::string& file, std::uint64_t offset);

// `file: section S at offset N: what; and what to do`.
Error error_at(ErrorCode code, const std::string& file, Kind section, std::uint64_t offset,
               std::string_view what);

// Takes fields off the front of a text; false, and nothing taken, when it is too short.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}

    template <class T>
    bool take(T& value) {
        if (text_.size() - at_ < sizeof value) return false;
        std::memcpy(&value, text_.data() + at_, sizeof value);
        at_ += sizeof value;
        return true;
    }
    bool take(std::string_view& text, std::size_t bytes) {
        if (text_.size() - at_ < bytes) return false;
        text = text_.substr(at_, bytes);
        at_ += bytes;
        return true;
    }
    bool done() const { return at_ == text_.size(); }
    std::size_t at() const { return at_; }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

template <class T>
void append(std::string& text, const T& value) {
    static_assert(std::has_unique_object_representations_v<T>);
    text.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace image
}  // namespace ringfence
