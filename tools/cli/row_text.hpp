// row_text.hpp - the text of each message of a file, the parts of long ones put together.
#pragma once

#include <cstdint>
#include <string_view>

#include "ringfence/text/decode.hpp"
#include "ringfence/text/reassembly.hpp"
#include "ringfence/traffic/traffic_file.hpp"

namespace ringfence::cli {

enum class RowStatus : std::uint8_t {
    kOk,       // a whole message: alone, or complete with this part
    kPartial,  // a part of a message that is not complete yet
    kBinary,   // 8-bit or compressed data
    kError,    // no text can be had of it
};
std::string_view name_of(RowStatus status);

class RowText {
public:
    struct Answer {
        RowStatus status = RowStatus::kError;
        const DecodedText* text = nullptr;  // null when there is none; good until the next row
    };
    Answer read(const Sms& sms);

    // The last message by itself.
    const DecodedText& decoded() const { return decoded_; }
    // Parts so far whose message is not whole, and may never be.
    std::uint64_t parts_left() const { return parts_left_; }

private:
    std::uint64_t parts_left_ = 0;
    Reassembler parts_{Reassembler::Options{}};
    DecodedText decoded_;
    DecodedText whole_{DecodedText::kMaxUnits, DecodedText::Use::kJoin};
};

}  // namespace ringfence::cli
