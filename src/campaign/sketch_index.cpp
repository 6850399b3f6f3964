#include "src/campaign/sketch_index.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "ringfence/base/hash.hpp"

namespace ringfence {
namespace {

// Of a whole sketch, by its least hashes: what differs in them alone is told by comparing.
std::uint64_t whole_key(const Sketch& sketch) {
    std::array<std::uint64_t, sizeof sketch.least / sizeof(std::uint64_t)> words;
    std::memcpy(words.data(), sketch.least.data(), sizeof sketch.least);
    std::uint64_t key = sketch.held;
    for (std::size_t i = 0; i < words.size(); ++i) key += mix(words[i], i);
    return key;
}

unsigned bins_in_common(const Sketch& a, const Sketch& b) {
    std::uint16_t common = 0;
    for (unsigned i = 0; i < Sketch::kBins; ++i)
        common = static_cast<std::uint16_t>(common + (a.bins[i] == b.bins[i] ? 1 : 0));
    return common;
}

}  // namespace

// The places met that have the most bins in common with a message.
class SketchIndex::Likeliest {
public:
    void offer(std::uint32_t place, unsigned common) {
        // One met again by another chain is held, or was outdone.
        if (size_ == kMostCompared && common <= common_[least_]) return;
        for (unsigned i = 0; i < size_; ++i)
            if (places_[i] == place) return;
        const unsigned at = size_ < kMostCompared ? size_++ : least_;
        places_[at] = place;
        common_[at] = common;
        if (size_ < kMostCompared) return;
        least_ = 0;
        for (unsigned i = 1; i < kMostCompared; ++i)
            if (common_[i] < common_[least_]) least_ = i;
    }
    unsigned size() const { return size_; }
    std::uint32_t operator[](unsigned i) const { return places_[i]; }

private:
    std::array<std::uint32_t, kMostCompared> places_;
    std::array<unsigned, kMostCompared> common_;
    unsigned size_ = 0;
    unsigned least_ = 0;  // once it is full
};

SketchIndex::SketchIndex(std::uint32_t places)
    : sketches_(places),
      links_(kChains * std::size_t{places}),
      buckets_(std::bit_ceil(std::size_t{places})),
      heads_(kChains * buckets_) {}

std::size_t SketchIndex::head_of(const Sketch& sketch, unsigned chain) const {
    const std::uint64_t key =
        chain == 0 ? whole_key(sketch) : std::uint64_t{chain} << 32u | sketch.band(chain - 1);
    return chain * buckets_ + (mix(key, 1) & (buckets_ - 1));
}

void SketchIndex::put(std::uint32_t place, const Sketch& sketch) {
    sketches_[place] = sketch;
    for (unsigned chain = 0; chain < kChains; ++chain) {
        Head& head = heads_[head_of(sketch, chain)];
        links(chain, place) = {kNone, head.first};
        if (head.first != kNone) links(chain, head.first).before = place;
        head.first = place;
        ++head.length;
    }
}

void SketchIndex::take_out(std::uint32_t place) {
    for (unsigned chain = 0; chain < kChains; ++chain) {
        Head& head = heads_[head_of(sketches_[place], chain)];
        const Links gone = links(chain, place);
        (gone.before == kNone ? head.first : links(chain, gone.before).after) = gone.after;
        if (gone.after != kNone) links(chain, gone.after).before = gone.before;
        --head.length;
    }
}

// Only sketches of other texts that fell into its bucket are met before it, and those are few: the latest are looked at.
std::uint32_t SketchIndex::find_whole(const Sketch& sketch) const {
    std::uint32_t at = heads_[head_of(sketch, 0)].first;
    for (unsigned looks = 0; at != kNone && looks < kMostLooks; ++looks, at = after(0, at))
        if (sketches_[at] == sketch) return at;
    return kNone;
}

void SketchIndex::gather(const Sketch& sketch, Likeliest& likeliest) const {
    struct Chain {
        unsigned number;
        Head head;
    };
    std::array<Chain, kChains> chains;
    unsigned held = 0;
    for (unsigned chain = 1; chain < kChains; ++chain) {
        const Head head = heads_[head_of(sketch, chain)];
        if (head.length == 0) continue;
        unsigned at = held++;
        for (; at > 0 && chains[at - 1].head.length > head.length; --at)
            chains[at] = chains[at - 1];
        chains[at] = {chain, head};
    }
    unsigned looks = 0;
    for (unsigned i = 0; i < held; ++i) {
        const unsigned band = chains[i].number - 1;
        for (std::uint32_t at = chains[i].head.first; at != kNone;
             at = after(chains[i].number, at)) {
            if (++looks > kMostLooks) return;
            const Sketch& other = sketches_[at];
            if (other.band(band) == sketch.band(band))
                likeliest.offer(at, bins_in_common(other, sketch));
        }
    }
}

SketchIndex::Near SketchIndex::nearest(const Sketch& sketch, unsigned percent) const {
    if (const std::uint32_t same = find_whole(sketch); same != kNone) return {same, 1};
    Likeliest likeliest;
    gather(sketch, likeliest);
    Near best{kNone, (percent - 0.001) / 100};
    for (unsigned i = 0; i < likeliest.size(); ++i) {
        const double near = similarity(sketches_[likeliest[i]], sketch);
        if (near > best.similarity) best = {likeliest[i], near};
    }
    return best;
}

std::size_t SketchIndex::memory_bytes() const {
    return sketches_.capacity() * sizeof(Sketch) + links_.capacity() * sizeof(Links) +
           heads_.capacity() * sizeof(Head);
}

}  // namespace ringfence
