#include "ringfence/source/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace ringfence {
namespace {

// Octets of the character at the front of `text` (not empty), 0 when it is none.
std::size_t character_size(std::string_view text) {
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = octet(0);
    if (first < 0x80) return 1;

    // RFC 3629 section 4: what may follow the first octet depends on it; the others are 80-BF.
    unsigned low = 0x80;
    unsigned high = 0xBF;
    std::size_t size = 0;
    if (first >= 0xC2 && first <= 0xDF) {
        size = 2;
    } else if (first >= 0xE0 && first <= 0xEF) {
        size = 3;
        if (first == 0xE0) low = 0xA0;
        if (first == 0xED) high = 0x9F;
    } else if (first >= 0xF0 && first <= 0xF4) {
        size = 4;
        if (first == 0xF0) low = 0x90;
        if (first == 0xF4) high = 0x8F;
    }
    if (size == 0 || text.size() < size || octet(1) < low || octet(1) > high) return 0;
    for (std::size_t i = 2; i < size; ++i) {
        if ((octet(i) & 0xC0u) != 0x80) return 0;
    }
    return size;
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t word = 0;
        if (text.size() - at >= sizeof word) {
            std::memcpy(&word, text.data() + at, sizeof word);
            if ((word & 0x8080808080808080u) == 0) {
                at += sizeof word;
                continue;
            }
        }
        const std::size_t size = character_size(text.substr(at));
        if (size == 0) return at;
        at += size;
    }
    return at;
}

std::string printable(std::string_view text, std::size_t max_bytes) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t size = character_size(text.substr(at));
        if (at + (size == 0 ? 1 : size) > max_bytes) return out.append("...");
        const std::string_view character = text.substr(at, size == 0 ? 1 : size);
        at += character.size();
        const auto first = static_cast<unsigned char>(character[0]);
        // U+0080 to U+009F are C2 80 to C2 9F.
        const bool c1 =
            size == 2 && first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
        if (size != 0 && first >= 0x20 && first != 0x7F && !c1) {
            out.append(character);
            continue;
        }
        for (const char c : character) {
            const auto octet = static_cast<unsigned char>(c);
            out.append("\\x").append(1, kHex[octet >> 4u]).append(1, kHex[octet & 0xFu]);
        }
    }
    return out;
}

}  // namespace ringfence
