#include "src/pattern/matcher.hpp"

#include <algorithm>
#include <bit>

#include "src/pattern/rule_fold.hpp"

namespace ringfence::pattern {
namespace {

using Kind = Element::Kind;

// One walk over a text, forwards or backwards. `words` is how many words of a row the text needs; bits
// past the last place are never set.
class Walk {
public:
    Walk(std::span<const char16_t> units, MatchSpace& space, bool forward)
        : units_(units),
          space_(space),
          places_(units.size() + 1),
          words_(units.size() / 64 + 1),
          forward_(forward) {}

    // space.from -> space.from, through one element. False when no place is left.
    bool through(const Element& element) {
        switch (element.kind) {
            case Kind::kGap: gap(element.min, element.max); break;
            case Kind::kUnits: run(element); break;
            case Kind::kPhrases: phrases(element); break;
            case Kind::kWordStart: border(true); break;
            case Kind::kWordEnd: border(false); break;
        }
        return any();
    }

    bool any() const {
        const auto* row = space_.from.words_.data();
        return std::any_of(row, row + words_, [](std::uint64_t word) { return word != 0; });
    }

    std::optional<std::size_t> lowest() const {
        for (std::size_t w = 0; w < words_; ++w) {
            const std::uint64_t word = space_.from.words_[w];
            if (word != 0) return w * 64 + static_cast<std::size_t>(std::countr_zero(word));
        }
        return std::nullopt;
    }

private:
    // Moves every place of `row` by `by` units in the direction of the walk.
    void shift(Places& row, std::size_t by) const {
        const std::size_t skip = by / 64;
        const auto bits = static_cast<unsigned>(by % 64);
        auto& words = row.words_;
        if (forward_) {
            for (std::size_t w = words_; w-- > 0;) {
                std::uint64_t word = w >= skip ? words[w - skip] << bits : 0;
                if (bits != 0 && w >= skip + 1) word |= words[w - skip - 1] >> (64 - bits);
                words[w] = word;
            }
            trim(row);
        } else {
            for (std::size_t w = 0; w < words_; ++w) {
                std::uint64_t word = w + skip < words_ ? words[w + skip] >> bits : 0;
                if (bits != 0 && w + skip + 1 < words_) word |= words[w + skip + 1] << (64 - bits);
                words[w] = word;
            }
        }
    }

    void trim(Places& row) const {
        const auto used = static_cast<unsigned>(places_ % 64);
        if (used != 0) row.words_[words_ - 1] &= (std::uint64_t{1} << used) - 1;
    }

    void join(Places& into, const Places& other) const {
        for (std::size_t w = 0; w < words_; ++w) into.words_[w] |= other.words_[w];
    }

    void copy(Places& into, const Places& other) const {
        std::copy_n(other.words_.begin(), words_, into.words_.begin());
    }

    // Smear by min..max: doubling, so that 100 units take 7 rounds.
    void gap(std::size_t min, std::size_t max) {
        shift(space_.from, min);
        std::size_t left = max - min;
        for (std::size_t step = 1; left > 0; step *= 2) {
            const std::size_t by = std::min(step, left);
            copy(space_.step, space_.from);
            shift(space_.step, by);
            join(space_.from, space_.step);
            left -= by;
        }
    }

    // Places that a unit of the class lies behind (forward) or before (backward), so that one step along
    // the class is one shift and one mask.
    void run(const Element& element) {
        Places& members = space_.members;
        members.clear(words_);
        for (std::size_t i = 0; i < units_.size(); ++i) {
            if (holds(element, units_[i])) members.put(forward_ ? i + 1 : i);
        }
        space_.to.clear(words_);
        if (element.min == 0) copy(space_.to, space_.from);
        for (std::size_t count = 1; count <= element.max && any(); ++count) {
            shift(space_.from, 1);
            for (std::size_t w = 0; w < words_; ++w) space_.from.words_[w] &= members.words_[w];
            if (count >= element.min) join(space_.to, space_.from);
        }
        copy(space_.from, space_.to);
    }

    void phrases(const Element& element) {
        space_.to.clear(words_);
        for (std::size_t w = 0; w < words_; ++w) {
            for (std::uint64_t left = space_.from.words_[w]; left != 0; left &= left - 1) {
                phrases_at(element, w * 64 + static_cast<std::size_t>(std::countr_zero(left)));
            }
        }
        copy(space_.from, space_.to);
    }

    void phrases_at(const Element& element, std::size_t place) {
        for (const auto& phrase : element.phrases) {
            const std::size_t room = forward_ ? units_.size() - place : place;
            if (phrase.size() > room) continue;
            const std::size_t begin = forward_ ? place : place - phrase.size();
            if (std::equal(phrase.begin(), phrase.end(),
                           units_.begin() + static_cast<std::ptrdiff_t>(begin))) {
                space_.to.put(forward_ ? begin + phrase.size() : begin);
            }
        }
    }

    void border(bool start) {
        for (std::size_t w = 0; w < words_; ++w) {
            for (std::uint64_t left = space_.from.words_[w]; left != 0; left &= left - 1) {
                const std::size_t place = w * 64 + static_cast<std::size_t>(std::countr_zero(left));
                const bool before = place > 0 && is_word_unit(units_[place - 1]);
                const bool behind = place < units_.size() && is_word_unit(units_[place]);
                if (before != start && behind == start) continue;
                space_.from.words_[w] &= ~(std::uint64_t{1} << place % 64);
            }
        }
    }

    std::span<const char16_t> units_;
    MatchSpace& space_;
    std::size_t places_;
    std::size_t words_;
    bool forward_;
};

}  // namespace

void Places::fill(std::size_t places) {
    std::fill_n(words_.begin(), places / 64, ~std::uint64_t{0});
    if (places % 64 != 0) words_[places / 64] = (std::uint64_t{1} << places % 64) - 1;
}

void Places::clear(std::size_t words) { std::fill_n(words_.begin(), words, 0); }

std::optional<Extent> find_first(const Expression& expression, std::span<const char16_t> units,
                                 MatchSpace& space) {
    units = units.first(std::min(units.size(), kMaxTextUnits));
    const std::size_t words = units.size() / 64 + 1;

    Walk ahead(units, space, true);
    space.from.fill(units.size() + 1);
    for (const Element& element : expression.elements) {
        if (!ahead.through(element)) return std::nullopt;
    }
    const auto end = ahead.lowest();
    if (!end) return std::nullopt;

    Walk back(units, space, false);
    space.from.clear(words);
    space.from.put(*end);
    for (auto element = expression.elements.rbegin(); element != expression.elements.rend();
         ++element) {
        if (!back.through(*element))
            return std::nullopt;  // cannot be: the walk ahead came this way
    }
    const auto begin = back.lowest();
    return Extent{static_cast<std::uint32_t>(begin.value_or(0)), static_cast<std::uint32_t>(*end)};
}

}  // namespace ringfence::pattern
