#include "src/pattern/sightings.hpp"

#include <algorithm>
#include <array>

namespace ringfence::pattern {
namespace {

// Of so many, most texts have no more. Sorted by a network, whatever their number: no branch depends on it.
constexpr std::size_t kUsual = 8;
// So many are put in order by counting, for each, how many are less: no branch depends on what they are.
constexpr std::size_t kFew = 24;

// In bits: of std::min and std::max GCC makes a branch.
void order(Sighting& a, Sighting& b) {
    const Sighting swapped = (a ^ b) & (Sighting{0} - static_cast<Sighting>(b < a));
    a ^= swapped;
    b ^= swapped;
}

// Batcher's odd-even merge sort.
void sort_usual(Sighting* sightings, std::size_t count) {
    std::array<Sighting, kUsual> s;
    for (std::size_t i = 0; i < kUsual; ++i)
        s[i] = sightings[i] | (Sighting{0} - static_cast<Sighting>(i >= count));
    order(s[0], s[1]), order(s[2], s[3]), order(s[4], s[5]), order(s[6], s[7]);
    order(s[0], s[2]), order(s[1], s[3]), order(s[4], s[6]), order(s[5], s[7]);
    order(s[1], s[2]), order(s[5], s[6]);
    order(s[0], s[4]), order(s[1], s[5]), order(s[2], s[6]), order(s[3], s[7]);
    order(s[2], s[4]), order(s[3], s[5]);
    order(s[1], s[2]), order(s[3], s[4]), order(s[5], s[6]);
    std::copy(s.begin(), s.end(), sightings);
}

void sort_few(Sighting* sightings, std::size_t count) {
    std::array<Sighting, kFew> sorted;
    for (std::size_t i = 0; i < count; ++i) {
        const Sighting each = sightings[i];
        std::size_t less = 0;
        for (std::size_t k = 0; k < i; ++k) less += sightings[k] <= each ? 1u : 0u;
        for (std::size_t k = i + 1; k < count; ++k) less += sightings[k] < each ? 1u : 0u;
        sorted[less] = each;
    }
    std::copy_n(sorted.begin(), count, sightings);
}

}  // namespace

void Sightings::reserve(std::size_t rules) { seen_.resize(rules + 2 * kRoom); }

void Sightings::boil_down() {
    if (size_ < 2) return;
    if (size_ <= kUsual) {
        sort_usual(seen_.data(), size_);
    } else if (size_ <= kFew) {
        sort_few(seen_.data(), size_);
    } else {
        std::sort(seen_.begin(), seen_.begin() + static_cast<std::ptrdiff_t>(size_));
    }
    std::size_t kept = 1;
    Sighting last = seen_[0];
    for (std::size_t i = 1; i < size_; ++i) {
        // Written in any case, kept where it is the first of its rule.
        const Sighting each = seen_[i];
        seen_[kept] = each;
        kept += each >> 32u != last >> 32u ? 1u : 0u;
        last = each;
    }
    size_ = kept;
}

}  // namespace ringfence::pattern
