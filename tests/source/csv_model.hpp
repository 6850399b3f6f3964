// csv_model.hpp - the plain model that tests and fuzzing hold CsvReader against: one character at a
// time over the whole text, as RFC 4180 and the header of csv.hpp draw it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/source/csv.hpp"

namespace ringfence::model {

struct Row {
    std::uint64_t line = 0;
    bool bad = false;
    std::vector<std::string> fields;
    friend bool operator==(const Row&, const Row&) = default;
};

class CsvModel {
public:
    CsvModel(std::string_view text, const CsvOptions& options) : text_(text), options_(options) {}

    // Every row of the text behind its header, which is a good row.
    std::vector<Row> rows_under_header() {
        while (text_[at_] == '\n' || text_.substr(at_).starts_with("\r\n")) pass_line();
        std::size_t end = 0;
        const auto names = shape(end);
        for (; at_ < end; ++at_) line_ += text_[at_] == '\n' ? 1u : 0u;
        return rows(names ? names->size() : 0);
    }

    // Every row of the text; `columns` fields each, or any number when 0.
    std::vector<Row> rows(std::size_t columns) {
        std::vector<Row> all;
        while (at_ < text_.size()) {
            if (text_[at_] == '\n' || text_.substr(at_).starts_with("\r\n")) {
                pass_line();
                continue;
            }
            Row row;
            row.line = line_;
            std::size_t end = 0;
            auto fields = shape(end);
            const bool shaped = fields && (columns == 0 || fields->size() == columns) &&
                                fields->size() <= options_.max_columns;
            if (over_long_ || (fields && end - at_ > 4 * options_.max_field_bytes)) {
                row.bad = true;
                pass_over_long(columns);
            } else if (!shaped) {
                row.bad = true;
                pass_line();
            } else {
                const std::string_view bytes = text_.substr(at_, end - at_);
                row.bad = too_long_ || (options_.refuse_nul && bytes.find('\0') != bytes.npos);
                if (!row.bad) row.fields = *fields;
                for (const char c : bytes) line_ += c == '\n' ? 1u : 0u;
                at_ = end;
            }
            all.push_back(row);
        }
        return all;
    }

private:
    // The fields of the row at at_, and where it ends; none when its quotes are wrong.
    std::optional<std::vector<std::string>> shape(std::size_t& end) {
        std::vector<std::string> fields;
        std::size_t at = at_;
        too_long_ = over_long_ = false;
        const std::size_t most = 4 * options_.max_field_bytes;
        for (;;) {
            std::string field;
            std::size_t raw = 0;
            if (at < text_.size() && text_[at] == '"') {
                ++at;
                for (;;) {
                    if (at == text_.size()) {
                        over_long_ = raw > options_.max_field_bytes || at - at_ > most;
                        return std::nullopt;
                    }
                    if (text_[at] == '"' && at + 1 < text_.size() && text_[at + 1] == '"') {
                        ++at;
                        ++raw;
                    } else if (text_[at] == '"') {
                        break;
                    }
                    field.push_back(text_[at++]);
                    ++raw;
                }
                ++at;
                over_long_ = raw > options_.max_field_bytes;
                if (over_long_) return std::nullopt;
                if (at < text_.size() && text_[at] != ',' && text_[at] != '\n' &&
                    !text_.substr(at).starts_with("\r\n")) {
                    over_long_ = at - at_ >= most;
                    return std::nullopt;
                }
            } else {
                while (at < text_.size() && text_[at] != ',' && text_[at] != '\n' &&
                       !text_.substr(at).starts_with("\r\n")) {
                    field.push_back(text_[at++]);
                }
                if (field.size() > options_.max_field_bytes) too_long_ = true;
            }
            fields.push_back(field);
            if (at == text_.size()) {
                end = at;
                return fields;
            }
            if (text_[at] == ',') {
                ++at;
                continue;
            }
            end = at + (text_[at] == '\r' ? 2 : 1);
            return fields;
        }
    }

    // To the end of an over-long row, or of its first line when rows seem to stand behind that.
    void pass_over_long(std::size_t columns) {
        bool first_line = true;
        bool begins = true;
        while (at_ < text_.size()) {
            if (begins && text_[at_] == '"') {
                for (++at_; at_ < text_.size(); ++at_) {
                    if (text_[at_] == '"' && !text_.substr(at_).starts_with("\"\"")) break;
                    if (text_[at_] == '"') ++at_;
                    if (text_[at_] != '\n') continue;
                    ++line_;
                    if (first_line && rows_follow(at_ + 1, columns)) {
                        ++at_;
                        return;
                    }
                    first_line = false;
                }
                if (at_ < text_.size()) ++at_;
                const std::string_view rest = text_.substr(at_);
                if (!rest.empty() && rest[0] != ',' && !rest.starts_with("\r\n"))
                    return pass_line();
            }
            if (at_ == text_.size()) return;
            if (text_[at_] == '\n') return pass_line();
            begins = text_[at_++] == ',';
        }
    }

    bool rows_follow(std::size_t from, std::size_t columns) const {
        if (columns < 2) return true;
        int more_like_rows = 0;
        bool any = false;
        std::string line;
        const std::size_t to = from + options_.max_field_bytes;
        for (std::size_t at = from; at < to && at <= text_.size(); ++at) {
            if (at < text_.size() && text_[at] != '\n') {
                line.push_back(text_[at]);
                continue;
            }
            if (!line.empty() && line != "\r") {
                any = true;
                std::size_t commas = 0;
                for (const char c : line) commas += c == ',' ? 1u : 0u;
                more_like_rows += commas + 1 == columns ? 1 : -1;
            }
            line.clear();
        }
        return any && more_like_rows >= 0;
    }

    void pass_line() {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        if (at_ < text_.size()) ++at_;
        ++line_;
    }

    std::string_view text_;
    CsvOptions options_;
    std::size_t at_ = 0;
    std::uint64_t line_ = 1;
    bool too_long_ = false;   // a plain field of the row that shape() gave
    bool over_long_ = false;  // why shape() gave none
};

// The same rows as CsvReader gives them.
inline std::vector<Row> all_rows(CsvReader& reader) {
    std::vector<Row> all;
    CsvRow row;
    for (;;) {
        auto more = reader.next(row);
        if (more && !*more) return all;
        Row kept;
        kept.line = row.line;
        kept.bad = !more;
        if (more) kept.fields.assign(row.fields.begin(), row.fields.end());
        all.push_back(kept);
    }
}

}  // namespace ringfence::model
