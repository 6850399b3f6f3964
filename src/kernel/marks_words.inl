// marks_words.inl - the marks of a text, 64 units at a time; included by each form, which gives
//
//     RINGFENCE_TARGET                  what its functions are compiled for
//     Units, load(at)                   64 units
//     equal(units, unit)                bit j: unit j is that one
//     in_range(units, first, last)      bit j: unit j is one of them
#pragma once

RINGFENCE_TARGET void mark(const char16_t* units, std::size_t size, TextMarks marks) {
    std::uint64_t label_before = 0, small_before = 0;  // of the unit before the word, in bit 0
    for (std::size_t word = 0; word <= size / 64; ++word) {
        const Units text = load(units + 64 * word);
        const std::uint64_t digits = in_range(text, u'0', u'9');
        const std::uint64_t small = in_range(text, u'a', u'z');
        const std::uint64_t foreign = in_range(text, kFirstLabelLetter, kLastLabelLetter) &
                                      ~(equal(text, kTimes) | equal(text, kDivided));
        const std::uint64_t labels =
            digits | small | foreign | equal(text, u'-') | equal(text, u'_');
        std::uint64_t stops = 0;
        for (const char16_t stop : kStops) stops |= equal(text, stop);
        std::uint64_t names = 0;
        for (const char16_t first : kNameFirsts) names |= equal(text, first);
        const std::size_t left = size - 64 * word;
        const std::uint64_t inside = left < 64 ? (std::uint64_t{1} << left) - 1 : ~std::uint64_t{0};
        marks.digits[word] = digits & inside;
        marks.stops[word] = stops & (labels << 1 | label_before) & inside;
        marks.names[word] = names & ~(small & (small << 1 | small_before)) & inside;
        label_before = labels >> 63;
        small_before = small >> 63;
    }
}
