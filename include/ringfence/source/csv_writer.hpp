// csv_writer.hpp - writes a CSV file of whole rows.
//
// A field is quoted when it holds a comma, a quote, CR or LF; rows end in LF, which RFC 4180
// readers take as well as CRLF and line tools need. Rows are buffered and reach the file many at a
// time, always whole: a file cut short by a full disk or an interrupted program ends behind a row.
//
// Cost: a copy of the text, one write a 256 KiB; no allocation a row in steady state.
// Source: RFC 4180 section 2.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/source/file.hpp"

namespace ringfence {

// Threads: one thread per object.
class CsvWriter {
public:
    // Creates or empties the file ("-" is standard output) and writes the header row. Fails with
    // kUnwritable.
    // Threads: any thread.
    static Result<CsvWriter> create(const std::string& path,
                                    std::initializer_list<std::string_view> header);

    // The same over a file that is open and empty.
    static Result<CsvWriter> create(OutputFile file,
                                    std::initializer_list<std::string_view> header);

    // Adds one field to the row.
    CsvWriter& field(std::string_view text);
    template <std::integral Integer>
    CsvWriter& field(Integer value);

    // Ends the row. Fails with kUnwritable when rows could not be written; after that nothing is
    // written any more, and every call gives the same error.
    Status end_row();

    // Writes what is buffered. Fails as end_row does.
    Status flush();

    // Flushes and closes. Fails with kUnwritable when anything was lost. Without it the destructor
    // flushes, and cannot say. The row begun and not ended is dropped.
    Status close();

    ~CsvWriter();
    CsvWriter(CsvWriter&& other) noexcept { swap(other); }
    CsvWriter& operator=(CsvWriter&& other) noexcept {
        swap(other);
        return *this;
    }

private:
    explicit CsvWriter(OutputFile file);
    void swap(CsvWriter& other) noexcept;

    std::optional<OutputFile> file_;  // empty when closed
    std::string buffer_;
    std::size_t whole_ = 0;  // bytes of buffer_ that are whole rows
    bool row_begun_ = false;
    std::optional<Error> failed_;
};

template <std::integral Integer>
CsvWriter& CsvWriter::field(Integer value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return field(std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

}  // namespace ringfence
