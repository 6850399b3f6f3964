// marks_scalar.cpp - the truth that the vector forms are compared with.
#include "src/kernel/marks_kernel.hpp"

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET

using Units = const char16_t*;
using Set = std::uint64_t;

Units load(const char16_t* at) { return at; }
Set either(Set a, Set b) { return a | b; }
std::uint64_t bits_of(Set set) { return set; }

template <class Holds>
Set those(Holds&& holds) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 64; ++i) bits |= static_cast<std::uint64_t>(holds(i)) << i;
    return bits;
}

Set equal(Units units, char16_t unit) {
    return those([&](unsigned i) { return units[i] == unit; });
}

Set in_range(Units units, char16_t first, char16_t last) {
    return those([&](unsigned i) { return (units[i] >= first) & (units[i] <= last); });
}

#include "src/kernel/marks_words.inl"

#undef RINGFENCE_TARGET

}  // namespace

const MarksKernel kMarksScalar = {Isa::kScalar, mark};

}  // namespace ringfence::kernel
