#include "src/kernel/marks_kernel.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kMarksScalar, kMarksAvx2, kMarksAvx512>;

}  // namespace

const MarksKernel* marks_kernel(Isa isa) { return Every::of(isa); }
const MarksKernel& marks_kernel() { return Every::chosen(); }

}  // namespace ringfence::kernel
