// number_scalar.cpp - the truth that the vector forms are compared with.
#include "src/kernel/number_kernel.hpp"

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET

struct Probed {
    std::uint32_t payload;
    std::uint32_t more;
};

inline Probed probe(const NumberLine& line, std::uint64_t rank, unsigned key_class) {
    const LineAnswer answer = probe_line(line, rank, key_class);
    return {answer.payload, static_cast<std::uint32_t>(answer.more)};
}

// clang-format off
#include "src/kernel/number_chain.inl"
#include "src/kernel/number_batch.inl"
// clang-format on

#undef RINGFENCE_TARGET

}  // namespace

const NumberKernel kNumberScalar = {Isa::kScalar, find, find_batch, find_each};

}  // namespace ringfence::kernel
