// list_reader.hpp - rows of a list file, one after the other, with every bad row reported by its line.
//
//     number,kind,action,category,expires,source,since,confidence
//     +44 7700 900123,exact,reject,fraud_card,2026-12-31,police,2026-03-01,90
//     0162,prefix,,telemarketing,,arcep,,
//
// `number` is the only column that must be there; `kind` is exact, prefix, range, sender, domain or account,
// by default what the list holds. An empty action or category is the list's; confidence is in percent. Columns
// of other names are refused: a misspelt one would be a rule that silently is not there. Other shapes of files:
// list_format.hpp.
//
// A list by subscriber has one column more, `subscriber`, which must be there: whose entry the row is. Its numbers
// are whole ones of up to 15 digits.
//
// Bad rows: a lenient list (the default) reports, counts and skips them; a strict list fails at the first.
// Memory: one block of the CSV reader and one row, whatever the file holds.
// Cost: about 150 ns a row, most of it reading the number; 8 ns by next_run.
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
#include "ringfence/base/vocabulary.hpp"
#include "ringfence/lists/entry_book.hpp"
#include "ringfence/lists/list_entry.hpp"
#include "ringfence/lists/list_format.hpp"
#include "ringfence/source/csv.hpp"

namespace ringfence {

// Where a list comes from and how to read it.
struct ListSource {
    std::string id;
    std::string path;  // plain or zstd
    ListFormat file_format = ListFormat::kCsv;
    EntryFormat format;
    bool strict = false;
    bool wide = false;             // prefixes over kMaxPrefixNumbers numbers are meant
    bool allows = true;            // an action of "allow" may stand in a row: false for orders
    bool has_rate = false;         // an action of "throttle" may
    bool has_destination = false;  // an action of "divert" may
    // Of an automatic list: how long an entry that names no expiry stays (lifetime.hpp).
    std::optional<Milliseconds> lifetime = {};
    bool by_subscriber = false;  // each row holds for the subscriber that it names
    bool either = false;   // a file of either kind: it is by subscriber when it has that column
    bool streams = false;  // a pipe will do, as InputOptions has it: for a file that a person names
};

// Reads the entry of a live change, and whose it is: named for a list by subscriber, empty for any other. Fails as
// read_entry and read_subscriber do, and with kInvalidArgument when a subscriber is named where none may be, or none
// where one must. Threads: any thread.
Status read_change(std::string_view written, std::string_view subscriber, const ListSource& source,
                   ListEntry& entry);

struct ListRow {
    static constexpr std::size_t kMaxCategory = 64;  // octets
    static constexpr std::size_t kMaxSource = 128;   // octets

    ListEntry entry;
    std::optional<Action> action;  // none: the list's
    std::string_view category;     // empty: the list's
    EntryNote note;                // until when, who says so, since when, how sure
    std::uint64_t line = 0;
};

// Rows one after the other, a line each, that differ in their numbers alone.
struct ListRun {
    std::span<const Number> numbers;  // good exact entries, in the order of the file; empty: none
    std::uint64_t line = 0;           // of the first
    const ListRow* says =
        nullptr;  // what each says beside its number: of `entry` only the subscriber, `line` is of no matter
};

// What reading a list came to.
struct ListReport {
    static constexpr std::size_t kMaxKept = 100;  // errors kept; all are counted

    std::uint64_t rows = 0;  // good ones
    std::uint64_t bad_rows = 0;
    std::uint64_t passed_over = 0;     // what another program's list holds and no list can
    std::uint64_t unknown_ranges = 0;  // good ones whose range the plan does not know
    // The first kMaxKept of each, as `file:line: what, and what to do`.
    std::vector<Error> errors;         // of bad rows
    std::vector<Error> warnings;       // of unknown ranges
    std::vector<Error> passed_tables;  // of a database's dump, that hold something else

    // All, a line each, and how many more there were of the first two; `path` is the file's. Threads: any thread.
    std::vector<std::string> lines(const std::string& path) const;
};

class ForeignRows;
class PlainRows;
struct RawRow;

// Threads: one thread per object.
class ListReader {
public:
    // Opens the file and, when it is CSV, reads its header. Fails with kUnreadable when it is absent, a directory
    // or may not be read; with kMissing, kDuplicate or kUnknownKey at a header that is wrong.
    // Threads: any thread.
    static Result<ListReader> open(const ListSource& source);

    // The same over text in memory; errors call it source.path. Threads: any thread.
    static Result<ListReader> from_text(std::string_view text, const ListSource& source);

    ListReader(ListReader&&) noexcept;
    ListReader& operator=(ListReader&&) noexcept;
    ~ListReader();

    // Reads the next good row: true, or false at the end. Texts of the row live until the next call. Fails when
    // the file cannot be read to its end, and, for a strict list, at the first bad row.
    Result<bool> next(ListRow& row);

    // The rows that come next, as far as they differ from one that `next` gave in the digits of their number alone:
    // what `next` would give for each, in a tenth of the time. None when the next row is no such one, and always
    // before the first call of `next`. Never fails. Good until the next call of either.
    ListRun next_run();

    const ListReport& report() const { return report_; }

private:
    struct Columns {
        std::optional<std::size_t> number, kind, action, category, expires, source, since,
            confidence, subscriber;
    };

    explicit ListReader(ListSource source);
    static Result<ListReader> begin(Result<CsvReader> csv, const ListSource& source);
    static Result<ListReader> begin(Result<std::unique_ptr<ForeignRows>> rows,
                                    const ListSource& source);
    void date_by_file();
    Result<bool> next_raw(RawRow& raw);
    Status read_row(const RawRow& raw, ListRow& row);
    Status read_owner(std::string_view written, ListEntry& entry, bool& unknown_range);

    std::optional<CsvReader> csv_;          // of a CSV file
    std::unique_ptr<PlainRows> plain_;      // of a CSV file too
    std::unique_ptr<ForeignRows> foreign_;  // of any other
    ListSource source_;
    std::optional<Time> file_date_;  // of a list with a lifetime
    Columns columns_;
    ListEntry subscriber_;  // the row's, as it is read
    ListReport report_;
};

}  // namespace ringfence
