// marks_scalar.cpp - the truth that the vector forms are compared with.
#include "src/kernel/marks_kernel.hpp"

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET

using Units = const char16_t*;

Units load(const char16_t* at) { return at; }

template <class Holds>
std::uint64_t bits_of(Holds&& holds) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 64; ++i) bits |= static_cast<std::uint64_t>(holds(i)) << i;
    return bits;
}

std::uint64_t equal(Units units, char16_t unit) {
    return bits_of([&](unsigned i) { return units[i] == unit; });
}

std::uint64_t in_range(Units units, char16_t first, char16_t last) {
    return bits_of([&](unsigned i) { return (units[i] >= first) & (units[i] <= last); });
}

#include "src/kernel/marks_words.inl"

#undef RINGFENCE_TARGET

}  // namespace

const MarksKernel kMarksScalar = {Isa::kScalar, mark};

}  // namespace ringfence::kernel
