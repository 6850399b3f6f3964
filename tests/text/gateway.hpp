// gateway.hpp - a text as a gateway delivers it: as many parts of at most 140 octets as it takes. Plain and slow.
//
// GSM 7-bit where it can say the text, UCS-2 otherwise. Sources: 3GPP TS 23.040 9.2.3.24.1 and 9.2.3.24.8,
// SMPP 3.4 5.3.2.22.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/text/encode.hpp"

namespace ringfence::test {

enum class Carriage : std::uint8_t {
    kUserData8,     // TP-UD, packed; long texts behind element 0x00
    kUserData16,    // behind element 0x08
    kShortMessage,  // SMPP short_message, a septet an octet; element 0x00
    kSar,           // the same; parts told apart by SMPP's sar_ parameters
};
inline constexpr Carriage kCarriages[] = {Carriage::kUserData8, Carriage::kUserData16,
                                          Carriage::kShortMessage, Carriage::kSar};

struct Delivery {
    bool gsm7 = false;
    bool packed = false;        // TP-UD; otherwise short_message
    bool udhi = false;          // a header leads every part
    bool sar = false;           // parts are told apart beside the octets
    std::vector<Octets> parts;  // in order
};

namespace gateway {

// Where parts end. An escape and its code stay together (TS 23.038 6.2.1.1), and so do surrogates; an '@' that
// ends a packed part would read as padding.
inline std::vector<std::pair<std::size_t, std::size_t>> septet_cuts(const Octets& septets,
                                                                    std::size_t room) {
    std::vector<std::pair<std::size_t, std::size_t>> cuts;
    for (std::size_t at = 0; at < septets.size();) {
        std::size_t end = std::min(at + room, septets.size());
        if (end < septets.size() && septets[end - 1] == gsm7::kEscape) --end;
        if (septets[end - 1] == 0 && end - at > 1) --end;
        cuts.emplace_back(at, end);
        at = end;
    }
    return cuts;
}

inline std::vector<std::pair<std::size_t, std::size_t>> unit_cuts(std::u16string_view text,
                                                                  std::size_t room) {
    std::vector<std::pair<std::size_t, std::size_t>> cuts;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(at + room, text.size());
        if (end < text.size() && text[end - 1] >= 0xD800 && text[end - 1] < 0xDC00) --end;
        cuts.emplace_back(at, end);
        at = end;
    }
    return cuts;
}

}  // namespace gateway

// `text` on its way; `reference` joins the parts of a long one.
inline Delivery deliver(std::u16string_view text, Carriage carriage, std::uint16_t reference) {
    constexpr std::size_t kUserData = 140;  // octets
    Delivery sent;
    sent.packed = carriage == Carriage::kUserData8 || carriage == Carriage::kUserData16;
    const auto septets = gsm7_septets(text);
    sent.gsm7 = septets.has_value();
    const bool one = sent.gsm7 ? septets->size() <= 160 : text.size() <= 70;
    if (one) {
        sent.parts = {!sent.gsm7 ? ucs2(text) : sent.packed ? pack({}, *septets) : *septets};
        return sent;
    }
    sent.sar = carriage == Carriage::kSar;
    sent.udhi = !sent.sar;
    // The network that carries sar_ parts on puts a header of six octets before them.
    const std::size_t header_size = carriage == Carriage::kUserData16 ? 7 : 6;
    const auto cuts = sent.gsm7 ? gateway::septet_cuts(*septets, (kUserData - header_size) * 8 / 7)
                                : gateway::unit_cuts(text, (kUserData - header_size) / 2);
    const auto total = static_cast<std::uint8_t>(cuts.size());
    for (const auto& [begin, end] : cuts) {
        const auto seq = static_cast<std::uint8_t>(sent.parts.size() + 1);
        const Octets header =
            sent.sar ? Octets{}
            : carriage == Carriage::kUserData16
                ? concatenation16(reference, total, seq)
                : concatenation8(static_cast<std::uint8_t>(reference), total, seq);
        if (!sent.gsm7) {
            sent.parts.push_back(joined(header, ucs2(text.substr(begin, end - begin))));
            continue;
        }
        const Octets piece(septets->begin() + static_cast<std::ptrdiff_t>(begin),
                           septets->begin() + static_cast<std::ptrdiff_t>(end));
        sent.parts.push_back(sent.packed ? pack(header, piece) : joined(header, piece));
    }
    return sent;
}

}  // namespace ringfence::test
