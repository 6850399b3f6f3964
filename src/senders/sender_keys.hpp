// sender_keys.hpp - by what a number is found in a register: the same for rows and for messages.
#pragma once

#include <string_view>

#include "ringfence/number/address.hpp"
#include "ringfence/number/normalize.hpp"

namespace ringfence {

// The number under the plan; where that knows none, the digits that arrived. Lives as long as its arguments.
inline std::string_view code_key(const Address& address, const Normalized& number) {
    return number.size != 0 ? number.digits() : address.text();
}

}  // namespace ringfence
