#include "src/pattern/regex.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

#include "ringfence/pattern/regex_limits.hpp"
#include "src/pattern/rule_fold.hpp"

namespace ringfence::pattern {
namespace {

constexpr std::u32string_view kKeptEscapes = U"dDwWsSbBtnrfAz";
constexpr std::size_t kMaxGroupDepth = 16;
constexpr std::size_t kMostStates = RegexLimits::kMostStates;

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) { return (c | 32u) >= U'a' && (c | 32u) <= U'z' && c < 128; }

class RegexFolder {
public:
    RegexFolder(std::u32string text, TextView view) : text_(std::move(text)), view_(view) {}

    Result<FoldedRegex> fold() {
        // Positions of the alternatives read so far at each depth of groups, and of the last atom, which a
        // quantifier multiplies.
        sums_.push_back(0);
        while (at_ < text_.size() && !error_) step();
        if (!error_ && sums_.size() != 1) fail("'(' is never closed; write \\( for the sign");
        if (!error_ && sums_[0] + last_ > kMostStates) too_large();
        if (error_) return *std::move(error_);
        return FoldedRegex{std::move(out_), static_cast<std::uint32_t>(sums_[0] + last_)};
    }

private:
    void fail(std::string what, ErrorCode code = ErrorCode::kSyntax) {
        if (error_) return;
        std::string before;
        for (std::size_t i = 0; i < std::min(at_, text_.size()); ++i) append_utf8(before, text_[i]);
        error_ = Error{code, std::move(what) + " (at byte " + std::to_string(before.size()) + ")"};
    }
    void too_large() {
        fail(
            "too large: more than " + std::to_string(kMostStates) +
                " positions with all counts written out; shorten the counts, or write it as `text`",
            ErrorCode::kTooLarge);
    }

    void atom(std::size_t positions) {
        sums_.back() += last_;
        last_ = positions;
        if (sums_.back() > kMostStates) too_large();
    }

    void step() {
        const char32_t c = text_[at_];
        switch (c) {
            case U'\\': return escape();
            case U'[': return read_class();
            case U'(': return open();
            case U')': return close();
            case U'*':
            case U'+':
            case U'?':
            case U'{': return quantifier();
            case U'|':
            case U'^':
            case U'$':
                ++at_;
                atom(0);
                out_ += static_cast<char>(c);
                return;
            case U'.':
                ++at_;
                atom(1);
                out_ += '.';
                return;
            case U']':
            case U'}': return fail("closes nothing; write \\ before it");
            default: ++at_; return letter(c);
        }
    }

    void letter(char32_t c) {
        std::string utf8;
        append_utf8(utf8, c);
        const std::u16string units = fold_phrase(utf8, view_);
        if (units.empty()) {
            return fail(
                "'" + utf8 +
                "' folds to nothing in this view; leave it out, or take view = " + "\"light\"");
        }
        atom(units.size());
        if (units.size() > 1) out_ += "(?:";
        for (const char16_t unit : units) append_escaped(out_, unit);
        if (units.size() > 1) out_ += ')';
    }

    // The code point of \xHH or \x{H...}, with `at_` behind it.
    std::optional<char32_t> hex() {
        const bool braced = at_ < text_.size() && text_[at_] == U'{';
        if (braced) ++at_;
        char32_t value = 0;
        std::size_t digits = 0;
        for (; at_ < text_.size() && digits < (braced ? 6u : 2u); ++at_, ++digits) {
            const char32_t c = text_[at_];
            if (is_digit(c)) {
                value = value * 16 + (c - U'0');
            } else if (is_letter(c) && (c | 32u) <= U'f') {
                value = value * 16 + ((c | 32u) - U'a') + 10;
            } else {
                break;
            }
        }
        const bool closed = !braced || (at_ < text_.size() && text_[at_++] == U'}');
        if (digits == 0 || !closed || value > 0x10FFFF) {
            fail("'\\x' wants two hexadecimal digits, or some in { }");
            return std::nullopt;
        }
        return value;
    }

    // Behind a '\': the character it stands for, or nothing when it is one of kKeptEscapes (then `at_` is
    // on it) or an error.
    std::optional<char32_t> escaped() {
        if (++at_ >= text_.size()) {
            fail("a '\\' at the end");
            return std::nullopt;
        }
        const char32_t c = text_[at_];
        if (c == U'x') {
            ++at_;
            return hex();
        }
        if (!is_digit(c) && !is_letter(c)) {
            ++at_;
            return c;
        }
        if (kKeptEscapes.find(c) == std::u32string_view::npos) {
            fail(
                "an escape that rules do not have (only \\d \\w \\s \\b, their negations, \\x and "
                "signs)");
        }
        return std::nullopt;
    }

    void escape() {
        const auto character = escaped();
        if (error_) return;
        if (character) return letter(*character);
        const char32_t c = text_[at_++];
        const bool border = c == U'b' || c == U'B' || c == U'A' || c == U'z';
        atom(border ? 0 : 1);
        out_ += '\\';
        out_ += static_cast<char>(c);
    }

    void open() {
        ++at_;
        if (at_ < text_.size() && text_[at_] == U'?') {
            if (at_ + 1 >= text_.size() || text_[at_ + 1] != U':') {
                return fail("'(?' only as '(?:'; rules have no flags, names or look-around");
            }
            at_ += 2;
        }
        if (sums_.size() > kMaxGroupDepth)
            return fail("groups nested too deep", ErrorCode::kTooLarge);
        atom(0);
        sums_.push_back(0);
        out_ += "(?:";
    }

    void close() {
        if (sums_.size() == 1) return fail("')' closes nothing; write \\) for the sign");
        ++at_;
        const std::size_t inside = sums_.back() + last_;
        sums_.pop_back();
        last_ = inside;
        if (last_ > kMostStates) too_large();
        out_ += ')';
    }

    void quantifier() {
        std::size_t low = 0, high = 1;
        const char32_t c = text_[at_];
        const std::size_t begin = at_++;
        if (c == U'+') low = 1;
        if (c == U'{' && !counts(low, high)) return;
        if (at_ < text_.size() && text_[at_] == U'?') ++at_;  // lazy: existence is the same
        for (std::size_t i = begin; i < at_; ++i) out_ += static_cast<char>(text_[i]);
        last_ *= std::max<std::size_t>(std::max(low, high), 1);
        if (sums_.back() + last_ > kMostStates) too_large();
    }

    bool counts(std::size_t& low, std::size_t& high) {
        const auto first = count();
        auto second = first;
        if (first && at_ < text_.size() && text_[at_] == U',') {
            ++at_;
            second = count();
            if (!second) second = first;  // no upper bound: the last of them is a loop
        }
        if (!first || at_ >= text_.size() || text_[at_] != U'}') {
            fail("'{' wants {n}, {n,} or {n,m}; write \\{ for the sign");
            return false;
        }
        ++at_;
        if (*second > Expression::kMaxRepeat || *first > Expression::kMaxRepeat) {
            fail("a count above " + std::to_string(Expression::kMaxRepeat), ErrorCode::kTooLarge);
            return false;
        }
        low = *first;
        high = *second;
        return true;
    }

    std::optional<std::size_t> count() {
        std::optional<std::size_t> value;
        for (int digits = 0; digits < 6 && at_ < text_.size() && is_digit(text_[at_]); ++digits) {
            value = value.value_or(0) * 10 + (text_[at_++] - U'0');
        }
        return value;
    }

    void read_class() {
        ++at_;
        std::string made = "[";
        if (at_ < text_.size() && text_[at_] == U'^') {
            made += '^';
            ++at_;
        }
        const std::size_t empty = made.size();
        while (at_ < text_.size() && text_[at_] != U']' && !error_) {
            if (text_[at_] == U'[') return fail("'[' inside a class; write \\[ for the sign");
            class_member(made);
        }
        if (error_) return;
        if (at_ >= text_.size() || made.size() == empty) {
            return fail("'[' wants members and ']'; write \\[ for the sign");
        }
        ++at_;
        atom(1);
        out_ += made + ']';
    }

    void class_member(std::string& made) {
        const auto first = class_letter(made);
        if (error_ || !first) return;
        auto last = first;
        if (at_ + 1 < text_.size() && text_[at_] == U'-' && text_[at_ + 1] != U']') {
            ++at_;
            std::string kept;
            last = class_letter(kept);
            if (!error_ && !last) fail("a range that ends in a class");
            if (error_) return;
        }
        if (*last < *first) return fail("a range that runs backwards");
        append_escaped(made, *first);
        if (*last != *first) {
            made += '-';
            append_escaped(made, *last);
        }
    }

    // The folded unit of one member, or nothing when a kept escape went into `made`.
    std::optional<char16_t> class_letter(std::string& made) {
        char32_t c = text_[at_];
        if (c == U'\\') {
            const auto character = escaped();
            if (error_) return std::nullopt;
            if (!character) {
                const char32_t kept = text_[at_++];
                if (kept == U'b' || kept == U'B' || kept == U'A' || kept == U'z') {
                    fail("a border inside a class");
                    return std::nullopt;
                }
                made += '\\';
                made += static_cast<char>(kept);
                return std::nullopt;
            }
            c = *character;
        } else {
            ++at_;
        }
        std::string utf8;
        append_utf8(utf8, c);
        const std::u16string units = fold_phrase(utf8, view_);
        if (units.size() == 1) return units[0];
        fail("'" + utf8 + "' in a class folds to " + std::to_string(units.size()) +
             " units; a class wants one");
        return std::nullopt;
    }

    std::u32string text_;
    TextView view_;
    std::size_t at_ = 0;
    std::string out_;
    std::vector<std::size_t> sums_;
    std::size_t last_ = 0;
    std::optional<Error> error_;
};

}  // namespace

Result<FoldedRegex> fold_regex(std::string_view regex, TextView view) {
    auto points = code_points(regex);
    if (!points) return Error{ErrorCode::kSyntax, "not valid UTF-8"};
    return RegexFolder(*std::move(points), view).fold();
}

void append_escaped(std::string& out, char16_t unit) {
    const bool alphanumeric = unit < 128 && (is_digit(unit) || is_letter(unit));
    if (unit >= 0x80) {
        append_utf8(out, unit);
    } else if (unit < 0x20 || unit == 0x7F) {
        char hex[8];
        std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned>(unit));
        out += hex;
    } else {
        if (!alphanumeric) out += '\\';
        out += static_cast<char>(unit);
    }
}

}  // namespace ringfence::pattern
