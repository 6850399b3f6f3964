#include "src/kernel/prefix_kernel.hpp"

namespace ringfence::kernel {

const PrefixKernel* prefix_kernel(Isa isa) {
    if (!available(isa)) return nullptr;
#if defined(__x86_64__)
    if (isa == Isa::kAvx512) return &kPrefixAvx512;
    if (isa == Isa::kAvx2) return &kPrefixAvx2;
#endif
    return isa == Isa::kScalar ? &kPrefixScalar : nullptr;
}

const PrefixKernel& prefix_kernel() {
    static const PrefixKernel& chosen = *prefix_kernel(chosen_isa());
    return chosen;
}

}  // namespace ringfence::kernel
