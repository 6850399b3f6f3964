#include "src/kernel/gram_kernel.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kGramScalar, kGramAvx2, kGramAvx512>;

}  // namespace

const GramKernel* gram_kernel(Isa isa) { return Every::of(isa); }
const GramKernel& gram_kernel() { return Every::chosen(); }

}  // namespace ringfence::kernel
