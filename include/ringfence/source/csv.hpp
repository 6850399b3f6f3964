// csv.hpp - rows of a CSV file as views into one block of memory.
//
// Reads RFC 4180: fields apart by commas, a field in quotes may hold commas, line ends and doubled
// quotes, lines end in LF or CRLF, a UTF-8 byte order mark is skipped, zstd is decompressed on the
// way. Where the standard is silent: an empty line is no row; a quote inside a field that does not
// begin with one is a plain character; a CR elsewhere than before LF is a plain character; blanks
// around a field belong to it (around a column's name they do not).
//
//     block   |  done  | row row row row ro|   free   |   refilled when the last row is not whole
//                        ^ next
//
// A bad row is one Error with its line, and reading goes on behind it. Where its shape is wrong
// (unclosed quote, text behind a closing quote, wrong number of columns) it ends with its first
// line: a stray quote costs the line it stands in, never the lines behind it. Where only its content
// is wrong (a field past the bound, NUL, not UTF-8) it ends where it ends. A quote is unclosed when
// the file ends before the closing one.
//
// Of an over-long row (a quoted field past max_field_bytes, or 4 x max_field_bytes in all) the end
// is not in sight, and a quoted field of a million lines and a stray quote before a million rows
// begin alike. The max_field_bytes behind its first line decide: where at least half of the lines
// there have as many commas as a row, the quote was stray and the bad row ends with its first line;
// otherwise it is one bad row to its end, however many lines that takes. With one column, or without
// a header, every line is like a row.
//
// Readers of a row: fields live until the next call. Memory: the block, which grows from 256 KiB to
// hold the longest row, at most 8 x max_field_bytes, whatever the file holds.
//
// Cost: about 25 ns for a row of 80 bytes in 7 fields beside what the system takes to read it, no
// allocation a row once the block has its size.
// Source: RFC 4180 section 2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/source/file.hpp"

namespace ringfence {

struct CsvOptions {
    std::size_t max_field_bytes = std::size_t{1} << 20u;
    std::size_t max_columns = 1024;
    bool header = true;            // the first row names the columns, and every row has as many
    bool refuse_nul = true;        // a row with a NUL byte is bad
    bool refuse_bad_utf8 = false;  // a row that is not UTF-8 is bad
    InputOptions input = {};       // what the path may lead to
};

// One row. Views live until the reader's next call.
struct CsvRow {
    std::span<const std::string_view> fields;  // empty when the row was bad
    // Of a bad row: the fields that could be cut, as far as that could be told; for those who look
    // for one thing in it. Those of a row whose quotes are wrong, or of an over-long one, are cut
    // short after kCutBytes.
    std::span<const std::string_view> cut;
    static constexpr std::size_t kCutBytes = 256;
    std::uint64_t line = 0;   // line of the file on which it begins, the first is 1
    std::uint64_t index = 0;  // 0 for the first row behind the header; bad rows count

    // The field of that column, empty when there is no such column.
    std::string_view get(std::optional<std::size_t> column) const {
        return column && *column < fields.size() ? fields[*column] : std::string_view{};
    }
};

// The names of the columns.
class CsvHeader {
public:
    std::span<const std::string> names() const { return names_; }

    // Where the column stands, or none. Threads: any thread.
    std::optional<std::size_t> column(std::string_view name) const;

    // Fails with kMissing at the header's line when one of `names` is no column, and says which was
    // probably meant. Threads: any thread.
    Status require(std::initializer_list<std::string_view> names) const;

private:
    friend class CsvReader;

    std::string file_;
    std::uint64_t line_ = 0;
    std::vector<std::string> names_;
};

// Threads: one thread per object.
class CsvReader {
public:
    // Opens the file and reads its header. Fails with kUnreadable as
    // InputFile does; with kMissing when a header is wanted and the file holds none; with
    // kDuplicate when it names a column twice; with kSyntax when it is no CSV row, or the text is
    // UTF-16.
    // Threads: any thread.
    static Result<CsvReader> open(const std::string& path, const CsvOptions& options = {});

    // The same over text in memory, called `name` in errors. Threads: any thread.
    static Result<CsvReader> from_text(std::string_view text, std::string name,
                                       const CsvOptions& options = {});

    // Reads the next row: true, or false at the end. An Error is a bad row, with row.line and
    // row.index set, and the next call goes on behind it; only after an error of the file itself
    // (failed() is true) the next call gives false. So a loop that counts errors and stops at false
    // always ends.
    Result<bool> next(CsvRow& row);

    // What was read of the file and not yet given as rows, for those who read rows of a known shape themselves: it
    // begins with a row, and kAheadPadding octets behind it may be loaded. Empty at the end, and inside a line that is
    // given up. Good until the next call of `next`.
    static constexpr std::size_t kAheadPadding = 64;
    std::string_view ahead() const {
        return skip_ != Skip::kNone ? std::string_view{}
                                    : std::string_view(block_.get() + begin_, end_ - begin_);
    }

    // Passes over the first `bytes` of ahead(), which are `rows` good rows of one line each.
    void pass(std::size_t bytes, std::uint64_t rows) {
        begin_ += bytes;
        line_ += rows;
        index_ += rows;
    }

    // The octets of the good row that `next` just gave, its line end included, and the line of what follows it.
    std::string_view row_text() const { return row_text_; }
    std::uint64_t next_line() const { return line_; }

    // The file could not be read to its end.
    bool failed() const { return failed_; }

    // Empty when options.header is false.
    const CsvHeader& header() const { return header_; }

    // The file's name, for errors about the content of a field: Error::at(code, reader.name(),
    // row.line, what).
    const std::string& name() const { return name_; }

private:
    // What became of the bytes at the front of the block.
    enum class Parsed : std::uint8_t { kRow, kBlank, kMore, kBad, kSkip };

    // Where the reader stands in a bad row.
    enum class Skip : std::uint8_t {
        kNone,
        kRestOfLine,  // the row is reported
        kLine,        // in its first line, which is cut at its commas, and is all of it
        // In an over-long row, which is cut as a row is:
        kField,  // where a field begins
        kPlain,
        kQuoted,
        kQuote,       // behind a quote in a quoted field: the closing one, or half a doubled one
        kReturn,      // behind a CR behind a closing quote
        kBehindLine,  // behind the first line, in a quoted field: is this a row?
    };

    CsvReader(std::string name, const CsvOptions& options);

    Status begin();
    Status take_header();
    Status fill(std::size_t wanted);
    Parsed parse_next();
    Parsed skip_rest_of_line();
    Parsed skip_bad_row();
    bool skip_byte(char c);
    bool is_like_rows(std::string_view text, bool to_end) const;
    void cut_byte(char c);
    void cut_field();
    void cut_stray_quote();
    Parsed parse_row();
    Parsed parse_quoted();
    Parsed more();
    Parsed row_too_long();
    Parsed skip_from(Skip state, ErrorCode code, std::string_view what);
    Parsed finish_plain(const char* field, const char* line_end);
    Parsed finish(const char* end, std::uint64_t lines);
    Parsed bad_line(ErrorCode code, std::string_view what);
    Parsed bad_row(const char* end, std::uint64_t lines, ErrorCode code, std::string_view what);
    std::size_t max_row_bytes() const { return 4 * options_.max_field_bytes; }
    void keep(const char* from, const char* to);
    void consume(const char* end, std::uint64_t lines);
    std::span<const std::string_view> kept() const;

    std::string name_;
    CsvOptions options_;
    std::optional<InputFile> file_;  // none for text in memory
    std::unique_ptr<char[]> block_;  // capacity_ bytes and kPadding
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;   // of what is not parsed yet
    std::size_t end_ = 0;     // of what was read
    std::size_t wanted_ = 0;  // bytes from begin_ that the row needs at least, after kMore
    bool at_end_ = false;     // nothing is left to read behind end_
    Skip skip_ = Skip::kNone;
    bool decided_ = false;  // an over-long row goes on behind its first line
    bool failed_ = false;
    bool saw_nul_ = false;    // anywhere so far
    std::uint64_t line_ = 1;  // of begin_
    std::uint64_t index_ = 0;
    std::size_t columns_ = 0;               // every row has as many; 0 before there is a header
    std::vector<std::string_view> fields_;  // room for as many as a row may have
    std::size_t field_count_ = 0;           // as many as the row has
    std::vector<std::size_t> doubled_;      // fields that hold doubled quotes
    std::string_view row_text_;             // of the last good row
    std::string cut_;                       // the fields of a bad row whose bytes are passed over
    std::vector<std::size_t> cut_begin_;    // of each field in cut_
    Error problem_;                         // after kBad
    CsvHeader header_;
};

}  // namespace ringfence
