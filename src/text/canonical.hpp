// canonical.hpp - NFD and NFC of short names, in a fixed space.
//
// Cost: a binary search or two a code point, no allocation.
// Source: Unicode 15 clause 3.11 (D108 to D117) and 3.12 for Hangul; tables of skeleton_data.hpp and host_data.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "ringfence/text/skeleton.hpp"
#include "src/text/data/skeleton_data.hpp"

namespace ringfence {

// The row of `source` in rows that ascend; null for none.
template <class Row>
const Row* row_of(std::span<const Row> rows, char32_t source) {
    const auto at = std::ranges::lower_bound(rows, source, {}, &Row::source);
    return at != rows.end() && at->source == source ? &*at : nullptr;
}
// The range that holds `c`; null for none.
template <class Range>
const Range* range_of(std::span<const Range> ranges, char32_t c) {
    const auto at = std::ranges::lower_bound(ranges, c, {}, &Range::last);
    return at != ranges.end() && at->first <= c ? &*at : nullptr;
}

// The two that push are false when there is no room: what `mappings` has for `c`, or `c`; the NFD of `c`, marks as they come.
// Threads: any thread; each key belongs to one.
bool push_mapped(std::span<const skeleton_data::Mapping> mappings, char32_t c, NameKey& out);
bool push_decomposed(char32_t c, NameKey& out);

// Marks behind a character in the order of their classes, equals as they came (D109).
void order_marks(NameKey& key);

// NFC of what is decomposed and in order (D117).
void compose(NameKey& key);

}  // namespace ringfence
