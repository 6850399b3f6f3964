// score_scalar.cpp - the truth that the vector forms are compared with.
#include "src/kernel/score_kernel.hpp"

namespace ringfence::kernel {
namespace {

std::int64_t sum(const char16_t* units, std::size_t count, const std::int16_t* weights,
                 unsigned bits) {
    std::int64_t total = 0;
    for (std::size_t at = 0; at < count; ++at) {
        std::uint32_t hash = 0;
        for (unsigned i = 0; i < kLongestGram && at + i < count; ++i) {
            hash += gram_unit(units[at + i]) * kGramFactors[i];
            total += weights[gram_place(hash, bits)];
        }
    }
    return total;
}

}  // namespace

const ScoreKernel kScoreScalar = {Isa::kScalar, sum};

}  // namespace ringfence::kernel
