// A list is read or refused, whatever the bytes: every data row is counted once, and each good row comes back from
// the journal's and the tables' form of its entry. Rows read in runs are those read one at a time. Other formats than
// CSV end, and give good entries.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ringfence/lists/list_reader.hpp"
#include "ringfence/lists/load_list.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/source/csv.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_digits(std::string_view text) {
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
    }
    return !text.empty() && text.size() <= ringfence::ListEntry::kMaxDigits;
}

void check(const ringfence::ListEntry& entry) {
    using namespace ringfence;
    if (entry.kind == EntryKind::kExact) require(is_digits(entry.text));
    if (entry.kind == EntryKind::kPrefix)
        require(is_digits(entry.text) && entry.min_length <= entry.max_length);
    if (entry.kind == EntryKind::kRange)
        require(is_digits(entry.text) && is_digits(entry.last) &&
                entry.text.size() == entry.last.size() && entry.text <= entry.last);
    require(!entry.text.empty());
    if (table_of(entry) == EntryTable::kNumbers || table_of(entry) == EntryTable::kPairs) return;
    TableRules rules;
    const auto added = add_to(rules, entry, 0);
    require(added && *added);
    const auto removed = remove_from(rules, entry, 0);
    require(removed && *removed);
}

// What a row says, and where.
struct Seen {
    std::string digits;  // or the name
    std::uint64_t line = 0;
    std::optional<ringfence::Action> action;
    std::string category;
    std::string source;
    ringfence::EntryNote note;  // without its source
    ringfence::Number subscriber;

    friend bool operator==(const Seen&, const Seen&) = default;
};

Seen seen(std::string digits, std::uint64_t line, const ringfence::ListRow& row) {
    Seen one{std::move(digits),
             line,
             row.action,
             std::string(row.category),
             std::string(row.note.source),
             row.note,
             row.entry.subscriber};
    one.note.source = {};
    return one;
}

void check_runs(std::string_view text, const ringfence::ListSource& source) {
    using namespace ringfence;
    auto single = ListReader::from_text(text, source);
    auto runs = ListReader::from_text(text, source);
    require(single && runs);
    ListRow row;
    const auto expect = [&](const Seen& other) {
        const auto more = single->next(row);
        require(more && *more);
        require(seen(row.entry.text, row.line, row) == other);
    };
    ListRow said;
    for (;;) {
        const auto more = runs->next(said);
        require(static_cast<bool>(more));
        if (!*more) break;
        expect(seen(said.entry.text, said.line, said));
        for (ListRun run = runs->next_run(); !run.numbers.empty(); run = runs->next_run()) {
            for (std::size_t i = 0; i < run.numbers.size(); ++i) {
                expect(seen(run.numbers[i].digits(), run.line + i, *run.says));
                require(row.entry.kind == EntryKind::kExact);
            }
        }
    }
    const auto more = single->next(row);
    require(more && !*more);
    require(single->report().lines("") == runs->report().lines(""));
    require(single->report().rows == runs->report().rows);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ringfence;
    if (size < 2) return 0;
    const auto plans = DialPlan::all();
    ListSource source;
    source.path = "list.csv";
    source.format.plan = &plans[data[0] % plans.size()];
    source.format.exact = static_cast<EntryKind>(data[1] % 4 == 0 ? 0 : data[1] % 4 + 2);
    source.wide = (data[1] & 0x80u) != 0;
    source.by_subscriber = (data[1] & 0x04u) != 0;
    source.file_format = static_cast<ListFormat>((data[1] >> 4u & 7u) % kListFormatNames.size());
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);

    auto reader = ListReader::from_text(text, source);
    if (!reader) return 0;
    std::uint64_t good = 0;
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        require(static_cast<bool>(more));  // a lenient list in memory never fails
        if (!*more) break;
        ++good;
        check(row.entry);
    }
    require(reader->report().rows == good);
    if (source.file_format != ListFormat::kCsv) return 0;

    CsvOptions options;
    options.refuse_bad_utf8 = true;
    auto csv = CsvReader::from_text(text, "list.csv", options);
    require(static_cast<bool>(csv));
    std::uint64_t rows = 0;
    CsvRow plain;
    for (;;) {
        const auto more = csv->next(plain);
        if (more && !*more) break;
        ++rows;
    }
    require(rows == good + reader->report().bad_rows);
    check_runs(text, source);
    return 0;
}
