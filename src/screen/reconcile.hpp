// reconcile.hpp - the rows of a list's new file, and how far comparing them with the live list has come.
//
// Rows of numbers lie sorted by {rank, pair}; a pair is what a row says of its own: an action and a category.
// LiveLists does the steps, each under the writer's lock; this is what is kept between them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ringfence/lists/entry_book.hpp"
#include "ringfence/lists/list_reader.hpp"
#include "ringfence/screen/reconcile.hpp"
#include "ringfence/table/number_table.hpp"

namespace ringfence {

// What a row of a file says of its own, beside the entry.
struct RowPair {
    std::optional<Action> action;
    std::string category;
};

// Threads: one thread per object; once read, any thread may look.
class FileRows {
public:
    struct NumberRow {
        static constexpr unsigned kPairBits = 14;

        std::uint64_t key = 0;  // rank 50 | pair 14
        std::uint32_t expires = 0;
        std::uint32_t origin = 0;

        std::uint64_t rank() const { return key >> kPairBits; }
        std::uint16_t pair() const {
            return static_cast<std::uint16_t>(key & ((1u << kPairBits) - 1));
        }
    };
    static_assert(sizeof(NumberRow) == 16);

    struct RuleKey {
        EntryKind kind = EntryKind::kPrefix;
        std::string text, last;
        std::uint8_t min_length = 0, max_length = 0;
        Number subscriber = {};
        auto operator<=>(const RuleKey&) const = default;
    };
    struct RuleRow {
        std::uint32_t expires = 0;
        std::uint32_t origin = 0;
    };

    // Reads the file once. Rows due by `now` are passed over. `each`, if given, gets every good row as it stands. Fails
    // as ListReader and `each` do, and with kFull past 16,384 pairs.
    static Result<FileRows> read(const ListSource& source, Time now, std::uint64_t expected,
                                 const std::function<void(std::uint64_t)>& progress,
                                 const std::function<Status(const ListRow&)>& each = {});

    const ListReport& report() const { return report_; }
    std::uint64_t expired() const { return expired_; }
    std::size_t memory_bytes() const { return memory_bytes_; }

    std::span<const RowPair> pairs() const { return pairs_; }
    std::span<const NumberRow> numbers() const { return numbers_; }
    const std::map<std::pair<RuleKey, std::uint16_t>, RuleRow>& rules() const { return rules_; }

    // What a row says of its entry, as the book keeps it.
    EntryNote note(std::uint32_t expires, std::uint32_t origin) const;

    bool has(Number number) const;
    bool has(const ListEntry& entry) const;                      // under any pair
    bool has(const ListEntry& entry, std::uint16_t pair) const;  // numbers as well
    // Until when such a row says so; none for no row.
    std::optional<std::optional<Time>> end_of(const ListEntry& entry, std::uint16_t pair) const;
    // The same, or as a row that was passed over because it was due.
    bool names(const ListEntry& entry) const;

    // Which of these ranks are not in the file, in place: gives how many are left. Cost: about 50 ns each.
    std::size_t keep_absent(std::span<std::uint64_t> ranks) const;

    static RuleKey key_of(const ListEntry& entry);
    static ListEntry entry_of(const RuleKey& key);

private:
    struct Origin {
        std::string source;
        std::optional<Time> since;
        std::optional<std::uint8_t> confidence;
    };

    Result<std::uint16_t> pair_of(const ListRow& row);
    std::uint32_t origin_of(const EntryNote& note);
    Status take(const ListRow& row);
    void pass_over(const ListRow& row);
    void sort();

    ListReport report_;
    std::uint64_t expired_ = 0;
    std::size_t memory_bytes_ = 0;
    std::vector<RowPair> pairs_;
    std::map<std::pair<int, std::string>, std::uint16_t> pair_numbers_;
    std::uint16_t last_pair_ = 0;  // most rows say what the row before did
    std::vector<Origin> origins_;
    std::map<std::tuple<std::string, std::int64_t, int>, std::uint32_t> origin_numbers_;
    std::uint32_t last_origin_ = 0;
    std::vector<NumberRow> numbers_;
    std::vector<std::uint64_t> tops_;  // the rank of every kBlock-th row
    std::map<std::pair<RuleKey, std::uint16_t>, RuleRow> rules_;

    std::vector<std::uint64_t> due_numbers_;  // ranks, sorted
    std::set<RuleKey> due_rules_;

    static constexpr std::size_t kBlock = 64;
};

// One reconciling under way.
struct Reconcile {
    static constexpr ListIndex kNoIndex = 0xFFFF;

    FileRows rows;
    std::size_t list = 0;             // position in the policy
    std::string id;                   // of the list
    std::vector<ListIndex> index_of;  // by pair; kNoIndex: of a pair that is new, in a dry run
    std::vector<bool> mine;           // by list index: whether it stands for rows of this list
    bool dry_run = false;
    bool own_file = false;  // the one that the next reload reads
    bool rules_done = false;
    std::size_t next_row = 0;
    std::uint64_t next_line = 0;
    const NumberTable* swept = nullptr;  // the table whose lines next_line counts
    std::uint64_t swept_removed = 0;     // of the report, from those lines
    std::uint64_t swept_overlaid = 0;
    ReconcileReport report;
};

}  // namespace ringfence
