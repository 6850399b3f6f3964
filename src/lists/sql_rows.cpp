// sql_rows.cpp - lists as a dump of the table in which another program keeps them.
// Source: Kamailio's modules secfilter and htable (tables).
#include <algorithm>
#include <vector>

#include "src/lists/foreign_shapes.hpp"

namespace ringfence {
namespace {

// The tuples of INSERT statements. A tuple is told by the names in front of VALUES, or, where there are none, by
// the order of the table's columns.
class SqlTuples {
public:
    SqlTuples(ByteReader& bytes, std::vector<std::string> columns)
        : bytes_(bytes), columns_(std::move(columns)), standard_(columns_) {}

    // The next tuple's fields, by columns(): true, or false at the end. Fails at a tuple that is cut off.
    Result<bool> next(std::vector<std::string>& fields) {
        for (;;) {
            const int octet = bytes_.peek();
            if (octet == ByteReader::kEnd) return false;
            if (octet == '(') {
                if (!read_tuple(fields))
                    return Error{ErrorCode::kSyntax, "a row of an INSERT is not closed"};
                if (in_values_) return true;
                if (in_insert_) {
                    columns_ = fields;
                    for (std::string& name : columns_) lower(name);
                }
                continue;
            }
            if (is_word(octet)) {
                std::string word;
                while (is_word(bytes_.peek()) && word.size() < kMaxForeignField)
                    word.push_back(static_cast<char>(bytes_.get()));
                lower(word);
                if (word == "insert" || word == "replace") {
                    in_insert_ = true;
                    in_values_ = false;
                    columns_ = standard_;
                } else if (word == "values") {
                    in_values_ = in_insert_;
                }
                continue;
            }
            bytes_.get();
            if (octet == ';') in_insert_ = in_values_ = false;
            if (octet == '-' && bytes_.peek() == '-') skip_line();
            if (octet == '\'' || octet == '"' || octet == '`') skip_quoted(octet);
        }
    }

    // Where the column of that name stands, or none.
    std::optional<std::size_t> column(std::string_view name) const {
        const auto at = std::find(columns_.begin(), columns_.end(), name);
        if (at == columns_.end()) return {};
        return static_cast<std::size_t>(at - columns_.begin());
    }

private:
    static constexpr std::size_t kMaxFields = 64;

    static bool is_word(int octet) {
        return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') || octet == '_';
    }
    static void lower(std::string& text) {
        for (char& c : text)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    void skip_line() {
        while (bytes_.peek() != ByteReader::kEnd && bytes_.get() != '\n') {
        }
    }
    void skip_quoted(int quote) {
        for (int octet = bytes_.get(); octet != ByteReader::kEnd && octet != quote;
             octet = bytes_.get()) {
        }
    }

    bool read_tuple(std::vector<std::string>& fields) {
        bytes_.get();
        fields.clear();
        std::string field;
        const auto put = [&](int octet) {
            if (field.size() < kMaxForeignField) field.push_back(static_cast<char>(octet));
        };
        for (;;) {
            const int octet = bytes_.get();
            if (octet == ByteReader::kEnd || octet == ';') return false;
            if (octet == '\'' || octet == '"' || octet == '`') {
                for (;;) {
                    int inner = bytes_.get();
                    if (inner == ByteReader::kEnd) return false;
                    if (inner == '\\') {
                        inner = bytes_.get();
                    } else if (inner == octet) {
                        if (bytes_.peek() != octet) break;
                        bytes_.get();
                    }
                    put(inner);
                }
            } else if (octet == ',' || octet == ')') {
                if (fields.size() < kMaxFields) fields.emplace_back(without_blanks(field));
                field.clear();
                if (octet == ')') return true;
            } else if (!is_blank_octet(octet)) {
                put(octet);
            }
        }
    }

    ByteReader& bytes_;
    std::vector<std::string> columns_;
    std::vector<std::string> standard_;
    bool in_insert_ = false;
    bool in_values_ = false;
};

// What secfilter's numbers for types mean, and its actions.
constexpr std::string_view kTypeDomain = "2";
constexpr std::string_view kTypeUser = "4";
constexpr std::string_view kActionBlock = "0";
constexpr std::string_view kActionAllow = "1";
constexpr std::string_view kActionDestination = "2";

class SqlRows : public Rows {
public:
    SqlRows(ByteReader bytes, std::string name, ListFormat format)
        : Rows(std::move(bytes), std::move(name)), format_(format) {}

    Result<bool> next(RawRow& row) override {
        for (;;) {
            const auto more = tuples_.next(fields_);
            if (!more) return bad(bytes_.line(), more.error().text, row);
            if (!*more) return end();
            text_.clear();
            const bool taken = format_ == ListFormat::kHtable ? take_htable() : take_secfilter();
            if (!taken) {
                ++passed_over_;
                continue;
            }
            row = text_.view(bytes_.line());
            return true;
        }
    }

private:
    static std::vector<std::string> columns_of(ListFormat format) {
        if (format == ListFormat::kHtable)
            return {"id", "key_name", "key_type", "value_type", "key_value", "expires"};
        return {"id", "action", "type", "data"};
    }

    std::string_view field(std::string_view column) const {
        const auto at = tuples_.column(column);
        return at && *at < fields_.size() ? std::string_view(fields_[*at]) : std::string_view{};
    }

    bool take_htable() {
        text_.number = field("key_name");
        text_.kind = kKindByText;
        if (const auto until = integer_in(field("expires")); until && *until > 0)
            text_.expires = std::to_string(*until);
        return !text_.number.empty();
    }

    bool take_secfilter() {
        const std::string_view action = field("action");
        const std::string_view type = field("type");
        text_.number = field("data");
        text_.kind = kKindByText;
        if (format_ == ListFormat::kSecfilterDst) return action == kActionDestination;
        if (action == kActionAllow) {
            text_.action = "allow";
        } else if (action != kActionBlock) {
            return false;
        }
        if (type == kTypeDomain) text_.kind = "domain";
        return type == kTypeDomain || type == kTypeUser;
    }

    ListFormat format_;
    SqlTuples tuples_{bytes_, columns_of(format_)};
    std::vector<std::string> fields_;
};

}  // namespace

std::unique_ptr<ForeignRows> sql_rows(ByteReader bytes, std::string name, ListFormat format) {
    return std::make_unique<SqlRows>(std::move(bytes), std::move(name), format);
}

}  // namespace ringfence
