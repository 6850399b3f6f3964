// utf8.hpp - folded units to UTF-8 for the engine, and engine offsets back to units.
//
// One unit is one character: below U+0080 one byte, below U+0800 two, else three. A surrogate, which a fold
// never gives, would be invalid UTF-8 and undefined behaviour in the engine: it becomes U+FFFD.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ringfence::pattern {

// Writes at most 3 bytes a unit to `out`, and gives how many. Threads: any thread.
inline std::size_t encode_utf8(std::span<const char16_t> units, char* out) {
    char* at = out;
    for (char16_t unit : units) {
        if (unit < 0x80) {
            *at++ = static_cast<char>(unit);
            continue;
        }
        if (unit < 0x800) {
            *at++ = static_cast<char>(0xC0 | unit >> 6);
        } else {
            if (unit >= 0xD800 && unit <= 0xDFFF) unit = 0xFFFD;
            *at++ = static_cast<char>(0xE0 | unit >> 12);
            *at++ = static_cast<char>(0x80 | (unit >> 6 & 0x3F));
        }
        *at++ = static_cast<char>(0x80 | (unit & 0x3F));
    }
    return static_cast<std::size_t>(at - out);
}

// Units in the first `bytes` bytes of what encode_utf8 wrote. Threads: any thread.
inline std::uint32_t count_units(const char* utf8, std::size_t bytes) {
    std::uint32_t units = 0;
    for (std::size_t i = 0; i < bytes; ++i) units += (utf8[i] & 0xC0) != 0x80;
    return units;
}

}  // namespace ringfence::pattern
