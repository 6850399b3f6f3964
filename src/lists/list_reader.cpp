#include "ringfence/lists/list_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "ringfence/base/nearest.hpp"
#include "ringfence/lists/size_guard.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/source/utf8.hpp"

namespace ringfence {
namespace {

constexpr std::array<std::string_view, 6> kColumns = {"number",   "kind",    "action",
                                                      "category", "expires", "source"};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::string quoted(std::string_view text) { return "'" + printable(text) + "'"; }

// "'x' is no action; did you mean 'y'?"
std::string unknown(std::string_view text, std::string_view what,
                    std::span<const std::string_view> known) {
    std::string message = quoted(text) + " is no " + std::string(what);
    const std::string_view nearest = nearest_name(text, known);
    if (!nearest.empty()) message.append("; did you mean '").append(nearest).append("'?");
    return message;
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

ListReader::ListReader(CsvReader csv, ListSource source)
    : csv_(std::move(csv)), source_(std::move(source)) {}

Result<ListReader> ListReader::begin(Result<CsvReader> csv, const ListSource& source) {
    if (!csv) return csv.error();
    const CsvHeader& header = csv->header();
    if (auto status = header.require({"number"}); !status) return status.error();
    for (const std::string& name : header.names()) {
        if (std::find(kColumns.begin(), kColumns.end(), name) == kColumns.end())
            return Error::at(ErrorCode::kUnknownKey, csv->name(), 1,
                             unknown(name, "column of a list", kColumns));
    }
    Columns columns{header.column("number"),   header.column("kind"),    header.column("action"),
                    header.column("category"), header.column("expires"), header.column("source")};
    ListReader reader(std::move(*csv), source);
    reader.columns_ = columns;
    return reader;
}

namespace {

CsvOptions csv_options() {
    CsvOptions options;
    options.refuse_bad_utf8 = true;
    return options;
}

}  // namespace

Result<ListReader> ListReader::open(const ListSource& source) {
    return begin(CsvReader::open(source.path, csv_options()), source);
}

Result<ListReader> ListReader::from_text(std::string_view text, const ListSource& source) {
    return begin(CsvReader::from_text(text, source.path, csv_options()), source);
}

Status ListReader::read_row(const CsvRow& csv, ListRow& row) {
    EntryKind kind = source_.format.exact;
    if (const std::string_view text = trimmed(csv.get(columns_.kind)); !text.empty()) {
        const auto known = entry_kind_from_name(text);
        constexpr std::array<std::string_view, 6> kKinds = {"exact",  "prefix", "range",
                                                            "sender", "domain", "account"};
        if (!known) return bad(unknown(text, "kind", kKinds));
        // "exact" in a list of names is one of them, whole.
        if (*known != EntryKind::kExact)
            kind = *known;
        else if (kind == EntryKind::kPrefix || kind == EntryKind::kRange)
            kind = *known;
    }
    bool unknown_range = false;
    if (auto status =
            read_entry(csv.get(columns_.number), kind, source_.format, row.entry, &unknown_range);
        !status)
        return status;
    if (!source_.wide) {
        if (auto status = check_width(row.entry); !status)
            return Error{status.error().code, status.error().text};
    }
    const auto action = read_action(trimmed(csv.get(columns_.action)), source_);
    if (!action) return action.error();
    row.action = *action;
    row.category = trimmed(csv.get(columns_.category));
    if (auto status = check_free_text(row.category, "category", ListRow::kMaxCategory); !status)
        return status;
    row.source = trimmed(csv.get(columns_.source));
    if (auto status = check_free_text(row.source, "source", ListRow::kMaxSource); !status)
        return status;
    row.expires.reset();
    if (const std::string_view text = trimmed(csv.get(columns_.expires)); !text.empty()) {
        row.expires = parse_time(text);
        if (!row.expires)
            return bad(quoted(text) +
                       " is no time; write it like 2027-01-31 or 2027-01-31T08:00:00Z");
    }
    if (unknown_range) {
        ++report_.unknown_ranges;
        if (report_.warnings.size() < ListReport::kMaxKept)
            report_.warnings.push_back(
                Error::at(ErrorCode::kOutOfRange, csv_.name(), csv.line,
                          quoted(csv.get(columns_.number)) +
                              " is in no range that the plan knows; it is listed all the same"));
    }
    return ok();
}

Result<bool> ListReader::next(ListRow& row) {
    CsvRow csv;
    for (;;) {
        const auto more = csv_.next(csv);
        if (more && !*more) return false;
        if (!more && csv_.failed()) return more.error();
        Error error;
        if (more) {
            row.line = csv.line;
            auto status = read_row(csv, row);
            if (status) {
                ++report_.rows;
                return true;
            }
            error = Error::at(status.error().code, csv_.name(), csv.line, status.error().text);
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

}  // namespace ringfence
