#include "src/pattern/matcher.hpp"

#include <algorithm>
#include <bit>

namespace ringfence::pattern {
namespace {

using Kind = Element::Kind;

using kernel::WindowKernel;

// One walk over a text, forwards or backwards. `words` is how many words of a row the text needs; bits
// past the last place are never set.
class Walk {
public:
    Walk(const WindowKernel& kernel, const ProgramView& view, const PaddedText& text,
         const TextHeads& heads, MatchSpace& space, bool forward)
        : kernel_(kernel),
          view_(view),
          text_(text),
          heads_(heads),
          space_(space),
          places_(text.size + 1u),
          words_(text.size / 64u + 1u),
          forward_(forward) {}

    // space.from -> space.from, through one element. False when no place is left.
    bool through(const Step& step) {
        switch (step.kind) {
            case Kind::kGap: gap(step.min, step.max); break;
            case Kind::kUnits: run(step); break;
            case Kind::kPhrases: phrases(step); break;
            case Kind::kWordStart:
            case Kind::kWordEnd: border(step); break;
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

    // One unit along the class is one shift and one mask.
    void run(const Step& step) {
        auto& from = space_.from.words_;
        for (std::size_t w = 0; w < words_; ++w) space_.members.words_[w] = units_at(step, w);
        space_.to.clear(words_);
        if (step.min == 0) copy(space_.to, space_.from);
        for (std::size_t count = 1; count <= step.max && any(); ++count) {
            if (!forward_) shift(space_.from, 1);
            for (std::size_t w = 0; w < words_; ++w) from[w] &= space_.members.words_[w];
            if (forward_) shift(space_.from, 1);
            if (count >= step.min) join(space_.to, space_.from);
        }
        copy(space_.from, space_.to);
    }

    void border(const Step& step) {
        for (std::size_t w = 0; w < words_; ++w) {
            auto& word = space_.from.words_[w];
            if (word != 0) word &= units_at(step, w);
        }
    }

    std::uint64_t units_at(const Step& step, std::size_t word) const {
        return kernel_.units(view_, step, text_.units + word * 64);
    }

    void phrases(const Step& step) {
        space_.to.clear(words_);
        if (step.optional) copy(space_.to, space_.from);
        for (const PhraseRef& phrase : view_.phrases_of(step)) {
            if (phrase.size <= text_.size && heads_.may_hold(phrase)) stand(phrase);
        }
        copy(space_.from, space_.to);
    }

    // Adds the places that the phrase leads to. Behind its last place no text is left to compare.
    void stand(const PhraseRef& phrase) {
        const std::size_t last = text_.size - phrase.size;
        for (std::size_t w = 0; w <= last / 64; ++w) {
            std::uint64_t wanted =
                forward_ ? space_.from.words_[w] : space_.from.from(w * 64 + phrase.size);
            if (w == last / 64) wanted &= ~std::uint64_t{0} >> (63 - last % 64);
            if (wanted == 0) continue;
            const auto found = kernel_.phrase(view_, phrase, text_.units + w * 64, wanted);
            if (found == 0) continue;
            if (forward_) {
                space_.to.put(w * 64 + phrase.size, found);
            } else {
                space_.to.words_[w] |= found;
            }
        }
    }

    const WindowKernel& kernel_;
    const ProgramView& view_;
    PaddedText text_;
    const TextHeads& heads_;
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

std::uint64_t Places::from(std::size_t place) const {
    const std::size_t word = place / 64;
    const std::uint64_t low = words_[word] >> place % 64;
    return place % 64 == 0 ? low : low | words_[word + 1] << (64 - place % 64);
}

void Places::put(std::size_t place, std::uint64_t bits) {
    words_[place / 64] |= bits << place % 64;
    if (place % 64 != 0) words_[place / 64 + 1] |= bits >> (64 - place % 64);
}

void Places::clear(std::size_t words) { std::fill_n(words_.begin(), words, 0); }

std::optional<Extent> find_first(const ProgramView& view, Program program, const PaddedText& text,
                                 const TextHeads& heads, MatchSpace& space,
                                 const WindowKernel& kernel) {
    const std::span<const Step> steps = view.of(program);
    Walk ahead(kernel, view, text, heads, space, true);
    space.from.fill(text.size + 1u);
    for (const Step& step : steps) {
        if (!ahead.through(step)) return std::nullopt;
    }
    const auto end = ahead.lowest();
    if (!end) return std::nullopt;

    Walk back(kernel, view, text, heads, space, false);
    space.from.clear(text.size / 64u + 1u);
    space.from.put(*end);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        if (!back.through(*step)) return std::nullopt;  // cannot be: the walk ahead came this way
    }
    const auto begin = back.lowest();
    return Extent{static_cast<std::uint32_t>(begin.value_or(0)), static_cast<std::uint32_t>(*end)};
}

}  // namespace ringfence::pattern
