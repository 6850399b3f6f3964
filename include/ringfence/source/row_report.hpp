// row_report.hpp - what became of the rows of a file that is read whole: how many were good, and what was wrong with the rest.
//
// Bad rows are told and skipped, unless the file is strict. One of which no row is good is refused: it is another file, or
// a column gone wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/source/csv.hpp"

namespace ringfence {

struct RowReport {
    static constexpr std::size_t kMaxKept = 100;
    std::uint64_t rows = 0;  // good ones
    std::uint64_t bad_rows = 0;
    std::vector<Error> errors;  // of the first kMaxKept bad rows: `file:line: what, and what to do`

    // A line each, and how many more there were. Threads: any thread.
    std::vector<std::string> lines(const std::string& path) const;
};

struct RowRules {
    std::string what;  // "register": what the file is, for errors
    std::uint64_t most = 0;
    bool strict = false;
};

// Gives each row to `take`, which says what is wrong with it, without its place. Fails at a file that cannot be read on, with
// kTooLarge behind the last row it may have, as its first row does when none is good, and, when strict, at the first
// bad row. Threads: any thread.
Result<RowReport> read_rows(CsvReader& csv, const RowRules& rules,
                            const std::function<Status(const CsvRow&)>& take);

// That the header has the columns of `required` and none but `known` ones. `of_what`: "a register of senders".
// Threads: any thread.
Status check_columns(const CsvReader& csv, std::span<const std::string_view> known,
                     std::string_view required, std::string_view of_what);

}  // namespace ringfence
