#include "src/kernel/number_kernel.hpp"

namespace ringfence::kernel {

const NumberKernel* number_kernel(Isa isa) {
    if (!available(isa)) return nullptr;
#if defined(__x86_64__)
    if (isa == Isa::kAvx512) return &kNumberAvx512;
    if (isa == Isa::kAvx2) return &kNumberAvx2;
#endif
    return isa == Isa::kScalar ? &kNumberScalar : nullptr;
}

const NumberKernel& number_kernel() {
    static const NumberKernel& chosen = *number_kernel(chosen_isa());
    return chosen;
}

}  // namespace ringfence::kernel
