#include "src/pattern/program.hpp"

#include <algorithm>

namespace ringfence::pattern {
namespace {

std::uint32_t pair_of(std::u16string_view phrase, std::size_t at) {
    const auto unit = [&](std::size_t i) -> std::uint32_t {
        return i < phrase.size() ? phrase[i] : u'\0';
    };
    return unit(at) | unit(at + 1) << 16u;
}

}  // namespace

Program Programs::add(const Expression& expression) {
    const Program program{static_cast<std::uint32_t>(steps_.size()),
                          static_cast<std::uint32_t>(expression.elements.size())};
    for (const Element& element : expression.elements) {
        Step step;
        step.kind = element.kind;
        step.negated = element.negated;
        step.min = element.min;
        step.max = element.max;
        if (element.kind == Element::Kind::kUnits) {
            step.first = static_cast<std::uint32_t>(ranges_.size());
            step.count = static_cast<std::uint32_t>(element.ranges.size());
            ranges_.insert(ranges_.end(), element.ranges.begin(), element.ranges.end());
        }
        if (element.kind == Element::Kind::kPhrases) {
            step.first = static_cast<std::uint32_t>(phrases_.size());
            for (const std::u16string& phrase : element.phrases) {
                if (phrase.empty()) {
                    step.optional = true;
                    continue;
                }
                phrases_.push_back({pair_of(phrase, 0), pair_of(phrase, 2),
                                    static_cast<std::uint32_t>(units_.size()),
                                    static_cast<std::uint16_t>(phrase.size())});
                units_.insert(units_.end(), phrase.begin(), phrase.end());
                ++step.count;
            }
        }
        steps_.push_back(step);
    }
    return program;
}

void Programs::finish() {
    steps_.shrink_to_fit();
    phrases_.shrink_to_fit();
    ranges_.shrink_to_fit();
    units_.shrink_to_fit();
}

std::size_t Programs::bytes() const {
    return steps_.capacity() * sizeof(Step) + phrases_.capacity() * sizeof(PhraseRef) +
           ranges_.capacity() * sizeof(UnitRange) + units_.capacity() * sizeof(char16_t);
}

}  // namespace ringfence::pattern
