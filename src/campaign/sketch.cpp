#include "ringfence/campaign/sketch.hpp"

#include <algorithm>

#include "ringfence/base/hash.hpp"

namespace ringfence {
namespace {

constexpr std::uint64_t kSeed = 0x52464743414D5031u;  // the same everywhere: sketches are compared
constexpr unsigned kBinShift = 64 - 5;
static_assert(Sketch::kBins == 1u << (64 - kBinShift));

bool is_digit(char16_t unit) { return unit >= u'0' && unit <= u'9'; }

// The hashes of all shingles; gives how many.
unsigned hash_shingles(std::u16string_view dense,
                       std::array<std::uint64_t, Sketch::kMostUnits>& hashes) {
    std::uint64_t shingle = 0;
    unsigned units = 0;
    char16_t last = 0;
    for (char16_t unit : dense) {
        if (units == Sketch::kMostUnits) break;
        if (is_digit(unit)) {
            if (is_digit(last)) continue;
            unit = u'0';
        }
        last = unit;
        shingle = shingle << 16u | unit;
        if (++units >= Sketch::kShingle) hashes[units - Sketch::kShingle] = mix(shingle, kSeed);
    }
    return units < Sketch::kFewestUnits ? 0 : units - Sketch::kShingle + 1;
}

}  // namespace

bool sketch(std::u16string_view dense, Sketch& out) {
    std::array<std::uint64_t, Sketch::kMostUnits> hashes;
    const unsigned count = hash_shingles(dense, hashes);
    if (count == 0) return false;

    constexpr std::uint32_t kEmpty = 0xFFFFFFFFu;
    std::array<std::uint32_t, Sketch::kBins> bins;
    bins.fill(kEmpty);
    std::array<std::uint16_t, Sketch::kMostUnits> values;
    for (unsigned i = 0; i < count; ++i) {
        // Bins by the highest bits and the order in them by the lowest; `least` by those between.
        std::uint32_t& bin = bins[hashes[i] >> kBinShift];
        bin = std::min(bin, static_cast<std::uint32_t>(hashes[i]) >> 1u);
        values[i] = static_cast<std::uint16_t>(hashes[i] >> 40u);
    }
    for (unsigned i = 0; i < Sketch::kBins; ++i) {
        // An empty bin takes the value of another, tried in an order of its own; one at least is not empty.
        std::uint64_t from = i;
        for (std::uint64_t attempt = 1; bins[from] == kEmpty; ++attempt)
            from = mix(std::uint64_t{i} << 16u | attempt, kSeed) >> kBinShift;
        out.bins[i] = static_cast<std::uint16_t>(bins[from]);
    }
    const auto begin = values.begin();
    const auto middle = begin + std::min(count, 4 * Sketch::kLeast);
    if (count > 4 * Sketch::kLeast) std::nth_element(begin, middle, begin + count);
    std::sort(begin, middle);
    const auto end = std::unique(begin, middle);
    out.held = static_cast<std::uint8_t>(std::min<std::ptrdiff_t>(end - begin, Sketch::kLeast));
    out.least.fill(0);
    std::copy_n(begin, out.held, out.least.begin());
    return true;
}

double similarity(const Sketch& a, const Sketch& b) {
    // The least of both sets together are the least of their union; the share of those that are in both. Where neither
    // sample is full these are the sets.
    const bool whole = a.held < Sketch::kLeast && b.held < Sketch::kLeast;
    const unsigned most = whole ? 2 * Sketch::kLeast : Sketch::kLeast;
    unsigned i = 0;
    unsigned k = 0;
    unsigned together = 0;
    unsigned in_both = 0;
    while (together < most && (i < a.held || k < b.held)) {
        const bool left = i < a.held && (k == b.held || a.least[i] <= b.least[k]);
        const bool right = k < b.held && (i == a.held || b.least[k] <= a.least[i]);
        // Where a full sample ends, what the other has further on cannot be told from what was left out.
        if ((i == a.held && a.held == Sketch::kLeast) || (k == b.held && b.held == Sketch::kLeast))
            break;
        in_both += left && right ? 1 : 0;
        ++together;
        i += left ? 1 : 0;
        k += right ? 1 : 0;
    }
    return together == 0 ? 0 : static_cast<double>(in_both) / together;
}

}  // namespace ringfence
