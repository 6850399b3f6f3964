// change.hpp - what became of a change to a table, and what is said where there was no room for it.
#pragma once

#include <cstdint>
#include <string>

#include "ringfence/base/result.hpp"

namespace ringfence {

enum class Change : std::uint8_t {
    kDone,
    kUnchanged,
    kNoRoom,     // as many numbers as there is room for
    kChainFull,  // no free slot within NumberChain::kMaxLines lines
    kNoSetRoom,  // the set of lists would be new, and cannot be written down
};

// `table` holds `held` of `what`, "number" or "pair".
inline Error full_error(Change change, std::string_view table, std::uint64_t held,
                        std::string_view what) {
    std::string text = "the " + std::string(table) + " is full (" + std::to_string(held) + " " +
                       std::string(what) + "s): ";
    switch (change) {
        case Change::kChainFull: text += "no free slot within reach"; break;
        case Change::kNoSetRoom: text += "no room for another set of lists"; break;
        default: text.append("no room for another ").append(what); break;
    }
    return {ErrorCode::kFull, text + "; grow it"};
}

}  // namespace ringfence
