// decoded.hpp - what one message says, with its octets, so that places in the text can be found in them.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ringfence/text/decode.hpp"

namespace ringfence::python {

struct Decoded {
    std::vector<std::uint8_t> octets;
    SmsContent form;  // without octets
    DecodeStatus status = DecodeStatus::kText;
    Alphabet alphabet = Alphabet::kUnknown;
    DecodeOddity oddities = DecodeOddity::kNone;
    Concatenation part;
    MessageMarks marks;
    std::string text;  // UTF-8

    SmsContent content() const {
        SmsContent whole = form;
        whole.octets = octets;
        return whole;
    }
};

// Copies the octets of `content`. Threads: any thread.
Decoded decoded_of(const SmsContent& content);

void bind_decoded(nanobind::module_& module);

}  // namespace ringfence::python
