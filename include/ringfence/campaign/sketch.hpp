// sketch.hpp - a message in 330 octets, so that near-copies are told without either text.
//
// A fraud message is sent in thousands of copies that differ in a name, a number, a link. How near two texts are is the
// Jaccard similarity of their sets of shingles: all stretches of four units. A sketch keeps two samples of that set:
//
//     bins     the least hash of those that fall into each of 32 bins     two texts agree in a bin with a probability
//                                                                         that is their similarity: for finding
//     least    the 128 least hashes, ascending                             exact when a text has no more: for telling
//
// What is sketched: the dense view of a folded text (text/fold.hpp), every run of digits one '0', so that codes, sums
// and numbers to call make no difference; of a long text the first kMostUnits.
//
// Cost: a multiply a unit and a sort of the hashes; no allocation.
// Threads: any thread.
// Source: bins, Li, Owen and Zhang, One permutation hashing (2012), empty ones filled as by Shrivastava, Optimal
// densification (2017); least, Broder, On the resemblance and containment of documents (1997).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ringfence {

struct Sketch {
    static constexpr unsigned kBins = 32;
    static constexpr unsigned kLeast = 128;
    static constexpr unsigned kBands = kBins / 2;  // a band is two bins next to each other
    static constexpr unsigned kShingle = 4;        // units
    static constexpr unsigned kFewestUnits =
        12;  // of a text that has a sketch, a run of digits taken for one
    static constexpr unsigned kMostUnits = 2'048;

    std::array<std::uint16_t, kBins> bins{};
    std::array<std::uint16_t, kLeast> least{};
    std::uint8_t held = 0;  // of `least`

    // Both bins of a band in one word.
    std::uint32_t band(unsigned index) const {
        return std::uint32_t{bins[2 * index]} << 16u | bins[2 * index + 1];
    }

    friend bool operator==(const Sketch&, const Sketch&) = default;
};

// The sketch of a dense view; false, and `out` as it was, when the text is too short to tell copies by.
bool sketch(std::u16string_view dense, Sketch& out);

// The similarity of two texts, 0 to 1: of their sets of shingles where neither has over 128, else estimated.
double similarity(const Sketch& a, const Sketch& b);

}  // namespace ringfence
