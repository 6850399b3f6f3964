#include "src/kernel/fold_kernel.hpp"

#include "src/kernel/forms.hpp"
#include "src/text/data/fold_data.hpp"

namespace ringfence::kernel {
namespace {

using Every = Forms<kFoldScalar, kFoldAvx2, kFoldAvx512>;

using fold_data::Class;
using fold_data::Operation;

char16_t plain_unit(char16_t unit) {
    const fold_data::Entry entry = fold_data::entry_of(unit);
    const bool surrogate = (unit & 0xF800u) == 0xD800u;
    const bool numeral = entry.kind() == Class::kNumeral || entry.kind() == Class::kEveryday;
    if (surrogate || numeral || entry.has_look_alike()) return 0;
    if (entry.operation() == Operation::kKeep) return static_cast<char16_t>(entry.value() + unit);
    return entry.operation() == Operation::kAbsolute ? entry.value() : char16_t{0};
}

PlainUnits made_plain_units() {
    PlainUnits units;
    for (std::size_t unit = 0; unit < units.size(); ++unit)
        units[unit] = plain_unit(static_cast<char16_t>(unit));
    return units;
}

}  // namespace

const PlainUnits& plain_units() {
    static const PlainUnits units = made_plain_units();
    return units;
}

const FoldKernel* fold_kernel(Isa isa) { return Every::of(isa); }
const FoldKernel& fold_kernel() { return Every::chosen(); }

}  // namespace ringfence::kernel
