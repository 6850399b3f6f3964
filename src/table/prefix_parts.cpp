// prefix_parts.cpp - a prefix table's arrays, checked, and the table that they make.
#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "ringfence/table/parts.hpp"

namespace ringfence {
namespace {

constexpr std::uint32_t kAllLengths = (1u << (PrefixView::kMaxDigits + 1)) - 1;

PartFault fault(TablePart part, std::uint64_t index, const char* what) {
    return {ErrorCode::kSyntax, part, index, what};
}

std::size_t power(unsigned exponent) {
    std::size_t value = 1;
    for (; exponent > 0; --exponent) value *= 10;
    return value;
}

std::uint32_t lengths_of(const PrefixHead& head) {
    return (1u << (head.longest + 1u)) - (1u << head.shortest);
}

bool begins_set(const PrefixArrays& arrays, std::size_t head) {
    return head == 0 || arrays.heads[head - 1].more == 0;
}

// Heads share the hits out among them, in order.
std::optional<PartFault> fault_of_heads(const PrefixArrays& arrays, std::size_t list_count) {
    std::uint64_t next = 0;
    std::uint32_t taken = 0;  // lengths, by the heads of the set so far
    for (std::size_t i = 0; i < arrays.heads.size(); ++i) {
        const PrefixHead& head = arrays.heads[i];
        const auto bad = [&](const char* what) { return fault(TablePart::kHeads, i, what); };
        if (head.first != next || head.count == 0 || head.count > arrays.hits.size() - next)
            return bad(
                "does not begin where the hits of the head before end, or goes on behind them");
        if (head.shortest == 0 || head.longest < head.shortest ||
            head.longest > PrefixView::kMaxDigits || head.more > 1 || head.zero != 0)
            return bad("is for numbers that there are not");
        if (begins_set(arrays, i)) taken = 0;
        if ((taken & lengths_of(head)) != 0) return bad("is for lengths that another is for");
        taken |= lengths_of(head);
        next += head.count;
        for (std::size_t k = head.first; k < next; ++k) {
            const PrefixHit& hit = arrays.hits[k];
            if (hit.list >= list_count)
                return fault(TablePart::kHits, k, "names a list that is not there");
            if (hit.prefix_length > head.shortest)
                return fault(TablePart::kHits, k, "has a prefix longer than its numbers");
            if (k == head.first) continue;
            const PrefixHit& last = arrays.hits[k - 1];
            if (hit.prefix_length > last.prefix_length ||
                (hit.prefix_length == last.prefix_length && hit.list <= last.list))
                return fault(TablePart::kHits, k, "is out of order");
        }
    }
    if (next != arrays.hits.size()) return fault(TablePart::kHits, next, "is of no head");
    if (!arrays.heads.empty() && arrays.heads.back().more != 0)
        return fault(TablePart::kHeads, arrays.heads.size() - 1, "says that more follow");
    return {};
}

std::optional<PartFault> fault_of_lengths(const PrefixArrays& arrays) {
    for (std::size_t i = 0; i < arrays.lengths.size(); ++i) {
        const std::uint32_t lengths = arrays.lengths[i];
        const bool fits = i == 0                     ? lengths == kAllLengths
                          : i < PrefixEntry::kGroups ? (lengths & ~(kAllLengths - 1)) == 0
                                                     : lengths == 0;
        if (!fits) return fault(TablePart::kLengths, i, "is for lengths that there are not");
    }
    return {};
}

const char* fault_of_set(const PrefixArrays& arrays, std::uint32_t set) {
    if ((set & PrefixEntry::kHeads) != 0) {
        const std::uint32_t head = PrefixEntry::first_head(set);
        return head < arrays.heads.size() && begins_set(arrays, head)
                   ? nullptr
                   : "names heads that are not there";
    }
    const std::uint32_t first = PrefixEntry::first_hit(set);
    const std::uint32_t group = set >> PrefixEntry::kGroupShift;
    if (group == 0) return set == 0 ? nullptr : "names hits for all lengths";
    const auto head = std::ranges::lower_bound(arrays.heads, first, {}, &PrefixHead::first);
    if (head == arrays.heads.end() || head->first != first ||
        head->count != PrefixEntry::count(set) ||
        !begins_set(arrays, static_cast<std::size_t>(head - arrays.heads.begin())))
        return "names hits that are those of no set";
    return arrays.lengths[group] == lengths_of(*head)
               ? nullptr
               : "names hits for lengths that they are not for";
}

// Nodes were made from the root down, each for one entry, and stand one behind the other: so an entry names a node
// behind its own, where the one before ends, and the way to any is as long as the digits of a prefix allow.
std::optional<PartFault> fault_of_entries(const PrefixArrays& arrays) {
    struct Named {
        std::uint8_t width = 0;  // digits; 0: nobody named a node here
        std::uint8_t depth = 0;  // digits on the way to it
    };
    const std::size_t roots = power(arrays.root_digits);
    const std::size_t size = arrays.entries.size();
    std::vector<Named> nodes(size - roots);  // by their first entry
    std::size_t named = 0;
    std::size_t seen = 0;
    std::size_t end = roots;
    unsigned depth = arrays.root_digits;  // digits behind which the entry's node begins
    std::uint32_t good = 0;               // a set that was looked at: most stand beside their like
    for (std::size_t i = 0; i < size; ++i) {
        const auto bad = [&](const char* what) {
            return fault(TablePart::kPrefixEntries, i, what);
        };
        if (i == end) {
            const Named& here = nodes[i - roots];
            if (here.width == 0) return bad("begins a node that nothing names");
            end += power(here.width);
            if (end > size) return bad("begins a node that is cut off");
            depth = here.depth + unsigned{here.width};
            ++seen;
        }
        const std::uint32_t entry = arrays.entries[i];
        if ((entry & PrefixEntry::kNode) == 0) {
            if (entry == good) continue;
            if (const char* what = fault_of_set(arrays, entry)) return bad(what);
            good = entry;
            continue;
        }
        const unsigned width = PrefixEntry::digits(entry);
        const std::size_t first = PrefixEntry::first_entry(entry);
        if (width == 0 || first < end || first >= size)
            return bad("names a node that is not there");
        if (depth >= PrefixView::kMaxDigits) return bad("goes on beyond the last digit");
        Named& node = nodes[first - roots];
        if (node.width != 0) return bad("names a node that has its place already");
        node = {static_cast<std::uint8_t>(width), static_cast<std::uint8_t>(depth)};
        ++named;
    }
    if (end != size) return fault(TablePart::kPrefixEntries, size, "is missing in the last node");
    if (named != seen)
        return fault(TablePart::kPrefixEntries, roots,
                     "or a later one is inside a node that is named");
    return {};
}

}  // namespace

std::optional<PartFault> fault_of(const PrefixArrays& arrays, std::size_t list_count) {
    const auto refuse = [](const char* what) { return fault(TablePart::kNone, 0, what); };
    if (arrays.root_digits == 0) {
        if (arrays.entries.empty() && arrays.lengths.empty() && arrays.heads.empty() &&
            arrays.hits.empty())
            return {};
        return refuse("a table of no prefixes has arrays");
    }
    if (arrays.root_digits != 4 && arrays.root_digits != 6)
        return refuse("no table of prefixes has so many digits in its root");
    if (arrays.entries.size() < power(arrays.root_digits) ||
        arrays.entries.size() > std::size_t{1} << PrefixEntry::kNodeBits ||
        arrays.lengths.size() != PrefixArrays::kLengths ||
        arrays.heads.size() > std::size_t{1} << PrefixEntry::kHeadBits ||
        arrays.hits.size() > UINT32_MAX)
        return refuse("the arrays of the prefixes do not fit each other");
    try {
        if (auto found = fault_of_heads(arrays, list_count)) return found;
        if (auto found = fault_of_lengths(arrays)) return found;
        return fault_of_entries(arrays);
    } catch (const std::bad_alloc&) {
        return PartFault{ErrorCode::kOutOfMemory, TablePart::kNone, 0,
                         "no memory is left for the prefixes"};
    }
}

class PrefixTableParts {
public:
    static PrefixTable table(PrefixStore store) {
        PrefixTable made;
        if (store.root_digits == 0) return made;
        made.entries_ = std::move(store.entries);
        made.lengths_ = std::move(store.lengths);
        made.heads_ = std::move(store.heads);
        made.hits_ = std::move(store.hits);
        made.view_ =
            PrefixView({store.root_digits, made.entries_, made.lengths_, made.heads_, made.hits_});
        return made;
    }
};

Result<PrefixTable, PartFault> table_of(PrefixStore store, std::size_t list_count) {
    if (auto found = fault_of(store.arrays(), list_count)) return *std::move(found);
    return PrefixTableParts::table(std::move(store));
}

}  // namespace ringfence
