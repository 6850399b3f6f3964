#include "src/kernel/units_kernel.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kUnitsScalar, kUnitsAvx2, kUnitsAvx512>;

#if defined(__x86_64__)
const UnitsKernel& avx512_kernel() {
    static const UnitsKernel form = [] {
        UnitsKernel best = kUnitsAvx512;
        if (packs_units()) best.packed = packed_vbmi;
        return best;
    }();
    return form;
}
#endif

}  // namespace

const UnitsKernel* units_kernel(Isa isa) {
    const UnitsKernel* const form = Every::of(isa);
#if defined(__x86_64__)
    if (form != nullptr && isa == Isa::kAvx512) return &avx512_kernel();
#endif
    return form;
}

const UnitsKernel& units_kernel() {
    static const UnitsKernel& form = *units_kernel(chosen_isa());
    return form;
}

}  // namespace ringfence::kernel
