// digits_rows.inl - the loop over rows, once for each file that includes it.
//
// The file defines RINGFENCE_TARGET and, in an anonymous namespace,
//     struct Run { unsigned length; std::uint64_t rank; }
//     Run run_at(const char* text)       the digits that 16 octets begin with; the rank of up to 15 of them

RINGFENCE_TARGET RowsRead read_rows(const char* at, const char* end, const RowShape& shape,
                                    const NumberHeads& heads, Number* numbers, std::size_t room) {
    const std::string_view before = shape.before;
    const std::string_view after = shape.after;
    std::size_t count = 0;
    for (; count < room; ++count) {
        const char* text = at;
        if (!before.empty()) {
            if (static_cast<std::size_t>(end - at) < before.size() ||
                std::memcmp(text, before.data(), before.size()) != 0)
                break;
            text += before.size();
        }
        const unsigned plus = *text == '+' ? 1u : 0u;  // behind the end there is padding
        text += plus;
        const Run run = run_at(text);
        if (run.length < NumberHead::kFewestDigits || run.length > Number::kMaxDigits) break;
        const char* const tail = text + run.length;
        if (end - tail < static_cast<std::ptrdiff_t>(after.size()) || *tail != after[0]) break;
        if (after.size() > 1 && std::memcmp(tail, after.data(), after.size()) != 0) break;

        std::uint64_t first = 0;
        std::memcpy(&first, text, sizeof first);
        std::uint64_t head = NumberHead::of(first, NumberHead::kShort, run.length, plus != 0);
        const NumberHead* known = &heads[NumberHead::place(head)];
        if (known->head == head && known->shift == NumberHead::kDeeper) {
            head = NumberHead::of(first, NumberHead::kLong, run.length, plus != 0);
            known = &heads[NumberHead::place(head)];
        }
        if (known->head != head || known->shift == NumberHead::kUnlike ||
            known->shift == NumberHead::kDeeper)
            break;
        numbers[count] = Number::from_rank(run.rank + known->shift);
        at = tail + after.size();
    }
    return {at, count};
}
