// gram_data.hpp - grams that are common in messages, and in how many of a thousand each is; tools/gen_grams.py.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ringfence::gram_data {

struct Row {
    char16_t units[7];  // one to six, and a zero
    std::uint16_t per_thousand;
};

extern const Row kRows[];  // sorted by units
extern const std::size_t kCount;

}  // namespace ringfence::gram_data
