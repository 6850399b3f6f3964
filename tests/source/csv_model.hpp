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
                                end - at_ <= 4 * options_.max_field_bytes &&
                                fields->size() <= options_.max_columns;
            if (!shaped) {
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
        too_long_ = false;
        for (;;) {
            std::string field;
            std::size_t raw = 0;
            if (at < text_.size() && text_[at] == '"') {
                ++at;
                for (;;) {
                    if (at == text_.size()) return std::nullopt;
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
                if (raw > options_.max_field_bytes) return std::nullopt;
                if (at < text_.size() && text_[at] != ',' && text_[at] != '\n' &&
                    !text_.substr(at).starts_with("\r\n")) {
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

    void pass_line() {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        if (at_ < text_.size()) ++at_;
        ++line_;
    }

    std::string_view text_;
    CsvOptions options_;
    std::size_t at_ = 0;
    std::uint64_t line_ = 1;
    bool too_long_ = false;
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
