// backtrack_model.hpp - the plain matcher that tests and fuzzing hold the compiled set against.
//
// Tries every end from the front, then every begin from the front, and walks the elements by backtracking.
// Slow, obvious, and written from docs/rules.md alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ringfence/pattern/pattern_set.hpp"

namespace ringfence::model {

inline bool is_word(std::u16string_view text, std::size_t at) {
    if (at >= text.size()) return false;
    const char16_t c = text[at];
    return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') ||
           c == u'_';
}

class Backtracker {
public:
    // `steps` bounds the work: an expression that needs more is given up, and `gave_up` says so.
    Backtracker(const Expression& expression, std::u16string_view text,
                std::uint64_t steps = 1u << 24u)
        : expression_(expression), text_(text), steps_(steps) {}

    std::optional<std::pair<std::size_t, std::size_t>> first() {
        for (std::size_t end = 0; end <= text_.size(); ++end) {
            for (std::size_t begin = 0; begin <= end; ++begin) {
                if (spans(0, begin, end)) return std::pair(begin, end);
            }
        }
        return std::nullopt;
    }

    bool gave_up() const { return steps_ == 0; }

private:
    bool spans(std::size_t element, std::size_t at, std::size_t end) {
        if (steps_ == 0) return false;
        --steps_;
        if (element == expression_.elements.size()) return at == end;
        const Element& e = expression_.elements[element];
        switch (e.kind) {
            case Element::Kind::kWordStart:
                return is_word(text_, at) && (at == 0 || !is_word(text_, at - 1)) &&
                       spans(element + 1, at, end);
            case Element::Kind::kWordEnd:
                return !is_word(text_, at) && at > 0 && is_word(text_, at - 1) &&
                       spans(element + 1, at, end);
            case Element::Kind::kGap:
                for (std::size_t n = e.min; n <= e.max && at + n <= end; ++n) {
                    if (spans(element + 1, at + n, end)) return true;
                }
                return false;
            case Element::Kind::kUnits:
                for (std::size_t n = 0; n <= e.max && at + n <= end; ++n) {
                    if (n > 0 && !in_class(e, text_[at + n - 1])) return false;
                    if (n >= e.min && spans(element + 1, at + n, end)) return true;
                }
                return false;
            case Element::Kind::kPhrases:
                for (const auto& phrase : e.phrases) {
                    if (at + phrase.size() > end || text_.substr(at, phrase.size()) != phrase)
                        continue;
                    if (spans(element + 1, at + phrase.size(), end)) return true;
                }
                return false;
        }
        return false;
    }

    static bool in_class(const Element& e, char16_t unit) {
        bool in = false;
        for (const UnitRange& range : e.ranges) in |= range.first <= unit && unit <= range.last;
        return in != e.negated;
    }

    const Expression& expression_;
    std::u16string_view text_;
    std::uint64_t steps_;
};

// What a set of text rules finds in a text; rules with a regex are left out. Empty optional: gave up.
inline std::optional<std::vector<PatternMatch>> scan(const std::vector<PatternRule>& rules,
                                                     std::u16string_view light,
                                                     std::u16string_view dense) {
    bool gave_up = false;
    const auto first = [&](const Expression& expression) {
        Backtracker tracker(expression, expression.view == TextView::kLight ? light : dense);
        const auto found = tracker.first();
        gave_up |= tracker.gave_up();
        return found;
    };
    std::vector<PatternMatch> matches;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        std::optional<std::pair<std::size_t, std::size_t>> best;
        for (const Expression& expression : rules[i].text) {
            const auto found = first(expression);
            if (found && (!best || found->second < best->second ||
                          (found->second == best->second && found->first < best->first))) {
                best = found;
            }
        }
        const auto holds_somewhere = [&](const Expression& e) { return first(e).has_value(); };
        if (!best ||
            (!rules[i].also.empty() &&
             std::none_of(rules[i].also.begin(), rules[i].also.end(), holds_somewhere)) ||
            std::any_of(rules[i].unless.begin(), rules[i].unless.end(), holds_somewhere)) {
            continue;
        }
        matches.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint16_t>(best->first),
                           static_cast<std::uint16_t>(best->second)});
    }
    if (gave_up) return std::nullopt;
    return matches;
}

}  // namespace ringfence::model
