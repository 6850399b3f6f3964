#include "src/kernel/window_kernel.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kWindowScalar, kWindowAvx2, kWindowAvx512>;

}  // namespace

const WindowKernel* window_kernel(Isa isa) { return Every::of(isa); }
const WindowKernel& window_kernel() { return Every::chosen(); }

}  // namespace ringfence::kernel
