// number_fill.inl - many numbers put into a table by way of `slots_of`, once for each file that includes it.
//
// The file defines RINGFENCE_TARGET and, in an anonymous namespace,
//     SlotMasks slots_of(const NumberLine&, std::uint64_t rank)
//
//     number i + kFillAhead     hash, and ask for the first line
//     number i + kFillLook    a first line that is full already: ask for the second, and the first one's counters
//     number i                 put it into the first line

RINGFENCE_TARGET std::size_t fill(FillOrder& order, const Number* numbers, std::size_t count) {
    constexpr std::size_t kRing = 128;
    constexpr std::size_t kFillAhead = 64;
    constexpr std::size_t kFillLook = 24;
    std::uint64_t hashes[kRing];
    NumberLine* asked[kRing];
    const std::uint64_t seed = order.seed;
    const std::uint64_t line_count = order.line_count;
    NumberLine* const lines = order.lines;
    const std::uint64_t payload = order.payload;
    const auto ask = [&](std::size_t i) RINGFENCE_TARGET {
        const std::uint64_t hash = NumberChain::first(numbers[i].rank(), seed);
        NumberLine* line = lines + NumberChain::line(hash, line_count);
        __builtin_prefetch(line, 1, 2);
        hashes[i % kRing] = hash;
        asked[i % kRing] = line;
    };
    const auto look = [&](std::size_t i) RINGFENCE_TARGET {
        // Slots are filled from the first on. No branch, which could not be foreseen: a line asked for twice costs
        // nothing. relaxed: the writer reads its own stores.
        NumberLine* line = asked[i % kRing];
        const std::uint64_t last =
            NumberSlot::rank(line->slots[NumberLine::kSlots - 1].load(std::memory_order_relaxed));
        NumberLine* beyond =
            lines + NumberChain::line(NumberChain::next(hashes[i % kRing]), line_count);
        const std::uint32_t* counters = order.counters + (line - lines);
        __builtin_prefetch(last != 0 ? static_cast<const void*>(beyond) : line, 1);
        __builtin_prefetch(last != 0 ? static_cast<const void*>(counters) : line, 1);
    };
    for (std::size_t i = 0; i < kFillAhead && i < count; ++i) ask(i);
    for (std::size_t i = 0; i < count; ++i) {
        __builtin_prefetch(numbers + i + 4 * kFillAhead);  // past the end too: it never faults
        if (i + kFillAhead < count) ask(i + kFillAhead);
        if (i + kFillLook < count) look(i + kFillLook);
        const std::uint64_t rank = numbers[i].rank();
        NumberLine& line = *asked[i % kRing];
        const SlotMasks masks = slots_of(line, rank);
        const unsigned key_class = NumberChain::key_class(hashes[i % kRing]);
        if (masks.equal == 0 && masks.free != 0 && (masks.filter >> key_class & 1u) == 0) {
            auto& slot = line.slots[static_cast<unsigned>(__builtin_ctz(masks.free))];
            // release: pairs with the acquire-loads of readers; what the payload names is complete.
            slot.store(NumberSlot::with(slot.load(std::memory_order_relaxed), rank,
                                        static_cast<Payload>(payload)),
                       std::memory_order_release);
            ++order.placed;
        } else if (!order.other(order.context, numbers[i])) {
            return i;
        }
    }
    return count;
}
