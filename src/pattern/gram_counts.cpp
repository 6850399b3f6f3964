#include "src/pattern/gram_counts.hpp"

#include <algorithm>
#include <bit>
#include <string_view>
#include <vector>

#include "src/pattern/data/gram_data.hpp"

namespace ringfence::pattern {
namespace {

// The rows by a hash of their units, twice as many places as rows at least.
class Counts {
public:
    Counts() : places_(std::bit_ceil(2 * gram_data::kCount)) {
        for (std::size_t row = 0; row < gram_data::kCount; ++row) {
            std::size_t at = place_of(gram_data::kRows[row].units);
            while (places_[at] != 0) at = (at + 1) % places_.size();
            places_[at] = static_cast<std::uint16_t>(row + 1);
        }
    }

    // In a million messages; 0 of a gram that was not counted.
    double of(std::u16string_view gram) const {
        for (std::size_t at = place_of(gram); places_[at] != 0; at = (at + 1) % places_.size()) {
            const gram_data::Row& row = gram_data::kRows[places_[at] - 1u];
            if (row.units == gram) return row.per_thousand * 1000.0;
        }
        return 0;
    }

private:
    std::size_t place_of(std::u16string_view gram) const {
        std::uint32_t hash = 0;
        for (const char16_t unit : gram) hash = (hash ^ unit) * 0x9E3779B1u;
        return (hash ^ hash >> 15u) % places_.size();
    }

    std::vector<std::uint16_t> places_;  // a row and one, or 0
};

double rate(std::u16string_view gram) {
    static const Counts counts;
    if (const double counted = counts.of(gram); counted != 0) return counted;
    // Rarer than the rarest that was counted (tools/gen_grams.py); how much so, its parts tell.
    const auto part = [gram](std::size_t first, std::size_t size) {
        return rate(gram.substr(first, size));
    };
    switch (gram.size()) {
        case 1: return 10'000;
        case 2: return std::min(3'500.0, 4 * part(0, 1) * part(1, 1) / 1e6);
        case 3: return std::min(2'500.0, part(0, 2) * part(1, 2) / part(1, 1));
        case 4:
            return std::min(5'000.0,
                            part(0, 2) * part(1, 2) * part(2, 2) / (part(1, 1) * part(2, 1)));
        default: return std::min(3'500.0, part(0, 4) * part(2, 4) / part(2, 2));
    }
}

}  // namespace

std::uint32_t gram_cost(std::u16string_view gram) {
    return static_cast<std::uint32_t>(std::max(1.0, rate(gram)));
}

}  // namespace ringfence::pattern
