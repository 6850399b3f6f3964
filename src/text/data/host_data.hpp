// host_data.hpp - what characters of a host's labels are in the name that DNS is asked for; made by tools/gen_hosts.py.
//
// All arrays are sorted by their first columns. Of what stands in neither of the first two the fold table (fold_data.hpp) says it.
// Readers: any thread; everything is constant. Cost: 40 KB, of which a label touches a few lines.
#pragma once

#include <cstdint>
#include <span>

namespace ringfence::host_data {

struct Range {
    char32_t first;
    char32_t last;
};
// A code point and what stands for it, NFD: kPool[begin .. begin + size).
struct Mapping {
    char32_t source;
    std::uint16_t begin;
    std::uint16_t size;
};
struct Composition {
    char32_t base;
    char32_t mark;
    char32_t composite;
};

extern const char32_t kPool[];
extern const std::span<const Range> kKept;  // letters, marks and digits: themselves but for case
extern const std::span<const Mapping> kMapped;  // others for which the fold table is wrong
extern const std::span<const Composition> kCompositions;  // canonical; Hangul is reckoned

}  // namespace ringfence::host_data
