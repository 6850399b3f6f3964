#include "src/kernel/fold_kernel.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kFoldScalar, kFoldAvx2, kFoldAvx512>;

}  // namespace

const FoldKernel* fold_kernel(Isa isa) {
    const FoldKernel* const form = Every::of(isa);
    if (form == nullptr || form->isa != Isa::kAvx512 || packs_units()) return form;
    return Every::of(Isa::kAvx2);
}

const FoldKernel& fold_kernel() {
    static const FoldKernel& form = *fold_kernel(chosen_isa());
    return form;
}

}  // namespace ringfence::kernel
