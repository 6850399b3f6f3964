#include "ringfence/lists/list_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <utility>

#include "ringfence/base/nearest.hpp"
#include "ringfence/base/trimmed.hpp"
#include "ringfence/lists/lifetime.hpp"
#include "ringfence/lists/size_guard.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/lists/plain_rows.hpp"
#include "src/lists/raw_row.hpp"

namespace ringfence {
namespace {

constexpr std::string_view kSubscriber = "subscriber";
constexpr std::array<std::string_view, 8> kColumns = {"number",  "kind",   "action", "category",
                                                      "expires", "source", "since",  "confidence"};

std::string quoted(std::string_view text) { return "'" + printable(text) + "'"; }

// "'x' is no action; did you mean 'y'?"
std::string unknown(std::string_view text, std::string_view what,
                    std::span<const std::string_view> known) {
    std::string message = quoted(text) + " is no " + std::string(what);
    const std::string_view nearest = nearest_name(text, known);
    if (!nearest.empty()) message.append("; did you mean '").append(nearest).append("'?");
    return message;
}

Result<std::optional<Time>> read_time(std::string_view text) {
    if (text.empty()) return std::optional<Time>{};
    const auto time = parse_time(text);
    if (!time)
        return Error{
            ErrorCode::kSyntax,
            quoted(text) + " is no time; write it like 2027-01-31 or 2027-01-31T08:00:00Z"};
    return time;
}

Error bad(const std::string& what) { return {ErrorCode::kSyntax, what}; }

Result<std::optional<Action>> read_action(std::string_view text, const ListSource& source) {
    if (text.empty()) return std::optional<Action>{};
    const auto action = action_from_name(text);
    if (!action) {
        std::array<std::string_view, kActionCount> names;
        for (unsigned i = 0; i < kActionCount; ++i) names[i] = name_of(static_cast<Action>(i));
        return bad(unknown(text, "action", names));
    }
    if (*action == Action::kAllow && !source.allows)
        return bad("a list of orders cannot allow; leave the number off it");
    if (*action == Action::kThrottle && !source.has_rate)
        return bad("action throttle needs a rate; give [[list]] '" + source.id + "' one");
    if (*action == Action::kDivert && !source.has_destination)
        return bad("action divert needs a destination; give [[list]] '" + source.id + "' one");
    return action;
}

Result<std::optional<std::uint8_t>> read_confidence(std::string_view text) {
    if (text.empty()) return std::optional<std::uint8_t>{};
    unsigned percent = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), percent);
    if (failure != std::errc{} || end != text.data() + text.size() ||
        percent > EntryNote::kMaxConfidence)
        return bad(quoted(text) + " is no confidence; write a percentage from 0 to 100");
    return std::optional<std::uint8_t>(static_cast<std::uint8_t>(percent));
}

Status check_free_text(std::string_view text, std::string_view column, std::size_t most) {
    if (text.size() > most)
        return bad("the " + std::string(column) + " has more than " + std::to_string(most) +
                   " octets");
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < ' ')
            return bad("the " + std::string(column) + " has a control character");
    }
    return ok();
}

}  // namespace

Status read_change(std::string_view written, std::string_view subscriber, const ListSource& source,
                   ListEntry& entry) {
    if (source.by_subscriber && subscriber.empty())
        return Error{ErrorCode::kInvalidArgument, "entries of the personal list '" + source.id +
                                                      "' are each a subscriber's; say whose"};
    if (!source.by_subscriber && !subscriber.empty())
        return Error{ErrorCode::kInvalidArgument,
                     "entries of the list '" + source.id + "' are no subscriber's; leave it out"};
    if (auto status = read_entry(written, source.format, entry); !status) return status;
    return source.by_subscriber ? read_subscriber(subscriber, source.format, entry) : ok();
}

ListReader::ListReader(ListSource source) : source_(std::move(source)) {}
ListReader::ListReader(ListReader&&) noexcept = default;
ListReader& ListReader::operator=(ListReader&&) noexcept = default;
ListReader::~ListReader() = default;

Result<ListReader> ListReader::begin(Result<CsvReader> csv, const ListSource& wanted) {
    if (!csv) return csv.error();
    const CsvHeader& header = csv->header();
    ListSource source = wanted;
    if (source.either) source.by_subscriber = header.column(kSubscriber).has_value();
    if (auto status = header.require({"number"}); !status) return status.error();
    if (source.by_subscriber && !header.column(kSubscriber))
        return Error::at(
            ErrorCode::kMissing, csv->name(), 1,
            "no column 'subscriber', which says whose each entry of the personal list '" +
                source.id + "' is; add it, or give [[list]] a 'subscriber'");
    for (const std::string& name : header.names()) {
        if (name == kSubscriber) {
            if (source.by_subscriber) continue;
            return Error::at(
                ErrorCode::kUnknownKey, csv->name(), 1,
                "the column 'subscriber' is for a list with authority \"personal\" and no "
                "'subscriber' of its own, which '" +
                    source.id + "' is not");
        }
        if (std::find(kColumns.begin(), kColumns.end(), name) == kColumns.end())
            return Error::at(ErrorCode::kUnknownKey, csv->name(), 1,
                             unknown(name, "column of a list", kColumns));
    }
    ListReader reader(source);
    reader.columns_ = {
        header.column("number"),   header.column("kind"),       header.column("action"),
        header.column("category"), header.column("expires"),    header.column("source"),
        header.column("since"),    header.column("confidence"), header.column(kSubscriber)};
    reader.csv_ = std::move(*csv);
    reader.plain_ = std::make_unique<PlainRows>(*source.format.plan);
    return reader;
}

Result<ListReader> ListReader::begin(Result<std::unique_ptr<ForeignRows>> rows,
                                     const ListSource& source) {
    if (!rows) return rows.error();
    if (source.by_subscriber)
        return Error::at(ErrorCode::kInvalidArgument, source.path, 0,
                         "a list by subscriber, such as '" + source.id + "', is a CSV file");
    ListReader reader(source);
    reader.foreign_ = std::move(*rows);
    return reader;
}

namespace {

CsvOptions csv_options(const InputOptions& input) {
    CsvOptions options;
    options.input = input;
    options.refuse_bad_utf8 = true;
    return options;
}

}  // namespace

std::vector<std::string> ListReport::lines(const std::string& path) const {
    std::vector<std::string> lines;
    const auto tell = [&](const std::vector<Error>& kept, std::uint64_t all, const char* rest) {
        for (const Error& one : kept) lines.push_back(one.text);
        if (all > kept.size())
            lines.push_back(path + ": " + std::to_string(all - kept.size()) + rest);
    };
    tell(errors, bad_rows, " more bad rows were skipped");
    tell(warnings, unknown_ranges, " more numbers are in no range that the plan knows, and listed");
    for (const Error& one : passed_tables) lines.push_back(one.text);
    return lines;
}

Result<ListReader> ListReader::open(const ListSource& source) {
    auto reader =
        source.file_format != ListFormat::kCsv
            ? begin(ForeignRows::open(source.path, source.file_format, {.streams = source.streams}),
                    source)
            : begin(CsvReader::open(source.path, csv_options({.streams = source.streams})), source);
    if (reader && source.lifetime) reader->date_by_file();
    return reader;
}

// A file whose date cannot be told leaves rows without a date without end.
void ListReader::date_by_file() {
    std::error_code code;
    const auto written = std::filesystem::last_write_time(source_.path, code);
    if (code) return;
    file_date_ = std::chrono::floor<Milliseconds>(std::chrono::file_clock::to_sys(written));
}

Result<ListReader> ListReader::from_text(std::string_view text, const ListSource& source) {
    if (source.file_format != ListFormat::kCsv)
        return begin(ForeignRows::open(source.path, source.file_format, {}, &text), source);
    return begin(CsvReader::from_text(text, source.path, csv_options({})), source);
}

Status ListReader::read_row(const RawRow& raw, ListRow& row) {
    EntryKind kind = source_.format.exact;
    const std::string_view named = trimmed(raw.kind);
    if (!named.empty() && named != kKindByText) {
        const auto said = entry_kind_from_name(named);
        constexpr std::array<std::string_view, 6> kKinds = {"exact",  "prefix", "range",
                                                            "sender", "domain", "account"};
        if (!said) return bad(unknown(named, "kind", kKinds));
        // "exact" in a list of names is one of them, whole.
        if (*said != EntryKind::kExact)
            kind = *said;
        else if (kind == EntryKind::kPrefix || kind == EntryKind::kRange)
            kind = *said;
    }
    bool unknown_range = false;
    const bool known = plain_ && kind == EntryKind::kExact && plain_->read(raw.number, row.entry);
    auto status = known ? ok()
                  : named == kKindByText
                      ? read_entry(raw.number, source_.format, row.entry, &unknown_range)
                      : read_entry(raw.number, kind, source_.format, row.entry, &unknown_range);
    if (!status) return status;
    bool unknown_owner = false;
    if (source_.by_subscriber) {
        if (status = read_owner(trimmed(raw.subscriber), row.entry, unknown_owner); !status)
            return status;
    }
    if (!source_.wide) {
        if (status = check_width(row.entry); !status)
            return Error{status.error().code, status.error().text};
    }
    const auto action = read_action(trimmed(raw.action), source_);
    if (!action) return action.error();
    row.action = *action;
    row.category = trimmed(raw.category);
    if (status = check_free_text(row.category, "category", ListRow::kMaxCategory); !status)
        return status;
    row.note.source = trimmed(raw.source);
    if (status = check_free_text(row.note.source, "source", ListRow::kMaxSource); !status)
        return status;
    const auto expires = read_time(trimmed(raw.expires));
    if (!expires) return expires.error();
    row.note.expires = *expires;
    const auto since = read_time(trimmed(raw.since));
    if (!since) return since.error();
    row.note.since = *since;
    row.note.expires =
        expiry_of(row.note.expires, row.note.since ? row.note.since : file_date_, source_.lifetime);
    const auto confidence = read_confidence(trimmed(raw.confidence));
    if (!confidence) return confidence.error();
    row.note.confidence = *confidence;
    if (unknown_range || unknown_owner) {
        ++report_.unknown_ranges;
        if (report_.warnings.size() < ListReport::kMaxKept)
            report_.warnings.push_back(Error::at(
                ErrorCode::kOutOfRange, source_.path, raw.line,
                (unknown_range ? quoted(raw.number) : "subscriber " + quoted(raw.subscriber)) +
                    " is in no range that the plan knows; it is listed all the same"));
    }
    return ok();
}

// Whose entry the row is.
Status ListReader::read_owner(std::string_view written, ListEntry& entry, bool& unknown_range) {
    if (written.empty()) return bad("no subscriber, whose entry it is");
    if (entry.number().empty() || !plain_->read(written, subscriber_))
        return read_subscriber(written, source_.format, entry, &unknown_range);
    entry.subscriber = subscriber_.number();
    return ok();
}

Result<bool> ListReader::next_raw(RawRow& raw) {
    if (foreign_) {
        auto more = foreign_->next(raw);
        report_.passed_over = foreign_->passed_over();
        if (report_.passed_tables.size() != foreign_->warnings().size())
            report_.passed_tables = foreign_->warnings();
        return more;
    }
    CsvRow csv;
    auto more = csv_->next(csv);
    raw.line = csv.line;
    if (!more || !*more) return more;
    raw.number = csv.get(columns_.number);
    raw.kind = csv.get(columns_.kind);
    raw.action = csv.get(columns_.action);
    raw.category = csv.get(columns_.category);
    raw.expires = csv.get(columns_.expires);
    raw.source = csv.get(columns_.source);
    raw.since = csv.get(columns_.since);
    raw.confidence = csv.get(columns_.confidence);
    raw.subscriber = csv.get(columns_.subscriber);
    return more;
}

Result<bool> ListReader::next(ListRow& row) {
    RawRow raw;
    for (;;) {
        const auto more = next_raw(raw);
        if (more && !*more) return false;
        if (!more && (foreign_ ? foreign_->failed() : csv_->failed())) return more.error();
        Error error;
        if (more) {
            row.line = raw.line;
            const std::uint64_t unknown = report_.unknown_ranges;
            auto status = read_row(raw, row);
            if (status) {
                ++report_.rows;
                // Each row of an unknown range is counted, so none is read as the one before.
                if (plain_ && report_.unknown_ranges == unknown)
                    plain_->keep(csv_->row_text(), raw, row);
                return true;
            }
            error = Error::at(status.error().code, source_.path, raw.line, status.error().text);
        } else {
            error = more.error();
        }
        ++report_.bad_rows;
        if (source_.strict) {
            error.text.append("; the list is strict and is refused whole");
            return error;
        }
        if (report_.errors.size() < ListReport::kMaxKept)
            report_.errors.push_back(std::move(error));
    }
}

ListRun ListReader::next_run() {
    if (!plain_) return {};
    const ListRun run = plain_->read(*csv_);
    report_.rows += run.numbers.size();
    return run;
}

}  // namespace ringfence
