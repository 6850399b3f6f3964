#include "bench/text/pack.hpp"

#include "bench/text/subjects.hpp"
#include "src/pattern/regex.hpp"

namespace ringfence::bench {
namespace {

std::string count_of(const Element& element) {
    if (element.min == 1 && element.max == 1) return "";
    return "{" + std::to_string(element.min) + "," + std::to_string(element.max) + "}";
}

std::string pattern_of(const Element& element) {
    std::string out;
    switch (element.kind) {
        case Element::Kind::kGap: return "." + count_of(element);
        case Element::Kind::kUnits:
            out = element.negated ? "[^" : "[";
            for (const UnitRange& range : element.ranges) {
                pattern::append_escaped(out, range.first);
                out += '-';
                pattern::append_escaped(out, range.last);
            }
            return out + "]" + count_of(element);
        case Element::Kind::kPhrases:
            for (const std::u16string& phrase : element.phrases) {
                if (&phrase != &element.phrases.front()) out += '|';
                for (const char16_t unit : phrase) pattern::append_escaped(out, unit);
            }
            return element.phrases.size() == 1 ? out : "(?:" + out + ")";
        case Element::Kind::kWordStart:
        case Element::Kind::kWordEnd: break;
    }
    give_up("a rule with a border of a word; rivals know another one");
}

std::string pattern_of(const PatternRule& rule) {
    if (!rule.regex.empty()) return rule.regex;
    std::string out;
    for (const Expression& expression : rule.text) {
        if (&expression != &rule.text.front()) out += '|';
        for (const Element& element : expression.elements) out += pattern_of(element);
    }
    return out;
}

}  // namespace

Pack load_pack(const std::string& folder, const std::string& name) {
    auto rules = RuleSet::load(folder + "/" + name + ".toml");
    if (!rules) give_up(rules.error().text);
    Pack pack{*std::move(rules), {}};
    for (const PatternRule& rule : pack.rules.rules()) pack.patterns.push_back(pattern_of(rule));
    return pack;
}

}  // namespace ringfence::bench
