// gram_scalar.cpp - the truth that the vector forms are compared with.
#include "src/kernel/gram_kernel.hpp"

#include <utility>

namespace ringfence::kernel {
namespace {

template <Grams (*kGramsAt)(const char16_t*)>
std::size_t find(const char16_t* units, std::size_t first, std::size_t last, GramFilter filter,
                 std::uint32_t* passes) {
    std::size_t count = 0;
    for (std::size_t place = first; place < last; ++place) {
        const Grams grams = kGramsAt(units + place);
        const std::uint32_t word = filter.words[grams.brief >> filter.shift];
        for (const auto& [hash, full] :
             {std::pair(grams.brief, 0u), std::pair(grams.full, kFullPass)}) {
            // Written in any case, kept where it passes: no branch that a text could make unsure.
            passes[count] = static_cast<std::uint32_t>(place) | full;
            count += word >> (hash & 31u) & word >> (hash >> 5u & 31u) & 1u;
        }
    }
    return count;
}

}  // namespace

const GramKernel kGramScalar = {Isa::kScalar, find<usual_grams>, find<tiny_grams>};

}  // namespace ringfence::kernel
