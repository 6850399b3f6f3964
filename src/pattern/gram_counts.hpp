// gram_counts.hpp - how often a few units in a row come up in messages, for choosing anchors.
#pragma once

#include <cstdint>
#include <string_view>

namespace ringfence::pattern {

// In about how many of a million messages `gram`, of one to six folded units, comes up: counted, or reckoned from its parts.
// Threads: any thread.
std::uint32_t gram_cost(std::u16string_view gram);

}  // namespace ringfence::pattern
