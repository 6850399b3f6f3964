// units_scalar.cpp - the truth that the vector forms are compared with.
#include <algorithm>

#include "src/kernel/units_kernel.hpp"

namespace ringfence::kernel {
namespace {

// `septet(i)` gives the i-th. Eight at a time: one question for all of them, and a look for the one that it was only
// where the run ends.
template <class Septet>
std::size_t run(std::size_t count, const gsm7::Table& table, char16_t* out, Septet&& septet) {
    const auto ends = [&](unsigned code, char16_t unit) {
        return (code == gsm7::kEscape) | (code > 0x7F) | (unit == 0);
    };
    for (std::size_t at = 0; at < count; at += 8) {
        const std::size_t size = std::min<std::size_t>(8, count - at);
        bool end = false;
        for (std::size_t i = 0; i < size; ++i) {
            const unsigned code = septet(at + i);
            const char16_t unit = table[code & 0x7Fu];
            out[at + i] = unit;
            end |= ends(code, unit);
        }
        if (!end) continue;
        while (!ends(septet(at), table[septet(at) & 0x7Fu])) ++at;
        return at;
    }
    return count;
}

std::size_t septets(std::span<const std::uint8_t> octets, const gsm7::Table& table, char16_t* out) {
    return run(octets.size(), table, out, [&](std::size_t i) -> unsigned { return octets[i]; });
}

std::size_t packed(std::span<const std::uint8_t> octets, std::size_t first_bit, std::size_t count,
                   const gsm7::Table& table, char16_t* out) {
    return run(count, table, out, [&](std::size_t i) -> unsigned {
        const std::size_t bit = first_bit + 7 * i;
        const unsigned low = octets[bit / 8];
        const unsigned high = bit / 8 + 1 < octets.size() ? octets[bit / 8 + 1] : 0u;
        return (low | high << 8u) >> (bit % 8) & 0x7Fu;
    });
}

std::size_t big_endian(const std::uint8_t* octets, std::size_t count, char16_t* out) {
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned unit = static_cast<unsigned>(octets[2 * i]) << 8u | octets[2 * i + 1];
        if ((unit & 0xF800u) == 0xD800u) return i;
        out[i] = static_cast<char16_t>(unit);
    }
    return count;
}

}  // namespace

const UnitsKernel kUnitsScalar = {Isa::kScalar, septets, packed, big_endian};

}  // namespace ringfence::kernel
