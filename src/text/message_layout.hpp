// message_layout.hpp - how the octets of a message are to be read: alphabet, header, where the text lies.
//
// The first half of decoding, without writing any text: data coding scheme and user data header.
// Source: TS 23.038 clause 4; TS 23.040 clause 9.2.3.24; SMPP 3.4 clause 5.2.19.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ringfence/text/decode.hpp"

namespace ringfence {

struct MessageLayout {
    DecodeStatus status = DecodeStatus::kText;
    Alphabet alphabet = Alphabet::kUnknown;
    bool packed = false;  // kGsm7: eight septets in seven octets
    DecodeOddity oddities = DecodeOddity::kNone;
    Concatenation concatenation = {};
    MessageMarks marks = {};
    std::size_t header = 0;     // octets of the user data header, its length octet included
    std::size_t first_bit = 0;  // packed: the first bit of the first septet of the text
    std::size_t septets = 0;    // packed: how many septets of text, padding taken off
};

// Never fails: `status` says what can be read.
MessageLayout layout_of(const SmsContent& content);

// Most messages: user data without a header, not a part, of the default alphabet or UCS-2 and of no class. Of these scheme and
// octets say all.
inline constexpr std::uint8_t kPlainGsm7 = 0x00, kPlainUcs2 = 0x08;  // TS 23.038 clause 4
inline bool is_plain(const SmsContent& content) {
    return content.form == ContentForm::kUserData && !content.udhi && content.sar_total == 0 &&
           (content.scheme == kPlainGsm7 || content.scheme == kPlainUcs2);
}

// How many septets of text lie packed in `octets` from `first_bit` on, padding taken off.
std::size_t packed_septets(std::span<const std::uint8_t> octets, std::size_t first_bit);

// The septet that begins at bit `bit` of packed octets; it ends inside them.
inline std::uint8_t septet_at(std::span<const std::uint8_t> octets, std::size_t bit) {
    const std::size_t at = bit / 8;
    const unsigned low = octets[at];
    const unsigned high = at + 1 < octets.size() ? octets[at + 1] : 0u;
    return static_cast<std::uint8_t>((low | high << 8u) >> (bit % 8) & 0x7Fu);
}

}  // namespace ringfence
