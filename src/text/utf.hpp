// utf.hpp - one code point from UTF-16 or UTF-8, whatever stands there.
//
// Ill-formed UTF-8 is read as the Unicode Standard advises (chapter 3, U+FFFD for each maximal subpart),
// half a surrogate pair as itself. Every call consumes at least one unit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ringfence::utf {

struct CodePoint {
    char32_t value = 0;
    std::uint8_t size = 1;  // units or octets consumed
    bool valid = true;
    bool cut = false;  // UTF-8: ends inside a sequence that was right so far
};

constexpr bool is_high(char32_t c) { return (c & 0xFFFFFC00u) == 0xD800u; }
constexpr bool is_low(char32_t c) { return (c & 0xFFFFFC00u) == 0xDC00u; }
constexpr char32_t join(char16_t high, char16_t low) {
    return 0x10000u + ((char32_t{high} & 0x3FFu) << 10u) + (char32_t{low} & 0x3FFu);
}

// The code point at `at`, which is inside `text`; invalid (and itself) for half a pair.
constexpr CodePoint at_utf16(std::u16string_view text, std::size_t at) {
    const char16_t first = text[at];
    if (is_high(first) && at + 1 < text.size() && is_low(text[at + 1])) {
        return {join(first, text[at + 1]), 2, true, false};
    }
    return {first, 1, (first & 0xF800u) != 0xD800u, false};
}

// The code point at `at`, which is inside `octets`; U+FFFD and invalid for what is ill-formed.
constexpr CodePoint at_utf8(std::span<const std::uint8_t> octets, std::size_t at) {
    const std::uint8_t first = octets[at];
    if (first < 0x80) return {first, 1, true, false};
    // The second octet's bounds keep out overlong forms, surrogates and what is beyond U+10FFFF.
    unsigned more = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xBF;
    if (first >= 0xC2 && first <= 0xDF) {
        more = 1;
    } else if (first >= 0xE0 && first <= 0xEF) {
        more = 2;
        if (first == 0xE0) low = 0xA0;
        if (first == 0xED) high = 0x9F;
    } else if (first >= 0xF0 && first <= 0xF4) {
        more = 3;
        if (first == 0xF0) low = 0x90;
        if (first == 0xF4) high = 0x8F;
    } else {
        return {0xFFFD, 1, false, false};
    }
    char32_t value = first & (0x3Fu >> more);
    for (unsigned i = 1; i <= more; ++i) {
        if (at + i >= octets.size()) return {0xFFFD, static_cast<std::uint8_t>(i), false, true};
        const std::uint8_t next = octets[at + i];
        if (next < low || next > high) return {0xFFFD, static_cast<std::uint8_t>(i), false, false};
        value = value << 6u | (next & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    return {value, static_cast<std::uint8_t>(more + 1), true, false};
}

// Writes `code_point` (no surrogate half) to `out` as UTF-8; returns how many octets, at most 4.
constexpr unsigned write_utf8(char32_t code_point, char* out) {
    const auto octet = [](char32_t bits) {
        return static_cast<char>(static_cast<unsigned char>(bits));
    };
    if (code_point < 0x80) {
        out[0] = octet(code_point);
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = octet(0xC0u | code_point >> 6u);
        out[1] = octet(0x80u | (code_point & 0x3Fu));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = octet(0xE0u | code_point >> 12u);
        out[1] = octet(0x80u | (code_point >> 6u & 0x3Fu));
        out[2] = octet(0x80u | (code_point & 0x3Fu));
        return 3;
    }
    out[0] = octet(0xF0u | code_point >> 18u);
    out[1] = octet(0x80u | (code_point >> 12u & 0x3Fu));
    out[2] = octet(0x80u | (code_point >> 6u & 0x3Fu));
    out[3] = octet(0x80u | (code_point & 0x3Fu));
    return 4;
}

// Appends `code_point` (no surrogate half) as UTF-16 through `append(char16_t)`.
template <class Append>
constexpr void write_utf16(char32_t code_point, Append&& append) {
    if (code_point < 0x10000) {
        append(static_cast<char16_t>(code_point));
        return;
    }
    append(static_cast<char16_t>(0xD7C0u + (code_point >> 10u)));
    append(static_cast<char16_t>(0xDC00u + (code_point & 0x3FFu)));
}

}  // namespace ringfence::utf
