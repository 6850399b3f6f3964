// random_rules.hpp - rules of few letters, and texts that nearly match them.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "ringfence/pattern/expression.hpp"
#include "src/pattern/regex.hpp"

namespace ringfence::testing {

// Threads: one thread per object.
class RandomRules {
public:
    RandomRules(unsigned seed, bool light) : random_(seed), light_(light) {}

    std::size_t below(std::size_t end) { return random_() % end; }
    bool chance(std::size_t one_in) { return below(one_in) == 0; }

    // Few letters, so that random texts meet random rules.
    std::string letters(std::size_t most) {
        static const std::vector<std::string> kLetters = {"加", "微", "信", "我", "狠",
                                                          "a",  "b",  "1",  "2"};
        std::string out;
        for (auto n = 1 + below(most); n > 0; --n) out += pick(kLetters);
        return out;
    }

    // Of the language of `text`. Some are refused by its parser.
    std::string expression() {
        std::string out;
        for (auto n = 1 + below(5); n > 0; --n) {
            switch (below(7)) {
                case 0: out += "[" + pick({"加信", "a-b", "0-9", "^微", "^a-z"}) + "]"; break;
                case 1: out += "[" + pick({"加信我", "a-b1", "^加"}) + "]" + bounds(3); break;
                case 2: out += "(" + letters(2) + "|" + letters(3) + ")"; break;
                case 3: out += "(" + letters(2) + ")?"; break;
                case 4: out += light_ ? pick({"<a", "b>", "<1>", "- "}) : letters(1); break;
                default: out += letters(chance(8) ? 14 : 4);
            }
            if (n > 1 && chance(2)) out += chance(12) ? "{0,70}" : bounds(4);
        }
        return out;
    }

    // Of the language of `regex`, linear and not.
    std::string regex() {
        std::string out;
        for (auto n = 1 + below(4); n > 0; --n) {
            switch (below(9)) {
                case 0:
                    out += pick({"[加信]", "[a-b]", "\\\\d", "[^微]", "\\\\w", "\\\\W", "\\\\D"});
                    break;
                case 1: out += pick({"[加信我]", "[a-b1]", "."}) + count(); break;
                case 2: out += "(?:" + letters(2) + "|" + letters(3) + "|[12]a)"; break;
                case 3: out += "(?:" + letters(2) + ")" + count(); break;
                case 4: out += "(" + letters(1) + ".|" + letters(2) + ")?"; break;
                case 5: out += pick({"^", "$", "\\\\b", "a+", "信*", "[ab]+?"}) + letters(1); break;
                default: out += letters(3) + (chance(3) ? count() : "");
            }
        }
        return out;
    }

    std::u16string text(std::size_t most) {
        static const std::u16string kDense = u"加微信我狠ab12";
        static const std::u16string kLight = u"加微信我ab12 -_";
        const std::u16string& from = light_ ? kLight : kDense;
        std::u16string units(below(most), u' ');
        for (char16_t& unit : units) unit = from[below(from.size())];
        return units;
    }

    // A text with a match of `expression` in it, but for a unit in two of three.
    std::u16string near_match(const Expression& expression, std::size_t around) {
        std::u16string inside;
        for (const Element& element : expression.elements) append_some(inside, element);
        if (!inside.empty() && !chance(3)) {
            const std::size_t at = below(inside.size());
            switch (below(3)) {
                case 0: inside.erase(at, 1); break;
                case 1: inside.insert(at, text(3)); break;
                default: inside[at] = u'狠';
            }
        }
        return text(around) + inside + text(around);
    }

private:
    std::string pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

    std::string bounds(std::size_t most) {
        const auto low = below(3), high = low + 1 + below(most);
        return "{" + std::to_string(low) + "," + std::to_string(high) + "}";
    }

    std::string count() {
        switch (below(6)) {
            case 0: return "?";
            case 1: return "+";
            case 2: return "*";
            case 3: return "{2}";
            case 4: return "{1,}";
            default: return bounds(4);
        }
    }

    void append_some(std::u16string& out, const Element& element) {
        // An open count (src/pattern/linear.hpp) too.
        const std::size_t count =
            element.min + below(std::min<std::size_t>(element.max - element.min, 80) + 1);
        switch (element.kind) {
            case Element::Kind::kPhrases:
                out += element.phrases[below(element.phrases.size())];
                return;
            case Element::Kind::kGap:
                for (std::size_t i = 0; i < count; ++i) out += u"加微信我狠ab12"[below(9)];
                return;
            case Element::Kind::kUnits:
                for (std::size_t i = 0; i < count; ++i) {
                    char16_t unit = u'我';
                    for (int tries = 0; tries < 20 && !holds(element, unit); ++tries)
                        unit = u"加微信我狠ab12"[below(9)];
                    out += unit;
                }
                return;
            case Element::Kind::kWordStart:
            case Element::Kind::kWordEnd:
                if (chance(2)) out += u' ';
        }
    }

    std::mt19937 random_;
    bool light_;
};

// `expression` as the engine reads it.
inline std::string as_regex(const Expression& expression) {
    std::string out;
    for (const Element& e : expression.elements) {
        const std::string count = "{" + std::to_string(e.min) + "," + std::to_string(e.max) + "}";
        switch (e.kind) {
            case Element::Kind::kWordStart:
            case Element::Kind::kWordEnd: out += "\\b"; break;
            case Element::Kind::kGap: out += "." + count; break;
            case Element::Kind::kUnits:
                out += e.negated ? "[^" : "[";
                for (const UnitRange& range : e.ranges) {
                    pattern::append_escaped(out, range.first);
                    out += "-";
                    pattern::append_escaped(out, range.last);
                }
                out += "]" + count;
                break;
            case Element::Kind::kPhrases:
                out += "(?:";
                for (const auto& phrase : e.phrases) {
                    if (&phrase != &e.phrases.front()) out += "|";
                    for (const char16_t unit : phrase) pattern::append_escaped(out, unit);
                }
                out += ")";
        }
    }
    return out;
}

}  // namespace ringfence::testing
