// texts.hpp - texts to sketch.
#pragma once

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "ringfence/campaign/sketch.hpp"

namespace ringfence::test {

inline std::u16string random_text(std::mt19937_64& random, std::size_t units = 60) {
    std::u16string text;
    for (std::size_t i = 0; i < units; ++i)
        text.push_back(static_cast<char16_t>(0x4E00 + random() % 3'000));
    return text;
}
inline Sketch sketch_of(std::u16string_view text) {
    Sketch made;
    EXPECT_TRUE(sketch(text, made));
    return made;
}

}  // namespace ringfence::test
