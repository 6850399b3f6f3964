// cache_line.hpp - the unit in which memory moves, and the processors we support.
#pragma once

#include <cstddef>

#if !defined(__linux__) || (!defined(__x86_64__) && !defined(__aarch64__))
#error "Ringfence supports Linux on x86-64 and aarch64"
#endif

namespace ringfence {

inline constexpr std::size_t kCacheLine = 64;

}  // namespace ringfence
