// plain_load.hpp - how one would load a list of numbers without a library.
#pragma once

#include <cstdint>
#include <string>

namespace ringfence::bench {

// getline, from_chars, insert into abseil's flat_hash_map that grows as it fills. How many numbers it holds.
std::uint64_t load_plainly(const std::string& path);

}  // namespace ringfence::bench
