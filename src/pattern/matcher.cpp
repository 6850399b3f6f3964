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
    Walk(const ProgramView& view, std::span<const char16_t> units, MatchSpace& space, bool forward)
        : view_(view),
          units_(units),
          space_(space),
          places_(units.size() + 1),
          words_(units.size() / 64 + 1),
          forward_(forward) {}

    // space.from -> space.from, through one element. False when no place is left.
    bool through(const Step& step) {
        switch (step.kind) {
            case Kind::kGap: gap(step.min, step.max); break;
            case Kind::kUnits: run(step); break;
            case Kind::kPhrases: phrases(step); break;
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
    void run(const Step& step) {
        Places& members = space_.members;
        members.clear(words_);
        for (std::size_t i = 0; i < units_.size(); ++i) {
            if (holds(view_, step, units_[i])) members.put(forward_ ? i + 1 : i);
        }
        space_.to.clear(words_);
        if (step.min == 0) copy(space_.to, space_.from);
        for (std::size_t count = 1; count <= step.max && any(); ++count) {
            shift(space_.from, 1);
            for (std::size_t w = 0; w < words_; ++w) space_.from.words_[w] &= members.words_[w];
            if (count >= step.min) join(space_.to, space_.from);
        }
        copy(space_.from, space_.to);
    }

    void phrases(const Step& step) {
        space_.to.clear(words_);
        if (step.optional) copy(space_.to, space_.from);
        for (std::size_t w = 0; w < words_; ++w) {
            for (std::uint64_t left = space_.from.words_[w]; left != 0; left &= left - 1)
                phrases_at(step, w * 64 + static_cast<std::size_t>(std::countr_zero(left)));
        }
        copy(space_.from, space_.to);
    }

    // Phrases that can follow `place` are those with the unit there as first one: a sorted range.
    void phrases_at(const Step& step, std::size_t place) {
        const std::span<const PhraseRef> phrases = view_.phrases_of(step);
        if (!forward_) {
            for (const PhraseRef& phrase : phrases) {
                if (phrase.size <= place && stands(phrase, place - phrase.size))
                    space_.to.put(place - phrase.size);
            }
            return;
        }
        if (place == units_.size()) return;
        const char16_t unit = units_[place];
        if ((step.fronts >> unit % 64 & 1u) == 0) return;
        const auto first = std::partition_point(
            phrases.begin(), phrases.end(),
            [unit](const PhraseRef& phrase) { return first_unit(phrase) < unit; });
        for (auto at = first; at != phrases.end() && first_unit(*at) == unit; ++at) {
            if (stands(*at, place)) space_.to.put(place + at->size);
        }
    }

    static char16_t first_unit(const PhraseRef& phrase) {
        return static_cast<char16_t>(phrase.pair);
    }

    bool stands(const PhraseRef& phrase, std::size_t place) const {
        const char16_t* const units = view_.units + phrase.first;
        return phrase.size <= units_.size() - place &&
               std::equal(units, units + phrase.size,
                          units_.begin() + static_cast<std::ptrdiff_t>(place));
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

    const ProgramView& view_;
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

std::optional<Extent> find_first(const ProgramView& view, Program program,
                                 std::span<const char16_t> units, MatchSpace& space) {
    const std::span<const Step> steps = view.of(program);
    units = units.first(std::min(units.size(), kMaxTextUnits));
    const std::size_t words = units.size() / 64 + 1;

    Walk ahead(view, units, space, true);
    space.from.fill(units.size() + 1);
    for (const Step& step : steps) {
        if (!ahead.through(step)) return std::nullopt;
    }
    const auto end = ahead.lowest();
    if (!end) return std::nullopt;

    Walk back(view, units, space, false);
    space.from.clear(words);
    space.from.put(*end);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (!back.through(*step)) return std::nullopt;  // cannot be: the walk ahead came this way
    }
    const auto begin = back.lowest();
    return Extent{static_cast<std::uint32_t>(begin.value_or(0)), static_cast<std::uint32_t>(*end)};
}

}  // namespace ringfence::pattern
