#include "ringfence/source/csv.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "ringfence/base/nearest.hpp"
#include "ringfence/base/trimmed.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/kernel/csv_marks.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kFirstBlock = std::size_t{256} << 10u;
constexpr std::size_t kPadding = CsvReader::kAheadPadding;
static_assert(kPadding >= kernel::kCsvMarksBytes);  // parse_row reads so many at once

const char* find(const char* from, const char* to, char wanted) {
    return from == to ? nullptr
                      : static_cast<const char*>(
                            std::memchr(from, wanted, static_cast<std::size_t>(to - from)));
}

// Makes each doubled quote one; gives what is left.
std::string_view undouble(std::string_view field) {
    // The bytes lie in the reader's own block; a view is how they were kept.
    char* const begin = const_cast<char*>(field.data());
    const char* const end = begin + field.size();
    char* out = begin;
    for (const char* in = begin; in < end; ++in) {
        *out++ = *in;
        if (*in == '"') ++in;
    }
    return {begin, static_cast<std::size_t>(out - begin)};
}

}  // namespace

std::optional<std::size_t> CsvHeader::column(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
}

Status CsvHeader::require(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
        if (column(name)) continue;
        const std::vector<std::string_view> present(names_.begin(), names_.end());
        const std::string_view nearest = nearest_name(name, present);
        const std::string missing = "no column '" + std::string(name) + "'";
        return Error::at(ErrorCode::kMissing, file_, line_,
                         nearest.empty()
                             ? missing + "; add it to the header"
                             : missing + "; is '" + printable(nearest) + "' meant to be it?");
    }
    return ok();
}

CsvReader::CsvReader(std::string name, const CsvOptions& options)
    : name_(std::move(name)), options_(options), fields_(options.max_columns) {}

Result<CsvReader> CsvReader::open(const std::string& path, const CsvOptions& options) {
    auto file = InputFile::open(path, options.input);
    if (!file) return file.error();
    CsvReader reader(file->name(), options);
    reader.file_ = std::move(*file);
    if (Status begun = reader.begin(); !begun) return begun.error();
    return reader;
}

Result<CsvReader> CsvReader::from_text(std::string_view text, std::string name,
                                       const CsvOptions& options) {
    CsvReader reader(std::move(name), options);
    reader.capacity_ = reader.end_ = text.size();
    reader.block_ = std::make_unique<char[]>(text.size() + kPadding);
    std::copy(text.begin(), text.end(), reader.block_.get());
    reader.at_end_ = true;
    reader.saw_nul_ = text.find('\0') != std::string_view::npos;
    if (Status begun = reader.begin(); !begun) return begun.error();
    return reader;
}

Status CsvReader::begin() {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    if (Status filled = fill(kMark.size()); !filled) return filled;
    const std::string_view front(block_.get(), std::min(end_, kMark.size()));
    if (front == kMark) begin_ = kMark.size();
    if (front.starts_with("\xFF\xFE") || front.starts_with("\xFE\xFF")) {
        return Error::at(ErrorCode::kSyntax, name_, 1, "the text is UTF-16; save it as UTF-8");
    }
    return options_.header ? take_header() : ok();
}

Status CsvReader::take_header() {
    header_.file_ = name_;
    Parsed parsed = Parsed::kBlank;
    while (parsed == Parsed::kBlank) {
        header_.line_ = line_;
        parsed = parse_next();
    }
    if (parsed == Parsed::kBad) return problem_;
    if (parsed == Parsed::kMore) {
        return Error::at(ErrorCode::kMissing, name_, 0,
                         "is empty; its first line must name the columns");
    }
    for (const std::string_view field : kept()) {
        const std::string_view name = trimmed(field);
        if (!name.empty() && header_.column(name)) {
            return Error::at(ErrorCode::kDuplicate, name_, header_.line_,
                             "column '" + printable(name) + "' stands twice; keep one");
        }
        header_.names_.emplace_back(name);
    }
    columns_ = field_count_;
    return ok();
}

Result<bool> CsvReader::next(CsvRow& row) {
    row.fields = row.cut = {};
    for (;;) {
        row.line = line_;
        row.index = index_;
        switch (parse_next()) {
            case Parsed::kRow:
                ++index_;
                row.fields = kept();
                return true;
            case Parsed::kBlank: continue;
            case Parsed::kSkip:
            case Parsed::kMore: return false;
            case Parsed::kBad:
                ++index_;
                if (!failed_) row.cut = kept();
                return std::move(problem_);
        }
    }
}

// kMore here means the end of the file; kBad includes the failure of the file.
CsvReader::Parsed CsvReader::parse_next() {
    for (;;) {
        const Parsed parsed = skip_ == Skip::kNone         ? parse_row()
                              : skip_ == Skip::kRestOfLine ? skip_rest_of_line()
                                                           : skip_bad_row();
        if (parsed == Parsed::kSkip) continue;
        if (parsed != Parsed::kMore || at_end_) return parsed;
        if (Status filled = fill(wanted_); !filled) {
            skip_ = Skip::kNone;
            problem_ = filled.error();
            return Parsed::kBad;
        }
    }
}

// Reads until `wanted` bytes lie behind begin_, or the file ends.
Status CsvReader::fill(std::size_t wanted) {
    while (!at_end_ && end_ - begin_ < wanted) {
        if (begin_ != 0) {
            std::memmove(block_.get(), block_.get() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (end_ == capacity_) {
            const std::size_t capacity = std::max(kFirstBlock, 2 * capacity_);
            auto block = std::make_unique<char[]>(capacity + kPadding);
            std::copy_n(block_.get(), end_, block.get());
            block_ = std::move(block);
            capacity_ = capacity;
        }
        auto got = file_->read(std::span(block_.get() + end_, capacity_ - end_));
        if (!got) {
            failed_ = at_end_ = true;
            begin_ = end_;
            return got.error();
        }
        const char* const fresh = block_.get() + end_;
        saw_nul_ = saw_nul_ || find(fresh, fresh + *got, '\0') != nullptr;
        at_end_ = *got == 0;
        end_ += *got;
    }
    return ok();
}

CsvReader::Parsed CsvReader::skip_rest_of_line() {
    const char* const end = block_.get() + end_;
    if (const char* line_end = find(block_.get() + begin_, end, '\n'); line_end != nullptr) {
        skip_ = Skip::kNone;
        consume(line_end + 1, 1);
        return Parsed::kBlank;
    }
    consume(end, 0);
    return more();
}

// Splits a line at its commas, and leaves a line that holds a quote to parse_quoted.
CsvReader::Parsed CsvReader::parse_row() {
    const char* const begin = block_.get() + begin_;
    const char* const end = block_.get() + end_;
    const char* field = begin;
    // A copy that the compiler knows no field aliases.
    std::string_view* const fields = fields_.data();
    const std::size_t room = fields_.size();
    std::size_t count = 0;
    doubled_.clear();
    for (const char* at = begin; at < end; at += kernel::kCsvMarksBytes) {
        kernel::CsvMarks marks = kernel::csv_marks(at);
        const auto left = static_cast<std::size_t>(end - at);
        std::uint64_t inside = ~std::uint64_t{0};
        if (left < kernel::kCsvMarksBytes) inside = (std::uint64_t{1} << left) - 1;
        marks.ends &= inside;
        if (marks.ends != 0) inside &= (marks.ends & (~marks.ends + 1)) - 1;
        if ((marks.quotes & inside) != 0) return parse_quoted();
        for (marks.commas &= inside; marks.commas != 0; marks.commas &= marks.commas - 1) {
            const char* const comma = at + std::countr_zero(marks.commas);
            if (count < room) fields[count] = {field, static_cast<std::size_t>(comma - field)};
            ++count;
            field = comma + 1;
        }
        if (marks.ends != 0) {
            field_count_ = count;
            return finish_plain(field, at + std::countr_zero(marks.ends));
        }
    }
    if (!at_end_ || begin == end) return more();
    field_count_ = count;
    keep(field, end);
    return finish(end, 0);
}

// The last field of a line, before its line end.
CsvReader::Parsed CsvReader::finish_plain(const char* field, const char* line_end) {
    const char* field_end = line_end;
    if (field_end != field && field_end[-1] == '\r') --field_end;
    if (field_count_ == 0 && field_end == field) {
        consume(line_end + 1, 1);
        return Parsed::kBlank;
    }
    keep(field, field_end);
    return finish(line_end + 1, 1);
}

CsvReader::Parsed CsvReader::parse_quoted() {
    const char* const begin = block_.get() + begin_;
    const char* const end = block_.get() + end_;
    const char* at = begin;
    const auto lines_to = [&](const char* to) {
        return static_cast<std::uint64_t>(std::count(begin, to, '\n'));
    };
    const auto opening = [&] {
        return "the quote that opens field " + std::to_string(field_count_ + 1) + " is not closed";
    };
    field_count_ = 0;
    doubled_.clear();
    for (;;) {
        if (at == end || *at != '"') {
            const char* const line_end = find(at, end, '\n');
            if (line_end == nullptr && !at_end_) return more();
            const char* field_end = line_end != nullptr ? line_end : end;
            if (const char* comma = find(at, field_end, ','); comma != nullptr) {
                keep(at, comma);
                at = comma + 1;
                continue;
            }
            if (line_end != nullptr && field_end != at && field_end[-1] == '\r') --field_end;
            keep(at, field_end);
            const char* const row_end = line_end != nullptr ? line_end + 1 : end;
            return finish(row_end, lines_to(row_end));
        }

        const char* const field = ++at;
        bool doubled = false;
        for (;;) {
            at = find(at, end, '"');
            const auto size = static_cast<std::size_t>((at != nullptr ? at : end) - field);
            if (size > options_.max_field_bytes) {
                return skip_from(Skip::kField, ErrorCode::kSyntax,
                                 opening() + " within " + std::to_string(options_.max_field_bytes) +
                                     " bytes; close it, double it, or shorten the field");
            }
            if (at == nullptr && at_end_) {
                if (static_cast<std::size_t>(end - begin) > max_row_bytes()) return row_too_long();
                return skip_from(Skip::kLine, ErrorCode::kSyntax,
                                 opening() + "; close it, or double it");
            }
            if (at == nullptr || (at + 1 == end && !at_end_)) return more();
            if (at + 1 == end || at[1] != '"') break;
            doubled = true;
            at += 2;
        }
        if (doubled) doubled_.push_back(field_count_);
        keep(field, at);
        ++at;
        if (at == end) return finish(end, lines_to(end));
        if (*at == ',') {
            ++at;
            continue;
        }
        if (*at == '\n') return finish(at + 1, lines_to(at + 1));
        if (*at == '\r') {
            if (at + 1 == end && !at_end_) return more();
            if (at + 1 != end && at[1] == '\n') return finish(at + 2, lines_to(at + 2));
        }
        if (static_cast<std::size_t>(at - begin) >= max_row_bytes()) return row_too_long();
        return skip_from(Skip::kLine, ErrorCode::kSyntax,
                         "text stands behind the closing quote of field " +
                             std::to_string(field_count_) +
                             "; double the quotes inside a quoted field");
    }
}

// The row does not end in the block. A short one may end with the next byte of a pipe; a long one
// is parsed anew only when there is twice as much of it, which keeps the work in proportion to its
// length.
CsvReader::Parsed CsvReader::more() {
    constexpr std::size_t kShort = 4096;
    const std::size_t size = end_ - begin_;
    if (size > max_row_bytes()) return row_too_long();
    wanted_ = size < kShort ? size + 1 : 2 * size;
    return Parsed::kMore;
}

CsvReader::Parsed CsvReader::row_too_long() {
    return skip_from(
        Skip::kField, ErrorCode::kTooLarge,
        "the row is longer than " + std::to_string(max_row_bytes()) + " bytes; shorten it");
}

// A row ends before `end`, `lines` lines on: checks its size and content.
CsvReader::Parsed CsvReader::finish(const char* end, std::uint64_t lines) {
    const char* const begin = block_.get() + begin_;
    const std::string_view row(begin, static_cast<std::size_t>(end - begin));
    if (row.size() > max_row_bytes()) return row_too_long();
    if (columns_ != 0 && field_count_ != columns_) {
        return bad_line(ErrorCode::kSyntax,
                        "the row has " + std::to_string(field_count_) +
                            (field_count_ == 1 ? " field" : " fields") + ", the header names " +
                            std::to_string(columns_) +
                            "; add or remove commas, or quote fields that hold one");
    }
    if (field_count_ > options_.max_columns) {
        return bad_line(ErrorCode::kTooLarge, "the row has more than " +
                                                  std::to_string(options_.max_columns) +
                                                  " fields; remove some");
    }
    if (row.size() > options_.max_field_bytes) {
        for (std::size_t i = 0; i < field_count_; ++i) {
            if (fields_[i].size() <= options_.max_field_bytes) continue;
            return bad_row(end, lines, ErrorCode::kTooLarge,
                           "field " + std::to_string(i + 1) + " is longer than " +
                               std::to_string(options_.max_field_bytes) + " bytes; shorten it");
        }
    }
    if (saw_nul_ && options_.refuse_nul && row.find('\0') != std::string_view::npos) {
        return bad_row(end, lines, ErrorCode::kSyntax, "the row holds a NUL byte; remove it");
    }
    if (options_.refuse_bad_utf8 && !is_utf8(row)) {
        return bad_row(end, lines, ErrorCode::kSyntax, "the row is not UTF-8; convert the file");
    }
    for (const std::size_t i : doubled_) fields_[i] = undouble(fields_[i]);
    row_text_ = row;
    consume(end, lines);
    return Parsed::kRow;
}

CsvReader::Parsed CsvReader::bad_line(ErrorCode code, std::string_view what) {
    problem_ = Error::at(code, name_, line_, what);
    skip_ = Skip::kRestOfLine;
    return Parsed::kBad;
}

CsvReader::Parsed CsvReader::bad_row(const char* end, std::uint64_t lines, ErrorCode code,
                                     std::string_view what) {
    problem_ = Error::at(code, name_, line_, what);
    consume(end, lines);
    return Parsed::kBad;
}

void CsvReader::keep(const char* from, const char* to) {
    if (field_count_ < fields_.size()) {
        fields_[field_count_] = {from, static_cast<std::size_t>(to - from)};
    }
    ++field_count_;
}

void CsvReader::consume(const char* end, std::uint64_t lines) {
    line_ += lines;
    begin_ = static_cast<std::size_t>(end - block_.get());
}

std::span<const std::string_view> CsvReader::kept() const {
    return {fields_.data(), std::min(field_count_, fields_.size())};
}

}  // namespace ringfence
