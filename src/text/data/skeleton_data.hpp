// skeleton_data.hpp - what skeleton.cpp looks up: all arrays sorted by their first column, made by tools/gen_skeleton.py.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace ringfence::skeleton_data {

// A code point and what stands for it: kPool[begin .. begin + size).
struct Mapping {
    char32_t source;
    std::uint16_t begin;
    std::uint16_t size;
};
struct Pair {
    char32_t source;
    char32_t target;
};
struct Range {
    char32_t first;
    char32_t last;
    std::uint32_t value;
};

extern const char32_t kPool[];
extern const std::span<const Mapping> kDecompositions;  // canonical, whole; Hangul is reckoned
extern const std::span<const Mapping> kPrototypes;      // UTS #39, of what is decomposed; NFD
extern const std::span<const Mapping> kCaseFolds;       // full, NFD
extern const std::span<const Pair> kCapitals;           // of one code point
extern const std::span<const Range> kCombining;         // canonical combining classes over 0
extern const std::span<const Range> kIgnorable;         // default ignorable

}  // namespace ringfence::skeleton_data
