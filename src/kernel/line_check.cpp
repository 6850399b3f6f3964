#include "src/kernel/line_check.hpp"

#include "src/kernel/forms.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kLineCheckScalar, kLineCheckAvx2, kLineCheckAvx512>;

}  // namespace

const LineCheck* line_check(Isa isa) { return Every::of(isa); }
const LineCheck& line_check() { return Every::chosen(); }

}  // namespace ringfence::kernel
