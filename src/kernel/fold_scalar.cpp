// fold_scalar.cpp - the truth that the vector forms are compared with.
#include <algorithm>

#include "src/kernel/fold_kernel.hpp"

namespace ringfence::kernel {
namespace {

std::size_t plain(const UnitKinds& kinds, const char16_t* source, std::size_t count,
                  std::size_t place, FoldedSoFar& views) {
    std::size_t run = 0, size = views.size, dense_size = views.dense_size;
    unsigned seen = 0;
    for (; run < count; ++run, ++size) {
        const char16_t unit = source[run];
        const std::uint8_t kind = kinds[unit];
        auto folded = static_cast<char16_t>(unit + kFoldDeltas[kind >> kDeltaShift]);
        if ((kind & kSpecial) != 0) {
            if (kind == kEnds) break;
            views.look_alikes |= looks_latin(kind);
            folded = folded_unit(unit);
        }
        const auto offset = static_cast<std::uint16_t>(place + run);
        views.units[size] = folded;
        views.offsets[size] = offset;
        views.kinds[size] = kind;
        // Without a branch: blanks in English text are no rhythm that a processor learns.
        views.dense_units[dense_size] = folded;
        views.dense_offsets[dense_size] = offset;
        dense_size += kind & kInDense;
        seen |= kind;
    }
    std::fill_n(views.units + size, kFoldSlack, char16_t{0});
    std::fill_n(views.dense_units + dense_size, kFoldSlack, char16_t{0});
    views.size = size;
    views.dense_size = dense_size;
    views.numeral_beside |= (seen & kIsNumeral) != 0;
    return run;
}

}  // namespace

const FoldKernel kFoldScalar = {Isa::kScalar, plain};

}  // namespace ringfence::kernel
