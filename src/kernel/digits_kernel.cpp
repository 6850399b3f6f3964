#include "src/kernel/digits_kernel.hpp"

namespace ringfence::kernel {

const DigitsKernel* digits_kernel(Isa isa) {
    if (!available(isa)) return nullptr;
#if defined(__x86_64__)
    if (isa == Isa::kAvx512) return &kDigitsAvx512;
    if (isa == Isa::kAvx2) return &kDigitsAvx2;
#endif
    return isa == Isa::kScalar ? &kDigitsScalar : nullptr;
}

const DigitsKernel& digits_kernel() {
    static const DigitsKernel& chosen = *digits_kernel(chosen_isa());
    return chosen;
}

}  // namespace ringfence::kernel
