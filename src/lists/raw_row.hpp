// raw_row.hpp - one row of a list file as it is written, whatever the file's format.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/lists/list_format.hpp"
#include "ringfence/source/file.hpp"

namespace ringfence {

// Views live until the next row is read. Empty: the file does not say.
struct RawRow {
    std::string_view number, kind, action, category, expires, source, since, confidence;
    std::uint64_t line = 0;
    std::string_view subscriber = {};
};

// The kind of a row whose text says it, as of a live change: "0162*", "1700..1799".
inline constexpr std::string_view kKindByText = "\x01";

// Rows of a file that is not CSV. Threads: one thread per object.
class ForeignRows {
public:
    virtual ~ForeignRows() = default;

    // Reads the next row: true, or false at the end. An error is a bad row, with row.line set, and reading goes on
    // behind it; after one of the file itself `failed` is true, and the next call gives false.
    virtual Result<bool> next(RawRow& row) = 0;
    virtual bool failed() const = 0;

    // Good rows that no list can hold, so far.
    virtual std::uint64_t passed_over() const = 0;

    // What of them was passed over as a whole, so far: told once, with the line where it began.
    virtual const std::vector<Error>& warnings() const = 0;

    // Fails as InputFile does. `text` (if not null) stands in place of the file's content. Threads: any thread.
    static Result<std::unique_ptr<ForeignRows>> open(const std::string& path, ListFormat format,
                                                     const InputOptions& input,
                                                     const std::string_view* text = nullptr);
};

}  // namespace ringfence
