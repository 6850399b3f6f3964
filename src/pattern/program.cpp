#include "src/pattern/program.hpp"

#include <algorithm>
#include <array>

#include "src/kernel/gram_kernel.hpp"

namespace ringfence::pattern {

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
                std::array<char16_t, 4> head{};
                std::copy_n(phrase.begin(), std::min(phrase.size(), head.size()), head.begin());
                phrases_.push_back({kernel::unit_pair(head.data()),
                                    kernel::unit_pair(head.data() + 2),
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
