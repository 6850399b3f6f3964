#include "src/kernel/number_kernel.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kNumberScalar, kNumberAvx2, kNumberAvx512>;

}  // namespace

const NumberKernel* number_kernel(Isa isa) { return Every::of(isa); }
const NumberKernel& number_kernel() { return Every::chosen(); }

}  // namespace ringfence::kernel
