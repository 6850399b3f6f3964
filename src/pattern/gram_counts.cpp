#include "src/pattern/gram_counts.hpp"

#include <algorithm>

#include "src/pattern/data/gram_data.hpp"

namespace ringfence::pattern {
namespace {

// In a thousand messages, of a gram that the table does not have: rarer than the rarest there. What is looked for among
// single units and pairs of letters passes all the time.
std::uint32_t uncounted(std::u16string_view gram) {
    switch (gram.size()) {
        case 1: return 10;
        case 2: return 2;
        case 4: return 2;
        default: return 1;
    }
}

}  // namespace

std::uint32_t gram_cost(std::u16string_view gram) {
    const auto* const last = gram_data::kRows + gram_data::kCount;
    const auto* const found = std::lower_bound(
        gram_data::kRows, last, gram, [](const gram_data::Row& row, std::u16string_view wanted) {
            return std::u16string_view(row.units) < wanted;
        });
    const bool counted = found != last && std::u16string_view(found->units) == gram;
    return counted ? found->per_thousand : uncounted(gram);
}

}  // namespace ringfence::pattern
