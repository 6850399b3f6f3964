// The test side of decoding: texts as a handset would send them. Plain and slow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/text/gsm7.hpp"

namespace ringfence::test {

using Octets = std::vector<std::uint8_t>;

// The septets of `text`, or nothing when GSM 7-bit cannot say it.
inline std::optional<Octets> gsm7_septets(std::u16string_view text) {
    Octets septets;
    for (const char16_t unit : text) {
        bool found = false;
        for (unsigned code = 0; code < 128 && !found; ++code) {
            if (code != gsm7::kEscape && gsm7::kDefault[code] == unit) {
                septets.push_back(static_cast<std::uint8_t>(code));
                found = true;
            }
        }
        for (unsigned code = 0; code < 128 && !found; ++code) {
            if (code != gsm7::kEscape && gsm7::kExtension[code] == unit) {
                septets.push_back(gsm7::kEscape);
                septets.push_back(static_cast<std::uint8_t>(code));
                found = true;
            }
        }
        if (!found) return std::nullopt;
    }
    return septets;
}

// `header` and then the septets from the next septet border on, as TS 23.038 6.1.2.1 packs them; seven
// spare bits are filled with CR, and a text that would end in CR there gets a second one.
inline Octets pack(const Octets& header, Octets septets) {
    std::vector<bool> bits;
    for (const std::uint8_t octet : header) {
        for (unsigned i = 0; i < 8; ++i) bits.push_back((octet >> i & 1u) != 0);
    }
    while (bits.size() % 7 != 0) bits.push_back(false);
    const std::size_t used = bits.size() / 7 + septets.size();
    if (used % 8 == 7) septets.push_back(0x0D);
    if (used % 8 == 0 && !septets.empty() && septets.back() == 0x0D) septets.push_back(0x0D);
    for (const std::uint8_t septet : septets) {
        for (unsigned i = 0; i < 7; ++i) bits.push_back((septet >> i & 1u) != 0);
    }
    Octets packed((bits.size() + 7) / 8);
    for (std::size_t i = 0; i < bits.size(); ++i) {
        if (bits[i]) packed[i / 8] = static_cast<std::uint8_t>(packed[i / 8] | 1u << (i % 8));
    }
    return packed;
}

inline Octets ucs2(std::u16string_view text) {
    Octets octets;
    for (const char16_t unit : text) {
        octets.push_back(static_cast<std::uint8_t>(unit >> 8u));
        octets.push_back(static_cast<std::uint8_t>(unit & 0xFFu));
    }
    return octets;
}

inline Octets joined(const Octets& a, const Octets& b) {
    Octets both = a;
    both.insert(both.end(), b.begin(), b.end());
    return both;
}

inline Octets concatenation8(std::uint8_t ref, std::uint8_t total, std::uint8_t seq) {
    return {5, 0x00, 3, ref, total, seq};
}

inline Octets concatenation16(std::uint16_t ref, std::uint8_t total, std::uint8_t seq) {
    return {6,     0x08, 4, static_cast<std::uint8_t>(ref >> 8u), static_cast<std::uint8_t>(ref),
            total, seq};
}

}  // namespace ringfence::test
