#include "ringfence/pattern/expression.hpp"

#include <algorithm>
#include <optional>

#include "src/pattern/rule_fold.hpp"

namespace ringfence {
namespace {

using pattern::append_utf8;
using pattern::code_points;
using pattern::fold_phrase;
using pattern::is_word_unit;
using Kind = Element::Kind;

constexpr std::u32string_view kSpecial = U"{}[]()<>@|?\\";

bool is_name_start(char32_t c) { return c >= U'a' && c <= U'z'; }
bool is_name_part(char32_t c) { return is_name_start(c) || (c >= U'0' && c <= U'9') || c == U'_'; }

bool is_alphanumeric(char32_t c) {
    return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

// Recursive descent, one level deep: groups hold phrases and aliases, nothing else.
class Parser {
public:
    Parser(std::u32string text, TextView view, const AliasLookup& aliases)
        : text_(std::move(text)), aliases_(aliases) {
        expression_.view = view;
    }

    Result<Expression> parse() {
        read_view();
        while (at_ < text_.size() && !error_) {
            read_element();
            if (expression_.elements.size() > Expression::kMaxElements) {
                fail(ErrorCode::kTooLarge, "more than " + std::to_string(Expression::kMaxElements) +
                                               " parts; split the rule");
            }
        }
        if (!error_) check_whole();
        if (error_) return *std::move(error_);
        return std::move(expression_);
    }

private:
    char32_t peek() const { return at_ < text_.size() ? text_[at_] : U'\0'; }
    bool take(char32_t wanted) {
        if (at_ >= text_.size() || text_[at_] != wanted) return false;
        ++at_;
        return true;
    }

    void fail(ErrorCode code, std::string what) {
        if (error_) return;
        std::string before;
        for (std::size_t i = 0; i < std::min(at_, text_.size()); ++i) append_utf8(before, text_[i]);
        error_ = Error{code, std::move(what) + " (at byte " + std::to_string(before.size()) + ")"};
    }

    void read_view() {
        for (const auto& [mark, view] :
             {std::pair(std::u32string_view(U"light:"), TextView::kLight),
              std::pair(std::u32string_view(U"dense:"), TextView::kDense)}) {
            if (!std::u32string_view(text_).starts_with(mark)) continue;
            expression_.view = view;
            at_ = mark.size();
            return;
        }
    }

    void read_element() {
        switch (peek()) {
            case U'{': return read_gap();
            case U'[': return read_class();
            case U'(': return read_group();
            case U'@': return read_lone_alias();
            case U'<': ++at_; return push({.kind = Kind::kWordStart});
            case U'>': ++at_; return push({.kind = Kind::kWordEnd});
            case U'}':
            case U']':
            case U')': return fail(ErrorCode::kSyntax, "closes nothing; write \\ before it");
            case U'|':
                return fail(ErrorCode::kSyntax, "'|' only inside ( ); write \\| for the sign");
            case U'?':
                return fail(ErrorCode::kSyntax,
                            "'?' only behind ( ) or an alias; write \\? for the sign");
            default: return read_run();
        }
    }

    void push(Element element) { expression_.elements.push_back(std::move(element)); }

    // Letters up to the next special sign, `\` taken off.
    std::string read_letters() {
        std::string letters;
        while (at_ < text_.size()) {
            char32_t c = text_[at_];
            if (c == U'\\') {
                if (at_ + 1 >= text_.size() || is_alphanumeric(text_[at_ + 1])) {
                    fail(ErrorCode::kSyntax,
                         "'\\' stands before a sign, to take it as it is; for digits write [0-9]");
                    return letters;
                }
                c = text_[++at_];
            } else if (kSpecial.find(c) != std::u32string_view::npos) {
                break;
            }
            append_utf8(letters, c);
            ++at_;
        }
        return letters;
    }

    std::u16string fold(const std::string& letters) {
        auto units = fold_phrase(letters, expression_.view);
        if (units.empty()) {
            fail(ErrorCode::kSyntax, "'" + letters + "' folds to nothing in the " +
                                         (expression_.view == TextView::kDense
                                              ? "dense view, which drops blanks and punctuation"
                                              : "light view"));
        }
        if (units.size() > Expression::kMaxPhraseUnits) {
            fail(ErrorCode::kTooLarge,
                 "a phrase of more than " + std::to_string(Expression::kMaxPhraseUnits) + " units");
        }
        return units;
    }

    void read_run() {
        const std::string letters = read_letters();
        if (error_) return;
        push({.kind = Kind::kPhrases, .phrases = {fold(letters)}});
    }

    std::vector<std::u16string> read_alias() {
        ++at_;  // '@'
        std::string name;
        while (is_name_part(peek()) && (!name.empty() || is_name_start(peek()))) {
            name += static_cast<char>(text_[at_++]);
        }
        if (name.empty()) {
            fail(ErrorCode::kSyntax, "'@' wants the name of an alias; write \\@ for the sign");
            return {};
        }
        const std::vector<std::string>* phrases = aliases_ ? aliases_(name) : nullptr;
        if (!phrases || phrases->empty()) {
            fail(ErrorCode::kDangling, "no alias '@" + name + "' in the pack's data files");
            return {};
        }
        std::vector<std::u16string> folded;
        for (const std::string& phrase : *phrases) {
            if (error_ || folded.size() > Expression::kMaxPhrases) break;
            folded.push_back(fold(phrase));
        }
        return folded;
    }

    void read_lone_alias() {
        auto phrases = read_alias();
        push_phrases(std::move(phrases));
    }

    void push_phrases(std::vector<std::u16string> phrases) {
        if (error_) return;
        if (take(U'?')) phrases.emplace_back();
        std::sort(phrases.begin(), phrases.end());
        phrases.erase(std::unique(phrases.begin(), phrases.end()), phrases.end());
        if (phrases.size() > Expression::kMaxPhrases) {
            fail(ErrorCode::kTooLarge,
                 "more than " + std::to_string(Expression::kMaxPhrases) + " phrases in one place");
        }
        push({.kind = Kind::kPhrases, .phrases = std::move(phrases)});
    }

    // ( phrase | phrase | ... ), where a phrase is letters and aliases in a row.
    void read_group() {
        ++at_;
        std::vector<std::u16string> all;
        while (!error_) {
            read_alternative(all);
            if (error_ || take(U')')) break;
            if (!take(U'|')) return fail(ErrorCode::kSyntax, "'(' wants phrases, '|' and ')' only");
            if (all.size() > Expression::kMaxPhrases) break;
        }
        push_phrases(std::move(all));
    }

    void read_alternative(std::vector<std::u16string>& all) {
        std::vector<std::u16string> made = {u""};
        bool any = false;
        while (at_ < text_.size() && !error_ && peek() != U'|' && peek() != U')') {
            std::vector<std::u16string> next;
            if (peek() == U'@') {
                next = read_alias();
            } else if (kSpecial.find(peek()) == std::u32string_view::npos || peek() == U'\\') {
                const std::string letters = read_letters();
                if (!error_) next.push_back(fold(letters));
            } else {
                return fail(ErrorCode::kSyntax, "'(' holds phrases and aliases only");
            }
            if (error_) return;
            if (made.size() * next.size() > Expression::kMaxPhrases) {
                return fail(ErrorCode::kTooLarge, "too many phrases in one place");
            }
            std::vector<std::u16string> joined;
            for (const auto& left : made) {
                for (const auto& right : next) joined.push_back(left + right);
            }
            made = std::move(joined);
            any = true;
        }
        if (!any) {
            return fail(ErrorCode::kSyntax,
                        "an empty phrase; write (a|b)? for one that may be absent");
        }
        for (auto& phrase : made) {
            if (phrase.size() > Expression::kMaxPhraseUnits) {
                return fail(ErrorCode::kTooLarge, "a phrase that is too long");
            }
            all.push_back(std::move(phrase));
        }
    }

    // {n} or {n,m}
    bool read_bounds(std::uint16_t& low, std::uint16_t& high) {
        ++at_;
        const auto first = read_count();
        auto second = first;
        if (first && take(U',')) second = read_count();
        if (!first || !second || !take(U'}')) {
            fail(ErrorCode::kSyntax, "'{' wants {n} or {n,m}; write \\{ for the sign");
            return false;
        }
        if (*second < *first || *second == 0) {
            fail(ErrorCode::kOutOfRange, "{n,m} wants 0 <= n <= m, and m at least 1");
            return false;
        }
        if (*second > Expression::kMaxRepeat) {
            fail(ErrorCode::kTooLarge, "at most " + std::to_string(Expression::kMaxRepeat) +
                                           " units in one gap or class");
            return false;
        }
        low = static_cast<std::uint16_t>(*first);
        high = static_cast<std::uint16_t>(*second);
        return true;
    }

    std::optional<unsigned> read_count() {
        std::optional<unsigned> count;
        for (int digits = 0; digits < 4 && peek() >= U'0' && peek() <= U'9'; ++digits) {
            count = count.value_or(0) * 10 + static_cast<unsigned>(text_[at_++] - U'0');
        }
        return count;
    }

    void read_gap() {
        Element gap{.kind = Kind::kGap};
        if (!read_bounds(gap.min, gap.max)) return;
        if (expression_.elements.empty()) {
            return fail(ErrorCode::kSyntax, "a gap must stand between two things");
        }
        if (expression_.elements.back().kind == Kind::kGap) {
            return fail(ErrorCode::kSyntax, "two gaps in a row; add them up");
        }
        push(std::move(gap));
    }

    // [abc0-9] or [^...], and {n,m} behind it
    void read_class() {
        ++at_;
        Element element{.kind = Kind::kUnits};
        element.negated = take(U'^');
        while (!error_ && at_ < text_.size() && peek() != U']') {
            const auto first = read_member();
            if (!first) return;
            auto last = first;
            if (peek() == U'-' && at_ + 1 < text_.size() && text_[at_ + 1] != U']') {
                ++at_;
                last = read_member();
                if (!last) return;
            }
            if (*last < *first) return fail(ErrorCode::kOutOfRange, "a range that runs backwards");
            element.ranges.push_back({*first, *last});
        }
        if (!take(U']') || element.ranges.empty()) {
            return fail(ErrorCode::kSyntax, "'[' wants members and ']'; write \\[ for the sign");
        }
        if (peek() == U'{' && !read_bounds(element.min, element.max)) return;
        join_ranges(element.ranges);
        push(std::move(element));
    }

    std::optional<char16_t> read_member() {
        if (take(U'\\') && (at_ >= text_.size() || is_alphanumeric(peek()))) {
            fail(ErrorCode::kSyntax, "'\\' stands before a sign; for digits write 0-9");
            return std::nullopt;
        }
        std::string letter;
        append_utf8(letter, text_[at_++]);
        const std::u16string units = fold_phrase(letter, expression_.view);
        if (units.size() != 1) {
            fail(ErrorCode::kSyntax, "'" + letter + "' in a class folds to " +
                                         std::to_string(units.size()) +
                                         " units; a class wants one");
            return std::nullopt;
        }
        return units[0];
    }

    static void join_ranges(std::vector<UnitRange>& ranges) {
        std::sort(ranges.begin(), ranges.end(),
                  [](const UnitRange& a, const UnitRange& b) { return a.first < b.first; });
        std::vector<UnitRange> joined;
        for (const UnitRange& range : ranges) {
            if (!joined.empty() && range.first <= joined.back().last + 1) {
                joined.back().last = std::max(joined.back().last, range.last);
            } else {
                joined.push_back(range);
            }
        }
        ranges = std::move(joined);
    }

    void check_whole() {
        const auto& elements = expression_.elements;
        const bool anchored = std::any_of(elements.begin(), elements.end(), [](const Element& e) {
            return (e.kind == Kind::kPhrases && !e.phrases.front().empty()) ||
                   (e.kind == Kind::kUnits && e.min > 0);
        });
        if (!anchored) {
            return fail(ErrorCode::kSyntax,
                        "nothing in it must be there; it would match every text");
        }
        if (elements.back().kind == Kind::kGap) {
            return fail(ErrorCode::kSyntax, "a gap must stand between two things");
        }
        if (max_width(expression_) > Expression::kMaxWidth) {
            return fail(ErrorCode::kTooLarge, "a match could span more than " +
                                                  std::to_string(Expression::kMaxWidth) + " units");
        }
        std::size_t options = 0;
        for (std::size_t i = 0; i < elements.size(); ++i) {
            options += elements[i].phrases.size();
            check_border(i);
        }
        if (options > Expression::kMaxOptions)
            fail(ErrorCode::kTooLarge, "too many phrases in all");
    }

    // `<` and `>` are borders of words, so a word must lie on their inner side.
    void check_border(std::size_t i) {
        const auto& elements = expression_.elements;
        const bool start = elements[i].kind == Kind::kWordStart;
        if (!start && elements[i].kind != Kind::kWordEnd) return;
        if (expression_.view != TextView::kLight) {
            return fail(ErrorCode::kSyntax,
                        "'<' and '>' want the light view; the dense one has no words");
        }
        const std::size_t inner = start ? i + 1 : i - 1;  // wraps for i = 0: then past the end
        if (inner >= elements.size() || !is_word_side(elements[inner], start)) {
            fail(ErrorCode::kSyntax, start ? "'<' wants a letter or digit right behind it"
                                           : "'>' wants a letter or digit right before it");
        }
    }

    static bool is_word_side(const Element& element, bool start) {
        if (element.kind == Kind::kPhrases) {
            return std::all_of(element.phrases.begin(), element.phrases.end(), [&](const auto& p) {
                return !p.empty() && is_word_unit(start ? p.front() : p.back());
            });
        }
        if (element.kind != Kind::kUnits || element.negated || element.min == 0) return false;
        for (const UnitRange& range : element.ranges) {
            for (unsigned unit = range.first; unit <= range.last; ++unit) {
                if (!is_word_unit(static_cast<char16_t>(unit))) return false;
            }
        }
        return true;
    }

    std::u32string text_;
    const AliasLookup& aliases_;
    std::size_t at_ = 0;
    Expression expression_;
    std::optional<Error> error_;
};

}  // namespace

Result<Expression> parse_expression(std::string_view text, TextView view,
                                    const AliasLookup& aliases) {
    if (text.size() > Expression::kMaxBytes) {
        return Error{ErrorCode::kTooLarge, "an expression of more than " +
                                               std::to_string(Expression::kMaxBytes) +
                                               " bytes; split the rule"};
    }
    auto points = code_points(text);
    if (!points) return Error{ErrorCode::kSyntax, "not valid UTF-8"};
    return Parser(*std::move(points), view, aliases).parse();
}

}  // namespace ringfence
