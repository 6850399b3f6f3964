#include "src/kernel/units_kernel.hpp"

namespace ringfence::kernel {

const UnitsKernel* units_kernel(Isa isa) {
    if (!available(isa)) return nullptr;
#if defined(__x86_64__)
    if (isa == Isa::kAvx512) return &kUnitsAvx512;
    if (isa == Isa::kAvx2) return &kUnitsAvx2;
#endif
    return isa == Isa::kScalar ? &kUnitsScalar : nullptr;
}

const UnitsKernel& units_kernel() {
    static const UnitsKernel& chosen = *units_kernel(chosen_isa());
    return chosen;
}

}  // namespace ringfence::kernel
