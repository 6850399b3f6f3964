#include "src/campaign/sketch_index.hpp"

#include <bit>

#include "ringfence/base/hash.hpp"

namespace ringfence {

SketchIndex::SketchIndex(std::uint32_t places)
    : places_(places),
      buckets_(std::bit_ceil(std::size_t{places})),
      heads_(kBands * buckets_, kNone) {}

std::size_t SketchIndex::head_of(const Sketch& sketch, unsigned band) const {
    const std::uint64_t key = std::uint64_t{band} << 32u | sketch.band(band);
    return band * buckets_ + (mix(key, 1) & (buckets_ - 1));
}

void SketchIndex::put(std::uint32_t place, const Sketch& sketch) {
    Place& put = places_[place];
    put.sketch = sketch;
    for (unsigned band = 0; band < kBands; ++band) {
        std::uint32_t& head = heads_[head_of(sketch, band)];
        put.bands[band] = {kNone, head};
        if (head != kNone) places_[head].bands[band].before = place;
        head = place;
    }
}

void SketchIndex::take_out(std::uint32_t place) {
    const Place& taken = places_[place];
    for (unsigned band = 0; band < kBands; ++band) {
        const Links links = taken.bands[band];
        (links.before == kNone ? heads_[head_of(taken.sketch, band)]
                               : places_[links.before].bands[band].after) = links.after;
        if (links.after != kNone) places_[links.after].bands[band].before = links.before;
    }
}

SketchIndex::Near SketchIndex::nearest(const Sketch& sketch, unsigned percent) const {
    Near best{kNone, (percent - 0.001) / 100};
    unsigned compared = 0;
    for (unsigned band = 0; band < kBands; ++band) {
        std::uint32_t at = heads_[head_of(sketch, band)];
        for (unsigned links = 0; at != kNone && links < kMostLooks;
             ++links, at = places_[at].bands[band].after) {
            const Sketch& other = places_[at].sketch;
            if (at == best.place || other.band(band) != sketch.band(band)) continue;
            if (++compared > kMostLooks) return best;
            const double near = similarity(other, sketch);
            if (near > best.similarity) best = {at, near};
        }
        if (best.similarity >= 1) break;
    }
    return best;
}

std::size_t SketchIndex::memory_bytes() const {
    return places_.capacity() * sizeof(Place) + heads_.capacity() * sizeof(std::uint32_t);
}

}  // namespace ringfence
