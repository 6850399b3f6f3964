// prefix_batch.inl - the loops over a prefix table, once for each file that includes it.
//
// The file defines RINGFENCE_TARGET (attributes of its functions) and, in an anonymous namespace,
//     void take_apart(const Number*, std::size_t count, Asked&)
// The rest is the same text, in which the compiler counts bits as the target can.
//
//     digits of 128 numbers --> their entries in the root; ask for the blocks behind
//                           --> where the entries behind lie; ask for them
//                           --> the hits
//
// What stands for the root is not asked for: it is some 400 KB at most and the steps are independent.

// Asked at once.
constexpr std::size_t kChunk = 128;

struct Asked {
    alignas(64) std::uint32_t front[kChunk];
    alignas(64) std::uint32_t length[kChunk];
    PrefixView::Place behind[kChunk];
    const std::uint32_t* entry[kChunk];
};

RINGFENCE_TARGET void take_apart(const Number* numbers, std::size_t count, Asked& asked);

// Asks for what is read 128 numbers later: into the second-level cache, since a Zen 4 core has few lines on the way
// into the first.
inline void ask_for(const void* place) { __builtin_prefetch(place, 0, 2); }

RINGFENCE_TARGET std::span<const PrefixHit> find(const PrefixView& view, Number number) {
    return view.longest_match(number);
}

RINGFENCE_TARGET void find_each(const PrefixView& view, const Number* numbers,
                                std::span<const PrefixHit>* found, std::size_t count) {
    const PrefixView local = view;
    for (std::size_t i = 0; i < count; ++i) found[i] = local.longest_match(numbers[i]);
}

RINGFENCE_TARGET void find_batch(const PrefixView& view, const Number* numbers,
                                 std::span<const PrefixHit>* found, std::size_t count) {
    const PrefixView local = view;
    Asked asked;
    for (std::size_t begin = 0; begin < count; begin += kChunk) {
        const std::size_t some = std::min(kChunk, count - begin);
        take_apart(numbers + begin, some, asked);
        for (std::size_t i = 0; i < some; ++i) {
            const std::uint32_t root = *local.entry(PrefixView::in_root(asked.front[i]));
            asked.behind[i] = PrefixView::behind_root(root, asked.front[i]);
            ask_for(local.block(asked.behind[i]));
        }
        for (std::size_t i = 0; i < some; ++i) {
            asked.entry[i] = local.entry(asked.behind[i]);
            ask_for(asked.entry[i]);
        }
        for (std::size_t i = 0; i < some; ++i) {
            const std::uint32_t entry = *asked.entry[i];
            ask_for(local.answer(entry).data());  // the caller reads it
            found[begin + i] = local.answers(entry, asked.length[i])
                                   ? local.answer(entry)
                                   : local.rest_of_match(entry, numbers[begin + i]);
        }
    }
}
