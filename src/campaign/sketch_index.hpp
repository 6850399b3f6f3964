// sketch_index.hpp - sketches by their bands: which of them is the nearest to a message's?
//
//     heads          17 x buckets -> the first of a chain, the latest that was put there, and how many are in it
//     links [17][n]  the chains: of a sketch as a whole, and of each of its 16 bands
//     sketches [n]
//
// A sketch that is there is found by the first chain. Else by bands, each two bins of the sketch; sketches that share one
// hang in a chain. Texts of a similarity of one half share a band with 99 %, of two thirds with 99.99 %. Where thousands
// share an opening the chains of its bands are long and tell little; those of what sets a text apart are short, and are
// walked first. Of the sketches met, kMostLooks at most, the kMostCompared are compared that have the most bins in
// common with the message's: so a text made to share bands with many others may still be taken for a new one, but never
// a copy that says the same.
//
// Memory is taken once: 458 octets a place, and 136 to 272 for its heads.
// Cost: 0.05 us for a sketch that is there, among 1,000; 0.3 us among 50,000, where memory is waited for, as for one that shares
// bands with few; 5 to 9 us where thousands share bands with it. No allocation.
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
    static constexpr unsigned kMostLooks = 256;
    static constexpr unsigned kMostCompared = 8;

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
    // Of the chains: first that of whole sketches, then those of the bands.
    static constexpr unsigned kChains = 1 + Sketch::kBands;

    struct Links {
        std::uint32_t before = kNone;
        std::uint32_t after = kNone;
    };
    struct Head {
        std::uint32_t first = kNone;
        std::uint32_t length = 0;
    };
    class Likeliest;

    std::size_t head_of(const Sketch& sketch, unsigned chain) const;
    Links& links(unsigned chain, std::uint32_t place) {
        return links_[chain * sketches_.size() + place];
    }
    std::uint32_t after(unsigned chain, std::uint32_t place) const {
        return links_[chain * sketches_.size() + place].after;
    }
    std::uint32_t find_whole(const Sketch& sketch) const;
    void gather(const Sketch& sketch, Likeliest& likeliest) const;

    std::vector<Sketch> sketches_;
    std::vector<Links> links_;
    std::size_t buckets_;
    std::vector<Head> heads_;
};

}  // namespace ringfence
