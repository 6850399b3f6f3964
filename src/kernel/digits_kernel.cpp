#include "src/kernel/digits_kernel.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kDigitsScalar, kDigitsAvx2, kDigitsAvx512>;

}  // namespace

const DigitsKernel* digits_kernel(Isa isa) { return Every::of(isa); }
const DigitsKernel& digits_kernel() { return Every::chosen(); }

}  // namespace ringfence::kernel
