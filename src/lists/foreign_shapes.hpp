// foreign_shapes.hpp - what the readers of other programs' lists share, and how each of them is made.
//
// A reader takes what it knows from a stream of octets and passes the rest by; nothing is kept but one row.
//
//     line_rows.cpp    a line at a time: entries, secfilter.print, htable.dump as kamcmd prints it
//     json_rows.cpp    objects of JSON
//     sql_rows.cpp     tuples of INSERT statements into one table
#pragma once

#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "src/lists/byte_reader.hpp"
#include "src/lists/raw_row.hpp"

namespace ringfence {

inline constexpr std::size_t kMaxForeignField = 4'096;  // octets kept of a field
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

inline std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r";
    while (!text.empty() && kBlanks.find(text.front()) != std::string_view::npos)
        text.remove_prefix(1);
    while (!text.empty() && kBlanks.find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    return text;
}

inline bool is_blank_octet(int octet) {
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

inline std::optional<std::int64_t> integer_in(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

// The row's texts, which a RawRow views.
struct RowText {
    std::string number, kind, action, category, expires, source, since, confidence;

    void clear() { *this = {}; }
    RawRow view(std::uint64_t line) const {
        RawRow row{number, kind, action, category, expires, source, since, confidence};
        row.line = line;
        return row;
    }
};

// Threads: one thread per object.
class Rows : public ForeignRows {
public:
    Rows(ByteReader bytes, std::string name) : bytes_(std::move(bytes)), name_(std::move(name)) {
        for (const char c : kByteOrderMark) {
            if (bytes_.peek() == static_cast<unsigned char>(c)) bytes_.get();
        }
    }
    bool failed() const override { return failed_; }
    std::uint64_t passed_over() const override { return passed_over_; }
    const std::vector<Error>& warnings() const override { return warnings_; }

protected:
    Error bad(std::uint64_t line, std::string_view what, RawRow& row) const {
        row.line = line;
        return Error::at(ErrorCode::kSyntax, name_, line, what);
    }
    // What the end of the octets means: the end of the file, or its failure, told once.
    Result<bool> end() {
        if (!bytes_.error() || failed_) return false;
        failed_ = true;
        return *bytes_.error();
    }

    ByteReader bytes_;
    std::string name_;
    RowText text_;
    std::uint64_t passed_over_ = 0;
    std::vector<Error> warnings_;
    bool failed_ = false;
};

// The readers; `name` is the file's, for errors. Threads: any thread.
std::unique_ptr<ForeignRows> line_rows(ByteReader bytes, std::string name);
std::unique_ptr<ForeignRows> secfilter_print_rows(ByteReader bytes, std::string name,
                                                  ListFormat format);
std::unique_ptr<ForeignRows> kamcmd_rows(ByteReader bytes, std::string name);
std::unique_ptr<ForeignRows> json_rows(ByteReader bytes, std::string name, ListFormat format);
std::unique_ptr<ForeignRows> sql_rows(ByteReader bytes, std::string name, ListFormat format);

}  // namespace ringfence
