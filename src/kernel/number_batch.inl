// number_batch.inl - the loops around `probe`, once for each file that includes it.
//
// The file defines RINGFENCE_TARGET (attributes of its functions) and, in an anonymous namespace,
//     Probed probe(const NumberLine&, std::uint64_t rank, unsigned key_class)
// Functions of one target cannot be passed to templates of another, hence the text.
//
//     numbers   ... i ......... i + kAhead ...
//                   probe       hash, ask for the line, note it in the ring
//
// Keys that must go on to a second line are noted without a branch (the index is stored always, the count
// moves when needed), their lines asked for at the end of a chunk and looked at a chunk later. Measured on
// 20 M numbers: 16 ahead give 60 % of what 96 give; a branch on hit or miss costs six sevenths of the speed.

constexpr std::size_t kAhead = 96;
constexpr std::size_t kRing = 128;   // a power of two above kAhead
constexpr std::size_t kChunk = 128;  // keys between two looks at second lines
static_assert(kRing > kAhead && (kRing & (kRing - 1)) == 0);

struct Waiting {
    std::size_t count = 0;
    std::size_t index[kChunk];
    std::uint64_t hash[kChunk];  // of the second line
};

RINGFENCE_TARGET inline Payload follow(const NumberView& view, std::uint64_t rank,
                                       std::uint64_t hash, unsigned key_class, unsigned depth) {
    for (; depth < NumberChain::kMaxLines; ++depth) {
        const NumberLine& line = view.lines()[NumberChain::line(hash, view.line_count())];
        const Probed answer = probe(line, rank, key_class);
        if (answer.more == 0) return static_cast<Payload>(answer.payload);
        hash = NumberChain::next(hash);
    }
    return kNoList;
}

RINGFENCE_TARGET Payload find(const NumberView& view, Number number) {
    const std::uint64_t hash = NumberChain::first(number.rank(), view.seed());
    return follow(view, number.rank(), hash, NumberChain::key_class(hash), 0);
}

RINGFENCE_TARGET void find_each(const NumberView& view, const Number* numbers, Payload* payloads,
                                std::size_t count) {
    const NumberView local = view;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t hash = NumberChain::first(numbers[i].rank(), local.seed());
        payloads[i] = follow(local, numbers[i].rank(), hash, NumberChain::key_class(hash), 0);
    }
}

// Asks for the second lines of those that wait.
RINGFENCE_TARGET inline void ask(const NumberView& view, const Number* numbers, Waiting& waiting) {
    for (std::size_t i = 0; i < waiting.count; ++i) {
        const std::uint64_t rank = numbers[waiting.index[i]].rank();
        const std::uint64_t hash = NumberChain::next(NumberChain::first(rank, view.seed()));
        waiting.hash[i] = hash;
        __builtin_prefetch(view.lines() + NumberChain::line(hash, view.line_count()));
    }
}

RINGFENCE_TARGET inline void answer(const NumberView& view, const Number* numbers,
                                    Payload* payloads, Waiting& waiting) {
    for (std::size_t i = 0; i < waiting.count; ++i) {
        const std::size_t index = waiting.index[i];
        const std::uint64_t rank = numbers[index].rank();
        const unsigned key_class = NumberChain::key_class(NumberChain::first(rank, view.seed()));
        payloads[index] = follow(view, rank, waiting.hash[i], key_class, 1);
    }
    waiting.count = 0;
}

RINGFENCE_TARGET void find_batch(const NumberView& shared, const Number* numbers, Payload* payloads,
                                 std::size_t count) {
    const NumberView view = shared;
    std::uint64_t ring[kRing];  // line << 3 | class
    Waiting waiting[2];
    unsigned current = 0;
    const auto* lines = view.lines();
    const std::uint64_t line_count = view.line_count();
    const std::uint64_t seed = view.seed();

    const std::size_t head = count < kAhead ? count : kAhead;
    for (std::size_t i = 0; i < head; ++i) {
        const std::uint64_t hash = NumberChain::first(numbers[i].rank(), seed);
        const std::uint64_t line = NumberChain::line(hash, line_count);
        ring[i] = line << 3u | NumberChain::key_class(hash);
        __builtin_prefetch(lines + line);
    }
    const std::size_t steady = count - head;  // from here on nothing is left to ask for
    for (std::size_t i = 0; i < count;) {
        Waiting& now = waiting[current];
        std::size_t waits = 0;
        const std::size_t bound = i < steady ? steady : count;
        const std::size_t end = bound - i < kChunk ? bound : i + kChunk;
        const bool asks = i < steady;
        for (; i < end; ++i) {
            const std::uint64_t place = ring[i % kRing];
            if (asks) {
                const std::uint64_t hash = NumberChain::first(numbers[i + kAhead].rank(), seed);
                const std::uint64_t line = NumberChain::line(hash, line_count);
                ring[(i + kAhead) % kRing] = line << 3u | NumberChain::key_class(hash);
                __builtin_prefetch(lines + line);
            }
            const Probed found =
                probe(lines[place >> 3u], numbers[i].rank(), static_cast<unsigned>(place & 7u));
            payloads[i] = static_cast<Payload>(found.payload);
            now.index[waits] = i;
            waits += found.more;
        }
        now.count = waits;
        ask(view, numbers, now);
        current ^= 1u;
        answer(view, numbers, payloads, waiting[current]);
    }
    answer(view, numbers, payloads, waiting[current ^ 1u]);
}
