// prefix_parts.cpp - a prefix table's arrays, checked, and the table that they make.
#include <algorithm>
#include <bit>
#include <deque>
#include <new>
#include <utility>
#include <vector>

#include "ringfence/table/parts.hpp"
#include "src/table/part_fault.hpp"
#include "src/table/prefix_build.hpp"

namespace ringfence {
namespace {

constexpr std::uint32_t kAllLengths = (1u << (PrefixView::kMaxDigits + 1)) - 1;

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

// Walks the nodes one behind the other. Blocks share the entries out among them, in order.
class NodeCheck {
public:
    explicit NodeCheck(const PrefixArrays& arrays) : arrays_(arrays) {}

    std::optional<PartFault> run() {
        if (auto found = check_root()) return found;
        for (std::size_t i = 0; i < sets_; ++i)
            if (auto found = check_node(PrefixBlock::kPlaces, 0, &NodeCheck::check_set))
                return found;
        for (; !named_.empty(); named_.pop_front())
            if (auto found = check_node(power_of_ten(named_.front().width), named_.front().end,
                                        &NodeCheck::check_entry))
                return found;
        if (block_ != arrays_.blocks.size())
            return fault(TablePart::kPrefixBlocks, block_, "is of no node");
        if (entry_ != arrays_.entries.size())
            return fault(TablePart::kPrefixEntries, entry_, "is of no block");
        return {};
    }

private:
    struct Node {
        std::uint8_t width;  // digits
        std::uint8_t end;    // digits that are told apart behind it
    };
    using Check = const char* (NodeCheck::*)(std::uint32_t entry, unsigned depth);
    static constexpr std::size_t kRootBlocks =
        PrefixBlock::blocks_of(power_of_ten(PrefixView::kRootDigits));

    // The root names sets and nodes in their order; of sets, one may be named again.
    std::optional<PartFault> check_root() {
        if (auto found =
                check_node(power_of_ten(PrefixView::kRootDigits), 0, &NodeCheck::check_root_set))
            return found;
        next_node_ = kRootBlocks + sets_;
        for (std::size_t i = 0; i < entry_; ++i) {
            if (!PrefixEntry::is_node(arrays_.entries[i])) continue;
            if (const char* what = name_node(arrays_.entries[i], PrefixView::kFrontDigits))
                return fault(TablePart::kPrefixEntries, i, what);
        }
        return {};
    }
    const char* check_root_set(std::uint32_t entry, unsigned) {
        if (PrefixEntry::is_node(entry)) return nullptr;  // when it is known where nodes begin
        if (entry < kRootBlocks || entry > kRootBlocks + sets_)
            return "names another set than the next";
        if (entry == kRootBlocks + sets_) ++sets_;
        return nullptr;
    }
    const char* check_set(std::uint32_t entry, unsigned) {
        if (PrefixEntry::is_node(entry)) return "is a node where a set belongs";
        return fault_of_set(arrays_, entry);
    }

    const char* check_entry(std::uint32_t entry, unsigned depth) {
        if (PrefixEntry::is_node(entry))
            return depth < PrefixView::kMaxDigits
                       ? name_node(entry, depth + PrefixEntry::digits(entry))
                       : "goes on beyond the last digit";
        if (entry == good_) return nullptr;
        const char* found = fault_of_set(arrays_, entry);
        if (found == nullptr) good_ = entry;
        return found;
    }

    // Nodes stand in the order of the entries that name them, one each; and the way to any is as long as the digits
    // of a prefix allow.
    const char* name_node(std::uint32_t entry, unsigned end) {
        const unsigned width = PrefixEntry::digits(entry);
        if (width == 0 || entry != PrefixEntry::node(static_cast<std::uint32_t>(next_node_), width))
            return "names another node than the next";
        next_node_ += PrefixBlock::blocks_of(power_of_ten(width));
        if (next_node_ > arrays_.blocks.size()) return "names a node that is cut off";
        named_.push_back({static_cast<std::uint8_t>(width), static_cast<std::uint8_t>(end)});
        return nullptr;
    }

    std::optional<PartFault> check_node(std::size_t places, unsigned depth, Check check) {
        for (; places > 0; ++block_) {
            const auto bad = [&](const char* what) {
                return fault(TablePart::kPrefixBlocks, block_, what);
            };
            if (block_ >= arrays_.blocks.size()) return bad("is missing");
            const std::size_t here = std::min<std::size_t>(places, PrefixBlock::kPlaces);
            places -= here;
            const PrefixBlock& block = arrays_.blocks[block_];
            if ((block.starts & 1u) == 0 || block.starts >> (here - 1) > 1 || block.zero != 0)
                return bad("has runs where there are no places, or none at its first");
            if (block.first != entry_) return bad("does not begin where the one before ends");
            const auto end = entry_ + static_cast<std::size_t>(std::popcount(block.starts));
            if (end > arrays_.entries.size()) return bad("has more runs than there are entries");
            for (; entry_ < end; ++entry_)
                if (const char* what = (this->*check)(arrays_.entries[entry_], depth))
                    return fault(TablePart::kPrefixEntries, entry_, what);
        }
        return {};
    }

    const PrefixArrays& arrays_;
    std::size_t block_ = 0;  // looked at next
    std::size_t entry_ = 0;
    std::size_t sets_ = 0;       // that the root names
    std::size_t next_node_ = 0;  // the block of the next that is named
    std::deque<Node> named_;
    std::uint32_t good_ = 0;  // a set that was looked at: most stand beside their like
};

}  // namespace

std::optional<PartFault> fault_of(const PrefixArrays& arrays, std::size_t list_count) {
    const auto refuse = [](const char* what) { return fault(TablePart::kNone, 0, what); };
    if (arrays.blocks.empty()) {
        if (arrays.entries.empty() && arrays.lengths.empty() && arrays.heads.empty() &&
            arrays.hits.empty())
            return {};
        return refuse("a table of no prefixes has arrays");
    }
    if (arrays.blocks.size() > std::size_t{1} << PrefixEntry::kBlockBits ||
        arrays.entries.size() > UINT32_MAX || arrays.lengths.size() != PrefixArrays::kLengths ||
        arrays.heads.size() > std::size_t{1} << PrefixEntry::kHeadBits ||
        arrays.hits.size() > UINT32_MAX)
        return refuse("the arrays of the prefixes do not fit each other");
    try {
        if (auto found = fault_of_heads(arrays, list_count)) return found;
        if (auto found = fault_of_lengths(arrays)) return found;
        return NodeCheck(arrays).run();
    } catch (const std::bad_alloc&) {
        return PartFault{ErrorCode::kOutOfMemory, TablePart::kNone, 0,
                         "no memory is left for the prefixes"};
    }
}

class PrefixTableParts {
public:
    static PrefixTable table(PrefixStore store) {
        PrefixTable made;
        if (store.blocks.empty()) return made;
        made.blocks_ = std::move(store.blocks);
        made.entries_ = std::move(store.entries);
        made.lengths_ = std::move(store.lengths);
        made.heads_ = std::move(store.heads);
        made.hits_ = std::move(store.hits);
        made.view_ =
            PrefixView({made.blocks_, made.entries_, made.lengths_, made.heads_, made.hits_});
        return made;
    }
};

Result<PrefixTable, PartFault> table_of(PrefixStore store, std::size_t list_count) {
    if (auto found = fault_of(store.arrays(), list_count)) return *std::move(found);
    return PrefixTableParts::table(std::move(store));
}

}  // namespace ringfence
