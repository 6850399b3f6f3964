// number_batch.inl - many numbers by way of `probe`, for kernels that hash one at a time: after number_chain.inl, once for
// each file that includes it.
//
//     chunk k      probe the first line of number i; its place in the ring goes to number i of chunk k + 1,
//                  which is hashed and whose line is asked for
//     then         ask for the second lines of those in chunk k that must go on
//                  probe the second lines of chunk k - 1, ask for third lines
//                  follow the chains of chunk k - 2
//
// Who must go on is noted without a branch: the index is stored always, the count moves when needed.
//
// Measured on 20 M numbers. Lines are asked for into the second-level cache: into the first, a Zen 4 core has
// so few on the way that it gives half the speed (64 M/s against 130), and tables that lie in a cache lose only
// 3 %. 16 ahead give 60 % of what 96 or more give; a branch on hit or miss costs six sevenths of the speed.

// Numbers to a chunk, and so how far ahead lines are asked for.
constexpr std::size_t kChunk = 128;

// Functions of their own: together the loops run out of registers, at 10 % of the speed.
#define RINGFENCE_APART __attribute__((noinline))

// Asks for a line that is read a chunk later.
inline void ask_for(const NumberLine* line) { __builtin_prefetch(line, 0, 2); }

// Numbers of one chunk whose next line was asked for.
struct Waiting {
    std::size_t begin = 0;  // of the chunk
    std::size_t count = 0;
    std::uint32_t index[kChunk];  // from `begin`
    std::uint32_t key_class[kChunk];
    std::uint64_t hash[kChunk];  // of the line
};

// Hashes a number and asks for its first line. Gives its place: line << 3 | class.
RINGFENCE_TARGET inline std::uint64_t ask_first(const NumberView& view, Number number) {
    const std::uint64_t hash = NumberChain::first(number.rank(), view.seed());
    const std::uint64_t line = NumberChain::line(hash, view.line_count());
    ask_for(view.lines() + line);
    return line << 3u | NumberChain::key_class(hash);
}

// Looks at the first line of number i of a chunk; gives how many wait now.
RINGFENCE_TARGET inline std::size_t look_first(const NumberView& view, const Number* numbers,
                                               Payload* payloads, std::size_t i,
                                               std::uint64_t place, Waiting& second,
                                               std::size_t waits) {
    const Probed found =
        probe(view.lines()[place >> 3u], numbers[i].rank(), static_cast<unsigned>(place & 7u));
    payloads[i] = static_cast<Payload>(found.payload);
    second.index[waits] = static_cast<std::uint32_t>(i);
    return waits + found.more;
}

// The first lines of a chunk of `count`; asks for those of the next, of which there are `ahead`. (Two loops: a
// test for the end in the long one costs 5 %.)
RINGFENCE_TARGET RINGFENCE_APART void first_lines(const NumberView& shared, const Number* numbers,
                                                  Payload* payloads, std::size_t count,
                                                  std::size_t ahead, std::uint64_t* ring,
                                                  Waiting& second) {
    const NumberView view = shared;
    std::size_t waits = 0;
    for (std::size_t i = 0; i < ahead; ++i) {
        const std::uint64_t place = ring[i];
        ring[i] = ask_first(view, numbers[i + kChunk]);
        waits = look_first(view, numbers, payloads, i, place, second, waits);
    }
    for (std::size_t i = ahead; i < count; ++i)
        waits = look_first(view, numbers, payloads, i, ring[i], second, waits);
    second.count = waits;
}

// Asks for the second lines of those that wait.
RINGFENCE_TARGET RINGFENCE_APART void ask_second(const NumberView& shared, const Number* numbers,
                                                 Waiting& second) {
    const NumberView view = shared;
    for (std::size_t i = 0; i < second.count; ++i) {
        const std::uint64_t rank = numbers[second.begin + second.index[i]].rank();
        const std::uint64_t first = NumberChain::first(rank, view.seed());
        second.key_class[i] = NumberChain::key_class(first);
        second.hash[i] = NumberChain::next(first);
        ask_for(view.lines() + NumberChain::line(second.hash[i], view.line_count()));
    }
}

// Looks at the second lines, and asks for the third lines of those that must go on.
RINGFENCE_TARGET RINGFENCE_APART void second_lines(const NumberView& shared, const Number* numbers,
                                                   Payload* payloads, Waiting& second,
                                                   Waiting& third) {
    const NumberView view = shared;
    std::size_t waits = 0;
    third.begin = second.begin;
    for (std::size_t i = 0; i < second.count; ++i) {
        const std::size_t at = second.begin + second.index[i];
        const NumberLine& line = view.lines()[NumberChain::line(second.hash[i], view.line_count())];
        const Probed found = probe(line, numbers[at].rank(), second.key_class[i]);
        payloads[at] = static_cast<Payload>(found.payload);
        third.index[waits] = second.index[i];
        third.key_class[waits] = second.key_class[i];
        third.hash[waits] = NumberChain::next(second.hash[i]);
        waits += found.more;
    }
    third.count = waits;
    second.count = 0;
    for (std::size_t i = 0; i < waits; ++i)
        ask_for(view.lines() + NumberChain::line(third.hash[i], view.line_count()));
}

RINGFENCE_TARGET RINGFENCE_APART void further_lines(const NumberView& shared, const Number* numbers,
                                                    Payload* payloads, Waiting& third) {
    const NumberView view = shared;
    for (std::size_t i = 0; i < third.count; ++i) {
        const std::size_t at = third.begin + third.index[i];
        payloads[at] = follow(view, numbers[at].rank(), third.hash[i], third.key_class[i], 2);
    }
    third.count = 0;
}

RINGFENCE_TARGET void find_batch(const NumberView& shared, const Number* numbers, Payload* payloads,
                                 std::size_t count) {
    const NumberView view = shared;
    std::uint64_t ring[kChunk];
    Waiting second[2];
    Waiting third[2];
    unsigned now = 0;
    for (std::size_t i = 0; i < kChunk && i < count; ++i) ring[i] = ask_first(view, numbers[i]);
    // Two rounds more than there are chunks, for the second and third lines of the last.
    for (std::size_t begin = 0; begin < count + 2 * kChunk; begin += kChunk, now ^= 1u) {
        if (begin < count) {
            const std::size_t left = count - begin;
            const std::size_t size = left < kChunk ? left : kChunk;
            const std::size_t next = left - size < kChunk ? left - size : kChunk;
            second[now].begin = begin;
            first_lines(view, numbers + begin, payloads + begin, size, next, ring, second[now]);
            ask_second(view, numbers, second[now]);
        }
        second_lines(view, numbers, payloads, second[now ^ 1u], third[now]);
        further_lines(view, numbers, payloads, third[now ^ 1u]);
    }
}

#undef RINGFENCE_APART
