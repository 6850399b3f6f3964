// sketch_index.hpp - sketches by their bands: which of them is the nearest to a message's?
//
//     places [n]     sketch | links of 16 chains
//     heads          16 bands x buckets -> the first of a chain, the latest that was put there
//
// Each of 16 bands is two bins of the sketch; sketches that share one hang in a chain. Texts of a similarity of one half share a
// band with 99 %, of two thirds with 99.99 %. A message is compared with kMostLooks sketches at most, of one chain
// and in all: a text made to share bands with many others may be taken for a new one.
//
// Memory is taken once: 460 octets a place, and 64 to 128 for its heads.
// Threads: `nearest` any thread while nobody changes it; else one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ringfence/campaign/sketch.hpp"

namespace ringfence {

class SketchIndex {
public:
    static constexpr std::uint32_t kNone = 0xFFFFFFFFu;
    static constexpr unsigned kMostLooks = 64;

    struct Near {
        std::uint32_t place = kNone;
        double similarity = 0;
    };

    explicit SketchIndex(std::uint32_t places);

    // Puts a sketch at a free place, before others in its chains; takes it out. The place is the caller's to keep.
    void put(std::uint32_t place, const Sketch& sketch);
    void take_out(std::uint32_t place);

    // The nearest of those at least so near, in hundredths; of equals the first looked at.
    Near nearest(const Sketch& sketch, unsigned percent) const;

    std::size_t memory_bytes() const;

private:
    static constexpr unsigned kBands = Sketch::kBands;

    struct Links {
        std::uint32_t before = kNone;
        std::uint32_t after = kNone;
    };
    struct Place {
        Sketch sketch;
        Links bands[kBands];
    };

    std::size_t head_of(const Sketch& sketch, unsigned band) const;

    std::vector<Place> places_;
    std::size_t buckets_;
    std::vector<std::uint32_t> heads_;
};

}  // namespace ringfence
