#include "src/kernel/units_kernel.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kUnitsScalar, kUnitsAvx2, kUnitsAvx512>;

}  // namespace

const UnitsKernel* units_kernel(Isa isa) { return Every::of(isa); }
const UnitsKernel& units_kernel() { return Every::chosen(); }

}  // namespace ringfence::kernel
