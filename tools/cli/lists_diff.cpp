#include "tools/cli/lists_diff.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace ringfence::cli {
namespace {

// One row of an entry: what it says of its own, and what is known of it.
struct Said {
    std::optional<Action> action;
    std::string category;
    EntryNote note;

    friend bool operator==(const Said&, const Said&) = default;
};

template <class Row>
Said said(const FileRows& rows, std::uint16_t pair, const Row& row) {
    const RowPair& own = rows.pairs()[pair];
    return {own.action, own.category, rows.note(row.expires, row.origin)};
}

// Files number their pairs as they come: the order of rows of one entry says nothing.
bool agree(std::vector<Said>& a, std::vector<Said>& b) {
    const auto order = [](const Said& x, const Said& y) {
        return std::tie(x.action, x.category) < std::tie(y.action, y.category);
    };
    std::sort(a.begin(), a.end(), order);
    std::sort(b.begin(), b.end(), order);
    return a == b;
}

class DifferenceTally {
public:
    explicit DifferenceTally(const std::function<void(Difference, const ListEntry&)>& each)
        : each_(each) {}

    template <class Entry>
    void add(std::vector<Said>& before, std::vector<Said>& after, const Entry& entry) {
        if (before.empty()) return tell(Difference::kAdded, counts.added, entry);
        if (after.empty()) return tell(Difference::kRemoved, counts.removed, entry);
        if (agree(before, after)) {
            ++counts.kept;
        } else {
            tell(Difference::kChanged, counts.changed, entry);
        }
    }

    DiffCounts counts;

private:
    template <class Entry>
    void tell(Difference what, std::uint64_t& count, const Entry& entry) {
        ++count;
        if (each_) each_(what, entry());
    }

    const std::function<void(Difference, const ListEntry&)>& each_;
};

void diff_numbers(const FileRows& before, const FileRows& after, DifferenceTally& tally) {
    const auto old = before.numbers();
    const auto fresh = after.numbers();
    std::size_t i = 0;
    std::size_t j = 0;
    std::vector<Said> was, is;
    while (i < old.size() || j < fresh.size()) {
        const std::uint64_t rank = i == old.size()     ? fresh[j].rank()
                                   : j == fresh.size() ? old[i].rank()
                                                       : std::min(old[i].rank(), fresh[j].rank());
        was.clear();
        is.clear();
        for (; i < old.size() && old[i].rank() == rank; ++i)
            was.push_back(said(before, old[i].pair(), old[i]));
        for (; j < fresh.size() && fresh[j].rank() == rank; ++j)
            is.push_back(said(after, fresh[j].pair(), fresh[j]));
        tally.add(was, is, [&] {
            ListEntry entry;
            entry.text = Number::from_rank(rank).digits();
            return entry;
        });
    }
}

void diff_rules(const FileRows& before, const FileRows& after, DifferenceTally& tally) {
    auto i = before.rules().begin();
    auto j = after.rules().begin();
    std::vector<Said> was, is;
    while (i != before.rules().end() || j != after.rules().end()) {
        const FileRows::RuleKey key = i == before.rules().end() ? j->first.first
                                      : j == after.rules().end()
                                          ? i->first.first
                                          : std::min(i->first.first, j->first.first);
        was.clear();
        is.clear();
        for (; i != before.rules().end() && i->first.first == key; ++i)
            was.push_back(said(before, i->first.second, i->second));
        for (; j != after.rules().end() && j->first.first == key; ++j)
            is.push_back(said(after, j->first.second, j->second));
        tally.add(was, is, [&] { return FileRows::entry_of(key); });
    }
}

}  // namespace

DiffCounts diff(const FileRows& before, const FileRows& after,
                const std::function<void(Difference, const ListEntry&)>& each) {
    DifferenceTally tally(each);
    diff_numbers(before, after, tally);
    diff_rules(before, after, tally);
    return tally.counts;
}

}  // namespace ringfence::cli
