#include "ringfence/table/prefix_table.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <new>
#include <set>
#include <span>
#include <stdexcept>
#include <utility>

namespace ringfence {
namespace {

constexpr unsigned kMaxDigits = PrefixView::kMaxDigits;

// Up to as many rules the root has four digits and 40 KB, beyond six and 4 MB.
constexpr std::size_t kFewRules = 500;

// A node may have as many entries for each rule in it.
constexpr std::size_t kEntriesOfRule = 32;

// Telephone numbers are rarely shorter, country code included.
constexpr unsigned kUsualLength = 8;

constexpr std::size_t power(unsigned exponent) {
    std::size_t value = 1;
    for (; exponent > 0; --exponent) value *= 10;
    return value;
}

// A rule as it stands in a set: what is left of it once the digits are known.
struct Inherited {
    ListIndex list = 0;
    std::uint8_t specificity = 0;
    std::uint8_t min_length = 0;  // the prefix's own digits included
    std::uint8_t max_length = 0;

    friend auto operator<=>(const Inherited&, const Inherited&) = default;
};

struct Rule {
    std::string prefix;
    Inherited says;

    friend auto operator<=>(const Rule&, const Rule&) = default;
};

struct Range {
    std::string first;
    std::string last;
    ListIndex list = 0;

    friend auto operator<=>(const Range&, const Range&) = default;
};

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Status check_digits(std::string_view digits) {
    if (!all_digits(digits))
        return Error{ErrorCode::kSyntax,
                     "'" + std::string(digits.substr(0, kMaxDigits)) + "' is not all digits"};
    if (digits.size() > kMaxDigits)
        return Error{ErrorCode::kTooLarge, "'" + std::string(digits.substr(0, kMaxDigits)) +
                                               "...' has more than 24 digits"};
    return ok();
}

// Calls `each(prefix)` for the prefixes that together are the strings from `first` to `last`.
// From the left end: the largest block of ten, hundred, ... that begins there and does not pass the right end.
template <class Each>
void split_range(std::string first, const std::string& last, Each each) {
    for (;;) {
        std::size_t keep = first.size();  // digits of the block's prefix
        while (keep > 0 && first[keep - 1] == '0') {
            // Taking one digit more into the block: its last string must not pass the end.
            std::string end = first.substr(0, keep - 1);
            end.append(first.size() - keep + 1, '9');
            if (end > last) break;
            --keep;
        }
        each(std::string_view(first).substr(0, keep));
        std::string end = first.substr(0, keep);
        end.append(first.size() - keep, '9');
        if (end >= last) return;
        std::size_t i = end.size();  // the next string: one more than the block's last
        while (i > 0 && end[i - 1] == '9') end[--i] = '0';
        ++end[i - 1];  // some digit is no 9, since `end` is below `last`
        first = std::move(end);
    }
}

}  // namespace

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20u;

std::align_val_t alignment_of(std::size_t bytes) {
    return std::align_val_t{bytes >= kHugePage ? kHugePage : alignof(std::max_align_t)};
}

}  // namespace

template <class T>
T* PrefixMemory<T>::allocate(std::size_t count) {
    if (count > SIZE_MAX / sizeof(T)) throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(T);
    void* array = ::operator new(bytes, alignment_of(bytes));
    if (bytes >= kHugePage)  // whole pages of it alone; refused: small pages do
        madvise(array, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
    return static_cast<T*>(array);
}

template <class T>
void PrefixMemory<T>::deallocate(T* array, std::size_t count) {
    ::operator delete(array, alignment_of(count * sizeof(T)));
}

template struct PrefixMemory<std::uint32_t>;

// Ranges are kept as they were given, since two of them may share parts.
class PrefixRules::Rules {
public:
    std::set<Rule> prefixes;
    std::set<Range> ranges;
};

// Turns sorted rules into the arrays of a view. Depth first, in the order of the digits: the rules below a
// prefix are a run of the sorted array, the prefix itself first.
class PrefixTableBuild {
public:
    explicit PrefixTableBuild(std::vector<const Rule*> rules) : rules_(std::move(rules)) {}

    PrefixTable build();

private:
    using Set = std::vector<Inherited>;

    // Rules begin..end-1 share their first `depth` digits; `levels` more digits are decided in this block.
    struct Part {
        std::size_t begin;
        std::size_t end;
        unsigned depth;
        unsigned levels;
    };

    // What a set says about each length, once it is known.
    struct Spelled {
        std::uint32_t lengths =
            0;  // a bit for each length that the entry answers; 0: it names heads
        std::uint32_t first_head = 0;  // of its own
        std::uint32_t first_hit = 0;
        std::uint32_t count = 0;
    };

    std::uint32_t number_of(Set set);
    std::uint32_t with_rules(std::uint32_t inherited, std::size_t begin, std::size_t end);
    unsigned node_digits(const Part& part) const;
    void fill(std::size_t base, Part part, std::uint32_t inherited);
    Spelled spell(const Set& set);
    void name_sets();

    std::vector<const Rule*> rules_;
    std::map<Set, std::uint32_t> numbers_;
    std::vector<const Set*> sets_;  // by number; they lie in numbers_
    PrefixTable table_;
};

PrefixTable PrefixTableBuild::build() {
    if (rules_.empty()) return {};
    const unsigned root_digits = rules_.size() <= kFewRules ? 4 : 6;
    table_.entries_.resize(power(root_digits));
    const std::uint32_t nothing = number_of({});
    fill(0, {0, rules_.size(), 0, root_digits}, nothing);
    name_sets();
    table_.entries_.shrink_to_fit();
    table_.heads_.shrink_to_fit();
    table_.hits_.shrink_to_fit();
    table_.view_ =
        PrefixView({root_digits, table_.entries_, table_.lengths_, table_.heads_, table_.hits_});
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
    std::ranges::sort(set, [](const Inherited& a, const Inherited& b) {
        return a.specificity != b.specificity ? a.specificity > b.specificity : a < b;
    });
    set.erase(std::unique(set.begin(), set.end()), set.end());
    return number_of(std::move(set));
}

// How many digits a node for these rules takes: as many as the longest of them needs, so that it is the last on its
// path, but no more than they fill.
unsigned PrefixTableBuild::node_digits(const Part& part) const {
    const std::size_t room = (part.end - part.begin) * kEntriesOfRule;
    std::size_t longest = 0;
    for (std::size_t i = part.begin; i < part.end; ++i)
        longest = std::max(longest, rules_[i]->prefix.size());
    unsigned digits = 1;
    while (digits < PrefixView::kStepDigits && part.depth + digits < longest &&
           power(digits + 1) <= room)
        ++digits;
    return digits;
}

// The entries grow underneath: they are reached by index alone. The depth of the recursion is that of the longest
// prefix.
void PrefixTableBuild::fill(std::size_t base, Part part, std::uint32_t inherited) {
    auto& entries = table_.entries_;
    const std::size_t own = part.begin;
    while (part.begin < part.end && rules_[part.begin]->prefix.size() == part.depth) ++part.begin;
    const std::uint32_t set = with_rules(inherited, own, part.begin);
    std::size_t width = power(part.levels);
    if (part.begin == part.end) {
        std::fill_n(entries.begin() + static_cast<std::ptrdiff_t>(base), width, set);
    } else if (part.levels == 0) {
        const std::size_t node = entries.size();
        const unsigned digits = node_digits(part);
        if (node + power(digits) > std::size_t{1} << PrefixEntry::kNodeBits)
            throw std::length_error("nodes");
        entries.resize(node + power(digits));
        entries[base] = PrefixEntry::node(static_cast<std::uint32_t>(node), digits);
        fill(node, {part.begin, part.end, part.depth, digits}, set);
    } else {
        width /= 10;
        std::size_t begin = part.begin;
        for (unsigned digit = 0; digit < 10; ++digit) {
            std::size_t end = begin;
            const char wanted = static_cast<char>('0' + digit);
            while (end < part.end && rules_[end]->prefix[part.depth] == wanted) ++end;
            fill(base + digit * width, {begin, end, part.depth + 1, part.levels - 1}, set);
            begin = end;
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
    for (unsigned length = 1; length <= kMaxDigits; ++length) {
        std::vector<PrefixHit> hits;
        for (const Inherited& rule : set) {
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
    if (stretches.empty()) return {.lengths = (1u << (kMaxDigits + 1)) - 1};
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

// Puts what the view reads of a set in the place of its number. The lengths that most sets answer are its groups.
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
    for (std::uint32_t& entry : table_.entries_)
        if ((entry & PrefixEntry::kNode) == 0) entry = named[entry];
}

std::size_t PrefixTable::memory_bytes() const {
    return (entries_.capacity() + lengths_.capacity()) * sizeof(std::uint32_t) +
           heads_.capacity() * sizeof(PrefixHead) + hits_.capacity() * sizeof(PrefixHit);
}

namespace {

// The rule as it is kept, or what is wrong with it.
Result<Rule> kept_rule(const PrefixRule& rule) {
    if (const Status digits = check_digits(rule.prefix); !digits) return digits.error();
    Inherited says;
    says.list = rule.list;
    says.specificity = static_cast<std::uint8_t>(rule.prefix.size());
    says.min_length = std::max(rule.min_length, says.specificity);
    says.max_length = std::min<std::uint8_t>(rule.max_length, kMaxDigits);
    if (says.min_length > says.max_length)
        return Error{ErrorCode::kOutOfRange, "no number that begins with '" +
                                                 std::string(rule.prefix) + "' has " +
                                                 std::to_string(rule.min_length) + " to " +
                                                 std::to_string(rule.max_length) + " digits"};
    return Rule{std::string(rule.prefix), says};
}

Result<Range> kept_range(std::string_view first, std::string_view last, ListIndex list) {
    for (const std::string_view end : {first, last})
        if (const Status digits = check_digits(end); !digits) return digits.error();
    const std::string text = "'" + std::string(first) + "' to '" + std::string(last) + "'";
    if (first.empty() || first.size() != last.size())
        return Error{ErrorCode::kOutOfRange, "the ends " + text + " differ in length"};
    if (first > last) return Error{ErrorCode::kOutOfRange, text + " is the wrong way round"};
    return Range{std::string(first), std::string(last), list};
}

// Adds the parts of a range, each a rule for numbers of its length alone and as specific as the shortest.
void add_parts(const Range& range, std::vector<Rule>& rules) {
    const auto length = static_cast<std::uint8_t>(range.first.size());
    std::uint8_t shortest = length;
    const std::size_t before = rules.size();
    split_range(range.first, range.last, [&](std::string_view prefix) {
        shortest = std::min(shortest, static_cast<std::uint8_t>(prefix.size()));
        rules.push_back({std::string(prefix), {range.list, 0, length, length}});
    });
    for (std::size_t i = before; i < rules.size(); ++i) rules[i].says.specificity = shortest;
}

Error out_of_memory() {
    return {ErrorCode::kOutOfMemory, "no memory is left for the table of prefixes"};
}

}  // namespace

PrefixRules::PrefixRules() : rules_(std::make_unique<Rules>()) {}
PrefixRules::PrefixRules(PrefixRules&&) noexcept = default;
PrefixRules& PrefixRules::operator=(PrefixRules&&) noexcept = default;
PrefixRules::~PrefixRules() = default;

Result<bool> PrefixRules::add(const PrefixRule& rule) {
    try {
        auto kept = kept_rule(rule);
        if (!kept) return kept.error();
        return rules_->prefixes.insert(std::move(*kept)).second;
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

Result<bool> PrefixRules::remove(const PrefixRule& rule) {
    try {
        const auto kept = kept_rule(rule);
        if (!kept) return kept.error();
        return rules_->prefixes.erase(*kept) != 0;
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

Result<bool> PrefixRules::add_range(std::string_view first, std::string_view last, ListIndex list) {
    try {
        auto kept = kept_range(first, last, list);
        if (!kept) return kept.error();
        return rules_->ranges.insert(std::move(*kept)).second;
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

Result<bool> PrefixRules::remove_range(std::string_view first, std::string_view last,
                                       ListIndex list) {
    try {
        const auto kept = kept_range(first, last, list);
        if (!kept) return kept.error();
        return rules_->ranges.erase(*kept) != 0;
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

Result<PrefixTable> PrefixRules::build() const {
    try {
        std::vector<Rule> parts;
        for (const Range& range : rules_->ranges) add_parts(range, parts);
        std::vector<const Rule*> sorted;
        sorted.reserve(rules_->prefixes.size() + parts.size());
        for (const Rule& rule : rules_->prefixes) sorted.push_back(&rule);
        for (const Rule& rule : parts) sorted.push_back(&rule);
        std::ranges::sort(sorted, [](const Rule* a, const Rule* b) { return *a < *b; });
        return PrefixTableBuild(std::move(sorted)).build();
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    } catch (const std::length_error&) {
        return Error{ErrorCode::kFull, "the prefixes need a larger table than there can be"};
    }
}

std::size_t PrefixRules::size() const { return rules_->prefixes.size() + rules_->ranges.size(); }

}  // namespace ringfence
