// expression.hpp - one `text` expression of a rule, taken apart.
//
// A rules author writes `add{0,6}(qq|@wechat)[0-9]{5,11}`; this is what it means: a sequence of elements,
// each of which stands for some runs of folded units. Every engine and the plain matcher of the tests
// start from this one form. The grammar is written down in docs/rules.md.
//
//     add            kPhrases  {add}
//     {0,6}          kGap      any 0 to 6 units
//     (qq|@wechat)   kPhrases  {qq, wechat, wx, ...}: aliases are replaced by their phrases
//     [0-9]{5,11}    kUnits    5 to 11 units of the class
//     < and >        kWordStart, kWordEnd: the border of a word of ASCII letters, digits and '_'
//
// All text inside is folded already (text/fold.hpp), in the view that the expression is for.
// Cost: a few hundred bytes an expression; building only, never on the hot path.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence {

// Which form of a folded text an expression is matched against: light keeps separators (numbers, links,
// languages that write blanks), dense drops them (phrases of Chinese).
using TextView = View;

// Both ends included.
struct UnitRange {
    char16_t first = 0;
    char16_t last = 0;

    friend bool operator==(const UnitRange&, const UnitRange&) = default;
};

struct Element {
    enum class Kind : std::uint8_t { kPhrases, kGap, kUnits, kWordStart, kWordEnd };

    Kind kind = Kind::kPhrases;
    std::uint16_t min = 1;               // kGap, kUnits: how many units at least
    std::uint16_t max = 1;               // kGap, kUnits: and at most
    bool negated = false;                // kUnits: any unit outside `ranges`
    std::vector<UnitRange> ranges = {};  // kUnits: sorted, disjoint
    std::vector<std::u16string> phrases =
        {};  // kPhrases: any one of them; an empty one makes it optional

    friend bool operator==(const Element&, const Element&) = default;
};

struct Expression {
    TextView view = TextView::kDense;
    std::vector<Element> elements;

    // Bounds that parse_expression keeps, so that no rule can be a bomb.
    static constexpr std::size_t kMaxBytes = 2048;  // of the expression as written
    static constexpr std::size_t kMaxElements = 48;
    static constexpr std::size_t kMaxPhrases = 256;  // in one element, aliases expanded
    static constexpr std::size_t kMaxPhraseUnits = 64;
    static constexpr std::uint16_t kMaxRepeat = 100;  // of one gap or class
    static constexpr std::size_t kMaxWidth = 400;     // units that a match can span
    static constexpr std::size_t kMaxOptions = 4096;  // phrases of all elements, added up

    friend bool operator==(const Expression&, const Expression&) = default;
};

// The phrases behind `@name`, as its data file writes them, or null when no such alias is known.
using AliasLookup = std::function<const std::vector<std::string>*(std::string_view name)>;

// The expression that `text` (UTF-8) writes, read for `view` unless it begins with `light:` or `dense:`.
// Fails with kSyntax, kTooLarge or kDangling; the text of the error names the byte and what to do, but
// no file: the caller knows that.
// An expression that could match nothing at all (every element optional) is refused.
// Threads: any thread.
Result<Expression> parse_expression(std::string_view text, TextView view,
                                    const AliasLookup& aliases);

// Units that a match spans at least and at most. Threads: any thread.
std::size_t min_width(const Expression& expression);
std::size_t max_width(const Expression& expression);

// Whether `unit` belongs to a kUnits element. Threads: any thread.
bool holds(const Element& element, char16_t unit);

}  // namespace ringfence
