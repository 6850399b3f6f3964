// line_counters.hpp - how many keys of each class lie behind a line: four bits a class.
#pragma once

#include <cstdint>

namespace ringfence {

inline constexpr std::uint32_t kSticky = 15;  // so many or more: the count is not known, and stays

inline std::uint32_t counter(std::uint32_t counters, unsigned key_class) {
    return counters >> 4 * key_class & 15u;
}

}  // namespace ringfence
