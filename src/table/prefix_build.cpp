#include "src/table/prefix_build.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace ringfence {
namespace {

// A node behind the front may have as many places for each rule in it.
constexpr std::size_t kPlacesOfRule = 256;

// Telephone numbers are rarely shorter, country code included.
constexpr unsigned kUsualLength = 8;

}  // namespace

PrefixTable PrefixTableBuild::build() {
    if (rules_.empty()) return {};
    Runs runs;
    number_of({});  // kNoRules
    list_runs({0, rules_.size(), 0, PrefixView::kFrontDigits}, kNoRules, runs);
    add_front(runs);
    for (; !named_.empty(); named_.pop_front()) {
        runs.clear();
        list_runs(named_.front().part, named_.front().inherited, runs);
        add_blocks(runs);
    }
    name_sets();
    table_.blocks_.shrink_to_fit();
    table_.entries_.shrink_to_fit();
    table_.heads_.shrink_to_fit();
    table_.hits_.shrink_to_fit();
    table_.view_ =
        PrefixView({table_.blocks_, table_.entries_, table_.lengths_, table_.heads_, table_.hits_});
    return std::move(table_);
}

// The number of a set, which becomes a new one when it was not seen before.
std::uint32_t PrefixTableBuild::number_of(Set set) {
    const auto [at, is_new] =
        numbers_.try_emplace(std::move(set), static_cast<std::uint32_t>(sets_.size()));
    if (is_new) sets_.push_back(&at->first);
    if (sets_.size() >= PrefixEntry::kNode) throw std::length_error("sets");
    return at->second;
}

// What a prefix inherits, and its own rules.
std::uint32_t PrefixTableBuild::with_rules(std::uint32_t inherited, std::size_t begin,
                                           std::size_t end) {
    if (begin == end) return inherited;
    Set set = *sets_[inherited];
    for (std::size_t i = begin; i < end; ++i) set.push_back(rules_[i]->says);
    std::ranges::sort(set, [](const InheritedRule& a, const InheritedRule& b) {
        return a.specificity != b.specificity ? a.specificity > b.specificity : a < b;
    });
    set.erase(std::unique(set.begin(), set.end()), set.end());
    return number_of(std::move(set));
}

// How many digits a node for these rules takes: as many as the longest of them needs, so that it is the last on its
// path, but no more than they fill.
unsigned PrefixTableBuild::node_digits(const Part& part) const {
    const std::size_t room = (part.end - part.begin) * kPlacesOfRule;
    std::size_t longest = 0;
    for (std::size_t i = part.begin; i < part.end; ++i)
        longest = std::max(longest, rules_[i]->prefix.size());
    unsigned digits = 1;
    while (digits < PrefixView::kStepDigits && part.depth + digits < longest &&
           power_of_ten(digits + 1) <= room)
        ++digits;
    return digits;
}

// The entry of a node that is made later. Its first block is counted from the end of the front.
std::uint32_t PrefixTableBuild::name_node(const Part& part, std::uint32_t inherited) {
    const std::size_t first = next_block_;
    next_block_ += PrefixBlock::blocks_of(power_of_ten(part.levels));
    if (next_block_ > kMostBlocks) throw std::length_error("nodes");
    named_.push_back({part, inherited});
    return PrefixEntry::node(static_cast<std::uint32_t>(first), part.levels);
}

// Appends what stands at each place. The recursion is as deep as there are levels.
void PrefixTableBuild::list_runs(Part part, std::uint32_t inherited, Runs& runs) {
    const std::size_t own = part.begin;
    while (part.begin < part.end && rules_[part.begin]->prefix.size() == part.depth) ++part.begin;
    const std::uint32_t set = with_rules(inherited, own, part.begin);
    if (part.begin == part.end) {
        add_run({set, power_of_ten(part.levels)}, runs);
    } else if (part.levels == 0) {
        part.levels = node_digits(part);
        add_run({name_node(part, set), 1}, runs);
    } else {
        std::size_t begin = part.begin;
        for (unsigned digit = 0; digit < 10; ++digit) {
            std::size_t end = begin;
            const char wanted = static_cast<char>('0' + digit);
            while (end < part.end && rules_[end]->prefix[part.depth] == wanted) ++end;
            list_runs({begin, end, part.depth + 1, part.levels - 1}, set, runs);
            begin = end;
        }
    }
}

// Appends a run, or makes the last one longer.
void PrefixTableBuild::add_run(Run run, Runs& runs) {
    if (!runs.empty() && runs.back().entry == run.entry)
        runs.back().places += run.places;
    else
        runs.push_back(run);
}

// How many digits a node needs of the three that `runs` tell apart: as few as make each run a whole number of places.
// Its runs become those of its places.
unsigned PrefixTableBuild::fewest_digits(std::span<Run> runs) {
    unsigned digits = 1;
    std::size_t width = power_of_ten(PrefixView::kStepDigits - digits);
    for (const Run& run : runs)
        for (; run.places % width != 0; width /= 10) ++digits;
    for (Run& run : runs) run.places /= width;
    return digits;
}

// Cuts the runs of nine digits into the root's places, and writes root, sets and nodes.
void PrefixTableBuild::add_front(const Runs& runs) {
    constexpr std::size_t kPlaces =
        power_of_ten(PrefixView::kStepDigits);  // behind a place of the root
    Runs root;                                  // by the index in sets or nodes
    std::unordered_map<std::uint32_t, std::uint32_t> set_blocks;
    Runs sets;
    std::vector<Runs> nodes;
    std::size_t open = 0;  // places of the last node that are not filled yet
    for (Run run : runs) {
        while (run.places > 0) {
            if (open == 0 && run.places >= kPlaces) {
                const auto [at, is_new] =
                    set_blocks.try_emplace(run.entry, static_cast<std::uint32_t>(sets.size()));
                if (is_new) sets.push_back({run.entry, PrefixBlock::kPlaces});
                add_run({at->second, run.places / kPlaces}, root);
                run.places %= kPlaces;
                continue;
            }
            if (open == 0) {
                root.push_back({PrefixEntry::kNode | static_cast<std::uint32_t>(nodes.size()), 1});
                nodes.emplace_back();
                open = kPlaces;
            }
            const std::size_t here = std::min(open, run.places);
            nodes.back().push_back({run.entry, here});
            open -= here;
            run.places -= here;
        }
    }

    const std::size_t first_set = PrefixBlock::blocks_of(power_of_ten(PrefixView::kRootDigits));
    end_of_front_ = first_set + sets.size();
    for (Run& run : root) {
        if (!PrefixEntry::is_node(run.entry)) {
            run.entry += static_cast<std::uint32_t>(first_set);
            continue;
        }
        const unsigned digits = fewest_digits(nodes[PrefixEntry::first_block(run.entry)]);
        run.entry = PrefixEntry::node(static_cast<std::uint32_t>(end_of_front_), digits);
        end_of_front_ += PrefixBlock::blocks_of(power_of_ten(digits));
        if (end_of_front_ > kMostBlocks) throw std::length_error("nodes");
    }
    add_blocks(root);
    end_of_root_ = table_.entries_.size();
    for (const Run& set : sets) add_blocks({&set, 1});
    for (const Runs& node : nodes) add_blocks(node);
}

// A node's places, 64 to a block.
void PrefixTableBuild::add_blocks(std::span<const Run> runs) {
    auto& entries = table_.entries_;
    std::size_t place = 0;
    for (Run run : runs) {
        while (run.places > 0) {
            const std::size_t within = place % PrefixBlock::kPlaces;
            if (within == 0)
                table_.blocks_.push_back({0, static_cast<std::uint32_t>(entries.size()), 0});
            if (entries.size() >= UINT32_MAX) throw std::length_error("entries");
            table_.blocks_.back().starts |= std::uint64_t{1} << within;
            entries.push_back(run.entry);
            const std::size_t here = std::min(run.places, PrefixBlock::kPlaces - within);
            run.places -= here;
            place += here;
        }
    }
}

// Writes the heads and hits of a set; neighbouring lengths with equal hits share them. The lengths that numbers
// usually have come first, where several differ those with most hits: who bounds a rule's length gives the length
// that numbers with its prefix have.
PrefixTableBuild::Spelled PrefixTableBuild::spell(const Set& set) {
    struct Stretch {
        std::vector<PrefixHit> hits;
        unsigned shortest;
        unsigned longest;
    };
    std::vector<Stretch> stretches;
    for (unsigned length = 1; length <= PrefixView::kMaxDigits; ++length) {
        std::vector<PrefixHit> hits;
        for (const InheritedRule& rule : set) {
            const PrefixHit hit{rule.list, rule.specificity};
            const bool holds = rule.min_length <= length && length <= rule.max_length;
            if (holds && (hits.empty() || hits.back() != hit)) hits.push_back(hit);
        }
        if (!stretches.empty() && stretches.back().hits == hits)
            stretches.back().longest = length;
        else
            stretches.push_back({std::move(hits), length, length});
    }
    std::erase_if(stretches, [](const Stretch& stretch) { return stretch.hits.empty(); });
    if (stretches.empty()) return {.lengths = (1u << (PrefixView::kMaxDigits + 1)) - 1};
    const auto usual_hits = [](const Stretch& stretch) {
        const bool usual =
            stretch.longest >= kUsualLength && stretch.shortest <= Number::kMaxDigits;
        return usual ? stretch.hits.size() : 0;
    };
    const auto usual = std::ranges::max_element(stretches, {}, usual_hits);
    std::rotate(stretches.begin(), usual, usual + 1);

    auto& heads = table_.heads_;
    auto& hits = table_.hits_;
    Spelled spelled{0, static_cast<std::uint32_t>(heads.size()),
                    static_cast<std::uint32_t>(hits.size()),
                    static_cast<std::uint32_t>(stretches.front().hits.size())};
    for (const Stretch& stretch : stretches) {
        if (hits.size() + stretch.hits.size() > UINT32_MAX) throw std::length_error("hits");
        heads.push_back({static_cast<std::uint32_t>(hits.size()),
                         static_cast<std::uint32_t>(stretch.hits.size()),
                         static_cast<std::uint8_t>(stretch.shortest),
                         static_cast<std::uint8_t>(stretch.longest), 1, 0});
        hits.insert(hits.end(), stretch.hits.begin(), stretch.hits.end());
    }
    heads.back().more = 0;
    if (heads.size() > std::size_t{1} << PrefixEntry::kHeadBits) throw std::length_error("heads");
    const bool fits =
        spelled.first_hit < 1u << PrefixEntry::kHitBits && spelled.count <= PrefixEntry::kMostHits;
    if (fits && usual_hits(stretches.front()) != 0) {
        for (unsigned length = stretches.front().shortest; length <= stretches.front().longest;
             ++length)
            spelled.lengths |= 1u << length;
    }
    return spelled;
}

// Puts what the view reads of a set in the place of its number, and the nodes behind the front. The lengths that most sets answer are its groups.
void PrefixTableBuild::name_sets() {
    std::vector<Spelled> spelled;
    std::map<std::uint32_t, std::size_t> frequency;
    for (const Set* set : sets_) {
        spelled.push_back(spell(*set));
        if (spelled.back().lengths != 0) ++frequency[spelled.back().lengths];
    }
    frequency.erase(
        spelled.front().lengths);  // of the empty set, which has no heads: always a group
    std::vector<std::uint32_t> groups;
    groups.reserve(frequency.size() + 1);
    for (const auto& [lengths, sets] : frequency) groups.push_back(lengths);
    std::ranges::stable_sort(groups, std::greater(),
                             [&](auto lengths) { return frequency[lengths]; });
    groups.insert(groups.begin(), spelled.front().lengths);
    groups.resize(std::min<std::size_t>(groups.size(), PrefixEntry::kGroups));
    table_.lengths_.assign(PrefixArrays::kLengths, 0);
    std::ranges::copy(groups, table_.lengths_.begin());

    std::vector<std::uint32_t> named;
    for (const Spelled& set : spelled) {
        const auto group =
            static_cast<std::uint32_t>(std::ranges::find(groups, set.lengths) - groups.begin());
        named.push_back(group < groups.size() ? PrefixEntry::hits(group, set.first_hit, set.count)
                                              : PrefixEntry::heads(set.first_head));
    }
    for (std::size_t i = end_of_root_; i < table_.entries_.size(); ++i) {
        std::uint32_t& entry = table_.entries_[i];
        entry = PrefixEntry::is_node(entry) ? entry + static_cast<std::uint32_t>(end_of_front_)
                                            : named[entry];
    }
    if (end_of_front_ + next_block_ > kMostBlocks) throw std::length_error("nodes");
}

}  // namespace ringfence
