#include "ringfence/table/table_views.hpp"

#include <algorithm>
#include <cassert>

#include "ringfence/table/table_set.hpp"
#include "src/kernel/number_kernel.hpp"
#include "src/kernel/prefix_kernel.hpp"

namespace ringfence {

std::span<const ListIndex> TableViews::lists(Number number) const {
    if (numbers.line_count() == 0) return {};
    return numbers.lists(number, kernel::number_kernel().find(numbers, number));
}

std::span<const PrefixHit> TableViews::longest_match(Number number) const {
    if (prefixes.empty()) return {};
    return kernel::prefix_kernel().find(prefixes, number);
}

void TableViews::find(std::span<const Number> of, std::span<Payload> payloads) const {
    assert(payloads.size() >= of.size());
    if (numbers.line_count() == 0)
        std::ranges::fill(payloads.first(of.size()), kNoList);
    else
        kernel::number_kernel().find_batch(numbers, of.data(), payloads.data(), of.size());
}

void TableViews::longest_match(std::span<const Number> of,
                               std::span<std::span<const PrefixHit>> found) const {
    assert(found.size() >= of.size());
    if (prefixes.empty())
        std::ranges::fill(found.first(of.size()), std::span<const PrefixHit>());
    else
        kernel::prefix_kernel().find_batch(prefixes, of.data(), found.data(), of.size());
}

TableViews views_of(const TableSet& tables) {
    return {tables.numbers->view(), tables.prefixes->view(), tables.keys->view()};
}

}  // namespace ringfence
