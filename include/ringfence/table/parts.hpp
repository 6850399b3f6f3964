// parts.hpp - the flat arrays that tables are made of: out of a table, and, checked, back into one.
//
// An image (image/image.hpp) holds these arrays and nothing else of a table:
//
//     numbers    lines, narrow sets, the list indexes of all sets, the numbers with a wide set
//     prefixes   blocks, entries, lengths, heads, hits
//     keys       shapes (kind, length, lists of each), texts, list indexes
//
// What comes back may have been damaged, or made to do damage. Every value is checked before it is used, so that a
// table that was taken back answers like one that was built: no answer lies outside its arrays, no walk is without
// end, no list index is one that the policy does not have, and every number that is there is found. Of each table
// there is one way only to write it down, and another way is a fault, so that little can change unseen.
//
// Cost: linear in the arrays, whatever they hold. Numbers: NumberAssembly, some 4 ns a number beside reading them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/table/key_table.hpp"
#include "ringfence/table/membership.hpp"
#include "ringfence/table/number_table.hpp"
#include "ringfence/table/prefix_table.hpp"

namespace ringfence {

enum class TablePart : std::uint8_t {
    kNone = 0,  // no array's: a count, or memory
    kNarrow,
    kSetLists,
    kWideNumbers,
    kLines,  // index: of a slot
    kPrefixBlocks,
    kPrefixEntries,
    kLengths,
    kHeads,
    kHits,
    kKeyShapes,
    kKeyTexts,
    kKeyLists,
};

// What is wrong with an array.
struct PartFault {
    ErrorCode code = ErrorCode::kSyntax;
    TablePart part = TablePart::kNone;
    std::uint64_t index = 0;  // of the entry
    std::string what;         // "names a set that is not there"
};

// A number that is on a set of lists without a narrow name.
struct WideNumber {
    std::uint64_t rank = 0;
    SetPlace place = 0;
};
static_assert(sizeof(WideNumber) == 16);

// What to know of a number table before its arrays come.
struct NumberShape {
    std::uint64_t seed = 0;  // as in NumberTableOptions; not 0
    std::uint64_t room = 0;  // numbers that ordinary inserts may fill
    std::uint64_t numbers = 0;
    std::uint64_t line_count = 0;
    unsigned load_percent = 80;
    std::uint64_t narrow_sets = 0;
    std::uint64_t set_lists = 0;
    std::uint64_t wide_numbers = 0;
};

// A number table's arrays. Good as long as the table, and until its next change.
struct NumberParts {
    NumberShape shape;
    std::span<const SetPlace> narrow_sets;  // of payload 1, 2, ...
    std::span<const ListIndex> set_lists;
    std::vector<WideNumber> wide_numbers;  // by rank
    std::span<const NumberLine> lines;
};

// The arrays of `table`, with neither a filter bit that no number needs nor a side entry out of date. Fails with
// kBusy between begin_settling and finish_settling, and with kOutOfMemory.
// Threads: the writer; readers go on.
Result<NumberParts> parts_of(NumberTable& table);

// Takes the arrays of a number table, in memory where it will lie, and checks them as they come:
//
//     begin --> fill narrow_sets, set_lists, wide_numbers --> check_sets
//           --> fill lines, front to back, a piece at a time, each followed by check_lines --> finish
//
// Threads: one thread per object.
class NumberAssembly {
public:
    // Memory for the arrays, and for the changes that may come. `list_count`: list indexes are below it. Fails for a
    // shape that no table has, and with kOutOfMemory.
    static Result<NumberAssembly, PartFault> begin(const NumberShape& shape,
                                                   std::size_t list_count);

    NumberAssembly(NumberAssembly&&) noexcept;
    NumberAssembly& operator=(NumberAssembly&&) noexcept;
    ~NumberAssembly();

    // Where the arrays go.
    std::span<SetPlace> narrow_sets();
    std::span<ListIndex> set_lists();
    std::span<WideNumber> wide_numbers();
    std::span<std::byte> lines();

    // The fault that was found, or none.
    std::optional<PartFault> check_sets();
    std::optional<PartFault> check_lines(std::uint64_t first, std::uint64_t count);

    // The table, as its writer left it and with its counters counted anew (rule 9 of the lock-free tables). Fails
    // when the lines, each good by itself, make no table together.
    Result<NumberTable, PartFault> finish() &&;

private:
    class State;
    explicit NumberAssembly(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

// A prefix table's arrays with their memory; what they mean stands in prefix_view.hpp. Those of a table are
// `table.view().arrays()`.
struct PrefixStore {
    PrefixTable::Blocks blocks;
    PrefixTable::Entries entries;
    std::vector<std::uint32_t> lengths;
    std::vector<PrefixHead> heads;
    std::vector<PrefixHit> hits;

    PrefixArrays arrays() const { return {blocks, entries, lengths, heads, hits}; }
};

// What is wrong with the arrays of a prefix table; list indexes must be below `list_count`.
// Threads: any thread.
std::optional<PartFault> fault_of(const PrefixArrays& arrays, std::size_t list_count);

// The table of these arrays. Fails as fault_of says. Threads: any thread.
Result<PrefixTable, PartFault> table_of(PrefixStore store, std::size_t list_count);

// A key: its text and lists follow those of the key before it.
struct KeyShape {
    KeyKind kind = KeyKind::kSender;
    std::uint8_t length = 0;
    std::uint16_t lists = 0;
};
static_assert(sizeof(KeyShape) == 4);

// A key table's arrays, ordered by kind and text.
struct KeyParts {
    std::vector<KeyShape> shapes;
    std::vector<char> texts;
    std::vector<ListIndex> lists;
};
// Fails with kOutOfMemory. Threads: any thread.
Result<KeyParts> parts_of(const KeyTable& table);

// The table of these arrays, hashed anew. Threads: any thread.
Result<KeyTable, PartFault> table_of(KeyParts parts, std::size_t list_count);

}  // namespace ringfence
