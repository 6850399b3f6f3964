#include "src/pattern/anchor.hpp"

#include <algorithm>

#include "src/pattern/regex.hpp"
#include "src/pattern/rule_fold.hpp"

namespace ringfence::pattern {
namespace {

constexpr char16_t kSurrogateFirst = 0xD800;
constexpr char16_t kSurrogateLast = 0xDFFF;
constexpr char16_t kReplacement = 0xFFFD;

// A part weaker than this (one Han unit, three ASCII letters) is in most texts, and not worth a question.
constexpr std::size_t kWorthAsking = 5;

// How rare a phrase is likely to be: a Han unit tells about as much as two and a half ASCII letters.
std::size_t strength(const std::u16string& phrase) {
    std::size_t sum = 0;
    for (const char16_t unit : phrase) sum += unit < 0x80 ? 2 : 5;
    return sum;
}

std::size_t strength(const Element& element) {
    if (element.kind == Element::Kind::kUnits) return element.min > 0 ? 1 : 0;
    if (element.kind != Element::Kind::kPhrases) return 0;
    std::size_t weakest = ~std::size_t{0};
    for (const auto& phrase : element.phrases) weakest = std::min(weakest, strength(phrase));
    return weakest;  // 0 with an empty phrase
}

void append_range(std::string& out, char16_t first, char16_t last) {
    append_escaped(out, first);
    out += '-';
    append_escaped(out, last);
}

std::string class_run(const Element& element) {
    std::string out = element.negated ? "[^" : "[";
    for (const UnitRange& range : element.ranges) {
        // Surrogates have no UTF-8; the text shows them as U+FFFD.
        const bool low = range.first<kSurrogateFirst, high = range.last> kSurrogateLast;
        if (range.last < kSurrogateFirst || range.first > kSurrogateLast) {
            append_range(out, range.first, range.last);
            continue;
        }
        if (low) append_range(out, range.first, kSurrogateFirst - 1);
        if (high) append_range(out, kSurrogateLast + 1, range.last);
        if (!element.negated) append_range(out, kReplacement, kReplacement);
    }
    // The anchor is necessary, not exact: one member is enough, and a run is left to the matcher.
    if (out.size() == 2 && element.negated) return ".";
    return out + "]";
}

Part part_of(const Element& element) {
    if (element.kind == Element::Kind::kUnits) return {class_run(element)};
    Part part;
    for (const auto& phrase : element.phrases) {
        std::string escaped;
        for (const char16_t unit : phrase) append_escaped(escaped, unit);
        part.push_back(std::move(escaped));
    }
    return part;
}

}  // namespace

std::vector<Part> parts_of(const Expression& expression) {
    const auto& elements = expression.elements;
    const auto best = std::max_element(
        elements.begin(), elements.end(),
        [](const Element& a, const Element& b) { return strength(a) < strength(b); });
    std::vector<Part> parts;
    for (auto element = elements.begin(); element != elements.end(); ++element) {
        if (element == best || strength(*element) >= kWorthAsking)
            parts.push_back(part_of(*element));
    }
    return parts;
}

}  // namespace ringfence::pattern
