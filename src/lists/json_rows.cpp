// json_rows.cpp - lists that hold an object of JSON for each entry.
// Source: PhoneBlock's API (Blocklist).
#include <algorithm>
#include <array>
#include <vector>

#include "src/lists/foreign_shapes.hpp"

namespace ringfence {
namespace {

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
                while (is_blank_octet(bytes_.peek())) bytes_.get();
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
                while (is_bare(bytes_.peek()) && value.size() < kMaxForeignField)
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
            if (text.size() < kMaxForeignField && octet != ByteReader::kEnd)
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
        if (text.size() >= kMaxForeignField) return;
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
                    std::clamp<std::int64_t>(integer_in(one.value).value_or(0), 0, 1'000'000);
                text_.confidence = std::to_string(votes * 100 / (votes + 4));
            } else if (one.name == "archived" || one.name == "whiteListed") {
                keep &= one.value != "true";
            } else if (one.name == "dateAdded") {
                const auto ms = integer_in(one.value);
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

}  // namespace

std::unique_ptr<ForeignRows> json_rows(ByteReader bytes, std::string name) {
    return std::make_unique<JsonRows>(std::move(bytes), std::move(name));
}

}  // namespace ringfence
