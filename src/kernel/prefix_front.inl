// prefix_front.inl - the digits of numbers one after another, for the forms without wider arithmetic.
RINGFENCE_TARGET void take_apart(const Number* numbers, std::size_t count, Asked& asked) {
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned length = numbers[i].length();
        asked.front[i] = PrefixView::front(numbers[i], length);
        asked.length[i] = length;
    }
}
