// stream.hpp - messages as octets, in one piece of memory and in order, as a gateway hands them over.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ringfence/text/decode.hpp"

namespace ringfence::bench {

struct Stream {
    std::string name;
    std::vector<std::uint8_t> octets;  // of all messages
    std::vector<SmsContent> messages;  // views of them
};

// The messages of DIR/NAME.txt. Ends the program where there are none.
Stream load_stream(const std::string& folder, const std::string& name);

// A copy of those messages as a stream of their own.
Stream gather(std::string name, std::span<const SmsContent> messages);

}  // namespace ringfence::bench
