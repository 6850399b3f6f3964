// program.hpp - expressions made ready for matching, all of a set in a few flat arrays.
//
//     steps      one an element, those of an expression in a row
//     phrases    of the kPhrases steps; each names its units
//     ranges     of the kUnits steps
//     units      of all phrases, one behind the other
//
// Two walk them: the window kernel over the 64 places beside an anchor (src/kernel/window_kernel.hpp), and the matcher over
// a whole text (matcher.hpp).
//
// Readers: immutable once built, any number of threads. Cost: 16 bytes a step, 16 a phrase, 4 a range.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ringfence/pattern/expression.hpp"

namespace ringfence::pattern {

struct PhraseRef {
    std::uint32_t pair = 0;   // its first two units, the first one below; 0 where there is none
    std::uint32_t next = 0;   // the two behind them, likewise
    std::uint32_t first = 0;  // its units begin there
    std::uint16_t size = 0;
};
static_assert(sizeof(PhraseRef) == 16);

struct Step {
    Element::Kind kind = Element::Kind::kGap;
    bool negated = false;
    bool optional = false;  // kPhrases: an empty phrase is among them, and not listed
    std::uint16_t min = 0;
    std::uint16_t max = 0;
    std::uint32_t first = 0;  // of its phrases or ranges
    std::uint32_t count = 0;
};
static_assert(sizeof(Step) == 16);

// Steps [first, first + size) of a set.
struct Program {
    std::uint32_t first = 0;
    std::uint32_t size = 0;
};

// What the steps refer to; good as long as the Programs.
struct ProgramView {
    const Step* steps = nullptr;
    const PhraseRef* phrases = nullptr;
    const UnitRange* ranges = nullptr;
    const char16_t* units = nullptr;

    std::span<const Step> of(Program program) const {
        return {steps + program.first, program.size};
    }
    std::span<const PhraseRef> phrases_of(const Step& step) const {
        return {phrases + step.first, step.count};
    }
};

class Programs {
public:
    // Threads: one thread per object, until the set is built.
    Program add(const Expression& expression);
    // Gives back what was reserved and not used.
    void finish();

    ProgramView view() const {
        return {steps_.data(), phrases_.data(), ranges_.data(), units_.data()};
    }
    std::size_t bytes() const;

private:
    std::vector<Step> steps_;
    std::vector<PhraseRef> phrases_;
    std::vector<UnitRange> ranges_;
    std::vector<char16_t> units_;
};

}  // namespace ringfence::pattern
