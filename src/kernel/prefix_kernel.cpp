#include "src/kernel/prefix_kernel.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kPrefixScalar, kPrefixAvx2, kPrefixAvx512>;

}  // namespace

const PrefixKernel* prefix_kernel(Isa isa) { return Every::of(isa); }
const PrefixKernel& prefix_kernel() { return Every::chosen(); }

}  // namespace ringfence::kernel
