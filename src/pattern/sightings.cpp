#include "src/pattern/sightings.hpp"

#include <algorithm>
#include <array>

namespace ringfence::pattern {
namespace {

// So many are put in order by counting, for each, how many are less: no branch depends on what they are.
constexpr std::size_t kFew = 24;

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
    if (size_ <= kFew) {
        sort_few(seen_.data(), size_);
    } else {
        std::sort(seen_.begin(), seen_.begin() + static_cast<std::ptrdiff_t>(size_));
    }
    std::size_t kept = 1;
    for (std::size_t i = 1; i < size_; ++i) {
        // Written in any case, kept where it is the first of its rule.
        const Sighting each = seen_[i];
        const bool fresh = each >> 32u != seen_[kept - 1] >> 32u;
        seen_[kept] = each;
        kept += fresh ? 1u : 0u;
    }
    size_ = kept;
}

}  // namespace ringfence::pattern
