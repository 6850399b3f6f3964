// buffer.hpp - the text that a test decodes into, message after message.
#pragma once

#include "ringfence/text/decode.hpp"

namespace ringfence::test {

inline DecodedText& buffer() {
    static DecodedText text;
    return text;
}

}  // namespace ringfence::test
