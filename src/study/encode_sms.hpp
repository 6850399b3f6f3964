// encode_sms.hpp - texts as a mobile or a gateway puts them on the wire, in as many parts as it
// takes.
//
//     pdu             TP-UD: [UDH, fill bits] septets packed eight in seven octets | UCS-2 octets
//     short_message   as SMPP carries it: [UDH] one septet an octet | UCS-2 octets
//
// Only what the synthetic city sends: GSM 7-bit of the default alphabet's ASCII part with its
// extension, and UTF-16 big-endian. The room `text` decodes, and is tested against other encoders.
//
// Source: 3GPP TS 23.038 6.1.2.1, 6.2.1; TS 23.040 9.2.3.24.1 and 9.2.3.24.8 (concatenation).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringfence::study {

// One part: octets of user data, and where its concatenation stands.
struct SmsPart {
    std::string octets;
    std::uint8_t seq = 1;
    bool udhi = false;
};

enum class Concatenation : std::uint8_t {
    kHeader8,   // UDH element 0x00, 8-bit reference
    kHeader16,  // UDH element 0x08, 16-bit reference
    kSar,       // SMPP's sar_ parameters, nothing in the octets
};

enum class Packing : std::uint8_t { kPacked, kOctet };  // of septets

// The septets of `text`, an escape and its septet for extension characters; false when a character
// has none here.
bool to_septets(std::string_view text, std::vector<std::uint8_t>& septets);

// The parts of a message: one without a header where it fits (160 septets, 70 units), else up to
// 255. No character is divided.
std::vector<SmsPart> gsm_parts(const std::vector<std::uint8_t>& septets, Packing packing,
                               Concatenation concatenation, std::uint16_t reference);
std::vector<SmsPart> ucs2_parts(std::u16string_view units, Concatenation concatenation,
                                std::uint16_t reference);

}  // namespace ringfence::study
