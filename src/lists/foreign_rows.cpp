// foreign_rows.cpp - rows of lists as other programs write them: lines, JSON objects, SQL inserts, RPC print-outs.
//
// Each reader takes what it knows from a stream of octets and passes the rest by; nothing is kept but one row.
// Sources: Kamailio's modules secfilter and htable (tables and RPC commands), PhoneBlock's API (Blocklist).
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "src/lists/byte_reader.hpp"
#include "src/lists/raw_row.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kMaxField = 4'096;
constexpr std::string_view kBom = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r";
    while (!text.empty() && kBlanks.find(text.front()) != std::string_view::npos)
        text.remove_prefix(1);
    while (!text.empty() && kBlanks.find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    return text;
}

bool is_blank(int octet) { return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n'; }

std::size_t digits_in(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

std::optional<std::int64_t> integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

// The row's texts, which a RawRow views.
struct RowText {
    std::string number, kind, action, category, expires, source, since, confidence;

    void clear() { *this = {}; }
    RawRow view(std::uint64_t line) const {
        RawRow row{number, kind, action, category, expires, source, since, confidence};
        row.line = line;
        return row;
    }
};

class Rows : public ForeignRows {
public:
    Rows(ByteReader bytes, std::string name) : bytes_(std::move(bytes)), name_(std::move(name)) {
        for (const char c : kBom) {
            if (bytes_.peek() == static_cast<unsigned char>(c)) bytes_.get();
        }
    }
    bool failed() const override { return failed_; }
    std::uint64_t passed_over() const override { return passed_over_; }

protected:
    Error bad(std::uint64_t line, std::string_view what, RawRow& row) const {
        row.line = line;
        return Error::at(ErrorCode::kSyntax, name_, line, what);
    }
    // What the end of the octets means: the end of the file, or its failure, told once.
    Result<bool> end() {
        if (!bytes_.error() || failed_) return false;
        failed_ = true;
        return *bytes_.error();
    }

    ByteReader bytes_;
    std::string name_;
    RowText text_;
    std::uint64_t passed_over_ = 0;
    bool failed_ = false;
};

class LineRows : public Rows {
public:
    using Rows::Rows;

    Result<bool> next(RawRow& row) override {
        bool cut = false;
        for (;;) {
            const std::uint64_t line = bytes_.line();
            if (!bytes_.line(line_, kMaxField, cut)) return end();
            if (cut) return bad(line, "the line is longer than any entry", row);
            const std::string_view entry = trimmed(line_);
            if (entry.empty() || entry.front() == '#' || entry.front() == ';') continue;
            text_.clear();
            text_.number = entry;
            text_.kind = kKindByText;
            for (const std::string_view between :
                 {"..", " - ", "\xE2\x80\x93", "-", ",", ";", "\t"}) {
                if (take_range(entry, between)) break;
            }
            row = text_.view(line);
            return true;
        }
    }

private:
    // A hyphen may also stand within a number: each end of a range has at least so many digits.
    static constexpr std::size_t kFewestDigits = 6;

    bool take_range(std::string_view entry, std::string_view between) {
        const std::size_t at = entry.find(between);
        if (at == std::string_view::npos) return false;
        const std::string_view first = trimmed(entry.substr(0, at));
        const std::string_view last = trimmed(entry.substr(at + between.size()));
        if (digits_in(first) < kFewestDigits || digits_in(last) < kFewestDigits) return false;
        text_.number.assign(first).append("..").append(last);
        text_.kind = "range";
        return true;
    }

    std::string line_;
};

// The members of JSON objects that are texts, numbers or literals. Nesting is followed no further than to know
// which member belongs to which object; an object gives its members when it closes.
class JsonObjects {
public:
    explicit JsonObjects(ByteReader& bytes) : bytes_(bytes) {}

    struct Member {
        std::string name, value;
        bool text = false;
    };

    // The members of the next object that closes, in `members` (at most kMaxMembers): true, or false at the end.
    // Fails at what is no JSON, and reading goes on behind it.
    Result<bool> next(std::vector<Member>& members) {
        members.clear();
        std::string name;
        bool named = false;
        const auto take = [&](std::string value, bool text) {
            if (named && members.size() < kMaxMembers)
                members.push_back({std::move(name), std::move(value), text});
            name.clear();
            named = false;
        };
        for (;;) {
            const int octet = bytes_.peek();
            if (octet == ByteReader::kEnd) return false;
            if (octet == '"') {
                std::string text;
                if (!read_text(text)) return Error{ErrorCode::kSyntax, "a text is not closed"};
                while (is_blank(bytes_.peek())) bytes_.get();
                if (!named && bytes_.peek() == ':') {
                    bytes_.get();
                    name = std::move(text);
                    named = true;
                } else {
                    take(std::move(text), true);
                }
                continue;
            }
            if (is_bare(octet)) {
                std::string value;
                while (is_bare(bytes_.peek()) && value.size() < kMaxField)
                    value.push_back(static_cast<char>(bytes_.get()));
                take(std::move(value), false);
                continue;
            }
            bytes_.get();
            switch (octet) {
                case '{':
                    members.clear();
                    named = false;
                    break;
                case '}': return true;
                case '[': named = false; break;
                case ']':
                case ',':
                case ':':
                case ' ':
                case '\t':
                case '\r':
                case '\n': break;
                default: return Error{ErrorCode::kSyntax, "is no JSON"};
            }
        }
    }

private:
    static constexpr std::size_t kMaxMembers = 64;

    static bool is_bare(int octet) {
        return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') ||
               (octet >= 'A' && octet <= 'Z') || octet == '-' || octet == '+' || octet == '.';
    }

    bool read_text(std::string& text) {
        bytes_.get();
        for (;;) {
            int octet = bytes_.get();
            if (octet == ByteReader::kEnd || octet == '\n') return false;
            if (octet == '"') return true;
            if (octet == '\\') {
                octet = bytes_.get();
                if (octet == 'u') {
                    append_unit(text);
                    continue;
                }
                if (octet == 'n' || octet == 't' || octet == 'r' || octet == 'b' || octet == 'f')
                    octet = ' ';
            }
            if (text.size() < kMaxField && octet != ByteReader::kEnd)
                text.push_back(static_cast<char>(octet));
        }
    }

    // One \uXXXX as UTF-8. Halves of a pair become '?': they stand in names only, never in numbers.
    void append_unit(std::string& text) {
        unsigned unit = 0;
        for (int i = 0; i < 4; ++i) {
            const int octet = bytes_.peek();
            const int digit = octet >= '0' && octet <= '9'   ? octet - '0'
                              : octet >= 'a' && octet <= 'f' ? octet - 'a' + 10
                              : octet >= 'A' && octet <= 'F' ? octet - 'A' + 10
                                                             : -1;
            if (digit < 0) break;
            bytes_.get();
            unit = unit * 16 + static_cast<unsigned>(digit);
        }
        if (text.size() >= kMaxField) return;
        if (unit < 0x80) {
            text.push_back(static_cast<char>(unit));
        } else if (unit < 0x800) {
            text.push_back(static_cast<char>(0xC0u | unit >> 6u));
            text.push_back(static_cast<char>(0x80u | (unit & 0x3Fu)));
        } else if (unit >= 0xD800 && unit < 0xE000) {
            text.push_back('?');
        } else {
            text.push_back(static_cast<char>(0xE0u | unit >> 12u));
            text.push_back(static_cast<char>(0x80u | (unit >> 6u & 0x3Fu)));
            text.push_back(static_cast<char>(0x80u | (unit & 0x3Fu)));
        }
    }

    ByteReader& bytes_;
};

// PhoneBlock's rating as a category of ours; none for a caller who was found honest.
std::optional<std::string_view> category_of_rating(std::string_view rating) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kRatings = {
        {{"B_MISSED", ""},
         {"C_PING", "wangiri"},
         {"D_POLL", "poll"},
         {"E_ADVERTISING", "telemarketing"},
         {"F_GAMBLE", "gambling"},
         {"G_FRAUD", "fraud"}}};
    if (rating == "A_LEGITIMATE") return {};
    for (const auto& [name, category] : kRatings)
        if (rating == name) return category;
    return std::string_view{};
}

class JsonRows : public Rows {
public:
    using Rows::Rows;

    Result<bool> next(RawRow& row) override {
        for (;;) {
            const auto more = objects_.next(members_);
            if (!more) return bad(bytes_.line(), more.error().text, row);
            if (!*more) return end();
            if (!take_object()) continue;
            row = text_.view(bytes_.line());
            return true;
        }
    }

private:
    bool take_object() {
        text_.clear();
        std::string first, last;
        bool keep = true;
        for (JsonObjects::Member& one : members_) {
            if (one.name == "phone" || one.name == "pattern" || one.name == "number" ||
                (one.name == "name" && text_.number.empty())) {
                text_.number = std::move(one.value);
                text_.kind = kKindByText;
            } else if (one.name == "start") {
                first = std::move(one.value);
            } else if (one.name == "end") {
                last = std::move(one.value);
            } else if (one.name == "operator_name" || one.name == "source") {
                text_.source = std::move(one.value);
            } else if (one.name == "rating") {
                const auto category = category_of_rating(one.value);
                keep &= category.has_value();
                text_.category = category.value_or("");
            } else if (one.name == "votes") {
                // 4 votes, where PhoneBlock begins to block, are half of certainty.
                const std::int64_t votes =
                    std::clamp<std::int64_t>(integer(one.value).value_or(0), 0, 1'000'000);
                text_.confidence = std::to_string(votes * 100 / (votes + 4));
            } else if (one.name == "archived" || one.name == "whiteListed") {
                keep &= one.value != "true";
            } else if (one.name == "dateAdded") {
                const auto ms = integer(one.value);
                if (ms && *ms > 0) text_.since = std::to_string(*ms / 1000);
            }
        }
        if (text_.number.empty() && !first.empty() && !last.empty()) {
            text_.number = first + ".." + last;
            text_.kind = "range";
        }
        if (text_.number.empty()) return false;
        passed_over_ += !keep;
        return keep;
    }

    JsonObjects objects_{bytes_};
    std::vector<JsonObjects::Member> members_;
};

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
                while (is_word(bytes_.peek()) && word.size() < kMaxField)
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
            if (field.size() < kMaxField) field.push_back(static_cast<char>(octet));
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
                if (fields.size() < kMaxFields) fields.emplace_back(trimmed(field));
                field.clear();
                if (octet == ')') return true;
            } else if (!is_blank(octet)) {
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
        if (const auto until = integer(field("expires")); until && *until > 0)
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

// secfilter.print: headings, and under them "    0001 -> value".
class SecfilterPrintRows : public Rows {
public:
    SecfilterPrintRows(ByteReader bytes, std::string name, ListFormat format)
        : Rows(std::move(bytes), std::move(name)),
          destinations_(format == ListFormat::kSecfilterDst) {}

    Result<bool> next(RawRow& row) override {
        bool cut = false;
        for (;;) {
            const std::uint64_t line = bytes_.line();
            if (!bytes_.line(line_, kMaxField, cut)) return end();
            if (cut) return bad(line, "the line is longer than any entry", row);
            const std::string_view text = trimmed(line_);
            const std::size_t arrow = text.find(" -> ");
            if (arrow == std::string_view::npos) {
                read_heading(text);
                continue;
            }
            const bool domain = section_ == "Domain";
            if (destinations_ ? section_ != "Destinations" : !domain && section_ != "User") {
                ++passed_over_;
                continue;
            }
            text_.clear();
            text_.number = trimmed(text.substr(arrow + 4));
            text_.kind = domain ? std::string_view("domain") : kKindByText;
            if (allow_ && !destinations_) text_.action = "allow";
            row = text_.view(line);
            return true;
        }
    }

private:
    void read_heading(std::string_view text) {
        constexpr std::array<std::string_view, 6> kSections = {
            "Destinations", "User-agent", "Country", "Domain", "IP Address", "User"};
        if (std::find(kSections.begin(), kSections.end(), text) != kSections.end()) section_ = text;
        if (text.starts_with("[+] ")) allow_ = text == "[+] Whitelisted";
    }

    bool destinations_;
    bool allow_ = false;
    std::string section_;
    std::string line_;
};

// htable.dump as kamcmd prints it: "name: value" a line, of which the name is the entry.
class KamcmdRows : public Rows {
public:
    using Rows::Rows;

    Result<bool> next(RawRow& row) override {
        constexpr std::string_view kName = "name:";
        bool cut = false;
        for (;;) {
            const std::uint64_t line = bytes_.line();
            if (!bytes_.line(line_, kMaxField, cut)) return end();
            if (cut) return bad(line, "the line is longer than any entry", row);
            std::string_view text = trimmed(line_);
            if (!text.starts_with(kName)) continue;
            text_.clear();
            text_.number = trimmed(text.substr(kName.size()));
            text_.kind = kKindByText;
            row = text_.view(line);
            return true;
        }
    }

private:
    std::string line_;
};

// What the file begins with, which tells the shape within a format.
enum class Shape : std::uint8_t { kLines, kJson, kSql, kPrint, kBraces };

Shape shape_of(std::string_view head, ListFormat format) {
    if (head.starts_with(kBom)) head.remove_prefix(kBom.size());
    const std::size_t at = head.find_first_not_of(" \t\r\n");
    const std::string_view rest =
        at == std::string_view::npos ? std::string_view{} : head.substr(at);
    const bool database = format == ListFormat::kSecfilter || format == ListFormat::kSecfilterDst ||
                          format == ListFormat::kHtable;
    if (format == ListFormat::kLines) return Shape::kLines;
    if (rest.starts_with('{') || rest.starts_with('[')) {
        if (format == ListFormat::kHtable) {
            const std::size_t inner = rest.find_first_not_of(" \t\r\n{[", 1);
            if (inner != std::string_view::npos && rest[inner] != '"') return Shape::kBraces;
        }
        if (format != ListFormat::kSecfilter && format != ListFormat::kSecfilterDst)
            return Shape::kJson;
        return Shape::kPrint;  // "[+] Blacklisted"
    }
    if (!database) return Shape::kLines;
    if (format == ListFormat::kHtable) return Shape::kSql;
    return rest.find("INSERT") == std::string_view::npos &&
                   rest.find("insert") == std::string_view::npos &&
                   rest.find("[+]") != std::string_view::npos
               ? Shape::kPrint
               : Shape::kSql;
}

}  // namespace

std::optional<ListFormat> list_format_from_name(std::string_view name) {
    const auto at = std::find(kListFormatNames.begin(), kListFormatNames.end(), name);
    if (at == kListFormatNames.end()) return {};
    return static_cast<ListFormat>(at - kListFormatNames.begin());
}

Result<std::unique_ptr<ForeignRows>> ForeignRows::open(const std::string& path, ListFormat format,
                                                       const std::string_view* text) {
    constexpr std::size_t kHead = 4'096;
    std::string head;
    std::optional<ByteReader> bytes;
    if (text != nullptr) {
        head = text->substr(0, kHead);
        bytes.emplace(*text);
    } else {
        auto file = InputFile::open(path);
        if (!file) return file.error();
        bytes.emplace(std::move(*file));
        head = bytes->head(kHead);
    }
    const auto made = [](auto rows) -> std::unique_ptr<ForeignRows> { return rows; };
    switch (shape_of(head, format)) {
        case Shape::kJson: return made(std::make_unique<JsonRows>(std::move(*bytes), path));
        case Shape::kSql: return made(std::make_unique<SqlRows>(std::move(*bytes), path, format));
        case Shape::kPrint:
            return made(std::make_unique<SecfilterPrintRows>(std::move(*bytes), path, format));
        case Shape::kBraces: return made(std::make_unique<KamcmdRows>(std::move(*bytes), path));
        case Shape::kLines: break;
    }
    return made(std::make_unique<LineRows>(std::move(*bytes), path));
}

}  // namespace ringfence
