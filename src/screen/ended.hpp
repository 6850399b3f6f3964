// ended.hpp - entries whose time is over, of lists that another process publishes and does not take off.
//
// Who publishes takes entries off when they end, and publishes; between two publishes, and when it is silent or dead, the
// tables in shared memory still hold them. A screen that follows passes over what has ended: it makes these of the ends
// that lie beside the tables (SharedEnds), with `advance`, and look-ups ask them about what they found.
//
// Where more end than lie there, a list that the rest is of holds some ended entry from a time of its own on, nobody knows
// which: it then decides nothing until the next publish.
//
// A prefix or range that ended is known by its list, its length and the numbers that it covers, since that is all that the tables tell of
// what they found. Where another entry of the same list covers the same number and counts for as many digits, as a range that is
// one prefix and that prefix, the tables hold both as one: it ends with the first of them.
//
// Readers: immutable. Cost: 10 bytes a number, and nothing to look-ups while there are none; then a search for each list that a number
// or name was found on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "ringfence/base/time.hpp"
#include "ringfence/image/shared_image.hpp"
#include "ringfence/number/number.hpp"
#include "ringfence/table/prefix_view.hpp"

namespace ringfence {

class Ended {
public:
    // How many of them: the first ones of SharedEnds.
    struct Count {
        std::size_t numbers = 0;
        std::size_t rules = 0;
        std::size_t lists = 0;  // of which nobody knows what ended
        friend bool operator==(const Count&, const Count&) = default;
    };
    static Count count_by(const SharedEnds& ends, Time now);
    // Whole seconds since 1970, 0 before. Threads: any thread.
    static std::uint64_t second_of(Time now);

    Ended(const SharedEnds& ends, const Count& count);

    const Count& count() const { return count_; }
    bool empty() const { return count_ == Count{}; }
    std::size_t silent_lists() const { return silent_.size(); }

    // Whether an entry of the list has ended: a number; a prefix or range that counts for `length` digits and covers the number of these digits; a name, or
    // digits of no number. Threads: any thread.
    bool number(ListIndex list, Number number) const;
    bool prefix(ListIndex list, std::string_view digits, unsigned length) const;
    bool name(ListIndex list, EntryKind kind, std::string_view text) const;

private:
    bool is_silent(ListIndex list) const { return silent_.contains(list); }

    struct OfNumber {
        std::uint64_t rank;
        ListIndex list;
        auto operator<=>(const OfNumber&) const = default;
    };
    struct OfRange {
        ListIndex list = 0;
        std::uint8_t length = 0;  // as PrefixHit has it
        ListEntry entry;
    };
    Count count_;
    std::vector<OfNumber> numbers_;        // sorted
    std::vector<OfRange> ranges_;          // prefixes too, by list
    std::vector<NextEnds::OfRule> names_;  // sorted
    std::set<ListIndex> silent_;
};

}  // namespace ringfence
