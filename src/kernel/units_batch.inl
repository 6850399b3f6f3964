// units_batch.inl - runs of septets, thirty-two at a time; included by each vector form, which gives
//
//     RINGFENCE_TARGET                             what its functions are compiled for
//     Planes(table)                                the table in registers
//     load_first(octets, n)                        the first n of up to 32 octets, zeros behind them
//     look_up(septets, planes, count, out)         writes `count` units, gives how many stand before the end of the run
#pragma once

inline constexpr std::size_t kSeptetsAtOnce = 32;

// Eight septets of the 56 bits that begin at `bits`' bit `shift`, one an octet.
RINGFENCE_TARGET inline long long spread(const std::uint8_t* octets, unsigned shift) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, octets, sizeof bits);
    return static_cast<long long>(_pdep_u64(bits >> shift, 0x7F7F7F7F7F7F7F7Fu));
}

RINGFENCE_TARGET inline __m256i spread32(const std::uint8_t* octets, unsigned shift) {
    return _mm256_set_epi64x(spread(octets + 21, shift), spread(octets + 14, shift),
                             spread(octets + 7, shift), spread(octets, shift));
}

RINGFENCE_TARGET std::size_t septets(std::span<const std::uint8_t> octets, const gsm7::Table& table,
                                     char16_t* out) {
    const Planes planes = planes_of(table);
    std::size_t at = 0;
    for (; at + kSeptetsAtOnce <= octets.size(); at += kSeptetsAtOnce) {
        const __m256i codes =
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(octets.data() + at));
        const std::size_t good = look_up(codes, planes, kSeptetsAtOnce, out + at);
        if (good < kSeptetsAtOnce) return at + good;
    }
    if (at == octets.size()) return at;
    const std::size_t rest = octets.size() - at;
    return at + look_up(load_first(octets.data() + at, rest), planes, rest, out + at);
}

RINGFENCE_TARGET std::size_t packed(std::span<const std::uint8_t> octets, std::size_t first_bit,
                                    std::size_t count, const gsm7::Table& table, char16_t* out) {
    constexpr std::size_t kOctets = kSeptetsAtOnce / 8 * 7;
    const Planes planes = planes_of(table);
    const unsigned shift = first_bit % 8;
    std::size_t first = first_bit / 8;
    std::size_t at = 0;
    // The last eight octets that are loaded begin 21 behind the first.
    for (; at + kSeptetsAtOnce <= count && first + 29 <= octets.size(); at += kSeptetsAtOnce) {
        const std::size_t good =
            look_up(spread32(octets.data() + first, shift), planes, kSeptetsAtOnce, out + at);
        if (good < kSeptetsAtOnce) return at + good;
        first += kOctets;
    }
    while (at < count) {
        // From a copy that can be read beyond the end.
        alignas(32) std::uint8_t copy[64] = {};
        const std::uint8_t* rest = octets.data() + first;
        if (const std::size_t left = octets.size() - first; left < 29) {
            if (octets.size() >= kSeptetsAtOnce) {
                std::memcpy(copy, octets.data() + octets.size() - 32, 32);
                rest = copy + 32 - left;
            } else {
                std::memcpy(copy, rest, left);
                rest = copy;
            }
        }
        const std::size_t size = std::min(count - at, kSeptetsAtOnce);
        const std::size_t good = look_up(spread32(rest, shift), planes, size, out + at);
        at += good;
        if (good < size) break;
        first += kOctets;
    }
    return at;
}
