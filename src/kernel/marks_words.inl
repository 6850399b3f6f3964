// marks_words.inl - the marks of a text, 64 units at a time; included by each form, which gives
//
//     RINGFENCE_TARGET                  what its functions are compiled for
//     Units, load(at)                   64 units
//     Set                               some of 64 units, as it is cheap to join
//     equal(units, unit)                those that are that one
//     in_range(units, first, last)      those that are one of them
//     either(a, b)                      those in one of two sets
//     bits_of(set)                      bit j: unit j is in it
#pragma once

template <std::size_t kCount>
RINGFENCE_TARGET inline Set any_of(const Units& text, const char16_t (&wanted)[kCount]) {
    Set found = equal(text, wanted[0]);
    for (std::size_t i = 1; i < kCount; ++i) found = either(found, equal(text, wanted[i]));
    return found;
}

RINGFENCE_TARGET void mark(const char16_t* units, std::size_t size, TextMarks marks) {
    std::uint64_t label_before = 0, small_before = 0;  // of the unit before the word, in bit 0
    for (std::size_t word = 0; word <= size / 64; ++word) {
        const Units text = load(units + 64 * word);
        const std::uint64_t digits = bits_of(in_range(text, u'0', u'9'));
        const std::uint64_t small = bits_of(in_range(text, u'a', u'z'));
        const std::uint64_t joints = bits_of(either(equal(text, u'-'), equal(text, u'_')));
        const std::uint64_t foreign =
            bits_of(in_range(text, kFirstLabelLetter, kLastLabelLetter)) &
            ~bits_of(either(equal(text, kTimes), equal(text, kDivided)));
        const std::uint64_t labels = digits | small | joints | foreign;
        const std::uint64_t stops = bits_of(any_of(text, kStops));
        const std::uint64_t names = bits_of(any_of(text, kNameFirsts));
        const std::size_t left = size - 64 * word;
        const std::uint64_t inside =
            left < 64 ? (std::uint64_t{1} << left) - 1 : ~std::uint64_t{0};
        marks.digits[word] = digits & inside;
        marks.stops[word] = stops & (labels << 1 | label_before) & inside;
        marks.names[word] = names & ~(small & (small << 1 | small_before)) & inside;
        label_before = labels >> 63;
        small_before = small >> 63;
    }
}
