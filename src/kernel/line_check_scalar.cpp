// line_check_scalar.cpp - the truth that the vector forms are compared with.
#include "src/kernel/line_check.hpp"

namespace ringfence::kernel {
namespace {

// Whether two of the ranks are equal, free slots apart. Most lines are told by one bit a rank.
bool any_twice(const std::uint64_t (&ranks)[NumberLine::kSlots]) {
    std::uint64_t seen = 0;
    bool maybe = false;
    for (const std::uint64_t rank : ranks) {
        const std::uint64_t bit = std::uint64_t{rank != 0} << (rank * 0x9E3779B97F4A7C15u >> 58u);
        maybe |= (seen & bit) != 0;
        seen |= bit;
    }
    if (!maybe) return false;
    for (unsigned i = 1; i < NumberLine::kSlots; ++i) {
        for (unsigned j = 0; j < i; ++j)
            if (ranks[i] == ranks[j] && ranks[i] != 0) return true;
    }
    return false;
}

std::uint64_t check(const NumberLine* lines, std::uint64_t first, std::uint64_t end,
                    const LineBounds& bounds, LineFindings& found) {
    for (std::uint64_t line = first; line < end; ++line) {
        std::uint64_t ranks[NumberLine::kSlots];
        unsigned held = 0;
        unsigned filter = 0;
        unsigned bad = 0;
        unsigned elsewhere = 0;
        for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
            // relaxed: nobody writes.
            const std::uint64_t word = lines[line].slots[slot].load(std::memory_order_relaxed);
            const std::uint64_t rank = ranks[slot] = NumberSlot::rank(word);
            const std::uint64_t payload = NumberSlot::payload(word);
            filter += static_cast<unsigned>(word >> kPayloadBits & 1u);
            held += rank != 0;
            bad |= static_cast<unsigned>((rank != 0) != (payload != kNoList)) |
                   static_cast<unsigned>(rank >= kRankEnd) |
                   static_cast<unsigned>(payload > bounds.narrow_sets);
            const std::uint64_t home =
                NumberChain::line(NumberChain::first(rank, bounds.seed), bounds.line_count);
            elsewhere |= static_cast<unsigned>((rank != 0) & (home != line)) << slot;
        }
        if (bad != 0 || any_twice(ranks)) return line;
        found.numbers += held;
        found.filter_bits += filter;
        for (; elsewhere != 0; elsewhere &= elsewhere - 1) {
            const auto slot = static_cast<unsigned>(__builtin_ctz(elsewhere));
            found.slots[found.displaced] = line * NumberLine::kSlots + slot;
            found.ranks[found.displaced++] = ranks[slot];
        }
    }
    return end;
}

}  // namespace

const LineCheck kLineCheckScalar = {Isa::kScalar, check};

}  // namespace ringfence::kernel
