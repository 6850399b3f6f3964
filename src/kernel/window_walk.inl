// window_walk.inl - the walk over the places beside an anchor; included by each form, which gives
//
//     RINGFENCE_TARGET                  what its functions are compiled for
//     equal_units(at, unit)             bit j: at[j] is that unit
//     equal_pairs(at, pair)             bit j: at[j] and at[j + 1] are that pair
//     in_range(at, first, last)         bit j: at[j] is one of them
//     near_pairs(at, pair)              bit j, as equal_pairs
//     near_range(at, first, last)       bit j, as in_range
//
// each for the 64 units from `at` on; the near ones for the 32 units from `at` on.
#pragma once

using pattern::PhraseRef;
using pattern::ProgramView;
using pattern::Step;
using Kind = Element::Kind;

RINGFENCE_TARGET inline std::uint64_t units_of(const ProgramView& view, const Step& step,
                                               const char16_t* at) {
    std::uint64_t inside = 0;
    for (std::uint32_t i = 0; i < step.count; ++i) {
        const UnitRange range = view.ranges[step.first + i];
        inside |= in_range(at, range.first, range.last);
    }
    return step.negated ? ~inside : inside;
}

RINGFENCE_TARGET inline std::uint64_t word_units(const char16_t* at) {
    return in_range(at, u'0', u'9') | in_range(at, u'a', u'z') | in_range(at, u'A', u'Z') |
           equal_units(at, u'_');
}

// Bit j: a word begins (or ends) between at[j - 1] and at[j].
RINGFENCE_TARGET inline std::uint64_t borders_of(const char16_t* at, bool start) {
    const std::uint64_t behind = word_units(at), before = word_units(at - 1);
    return start ? behind & ~before : before & ~behind;
}

// Of a phrase whose first four units stand there.
RINGFENCE_TARGET inline bool stands(const ProgramView& view, const PhraseRef& phrase,
                                    const char16_t* at) {
    return std::memcmp(at + 4, view.units + phrase.first + 4,
                       (phrase.size - 4u) * sizeof(char16_t)) == 0;
}

// Those of the places `wanted`, counted from `at`, at which the phrase stands.
RINGFENCE_TARGET inline std::uint64_t places_of(const ProgramView& view, const PhraseRef& phrase,
                                                const char16_t* at, std::uint64_t wanted) {
    std::uint64_t found = wanted;
    if (phrase.size == 1) return found & equal_units(at, static_cast<char16_t>(phrase.pair));
    found &= equal_pairs(at, phrase.pair);
    if (phrase.size == 2 || found == 0) return found;
    if (phrase.size == 3) return found & equal_units(at + 2, static_cast<char16_t>(phrase.next));
    found &= equal_pairs(at + 2, phrase.next);
    if (phrase.size == 4) return found;
    for (std::uint64_t left = found; left != 0; left &= left - 1) {
        const int place = std::countr_zero(left);
        if (!stands(view, phrase, at + place)) found &= ~(std::uint64_t{1} << place);
    }
    return found;
}

RINGFENCE_TARGET std::uint64_t units(const ProgramView& view, const Step& step,
                                     const char16_t* at) {
    if (step.kind == Kind::kUnits) return units_of(view, step, at);
    return borders_of(at, step.kind == Kind::kWordStart);
}

// `places` moved away from the anchor.
template <bool kRight>
RINGFENCE_TARGET inline std::uint64_t moved(std::uint64_t places, unsigned by) {
    return kRight ? places << by : places >> by;
}

// Ors of `places` moved by min to max: doubling, so that 63 take 6 rounds.
template <bool kRight>
RINGFENCE_TARGET inline std::uint64_t smeared(std::uint64_t places, const Step& gap) {
    places = moved<kRight>(places, gap.min);
    const unsigned want = gap.max - gap.min + 1u;
    for (unsigned have = 1; have < want;) {
        const unsigned by = have < want - have ? have : want - have;
        places |= moved<kRight>(places, by);
        have += by;
    }
    return places;
}

// The places behind a run of min to max units, of which `units` has a bit each.
RINGFENCE_TARGET inline std::uint64_t run_right(std::uint64_t places, std::uint64_t units,
                                                unsigned min, unsigned max) {
    std::uint64_t ends = min == 0 ? places : 0;
    for (unsigned count = 1; count <= max && places != 0; ++count) {
        places = (places & units) << 1;
        if (count >= min) ends |= places;
    }
    return ends;
}

RINGFENCE_TARGET inline std::uint64_t run_left(std::uint64_t places, std::uint64_t units,
                                               unsigned min, unsigned max) {
    std::uint64_t begins = min == 0 ? places : 0;
    for (unsigned count = 1; count <= max && places != 0; ++count) {
        places = places >> 1 & units;
        if (count >= min) begins |= places;
    }
    return begins;
}

// `at` is where place 0 lies.
RINGFENCE_TARGET inline std::uint64_t step_right(const ProgramView& view, const Step& step,
                                                 const char16_t* at, std::uint64_t places) {
    switch (step.kind) {
        case Kind::kGap: return smeared<true>(places, step);
        case Kind::kUnits: return run_right(places, units_of(view, step, at), step.min, step.max);
        case Kind::kWordStart: return places & borders_of(at, true);
        case Kind::kWordEnd: return places & borders_of(at, false);
        case Kind::kPhrases: break;
    }
    std::uint64_t ends = step.optional ? places : 0;
    for (std::uint32_t i = 0; i < step.count; ++i) {
        const PhraseRef& phrase = view.phrases[step.first + i];
        ends |= places_of(view, phrase, at, places) << phrase.size;
    }
    return ends;
}

RINGFENCE_TARGET inline std::uint64_t step_left(const ProgramView& view, const Step& step,
                                                const char16_t* at, std::uint64_t places) {
    switch (step.kind) {
        case Kind::kGap: return smeared<false>(places, step);
        case Kind::kUnits: return run_left(places, units_of(view, step, at), step.min, step.max);
        case Kind::kWordStart: return places & borders_of(at, true);
        case Kind::kWordEnd: return places & borders_of(at, false);
        case Kind::kPhrases: break;
    }
    std::uint64_t begins = step.optional ? places : 0;
    for (std::uint32_t i = 0; i < step.count; ++i) {
        const PhraseRef& phrase = view.phrases[step.first + i];
        begins |= places_of(view, phrase, at, places >> phrase.size);
    }
    return begins;
}

RINGFENCE_TARGET inline const char16_t* first_place(const WindowProbe& probe,
                                                    const WindowPlace& place) {
    return place.text + either(probe.offset < 0, place.begin, place.end) + probe.offset;
}

// A bit for each of so many places.
RINGFENCE_TARGET inline std::uint64_t wanted_places(const WindowProbe& probe) {
    return ~std::uint64_t{0} >> (64u - probe.places);
}

RINGFENCE_TARGET inline std::uint64_t pair_places(const WindowProbe& probe, const char16_t* at) {
    const std::uint32_t pair = unit_pair(probe.first.data());
    return probe.places <= 32 ? near_pairs(at, pair) : equal_pairs(at, pair);
}

// Bit j: `run` units in a row from unit j on. What lies beyond the units looked at may go on.
RINGFENCE_TARGET inline std::uint64_t run_places(const WindowProbe& probe, const char16_t* at) {
    std::uint64_t units;
    if (probe.places + probe.run <= 32u) {
        units = near_range(at, probe.first[0], probe.last[0]) |
                near_range(at, probe.first[1], probe.last[1]);
    } else {
        units = in_range(at, probe.first[0], probe.last[0]) |
                in_range(at, probe.first[1], probe.last[1]);
    }
    // Three steps in any case, which make up to eight: few want more, and how many is another number in each probe.
    unsigned have = 1;
    for (unsigned step = 0; step < 3 || have < probe.run; ++step) {
        const unsigned by = have < probe.run - have ? have : probe.run - have;
        units &= units >> by | ~(~std::uint64_t{0} >> by);
        have += by;
    }
    return units;
}

RINGFENCE_TARGET std::uint64_t places(const WindowProbe& probe, const WindowPlace& place) {
    const char16_t* const at = first_place(probe, place);
    return (probe.run == 0 ? pair_places(probe, at) : run_places(probe, at)) & wanted_places(probe);
}

RINGFENCE_TARGET std::size_t sift(const char16_t* text, const WindowHit* hits, std::size_t count,
                                  std::size_t& at, WindowSurvivor* survivors, std::size_t room) {
    // One loop over the checks of all hits: how many a hit has is another number in each.
    std::size_t made = 0;
    const WindowCheck* check = hits[at].checks;
    std::uint32_t left = hits[at].count;
    while (at < count) {
        const WindowHit& hit = hits[at];
        if (made + kMostChecks > room && left == hit.count) break;
        const WindowProbe& probe = check->probe;
        // Written in any case, kept where the probe holds: most do not.
        survivors[made] = {check, static_cast<std::uint32_t>(at)};
        made += probe.places == 0 || places(probe, {text, 0, hit.begin, hit.end}) != 0 ? 1u : 0u;
        const bool last = --left == 0;
        at += last ? 1u : 0u;
        const WindowHit& next = hits[at < count ? at : count - 1];
        check = either(last, next.checks, check + 1);
        left = either(last, next.count, left);
    }
    return made;
}

RINGFENCE_TARGET bool match(const ProgramView& view, const WindowSteps& which,
                            const WindowPlace& place, WindowMatch& found) {
    const Step* const steps = view.steps + which.first;
    const char16_t* const behind = place.text + place.end;
    std::uint64_t ends = 1;
    for (unsigned i = 0; i < which.right && ends != 0; ++i)
        ends = step_right(view, steps[which.left + 1u + i], behind, ends);
    // A way that leaves the text never comes back into it, so it is enough to look at the last place.
    if (const std::uint32_t rest = place.size - place.end; rest < kMaxSide)
        ends &= (std::uint64_t{2} << rest) - 1;
    if (ends == 0) return false;

    const char16_t* const before = place.text + place.begin - kMaxSide;
    std::uint64_t begins = std::uint64_t{1} << kMaxSide;
    for (unsigned i = which.left; i-- > 0 && begins != 0;)
        begins = step_left(view, steps[i], before, begins);
    if (place.begin < kMaxSide) begins &= ~std::uint64_t{0} << (kMaxSide - place.begin);
    if (begins == 0) return false;

    found.end = place.end + static_cast<std::uint32_t>(std::countr_zero(ends));
    found.begin = place.begin - static_cast<std::uint32_t>(kMaxSide) +
                  static_cast<std::uint32_t>(std::countr_zero(begins));
    return true;
}
