// expression_width.cpp - how many units an expression spans, and which a class holds.
#include <algorithm>

#include "ringfence/pattern/expression.hpp"

namespace ringfence {
namespace {

using Kind = Element::Kind;

// Shortest (or longest) count of units that one element stands for.
std::size_t width(const Element& element, bool longest) {
    switch (element.kind) {
        case Kind::kGap:
        case Kind::kUnits: return longest ? element.max : element.min;
        case Kind::kWordStart:
        case Kind::kWordEnd: return 0;
        case Kind::kPhrases: break;
    }
    std::size_t best = longest ? 0 : Expression::kMaxPhraseUnits;
    for (const auto& phrase : element.phrases) {
        best = longest ? std::max(best, phrase.size()) : std::min(best, phrase.size());
    }
    return best;
}

}  // namespace

std::size_t min_width(const Expression& expression) {
    std::size_t sum = 0;
    for (const Element& element : expression.elements) sum += width(element, false);
    return sum;
}

std::size_t max_width(const Expression& expression) {
    std::size_t sum = 0;
    for (const Element& element : expression.elements) sum += width(element, true);
    return sum;
}

bool holds(const Element& element, char16_t unit) {
    for (const UnitRange& range : element.ranges) {
        if (unit >= range.first && unit <= range.last) return !element.negated;
    }
    return element.negated;
}

}  // namespace ringfence
