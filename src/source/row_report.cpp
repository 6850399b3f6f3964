#include "ringfence/source/row_report.hpp"

#include <algorithm>
#include <utility>

#include "ringfence/base/nearest.hpp"
#include "ringfence/source/utf8.hpp"

namespace ringfence {
namespace {

// 2000000 as 2,000,000.
std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
    return digits;
}

}  // namespace

std::vector<std::string> RowReport::lines(const std::string& path) const {
    std::vector<std::string> lines;
    for (const Error& one : errors) lines.push_back(one.text);
    if (bad_rows > errors.size())
        lines.push_back(path + ": " + std::to_string(bad_rows - errors.size()) +
                        " more bad rows were skipped");
    return lines;
}

Result<RowReport> read_rows(CsvReader& csv, const RowRules& rules,
                            const std::function<Status(const CsvRow&)>& take) {
    RowReport report;
    CsvRow row;
    for (;;) {
        const auto more = csv.next(row);
        if (more && !*more) break;
        if (!more && csv.failed()) return more.error();
        if (report.rows + report.bad_rows == rules.most)
            return Error::at(ErrorCode::kTooLarge, csv.name(), row.line,
                             "a " + rules.what + " has at most " + grouped(rules.most) + " rows");
        Error error;
        if (more) {
            const auto status = take(row);
            if (status) {
                ++report.rows;
                continue;
            }
            error = Error::at(status.error().code, csv.name(), row.line, status.error().text);
        } else {
            error = more.error();
        }
        ++report.bad_rows;
        if (rules.strict) {
            error.text.append("; the " + rules.what + " is strict and is refused whole");
            return error;
        }
        if (report.errors.size() < RowReport::kMaxKept) report.errors.push_back(std::move(error));
    }
    if (report.rows == 0 && report.bad_rows != 0) {
        Error error = report.errors.front();
        error.text.append("; no row is good, and the " + rules.what + " is refused whole");
        return error;
    }
    return report;
}

Status check_columns(const CsvReader& csv, std::span<const std::string_view> known,
                     std::string_view required, std::string_view of_what) {
    if (auto status = csv.header().require({required}); !status) return status;
    for (const std::string& name : csv.header().names()) {
        if (std::ranges::find(known, name) != known.end()) continue;
        std::string text = "'" + printable(name) + "' is no column of " + std::string(of_what);
        const std::string_view nearest = nearest_name(name, known);
        if (!nearest.empty()) text.append("; did you mean '").append(nearest).append("'?");
        return Error::at(ErrorCode::kUnknownKey, csv.name(), 1, text);
    }
    return ok();
}

}  // namespace ringfence
