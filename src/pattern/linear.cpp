#include "src/pattern/linear.hpp"

#include <algorithm>
#include <optional>

#include "src/pattern/plan.hpp"
#include "src/pattern/rule_fold.hpp"

namespace ringfence::pattern {
namespace {

using Kind = Element::Kind;
using Sequence = std::vector<Element>;
using Union = std::vector<Sequence>;  // any one of them

constexpr std::size_t kMaxBranches = 16;
constexpr std::size_t kMaxSteps = 64;        // of one sequence
constexpr std::uint16_t kMaxWrittenOut = 8;  // times that a group or a letter is repeated
constexpr char16_t kReplacement = 0xFFFD;

Element open_gap() { return {.kind = Kind::kGap, .min = 0, .max = kOpen}; }

bool is_one(const Element& element) {
    return (element.kind == Kind::kUnits || element.kind == Kind::kGap) && element.min == 1 &&
           element.max == 1;
}

// The ranges of a class, sorted and disjoint; with surrogates where the replacement is in it, without elsewhere.
std::vector<UnitRange> as_seen(std::vector<UnitRange> ranges, bool negated) {
    std::vector<bool> holds(0x10000);
    for (const UnitRange& range : ranges)
        std::fill(holds.begin() + range.first, holds.begin() + range.last + 1, true);
    if (negated) holds.flip();
    std::fill(holds.begin() + 0xD800, holds.begin() + 0xE000, holds[kReplacement]);
    ranges.clear();
    for (std::size_t unit = 0; unit < holds.size(); ++unit) {
        if (!holds[unit]) continue;
        const std::size_t first = unit;
        while (unit + 1 < holds.size() && holds[unit + 1]) ++unit;
        ranges.push_back({static_cast<char16_t>(first), static_cast<char16_t>(unit)});
    }
    return ranges;
}

// Recursive descent over what fold_regex wrote, so that there are no errors of syntax but those that it leaves to the
// engine: then the form is given up.
class Reader {
public:
    explicit Reader(std::u32string text) : text_(std::move(text)) {}

    std::optional<Union> read() {
        auto whole = alternation();
        if (given_up_ || at_ != text_.size()) return std::nullopt;
        return whole;
    }
    const std::string& why() const { return why_; }

private:
    bool more() const { return at_ < text_.size(); }
    bool next_is(char32_t c) const { return more() && text_[at_] == c; }
    bool take(char32_t c) {
        if (!next_is(c)) return false;
        ++at_;
        return true;
    }

    // What stands for something that is not linear: anything, or nothing.
    Union open(std::string what) {
        if (why_.empty()) why_ = std::move(what);
        return {{open_gap()}};
    }

    Union alternation() {
        Union all = concatenation();
        while (take(U'|')) {
            for (Sequence& sequence : concatenation()) all.push_back(std::move(sequence));
        }
        if (all.size() <= Expression::kMaxPhrases) merge_phrases(all);
        if (all.size() > kMaxBranches) return open("more than 16 alternatives");
        return all;
    }

    // Branches that are one phrase each, or nothing, are one element.
    static void merge_phrases(Union& all) {
        if (all.size() < 2) return;
        Element merged{.kind = Kind::kPhrases};
        for (const Sequence& sequence : all) {
            if (sequence.size() > 1 || (sequence.size() == 1 && sequence[0].kind != Kind::kPhrases))
                return;
            if (sequence.empty()) {
                merged.phrases.emplace_back();
            } else {
                merged.phrases.insert(merged.phrases.end(), sequence[0].phrases.begin(),
                                      sequence[0].phrases.end());
            }
        }
        sort_phrases(merged);
        all = {{std::move(merged)}};
    }

    Union concatenation() {
        Union made = {{}};
        while (more() && text_[at_] != U'|' && text_[at_] != U')' && !given_up_) {
            Union atom = quantified();
            if (made.size() * atom.size() > kMaxBranches) atom = open("more than 16 alternatives");
            made = joined(made, atom);
        }
        return made;
    }

    static Union joined(const Union& left, const Union& right) {
        Union made;
        for (const Sequence& first : left) {
            for (const Sequence& second : right) {
                Sequence sequence = first;
                for (const Element& element : second) append(sequence, element);
                made.push_back(std::move(sequence));
            }
        }
        return made;
    }

    // Letters in a row are one phrase.
    static void append(Sequence& sequence, const Element& element) {
        const auto lone = [](const Element& e) {
            return e.kind == Kind::kPhrases && e.phrases.size() == 1;
        };
        if (!sequence.empty() && lone(sequence.back()) && lone(element) &&
            sequence.back().phrases[0].size() + element.phrases[0].size() <=
                Expression::kMaxPhraseUnits) {
            sequence.back().phrases[0] += element.phrases[0];
        } else {
            sequence.push_back(element);
        }
    }

    Union quantified() {
        Union atom = this->atom();
        if (given_up_ || !more()) return atom;
        std::uint16_t low = 1, high = 1;
        if (take(U'?')) {
            low = 0;
        } else if (take(U'*')) {
            low = 0, high = kOpen;
        } else if (take(U'+')) {
            high = kOpen;
        } else if (take(U'{')) {
            counts(low, high);
        } else {
            return atom;
        }
        take(U'?');  // lazy: where a match ends first is the same
        // A count of nothing, of a border, or of a count is the engine's business.
        if (high == 0 || zero_width_ || next_is(U'?') || next_is(U'*') || next_is(U'+') ||
            next_is(U'{')) {
            given_up_ = true;
            return atom;
        }
        return repeated(std::move(atom), low, high);
    }

    void counts(std::uint16_t& low, std::uint16_t& high) {
        low = number();
        high = low;
        if (take(U',')) high = next_is(U'}') ? kOpen : number();
        if (!take(U'}') || high < low) given_up_ = true;
    }

    std::uint16_t number() {
        unsigned value = 0;
        while (more() && text_[at_] >= U'0' && text_[at_] <= U'9')
            value = std::min(value * 10 + (text_[at_++] - U'0'), 1000u);
        return static_cast<std::uint16_t>(value);
    }

    Union repeated(Union atom, std::uint16_t low, std::uint16_t high) {
        if (low == 1 && high == 1) return atom;
        if (atom.size() == 1 && atom[0].size() == 1) {
            Element& element = atom[0][0];
            if (is_one(element)) {
                element.min = low;
                element.max = high;
                return atom;
            }
            if (element.kind == Kind::kPhrases && element.phrases.size() == 1 &&
                element.phrases[0].size() == 1 &&
                (high > kMaxWrittenOut || (low != high && high != 1))) {
                const char16_t unit = element.phrases[0][0];
                return {
                    {{.kind = Kind::kUnits, .min = low, .max = high, .ranges = {{unit, unit}}}}};
            }
        }
        if (high <= kMaxWrittenOut || low == high) return written_out(atom, low, high);
        Union must = low == 0 ? Union{{}} : written_out(atom, low, low);
        return joined(must, open("a count of a group"));
    }

    // `atom` low to high times.
    Union written_out(const Union& atom, std::uint16_t low, std::uint16_t high) {
        Union made;
        Union row = {{}};
        for (std::uint16_t count = 0; count <= high; ++count) {
            if (count >= low) made.insert(made.end(), row.begin(), row.end());
            if (count == high) break;
            if (row.size() * atom.size() + made.size() > 4 * kMaxBranches ||
                row[0].size() > kMaxSteps)
                return open("a count of a group");
            row = joined(row, atom);
        }
        merge_phrases(made);
        return made.size() <= kMaxBranches ? made : open("a count of a group");
    }

    Union atom() {
        zero_width_ = false;
        const char32_t c = text_[at_++];
        switch (c) {
            case U'.': return {{{.kind = Kind::kGap, .min = 1, .max = 1}}};
            case U'[': return {{read_class()}};
            case U'(': return group();
            case U'^':
            case U'$': return border(std::string("'") + static_cast<char>(c) + "'");
            case U'\\': return escape();
            case U'?':
            case U'*':
            case U'+':
            case U'{': given_up_ = true; return {{}};
            default: return letter(static_cast<char16_t>(c));
        }
    }

    static Union letter(char16_t unit) {
        if (unit == kReplacement)
            return {{{.kind = Kind::kUnits, .ranges = as_seen({{unit, unit}}, false)}}};
        return {{{.kind = Kind::kPhrases, .phrases = {std::u16string(1, unit)}}}};
    }

    Union border(std::string what) {
        zero_width_ = true;
        return open(std::move(what));
    }

    Union group() {
        at_ += 2;  // "?:", which fold_regex makes of every group
        Union inside = alternation();
        if (!take(U')')) given_up_ = true;
        zero_width_ = false;
        return inside;
    }

    Union escape() {
        const char32_t c = text_[at_++];
        if (c == U'b' || c == U'B' || c == U'A' || c == U'z')
            return border(std::string("'\\") + static_cast<char>(c) + "'");
        std::vector<UnitRange> ranges;
        if (class_escape(c, ranges))
            return {{{.kind = Kind::kUnits, .ranges = as_seen(std::move(ranges), false)}}};
        return letter(escaped_letter(c));
    }

    // Of `\c`, whose c was read: the letter that it stands for.
    char16_t escaped_letter(char32_t c) {
        switch (c) {
            case U't': return u'\t';
            case U'n': return u'\n';
            case U'r': return u'\r';
            case U'f': return u'\f';
            case U'x': return hex();
            default: return static_cast<char16_t>(c);
        }
    }

    char16_t hex() {
        unsigned value = 0;
        for (int digits = 0; digits < 2 && more(); ++digits) {
            const char32_t c = text_[at_++];
            value = value * 16 + static_cast<unsigned>(c <= U'9' ? c - U'0' : c - U'a' + 10);
        }
        return static_cast<char16_t>(value);
    }

    // The members of \d \w \s and their negations.
    static bool class_escape(char32_t c, std::vector<UnitRange>& ranges) {
        std::vector<UnitRange> members;
        switch (c | 32u) {
            case U'd': members = {{u'0', u'9'}}; break;
            case U'w': members = {{u'0', u'9'}, {u'A', u'Z'}, {u'_', u'_'}, {u'a', u'z'}}; break;
            case U's': members = {{u'\t', u'\r'}, {u' ', u' '}}; break;
            default: return false;
        }
        if (c < U'a') members = as_seen(std::move(members), true);
        ranges.insert(ranges.end(), members.begin(), members.end());
        return true;
    }

    Element read_class() {
        Element element{.kind = Kind::kUnits};
        const bool negated = take(U'^');
        std::vector<UnitRange> ranges;
        while (more() && text_[at_] != U']') {
            char32_t c = text_[at_++];
            if (c == U'\\') {
                c = text_[at_++];
                if (class_escape(c, ranges)) continue;
                c = escaped_letter(c);
            }
            const auto first = static_cast<char16_t>(c);
            char16_t last = first;
            if (next_is(U'-') && at_ + 1 < text_.size() && text_[at_ + 1] != U']') {
                ++at_;
                char32_t end = text_[at_++];
                if (end == U'\\') {
                    end = text_[at_++];
                    end = escaped_letter(end);
                }
                last = static_cast<char16_t>(end);
            }
            ranges.push_back({first, last});
        }
        if (!take(U']')) given_up_ = true;
        element.ranges = as_seen(std::move(ranges), negated);
        if (element.ranges.empty()) given_up_ = true;  // a class of nothing
        return element;
    }

    std::u32string text_;
    std::size_t at_ = 0;
    bool given_up_ = false;
    bool zero_width_ = false;  // the last atom is a border
    std::string why_;
};

bool has_open(const Expression& expression) {
    return std::any_of(expression.elements.begin(), expression.elements.end(),
                       [](const Element& element) { return element.max == kOpen; });
}

}  // namespace

Linear linear_form(const std::string& regex, TextView view) {
    Linear linear;
    auto points = code_points(regex);
    if (!points) return linear;
    Reader reader(*std::move(points));
    auto whole = reader.read();
    if (!whole) {
        linear.why = "what the engine alone reads";
        return linear;
    }
    linear.why = reader.why();
    bool open = !linear.why.empty();
    for (Sequence& sequence : *whole) {
        Expression expression{view, std::move(sequence)};
        simplify(expression);
        if (expression.elements.size() > kMaxSteps || expression.elements.empty()) {
            linear.expressions.clear();
            linear.exact = false;
            if (linear.why.empty()) linear.why = "an alternative that may be empty, or is too long";
            return linear;
        }
        open |= has_open(expression);
        linear.expressions.push_back(std::move(expression));
    }
    linear.exact = !open;
    if (open && linear.why.empty()) linear.why = "a count without an upper bound before the end";
    return linear;
}

}  // namespace ringfence::pattern
