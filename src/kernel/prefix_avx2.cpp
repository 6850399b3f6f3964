// prefix_avx2.cpp - the plain form with the instructions for bits that come with AVX2.
#include <algorithm>
#include <cstdint>

#include "src/kernel/prefix_kernel.hpp"

#if defined(__x86_64__)

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET __attribute__((target("avx2,bmi2,lzcnt,popcnt")))
#include "src/kernel/prefix_batch.inl"
#include "src/kernel/prefix_front.inl"
#undef RINGFENCE_TARGET

}  // namespace

const PrefixKernel kPrefixAvx2 = {Isa::kAvx2, find, find_batch, find_each};

}  // namespace ringfence::kernel
#endif
