// fold_scalar.cpp - the truth that the vector forms are compared with.
#include <algorithm>

#include "src/kernel/fold_kernel.hpp"
#include "src/text/data/fold_data.hpp"

namespace ringfence::kernel {
namespace {

// Sixteen at a time: one question for all of them, and a look for the one that it was only where the run ends.
std::size_t plain(const char16_t* source, std::size_t count, std::size_t place, char16_t* units,
                  std::uint16_t* offsets) {
    const PlainUnits& table = plain_units();
    for (std::size_t at = 0; at < count; at += 16) {
        const std::size_t size = std::min<std::size_t>(16, count - at);
        for (std::size_t i = at; i < at + size; ++i)
            offsets[i] = static_cast<std::uint16_t>(place + i);
        const std::size_t run = look_up_plain(table, source + at, size, units + at);
        if (run != size) return at + run;
    }
    return count;
}

std::size_t dense(const char16_t* units, const std::uint16_t* offsets, std::size_t count,
                  char16_t* dense_units, std::uint16_t* dense_offsets) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < count; ++i) {
        // Without a branch: blanks in English text are no rhythm that a processor learns.
        dense_units[size] = units[i];
        dense_offsets[size] = offsets[i];
        size += fold_data::in_dense(units[i]);
    }
    return size;
}

}  // namespace

const FoldKernel kFoldScalar = {Isa::kScalar, plain, dense};

}  // namespace ringfence::kernel
