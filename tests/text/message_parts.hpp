// message_parts.hpp - parts of messages as the tests of reassembly make them.
#pragma once

#include <cstdint>
#include <string_view>

#include "ringfence/text/reassembly.hpp"

namespace ringfence::test {

inline MessagePart message_part(std::string_view sender, unsigned ref, unsigned total, unsigned seq,
                                std::u16string_view text, std::int64_t ms = 0) {
    MessagePart part;
    part.sender = sender;
    part.recipient = "447700900123";
    part.place = {static_cast<std::uint16_t>(ref), static_cast<std::uint8_t>(total),
                  static_cast<std::uint8_t>(seq)};
    part.text = text;
    part.time = time_from_ms(ms);
    return part;
}

inline Reassembler::Options reassembly_options(std::size_t bytes = 0, std::uint64_t seed = 1) {
    Reassembler::Options made;
    made.bytes = bytes;
    made.seed = seed;
    return made;
}

}  // namespace ringfence::test
