// prefix_build.hpp - from sorted rules to the arrays of a prefix table, which prefix_view.hpp draws.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ringfence/table/prefix_table.hpp"

namespace ringfence {

// A rule as it stands in a set: what is left of it once the digits are known.
struct InheritedRule {
    ListIndex list = 0;
    std::uint8_t specificity = 0;
    std::uint8_t min_length = 0;  // the prefix's own digits included
    std::uint8_t max_length = 0;

    friend auto operator<=>(const InheritedRule&, const InheritedRule&) = default;
};

struct KeptRule {
    std::string prefix;
    InheritedRule says;

    friend auto operator<=>(const KeptRule&, const KeptRule&) = default;
};

constexpr std::size_t power_of_ten(unsigned exponent) {
    std::size_t value = 1;
    for (; exponent > 0; --exponent) value *= 10;
    return value;
}

// Turns sorted rules into the arrays of a view, a node after the other in the order in which entries name them. The
// rules below a prefix are a run of the sorted array, the prefix itself first.
class PrefixTableBuild {
public:
    explicit PrefixTableBuild(std::vector<const KeptRule*> rules) : rules_(std::move(rules)) {}

    PrefixTable build();

private:
    using Set = std::vector<InheritedRule>;
    static constexpr std::uint32_t kNoRules = 0;  // the number of the empty set
    static constexpr std::size_t kMostBlocks = std::size_t{1} << PrefixEntry::kBlockBits;

    // Rules begin..end-1 share their first `depth` digits; `levels` more are decided here.
    struct Part {
        std::size_t begin;
        std::size_t end;
        unsigned depth;
        unsigned levels;
    };
    struct Node {
        Part part;
        std::uint32_t inherited;  // the number of a set
    };

    // What a set says about each length, once it is known.
    struct Spelled {
        std::uint32_t lengths = 0;     // a bit for each that the entry answers; 0: it names heads
        std::uint32_t first_head = 0;  // of its own
        std::uint32_t first_hit = 0;
        std::uint32_t count = 0;
    };

    std::uint32_t number_of(Set set);
    std::uint32_t with_rules(std::uint32_t inherited, std::size_t begin, std::size_t end);
    unsigned node_digits(const Part& part) const;

    // As many neighbouring places, at which the same stands: the number of a set, or a node.
    struct Run {
        std::uint32_t entry;
        std::size_t places;
    };
    using Runs = std::vector<Run>;

    void list_runs(Part part, std::uint32_t inherited, Runs& runs);
    std::uint32_t name_node(const Part& part, std::uint32_t inherited);
    static void add_run(Run run, Runs& runs);
    static unsigned fewest_digits(std::span<Run> runs);
    void add_front(const Runs& runs);
    void add_blocks(std::span<const Run> runs);
    Spelled spell(const Set& set);
    void name_sets();

    std::vector<const KeptRule*> rules_;
    std::map<Set, std::uint32_t> numbers_;
    std::vector<const Set*> sets_;  // by number; they lie in numbers_
    std::deque<Node> named_;        // that are still to be made
    std::size_t next_block_ = 0;    // of the next node that is named, from end_of_front_
    std::size_t end_of_front_ = 0;  // blocks
    std::size_t end_of_root_ = 0;   // entries
    PrefixTable table_;
};

}  // namespace ringfence
