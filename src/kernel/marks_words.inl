// marks_words.inl - the marks of a text, 64 units at a time; included by each vector form, which gives
//
//     RINGFENCE_TARGET                  what its functions are compiled for
//     Units, load(at)                   64 units
//     Plain, plain_of(units)            the same as bytes, with 0x80 and above for what is not ASCII
//     Behind, behind(plain, at)         those one and two places on: `next`, `third`; of the units that `plain` is of
//     beyond(plain)                     bit j: unit j is not ASCII
//     equal(plain, unit)                bit j: unit j is that one
//     in_range(plain, first, last)      ... one of them
//     Halves, halves_of(plain)          the four low and the four high bits of each
//     in_set(halves, set)               bit j: unit j is in a set of ASCII
//     in_threes(halves, next, third, threes)    bit j: unit j and the two behind it are three of these
//     Rare, rare_of(units)              the places of what is not ASCII and has a meaning
#pragma once

// A set of ASCII: for each low half of a code a bit for each high half with which it is in the set.
struct PlainSet {
    std::array<std::uint8_t, 16> rows{};
};

template <class Holds>
constexpr PlainSet plain_set(Holds&& holds) {
    PlainSet set;
    for (unsigned c = 0; c < 0x80; ++c)
        if (holds(static_cast<char16_t>(c)))
            set.rows[c & 15u] = static_cast<std::uint8_t>(set.rows[c & 15u] | 1u << (c >> 4u));
    return set;
}

constexpr PlainSet kLinks = plain_set([](char16_t c) { return c == u'-' || c == u'_'; });
constexpr PlainSet kOpens = plain_set([](char16_t c) { return c == u'[' || c == u'('; });
constexpr PlainSet kJoints = plain_set(
    [](char16_t c) { return std::ranges::find(kPlainJoints, c) != std::end(kPlainJoints); });

// Three bytes in a row in eight kinds, each with the halves that its first, second and third byte may have.
struct ThreeSet {
    std::array<std::uint8_t, 16> first_low{}, first_high{}, next_low{}, next_high{}, third_low{},
        third_high{};

    // The halves of one byte: low ones, high ones.
    struct Any {
        std::uint16_t low = 0xFFFF, high = 0xFFFF;
    };
    constexpr void add(unsigned kind, Any first, Any next, Any third) {
        const auto put = [kind](std::array<std::uint8_t, 16>& halves, std::uint16_t those) {
            for (unsigned half = 0; half < 16; ++half)
                if ((those >> half & 1u) != 0)
                    halves[half] = static_cast<std::uint8_t>(halves[half] | 1u << kind);
        };
        put(first_low, first.low);
        put(first_high, first.high);
        put(next_low, next.low);
        put(next_high, next.high);
        put(third_low, third.low);
        put(third_high, third.high);
    }

    constexpr bool may_be_first(unsigned first) const {
        return (first_low[first & 15u] & first_high[first >> 4u]) != 0;
    }
    constexpr bool holds(unsigned first, unsigned next, unsigned third) const {
        return (first_low[first & 15u] & first_high[first >> 4u] & next_low[next & 15u] &
                next_high[next >> 4u] & third_low[third & 15u] & third_high[third >> 4u]) != 0;
    }
};

constexpr std::uint16_t halves(std::initializer_list<unsigned> these) {
    unsigned all = 0;
    for (const unsigned half : these) all |= 1u << half;
    return static_cast<std::uint16_t>(all);
}

// may_begin_name, but for Han.
constexpr ThreeSet kNameThrees = [] {
    constexpr ThreeSet::Any kAny, kW{halves({7}), halves({7})}, kT{halves({4}), halves({7})},
        kQOrV{halves({1, 6}), halves({7})};
    ThreeSet threes;
    threes.add(0, kW, {halves({8}), halves({7})}, kAny);  // w: x
    threes.add(1, kW, {halves({5, 8}), halves({6})},
               {halves({1, 3, 9}), halves({6})});                  // w: e h, and a c i
    threes.add(2, kT, {halves({7}), halves({6})}, kAny);           // t: g
    threes.add(3, kT, {halves({5}), halves({6})}, {halves({0xC}), halves({6})});  // t: e, and l
    threes.add(4, kQOrV, {halves({1, 6, 8}), halves({7})}, kAny);  // q v: q v x
    threes.add(5, kQOrV, {0xFFFF, 0xFF3F}, kAny);                  // ... no letters
    threes.add(6, kQOrV, {halves({0, 0xB, 0xC, 0xD, 0xE, 0xF}), halves({6, 7})},
               kAny);  // ... beside letters, and k to p
    threes.add(7, {halves({0xB}), halves({2})}, {halves({6}), halves({7})}, kAny);  // +: v
    return threes;
}();
static_assert([] {
    constexpr std::string_view kFirsts = "wtqv+", kThirds = "aceil\x7F";
    for (unsigned first = 0; first < 0x80; ++first) {
        const bool any = kNameThrees.may_be_first(first);
        if (any != (kFirsts.find(static_cast<char>(first)) != kFirsts.npos)) return false;
        for (unsigned next = 0; any && next < 0x100; ++next)
            for (const char third : kThirds)
                if (kNameThrees.holds(first, next, static_cast<unsigned>(third)) !=
                    may_begin_name(static_cast<char16_t>(first), static_cast<char16_t>(next),
                                   static_cast<char16_t>(third)))
                    return false;
    }
    return true;
}());

RINGFENCE_TARGET Marked mark(const char16_t* units, std::size_t size, MarkWord* words) {
    std::uint64_t any_number = 0, any_stop = 0, any_name = 0;
    std::uint64_t digit_before = 0, label_before = 0,
                  small_before = 0;  // of the unit before the word, in bit 0
    for (std::size_t word = 0; 64 * word < size; ++word) {
        const char16_t* const at = units + 64 * word;
        const Units text = load(at);
        const Plain plain = plain_of(text);
        const auto [next, third] = behind(plain, at);
        const Halves parts = halves_of(plain);

        MarkWord marks;
        std::uint64_t dots = equal(plain, '.');
        const std::uint64_t small = in_range(plain, 'a', 'z');
        marks.digits = in_range(plain, '0', '9');
        marks.joints = in_set(parts, kJoints);
        marks.labels = marks.digits | small | in_set(parts, kLinks);
        marks.names = in_threes(parts, halves_of(next), halves_of(third), kNameThrees);
        if (const std::uint64_t others = beyond(plain); others != 0) {
            const Rare rare = rare_of(text);
            dots |= rare.dots;
            marks.joints |= rare.joints;
            marks.labels |= rare.letters;
            const std::uint64_t follows = ~(marks.digits | small | others) | rare.follow |
                                          equal(plain, 'x') | equal(plain, 'v');
            marks.names |= rare.names & (follows >> 1 | std::uint64_t{1} << 63);
        }
        // What is no label behind the dot, of which a shift brings none in.
        const std::uint64_t ends = (dots & ~(~marks.labels >> 1)) | in_set(parts, kOpens) |
                                   (equal(plain, ':') & equal(next, '/'));
        marks.stops = ends & (marks.labels << 1 | label_before);
        marks.names &= ~(small & (small << 1 | small_before));
        marks.numbers = number_starts(marks.digits, marks.joints, digit_before);
        words[word] = marks;
        any_number |= marks.numbers;
        any_stop |= marks.stops;
        any_name |= marks.names;
        digit_before = marks.digits >> 63;
        label_before = marks.labels >> 63;
        small_before = small >> 63;
    }
    if (size % 64 == 0) words[size / 64] = {};
    return {any_number, any_stop, any_name};
}
