// prefix_scalar.cpp - the plain form, for every processor.
#include <algorithm>
#include <cstdint>

#include "src/kernel/prefix_kernel.hpp"

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET
#include "src/kernel/prefix_batch.inl"
#include "src/kernel/prefix_front.inl"
#undef RINGFENCE_TARGET

}  // namespace

const PrefixKernel kPrefixScalar = {Isa::kScalar, find, find_batch, find_each};

}  // namespace ringfence::kernel
