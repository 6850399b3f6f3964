// number_scalar.cpp - the truth that the vector forms are compared with.
#include "src/kernel/number_kernel.hpp"

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET

inline Probed probe(const NumberLine& line, std::uint64_t rank, unsigned key_class) {
    const LineAnswer answer = probe_line(line, rank, key_class);
    return {answer.payload, static_cast<std::uint32_t>(answer.more)};
}

inline SlotMasks slots_of(const NumberLine& line, std::uint64_t rank) {
    SlotMasks masks;
    for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
        // relaxed: the writer reads its own stores.
        const std::uint64_t word = line.slots[slot].load(std::memory_order_relaxed);
        masks.equal |= static_cast<unsigned>(NumberSlot::rank(word) == rank) << slot;
        masks.free |= static_cast<unsigned>(NumberSlot::rank(word) == 0) << slot;
        masks.filter |= static_cast<unsigned>(word >> kPayloadBits & 1u) << slot;
    }
    return masks;
}

// clang-format off
#include "src/kernel/number_chain.inl"
#include "src/kernel/number_batch.inl"
#include "src/kernel/number_fill.inl"
// clang-format on

#undef RINGFENCE_TARGET

}  // namespace

const NumberKernel kNumberScalar = {Isa::kScalar, find, find_batch, find_each, fill};

}  // namespace ringfence::kernel
