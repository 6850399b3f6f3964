#include "src/kernel/unit_kinds.hpp"

#include <algorithm>

namespace ringfence::kernel {
namespace {

std::uint8_t kind_of(char16_t unit) {
    const fold_data::Entry entry = fold_data::entry_of(unit);
    if (entry.operation() != fold_data::Operation::kKeep) return kEnds;
    const unsigned bits = bits_of(entry.kind(), folded_unit(unit));
    if (entry.has_look_alike()) return static_cast<std::uint8_t>(bits | kLooks);
    const auto* const delta = std::find(kFoldDeltas.begin(), kFoldDeltas.end(), entry.value());
    if (delta == kFoldDeltas.end()) return static_cast<std::uint8_t>(bits | kMoved);
    return static_cast<std::uint8_t>(bits | (delta - kFoldDeltas.begin()) << kDeltaShift);
}

UnitKinds made_unit_kinds() {
    UnitKinds kinds;
    for (std::size_t unit = 0; unit < kinds.size(); ++unit)
        kinds[unit] = kind_of(static_cast<char16_t>(unit));
    return kinds;
}

}  // namespace

const UnitKinds& unit_kinds() {
    static const UnitKinds kinds = made_unit_kinds();
    return kinds;
}

}  // namespace ringfence::kernel
