#include "src/kernel/number_runs.hpp"

#include <cstring>

namespace ringfence::kernel {
namespace {

constexpr std::size_t kLeastMembers = 5;

// 64 kinds are looked at from the one before every 48th on: five in a row, and those beside them, lie in one of these stretches.
constexpr std::size_t kStretch = 64, kStep = 48;

// Bit j: bit 0 of octet j of eight.
constexpr std::uint64_t lowest_bits(std::uint64_t octets) {
    return (octets & 0x0101'0101'0101'0101u) * 0x0102'0408'1020'4080u >> 56;
}

struct Stretch {
    std::uint64_t dense = 0, members = 0, numerals = 0;

    explicit Stretch(const std::uint8_t* kinds) {
        static_assert(kInDense == 1 && kInNumber == 2 && kIsNumeral == 4);
        for (unsigned i = 0; i < kStretch; i += 8) {
            std::uint64_t eight = 0;
            std::memcpy(&eight, kinds + i, sizeof eight);
            dense |= lowest_bits(eight) << i;
            members |= lowest_bits(eight >> 1) << i;
            numerals |= lowest_bits(eight >> 2) << i;
        }
    }
};

// False where no five members and separators between two of them follow one another with a numeral among them. Without a
// branch on what stands there: a text of which this is asked has numerals and digits strewn about.
bool may_have_run(const std::uint8_t* kinds, std::size_t size) {
    std::uint64_t found = 0;
    for (std::size_t at = 0; at < size; at += kStep) {
        const Stretch here(kinds + at - 1);
        const std::size_t left = size - at + 1;
        const std::uint64_t inside =
            left < kStretch ? (std::uint64_t{1} << left) - 1 : ~std::uint64_t{0};
        const std::uint64_t members = here.members & inside;
        const std::uint64_t run = members | (~here.dense & members << 1 & members >> 1);
        const std::uint64_t three = run & run >> 1 & run >> 2, five = three & three >> 2;
        const std::uint64_t both = five | five << 1, all = both | both << 2 | five << 4;
        found |= all & here.numerals;
    }
    return found != 0;
}

}  // namespace

bool may_have_number(const std::uint8_t* kinds, std::size_t size) {
    if (!may_have_run(kinds, size)) return false;
    std::size_t members = 0, last = 0;
    bool numeral = false;
    for (std::size_t i = 0; i < size; ++i) {
        if ((kinds[i] & kInNumber) == 0) continue;
        const bool apart = i - last == 2 && (kinds[i - 1] & kInDense) == 0;
        if (i - last != 1 && !apart) {
            members = 0;
            numeral = false;
        }
        ++members;
        numeral |= (kinds[i] & kIsNumeral) != 0;
        if (numeral && members >= kLeastMembers) return true;
        last = i;
    }
    return false;
}

}  // namespace ringfence::kernel
