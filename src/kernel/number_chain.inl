// number_chain.inl - one number by way of `probe`, once for each file that includes it.
//
// The file defines RINGFENCE_TARGET (attributes of its functions) and, in an anonymous namespace,
//     Probed probe(const NumberLine&, std::uint64_t rank, unsigned key_class)
// Functions of one target cannot be passed to templates of another, hence the text.

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
