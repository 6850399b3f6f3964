// csv_bad_row.cpp - how CsvReader finds the end of a row whose quotes are wrong or that is over-long, a byte at a time,
// and what it keeps of the fields on the way. csv.hpp says where such a row ends, CsvReader::Skip the states.
#include <algorithm>
#include <string>
#include <string_view>

#include "ringfence/source/csv.hpp"

namespace ringfence {

// From begin_ on, with the state in which a byte is read.
CsvReader::Parsed CsvReader::skip_from(Skip state, ErrorCode code, std::string_view what) {
    problem_ = Error::at(code, name_, line_, what);
    skip_ = state;
    decided_ = false;
    cut_.clear();
    cut_begin_.assign(1, 0);
    return Parsed::kSkip;
}

// A bad row from its first byte to its end; its fields are cut on the way.
CsvReader::Parsed CsvReader::skip_bad_row() {
    const char* const end = block_.get() + end_;
    const char* at = block_.get() + begin_;
    std::uint64_t lines = 0;
    bool ended = false;
    while (!ended) {
        if (skip_ == Skip::kBehindLine) {
            const auto left = static_cast<std::size_t>(end - at);
            if (left < options_.max_field_bytes && !at_end_ && columns_ >= 2) {
                consume(at, lines);
                wanted_ = options_.max_field_bytes;
                return Parsed::kMore;
            }
            const std::string_view behind(at, std::min(left, options_.max_field_bytes));
            if (is_like_rows(behind, left < options_.max_field_bytes)) {
                cut_stray_quote();
                break;
            }
            decided_ = true;
            skip_ = Skip::kQuoted;
        }
        if (at == end) {
            if (at_end_) break;
            consume(at, lines);
            wanted_ = 1;
            return Parsed::kMore;
        }
        const char c = *at++;
        if (c == '\n') ++lines;
        ended = skip_byte(c);
    }
    consume(at, lines);
    skip_ = Skip::kNone;
    if (cut_.ends_with('\r')) cut_.pop_back();
    field_count_ = 0;
    for (std::size_t i = 0; i < cut_begin_.size(); ++i) {
        const std::size_t next = i + 1 < cut_begin_.size() ? cut_begin_[i + 1] : cut_.size();
        keep(cut_.data() + cut_begin_[i], cut_.data() + next);
    }
    return Parsed::kBad;
}

// The next byte of a bad row; true when the row ends with it.
bool CsvReader::skip_byte(char c) {
    const auto behind_quotes = [&] {
        if (c == '\n') return true;
        skip_ = c == ',' && skip_ == Skip::kQuote    ? Skip::kField
                : c == '\r' && skip_ == Skip::kQuote ? Skip::kReturn
                                                     : Skip::kLine;
        c == ',' ? cut_field() : cut_byte(c);
        return false;
    };
    switch (skip_) {
        case Skip::kQuoted:
            if (c == '\n' && !decided_) skip_ = Skip::kBehindLine;
            c == '"' ? void(skip_ = Skip::kQuote) : cut_byte(c);
            return false;
        case Skip::kQuote:
            if (c != '"') return behind_quotes();
            skip_ = Skip::kQuoted;
            cut_byte(c);
            return false;
        case Skip::kReturn: return behind_quotes();
        default: break;
    }
    // kField, kPlain and kLine, which knows no quoted fields.
    if (c == '\n') return true;
    if (c == '"' && skip_ == Skip::kField) {
        skip_ = Skip::kQuoted;
    } else if (c == ',') {
        if (skip_ == Skip::kPlain) skip_ = Skip::kField;
        cut_field();
    } else {
        if (skip_ == Skip::kField) skip_ = Skip::kPlain;
        if (c != '"') cut_byte(c);
    }
    return false;
}

// Whether at least half of the lines of what may be rows, or one field, have as many commas as a
// row. A last line without its end counts at the end of the file.
bool CsvReader::is_like_rows(std::string_view text, bool to_end) const {
    if (columns_ < 2) return true;
    std::size_t lines = 0;
    std::size_t alike = 0;
    while (!text.empty()) {
        const std::size_t size = text.find('\n');
        if (size == std::string_view::npos && !to_end) break;
        const std::string_view line = text.substr(0, size);
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.empty() || line == "\r") continue;
        ++lines;
        const auto commas = static_cast<std::size_t>(std::count(line.begin(), line.end(), ','));
        alike += commas + 1 == columns_ ? 1u : 0u;
    }
    return lines != 0 && 2 * alike >= lines;
}

// The field in quotes at the end of the first line was none.
void CsvReader::cut_stray_quote() {
    const std::string rest = cut_.substr(cut_begin_.back());
    cut_.resize(cut_begin_.back());
    for (const char c : rest) {
        if (c == '\n') break;
        c == ',' ? cut_field() : cut_byte(c);
    }
}

void CsvReader::cut_byte(char c) {
    if (cut_.size() - cut_begin_.back() < CsvRow::kCutBytes) cut_.push_back(c);
}

// Behind the comma that ends a field. Those behind the last that is kept run on into it.
void CsvReader::cut_field() {
    if (cut_begin_.size() < fields_.size()) cut_begin_.push_back(cut_.size());
}

}  // namespace ringfence
