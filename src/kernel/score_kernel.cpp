#include "src/kernel/score_kernel.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kScoreScalar, kScoreAvx2, kScoreAvx512>;

}  // namespace

const ScoreKernel* score_kernel(Isa isa) { return Every::of(isa); }
const ScoreKernel& score_kernel() { return Every::chosen(); }

}  // namespace ringfence::kernel
