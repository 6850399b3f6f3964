#include "src/pattern/plan.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "ringfence/text/fold.hpp"
#include "src/kernel/window_kernel.hpp"
#include "src/pattern/anchor_table.hpp"
#include "src/pattern/gram_counts.hpp"
#include "src/pattern/linear.hpp"

namespace ringfence::pattern {
namespace {

using Kind = Element::Kind;
using Elements = std::vector<Element>;

constexpr std::size_t kMaxJoined = 32;   // phrases of an element that was made of two
constexpr std::size_t kMaxLetters = 10;  // of a class that is written out: the digits
// An anchor that passes more often than in one message of ten is weak: one Han unit, two or three ASCII letters.
constexpr std::uint32_t kWeak = 100'000;

bool is_phrases(const Element& element) { return element.kind == Kind::kPhrases; }

// Whether an element must stand for at least one unit. Phrases are sorted: an empty one is the first.
bool must_be_there(const Element& element) {
    if (is_phrases(element)) return !element.phrases.front().empty();
    return (element.kind == Kind::kUnits || element.kind == Kind::kGap) && element.min > 0;
}

// Drops the phrases of which another one is the beginning: that one ends first.
void keep_shortest(Element& element) {
    auto& phrases = element.phrases;
    std::vector<std::u16string> kept;
    for (const std::u16string& phrase : phrases) {  // sorted: a beginning comes before
        if (kept.empty() || !phrase.starts_with(kept.back())) kept.push_back(phrase);
    }
    phrases = std::move(kept);
}

// What may be absent at the end is absent where the match ends first.
void trim_end(Elements& elements) {
    while (!elements.empty()) {
        Element& last = elements.back();
        if (last.kind == Kind::kWordStart || last.kind == Kind::kWordEnd) return;
        if (must_be_there(last)) {
            if (is_phrases(last)) {
                keep_shortest(last);
            } else {
                last.max = last.min;
            }
            return;
        }
        elements.pop_back();
    }
}

// A class of few letters, once, is as many phrases.
void write_out_letters(Elements& elements) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
        Element& element = elements[i];
        const bool beside = (i > 0 && is_phrases(elements[i - 1])) ||
                            (i + 1 < elements.size() && is_phrases(elements[i + 1]));
        if (!beside || element.kind != Kind::kUnits || element.negated || element.min != 1 ||
            element.max != 1)
            continue;
        Element letters{.kind = Kind::kPhrases};
        for (const UnitRange& range : element.ranges) {
            for (unsigned unit = range.first; unit <= range.last; ++unit) {
                letters.phrases.emplace_back(1, static_cast<char16_t>(unit));
                if (letters.phrases.size() > kMaxLetters) break;
            }
        }
        if (letters.phrases.size() <= kMaxLetters) element = std::move(letters);
    }
}

std::size_t longest(const Element& element) {
    std::size_t most = 0;
    for (const auto& phrase : element.phrases) most = std::max(most, phrase.size());
    return most;
}

std::vector<std::u16string> products(const Element& left, const Element& right) {
    std::vector<std::u16string> made;
    for (const auto& first : left.phrases) {
        for (const auto& second : right.phrases) made.push_back(first + second);
    }
    return made;
}

void join_neighbours(Elements& elements) {
    for (std::size_t i = 0; i + 1 < elements.size();) {
        Element &left = elements[i], &right = elements[i + 1];
        const bool both = is_phrases(left) && is_phrases(right);
        if (!both || left.phrases.size() * right.phrases.size() > kMaxJoined ||
            longest(left) + longest(right) > Expression::kMaxPhraseUnits) {
            ++i;
            continue;
        }
        left.phrases = products(left, right);
        sort_phrases(left);
        elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
}

// What all phrases of an element pass together; the most where it is no anchor.
std::uint64_t cost_of(const Element& element) {
    if (!is_phrases(element) || !must_be_there(element)) return UINT64_MAX;
    return std::accumulate(
        element.phrases.begin(), element.phrases.end(), std::uint64_t{0},
        [](std::uint64_t sum, const auto& phrase) { return sum + anchor_cost(phrase); });
}

std::uint64_t least_cost(const Elements& elements) {
    std::uint64_t least = UINT64_MAX;
    for (const Element& element : elements) least = std::min(least, cost_of(element));
    return least;
}

// Lets a phrase take one unit of the class beside it, where no other anchor is strong: `[0-9]{2,5}x` is
// `[0-9]{1,4}(0x|1x|...)`.
void strengthen(Elements& elements) {
    if (least_cost(elements) < kWeak) return;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        for (const bool before : {true, false}) {
            const std::size_t beside = before ? i - 1 : i + 1;  // wraps for i = 0
            if (beside >= elements.size()) continue;
            Element &phrases = elements[i], &units = elements[beside];
            if (!is_phrases(phrases) || !must_be_there(phrases) || units.kind != Kind::kUnits ||
                units.negated || units.min == 0 || units.max == kOpen)
                continue;
            Elements letter = {units, phrases};
            letter[0].min = letter[0].max = 1;
            write_out_letters(letter);
            if (!is_phrases(letter[0]) ||
                letter[0].phrases.size() * phrases.phrases.size() > kMaxJoined + kMaxLetters ||
                longest(phrases) == Expression::kMaxPhraseUnits)
                continue;
            Element made{
                .kind = Kind::kPhrases,
                .phrases = before ? products(letter[0], phrases) : products(phrases, letter[0])};
            sort_phrases(made);
            if (cost_of(made) >= cost_of(phrases)) continue;
            phrases = std::move(made);
            --units.min, --units.max;
            if (units.max == 0)
                elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(beside));
            return;
        }
    }
}

// Units that an element spans at most.
std::size_t width_of(const Element& element) {
    if (is_phrases(element)) return longest(element);
    if (element.kind == Kind::kGap || element.kind == Kind::kUnits) return element.max;
    return 0;
}

// Whether both sides of element `i` fit a window.
bool fits_window(const Elements& elements, std::size_t i) {
    std::size_t left = 0, right = 0;
    for (std::size_t k = 0; k < elements.size(); ++k) {
        if (k < i) left += width_of(elements[k]);
        if (k > i) right += width_of(elements[k]);
    }
    return left <= kernel::kMaxSide && right <= kernel::kMaxSide;
}

std::size_t narrowest(const Element& element) {
    if (is_phrases(element)) {
        std::size_t least = SIZE_MAX;
        for (const auto& phrase : element.phrases) least = std::min(least, phrase.size());
        return least;
    }
    return element.kind == Kind::kGap || element.kind == Kind::kUnits ? element.min : 0;
}

// The units that the phrases of an element begin with, as two ranges at most.
std::optional<std::vector<UnitRange>> fronts_of(const Element& element) {
    std::vector<UnitRange> fronts;
    for (const std::u16string& phrase : element.phrases) {  // sorted
        if (phrase.empty()) return std::nullopt;
        if (fronts.empty() || fronts.back().first != phrase[0])
            fronts.push_back({phrase[0], phrase[0]});
    }
    return fronts;
}

// A probe for an element of which one side lies `nearest` to `farthest` units from the anchor: the pair that its only
// phrase begins with, a run of a class of one or two ranges, or a unit that its phrases begin with, of two at most.
std::optional<kernel::WindowProbe> probe_of(const Element& element, std::size_t nearest,
                                            std::size_t farthest, bool right) {
    kernel::WindowProbe probe;
    std::optional<std::vector<UnitRange>> ranges;
    std::size_t size =
        0;  // from the place that is asked about to the far side of the element, at least
    if (is_phrases(element)) {
        size = longest(element);
        if (element.phrases.size() == 1 && size >= 2) {
            probe.first = {element.phrases[0][0], element.phrases[0][1]};
        } else {
            // On the left the places of beginnings depend on which phrase it is.
            if (!right && narrowest(element) != size) return std::nullopt;
            ranges = fronts_of(element);
            probe.run = 1;
        }
    } else if (element.kind == Kind::kUnits && !element.negated && element.min > 0) {
        ranges = element.ranges;
        probe.run = static_cast<std::uint8_t>(element.min);
        size = element.min;
    }
    if (probe.run != 0) {
        if (!ranges || ranges->size() > 2) return std::nullopt;
        for (std::size_t i = 0; i < 2; ++i) {
            const UnitRange& range = (*ranges)[std::min(i, ranges->size() - 1)];
            probe.first[i] = range.first;
            probe.last[i] = range.last;
        }
    }
    if (size == 0 || farthest + size > kernel::kMaxSide) return std::nullopt;
    probe.offset = right ? static_cast<std::int8_t>(nearest)
                         : static_cast<std::int8_t>(-static_cast<int>(farthest + size));
    probe.places = static_cast<std::uint8_t>(farthest - nearest + 1);
    return probe;
}

// How likely a probe is to hold where its anchor stands; the less the better.
std::uint64_t chance_of(const Element& element, const kernel::WindowProbe& probe) {
    // Digits and letters stand about as often as a common pair.
    constexpr std::uint64_t kClass = 20'000;
    std::uint64_t chance = kClass;
    if (is_phrases(element)) {
        chance = 1;
        for (const std::u16string& phrase : element.phrases)
            chance += gram_cost(std::u16string_view(phrase).substr(0, probe.run == 0 ? 2 : 1));
    }
    return chance * probe.places;
}

// Of an anchor, one element that its probe tells all of, and at most a gap between.
void note_if_all(const Elements& elements, std::size_t anchor, GapCheck& check) {
    const std::size_t size = elements.size();
    const bool first = anchor == 0, last = anchor + 1 == size;
    if (size < 2 || size > 3 || check.probe.places == 0 || !(first || last)) return;
    if (size == 3 && elements[1].kind != Kind::kGap) return;
    const Element& other = first ? elements.back() : elements.front();
    if (is_phrases(other)) {
        if (other.phrases.size() != 1 || other.phrases[0].size() > 2 + GapCheck::kMostRest) return;
        if (other.phrases[0].size() > 2) check.rest = other.phrases[0].substr(2);
        check.size = static_cast<std::uint8_t>(other.phrases[0].size());
    } else if (other.kind == Kind::kUnits && other.min == other.max) {
        check.size = static_cast<std::uint8_t>(other.min);
    }
}

std::string named(const Element& element) {
    std::string name = "'" + to_utf8(element.phrases.front()) + "'";
    if (element.phrases.size() > 1)
        name += " and " + std::to_string(element.phrases.size() - 1) + " more";
    return name;
}

}  // namespace

void sort_phrases(Element& element) {
    auto& phrases = element.phrases;
    std::sort(phrases.begin(), phrases.end());
    phrases.erase(std::unique(phrases.begin(), phrases.end()), phrases.end());
}

void simplify(Expression& expression) {
    Elements& elements = expression.elements;
    trim_end(elements);
    write_out_letters(elements);
    join_neighbours(elements);
    if (elements.empty()) return;
    strengthen(elements);
    join_neighbours(elements);
    trim_end(elements);
}

Plan plan_of(const Expression& expression) {
    Plan inside, anywhere;
    std::uint64_t least_inside = UINT64_MAX, least_anywhere = UINT64_MAX;
    const Elements& elements = expression.elements;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const std::uint64_t cost = cost_of(elements[i]);
        if (cost < least_anywhere) least_anywhere = cost, anywhere.anchor = i;
        if (cost < least_inside && fits_window(elements, i)) least_inside = cost, inside.anchor = i;
    }
    if (inside.anchor == kNoElement) return anywhere;
    inside.tier = elements.size() == 1 ? PatternTier::kPhrase : PatternTier::kGap;
    return inside;
}

GapCheck gap_check(const Expression& expression, std::size_t anchor) {
    const Elements& elements = expression.elements;
    GapCheck check;
    check.steps.left = static_cast<std::uint8_t>(anchor);
    check.steps.right = static_cast<std::uint8_t>(elements.size() - anchor - 1);
    std::uint64_t least = UINT64_MAX;
    for (const bool right : {true, false}) {
        std::size_t nearest = 0, farthest = 0;
        const std::size_t count = right ? check.steps.right : check.steps.left;
        for (std::size_t i = 1; i <= count; ++i) {
            const Element& element = elements[right ? anchor + i : anchor - i];
            const auto probe = probe_of(element, nearest, farthest, right);
            if (probe && chance_of(element, *probe) < least) {
                least = chance_of(element, *probe);
                check.probe = *probe;
            }
            nearest += narrowest(element);
            farthest += width_of(element);
        }
    }
    note_if_all(elements, anchor, check);
    return check;
}

std::string reason_of(const Expression& expression, const Plan& plan) {
    if (plan.anchor == kNoElement) return "no phrase must be in it; every text is looked through";
    const std::string phrase = named(expression.elements[plan.anchor]);
    switch (plan.tier) {
        case PatternTier::kPhrase: return "phrases alone: " + phrase;
        case PatternTier::kGap: return "checked around " + phrase;
        case PatternTier::kWhole: break;
    }
    return "more than " + std::to_string(kernel::kMaxSide) +
           " units may lie beside every phrase of it; a text is looked through where it holds " +
           phrase;
}

}  // namespace ringfence::pattern
