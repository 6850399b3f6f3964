// padded_text.hpp - a folded text as the kernels read it: past both of its ends.
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/kernel/window_kernel.hpp"

namespace ringfence::pattern {

// Folded units with kTextMargin units on both sides that may be read; the one before them is zero, and the one behind.
struct PaddedText {
    const char16_t* units = nullptr;
    std::uint32_t size = 0;
};
inline constexpr std::size_t kTextMargin = kernel::kWindowMargin;

}  // namespace ringfence::pattern
