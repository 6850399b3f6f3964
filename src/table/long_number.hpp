// long_number.hpp - numbers too long for a rank, which are kept by their digits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ringfence {

inline constexpr std::size_t kMaxLongNumber = 24;  // digits

// 16 to 24 digits.
inline bool is_long_number(std::string_view text) {
    return text.size() >= 16 && text.size() <= kMaxLongNumber &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace ringfence
