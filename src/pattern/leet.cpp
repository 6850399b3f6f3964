#include "src/pattern/leet.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ringfence::pattern {
namespace {

using Kind = Element::Kind;

// As many ways of writing one phrase are looked for as phrases; more become classes.
constexpr std::size_t kMostWritten = 32;

// The digit that stands for a letter, or 0.
constexpr char16_t digit_for(char16_t letter) {
    switch (letter) {
        case u'a': return u'4';
        case u'b': return u'8';
        case u'e': return u'3';
        case u'g': return u'9';
        case u'i':
        case u'l': return u'1';
        case u'o': return u'0';
        case u's': return u'5';
        case u't': return u'7';
        case u'z': return u'2';
        default: return 0;
    }
}

// How many ways there are to write it; more than `most` are not counted on.
std::size_t count_spellings(const std::u16string& phrase, std::size_t most) {
    std::size_t count = 1;
    for (const char16_t unit : phrase)
        if (digit_for(unit) != 0 && (count *= 2) > most) break;
    return count;
}

void write_spellings(const std::u16string& phrase, std::vector<std::u16string>& out) {
    const std::size_t first = out.size();
    out.push_back(phrase);
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        const char16_t digit = digit_for(phrase[i]);
        if (digit == 0) continue;
        for (std::size_t k = first, end = out.size(); k < end; ++k) {
            out.push_back(out[k]);
            out.back()[i] = digit;
        }
    }
}

// One phrase as runs of plain letters, and a class for each letter that may be a digit.
void write_classes(const std::u16string& phrase, std::vector<Element>& out) {
    std::u16string plain;
    const auto end_plain = [&] {
        if (!plain.empty()) out.push_back({.kind = Kind::kPhrases, .phrases = {plain}});
        plain.clear();
    };
    for (const char16_t unit : phrase) {
        const char16_t digit = digit_for(unit);
        if (digit == 0) {
            plain += unit;
            continue;
        }
        end_plain();
        out.push_back({.kind = Kind::kUnits, .ranges = {{digit, digit}, {unit, unit}}});
    }
    end_plain();
}

}  // namespace

Result<Expression> spelled_in_leet(const Expression& expression) {
    Expression spelled{.view = expression.view, .elements = {}};
    std::size_t options = 0;
    for (const Element& element : expression.elements) {
        if (element.kind == Kind::kPhrases && element.phrases.size() == 1 &&
            count_spellings(element.phrases[0], kMostWritten) > kMostWritten) {
            write_classes(element.phrases[0], spelled.elements);
            continue;
        }
        Element& made = spelled.elements.emplace_back(element);
        made.phrases.clear();
        std::size_t count = 0;
        for (const std::u16string& phrase : element.phrases)
            count += count_spellings(phrase, Expression::kMaxPhrases);
        if (count > Expression::kMaxPhrases) {
            return Error{ErrorCode::kTooLarge,
                         "its phrases can be written in more than " +
                             std::to_string(Expression::kMaxPhrases) +
                             " ways with digits for letters; split the group, or leave 'leet' out"};
        }
        for (const std::u16string& phrase : element.phrases) write_spellings(phrase, made.phrases);
        std::sort(made.phrases.begin(), made.phrases.end());
        made.phrases.erase(std::unique(made.phrases.begin(), made.phrases.end()),
                           made.phrases.end());
        options += made.phrases.size();
    }
    if (spelled.elements.size() > Expression::kMaxElements || options > Expression::kMaxOptions) {
        return Error{
            ErrorCode::kTooLarge,
            "with digits for letters it has too many parts; split the rule, or leave 'leet' out"};
    }
    return spelled;
}

}  // namespace ringfence::pattern
