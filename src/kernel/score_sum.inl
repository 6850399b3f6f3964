// score_sum.inl - the sum over a text, a block of places at a time; included by each vector form, which gives
//
//     RINGFENCE_TARGET                      what its functions are compiled for
//     Lanes, kAtOnce                        a block's 32-bit values
//     zeros(), plus(a, b), times(v, f)      arithmetic on them
//     store(values, to)                     to an aligned place
//     load_units(units)                     the units that a block's grams begin with
//     lanes_of(left)                        those of a block's places that begin a gram, where `left` do
//     weigh(hash, lanes, weights, shift)    the weights of those grams, 0 in other lanes
#pragma once

RINGFENCE_TARGET std::int64_t sum(const char16_t* units, std::size_t count,
                                  const std::int16_t* weights, unsigned bits) {
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(32 - bits));
    // A lane takes three weights a block, of up to 2^15 each: 2^14 blocks stay below 2^31.
    Lanes total = zeros();
    for (std::size_t at = 0; at < count; at += kAtOnce) {
        const std::size_t left = count - at;
        const Lanes one = times(load_units(units + at), kGramFactors[0]);
        const Lanes two = plus(one, times(load_units(units + at + 1), kGramFactors[1]));
        const Lanes three = plus(two, times(load_units(units + at + 2), kGramFactors[2]));
        const Lanes of_one = weigh(one, lanes_of(left), weights, shift);
        const Lanes of_two = weigh(two, lanes_of(left - 1), weights, shift);
        const Lanes of_three =
            weigh(three, lanes_of(std::max<std::size_t>(left, 2) - 2), weights, shift);
        total = plus(total, plus(of_one, plus(of_two, of_three)));
    }
    alignas(sizeof(Lanes)) std::int32_t lanes[kAtOnce];
    store(total, lanes);
    std::int64_t all = 0;
    for (const std::int32_t lane : lanes) all += lane;
    return all;
}
