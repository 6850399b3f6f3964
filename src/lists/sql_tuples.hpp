// sql_tuples.hpp - the tuples of the INSERT statements of an SQL dump, and of which table each is.
//
//     CREATE TABLE `numbers` (`key_name` varchar(64), ...);      columns by their order, where they are those wanted
//     INSERT INTO `numbers` (`key_name`, ...) VALUES (...), (...);   columns by name
//     INSERT INTO `htable` VALUES (...);                         columns as the program makes the table
//
// Memory: a tuple, and the columns of at most kMaxTables tables.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/lists/foreign_shapes.hpp"

namespace ringfence {

// The table that a list is kept in.
struct SqlTable {
    std::string_view name;                  // its usual one
    std::vector<std::string> columns;       // in their usual order
    std::vector<std::string_view> telling;  // those that no other table has together
    bool any_name = false;                  // known by these as well
};

// Threads: one thread per object.
class SqlTuples {
public:
    static constexpr std::size_t kMaxTables = 256;

    SqlTuples(ByteReader& bytes, SqlTable wanted)
        : bytes_(bytes), wanted_(std::move(wanted)), columns_(wanted_.columns) {}

    // The next tuple's fields, by column(): true, or false at the end. Fails at a statement that is cut off.
    Result<bool> next(std::vector<std::string>& fields) {
        for (;;) {
            const int octet = bytes_.peek();
            if (octet == ByteReader::kEnd) return end();
            if (octet == '(' && in_insert_) {
                if (!read_tuple(fields)) {
                    in_insert_ = in_values_ = false;
                    if (bytes_.error()) return false;
                    return Error{ErrorCode::kSyntax, "a row of an INSERT is not closed"};
                }
                if (in_values_) return true;
                columns_ = fields;
                for (std::string& name : columns_) lower(name);
                known_ = are_telling(columns_);
            } else if (is_word(octet)) {
                if (!take_word(read_word()))
                    return Error{ErrorCode::kSyntax, "a CREATE TABLE is not closed"};
            } else {
                bytes_.get();
                if (octet == ';') in_insert_ = in_values_ = false;
                skip_comment(octet);
                if (is_quote(octet) && !read_quoted(octet, [](int) {})) {
                    if (bytes_.error()) return false;
                    return Error{ErrorCode::kSyntax, "a text is not closed"};
                }
            }
        }
    }

    // Of the tuple that `next` gave: whether its table is the one wanted, and what the table is called.
    bool wanted() const { return table_ == wanted_.name || (wanted_.any_name && known_); }
    const std::string& table() const { return table_; }

    // Where the column of that name stands, or none.
    std::optional<std::size_t> column(std::string_view name) const {
        const auto at = std::find(columns_.begin(), columns_.end(), name);
        if (at == columns_.end()) return {};
        return static_cast<std::size_t>(at - columns_.begin());
    }

private:
    using Columns = std::vector<std::string>;
    static constexpr std::size_t kMaxFields = 64;

    static bool is_word(int octet) {
        return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') || octet == '_';
    }
    static bool is_name(int octet) {
        return is_word(octet) || (octet >= '0' && octet <= '9') || octet == '$' || octet >= 0x80;
    }
    static void lower(std::string& text) {
        for (char& c : text)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    template <std::size_t N>
    static bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
        return std::find(words.begin(), words.end(), word) != words.end();
    }
    static bool is_quote(int octet) { return octet == '\'' || octet == '"' || octet == '`'; }
    bool are_telling(const Columns& columns) const {
        return std::ranges::all_of(wanted_.telling, [&](std::string_view name) {
            return std::find(columns.begin(), columns.end(), name) != columns.end();
        });
    }

    Result<bool> end() {
        in_values_ = false;
        if (!std::exchange(in_insert_, false) || bytes_.error()) return false;
        return Error{ErrorCode::kSyntax, "the dump ends inside an INSERT: it is cut off"};
    }

    // False at a CREATE TABLE that is cut off.
    bool take_word(std::string_view word) {
        if (word == "insert" || word == "replace") {
            begin_insert();
        } else if (word == "create") {
            return read_create();
        } else if (word == "values") {
            in_values_ = in_insert_;
        } else if (word == "on") {
            in_insert_ = in_values_ = false;  // ... DUPLICATE KEY UPDATE x = VALUES(x)
        }
        return true;
    }

    void begin_insert() {
        constexpr std::array<std::string_view, 11> kBefore = {
            "into",    "ignore",    "low_priority", "delayed", "high_priority", "or",
            "replace", "overwrite", "abort",        "fail",    "rollback"};
        table_ = read_name_after(kBefore);
        const auto made = created_.find(table_);
        columns_ = made != created_.end() ? made->second : wanted_.columns;
        known_ = made != created_.end();
        in_insert_ = true;
        in_values_ = false;
    }

    bool read_create() {
        constexpr std::array<std::string_view, 7> kBefore = {
            "or", "replace", "temporary", "temp", "global", "local", "unlogged"};
        constexpr std::array<std::string_view, 3> kCondition = {"if", "not", "exists"};
        if (read_name_after(kBefore) != "table") return true;
        const std::string table = read_name_after(kCondition);
        if (bytes_.peek() != '(') return true;
        Columns columns;
        if (!read_definition(columns)) return false;
        if (are_telling(columns) && created_.size() < kMaxTables)
            created_.insert_or_assign(table, std::move(columns));
        return true;
    }

    // The columns between the brackets that come; false when they do not close.
    bool read_definition(Columns& columns) {
        constexpr std::array<std::string_view, 9> kNoColumn = {"primary",    "key",      "unique",
                                                               "constraint", "index",    "foreign",
                                                               "check",      "fulltext", "spatial"};
        bool at_start = false;
        for (std::size_t depth = 0;;) {
            const int octet = bytes_.peek();
            if (octet == ByteReader::kEnd || octet == ';') return false;
            if (is_quote(octet) || is_name(octet)) {
                std::string name;
                const bool quoted = read_part(name);
                if (at_start && depth == 1 && columns.size() < kMaxFields &&
                    (quoted || !is_one_of(name, kNoColumn)))
                    columns.push_back(std::move(name));
                at_start = false;
                continue;
            }
            bytes_.get();
            skip_comment(octet);
            depth += octet == '(';
            if (octet == ')' && --depth == 0) return true;
            at_start |= depth == 1 && (octet == ',' || octet == '(');
        }
    }

    std::string read_word() {
        std::string word;
        while (is_word(bytes_.peek()) && word.size() < kMaxForeignField)
            word.push_back(static_cast<char>(bytes_.get()));
        lower(word);
        return word;
    }

    // The name that comes after any of these words, without the names of what it lies in: "x" of "`db`.`x`".
    template <std::size_t N>
    std::string read_name_after(const std::array<std::string_view, N>& words) {
        std::string name;
        for (;;) {
            skip_blanks();
            const bool quoted = read_part(name);
            skip_blanks();
            if (bytes_.peek() == '.') {
                bytes_.get();
            } else if (quoted || !is_one_of(name, words)) {
                return name;
            }
        }
    }

    // A name or word, in lower case; whether it was quoted.
    bool read_part(std::string& name) {
        name.clear();
        const auto put = [&](int octet) {
            if (name.size() < kMaxForeignField) name.push_back(static_cast<char>(octet));
        };
        const int quote = bytes_.peek();
        const bool quoted = is_quote(quote);
        if (quoted) {
            bytes_.get();
            read_quoted(quote, put);
        }
        while (!quoted && is_name(bytes_.peek())) put(bytes_.get());
        lower(name);
        return quoted;
    }

    void skip_blanks() {
        while (is_blank_octet(bytes_.peek())) bytes_.get();
    }
    // The rest of the comment that this octet begins, if it does. What MySQL alone reads ("/*!") is none.
    void skip_comment(int octet) {
        const int next = bytes_.peek();
        if (octet == '#' || (octet == '-' && next == '-')) {
            while (bytes_.peek() != ByteReader::kEnd && bytes_.get() != '\n') {
            }
        } else if (octet == '/' && next == '*') {
            bytes_.get();
            if (bytes_.peek() == '!') return;
            int last = 0;
            for (int one = bytes_.get(); one != ByteReader::kEnd && !(last == '*' && one == '/');
                 one = bytes_.get())
                last = one;
        }
    }

    // What stands up to the quote that closes, which is read too; false at the end of the file.
    template <class Put>
    bool read_quoted(int quote, Put put) {
        for (;;) {
            int octet = bytes_.get();
            if (octet == '\\') {
                octet = bytes_.get();
            } else if (octet == quote) {
                if (bytes_.peek() != quote) return true;
                bytes_.get();
            }
            if (octet == ByteReader::kEnd) return false;
            put(octet);
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
            if (is_quote(octet)) {
                if (!read_quoted(octet, put)) return false;
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
    SqlTable wanted_;
    std::map<std::string, Columns, std::less<>> created_;  // tables that may be the one wanted
    std::string table_;                                    // of the INSERT
    Columns columns_;
    bool known_ = false;  // its columns are the telling ones
    bool in_insert_ = false;
    bool in_values_ = false;
};

}  // namespace ringfence
