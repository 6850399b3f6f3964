#include "src/kernel/line_check.hpp"

namespace ringfence::kernel {

const LineCheck* line_check(Isa isa) {
    if (!available(isa)) return nullptr;
#if defined(__x86_64__)
    if (isa == Isa::kAvx512) return &kLineCheckAvx512;
    if (isa == Isa::kAvx2) return &kLineCheckAvx2;
#endif
    return isa == Isa::kScalar ? &kLineCheckScalar : nullptr;
}

const LineCheck& line_check() {
    static const LineCheck& chosen = *line_check(chosen_isa());
    return chosen;
}

}  // namespace ringfence::kernel
