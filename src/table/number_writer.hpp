// number_writer.hpp - what only the writer of a number table holds, and how it changes the block.
//
//     block       what readers see (number_view.hpp)
//     counters    one 32-bit word a line, 4 bits a key class c: how many keys of class c that lie further
//                 along their chain passed through this line; sticky at 15
//
// Invariant, kept by the order of stores (rule 3): while a key is visible in line j of its chain, the counters
// of lines 0..j-1 include it and their class bits are set. So
//     insert   counters and bits of lines 0..j-1, then the slot
//     erase    the slot, then counters and bits; a bit is cleared when its counter falls from 1 to 0
// A line may come twice in a chain; it is then counted twice, and taken back twice. A counter that reached 15
// stays there with its bit: a stale bit costs a reader a line, a cleared one would cost it an answer.
//
// Settling (number_settle.cpp) has some numbers in two places for a while, `old_places_` the later one: the
// invariant holds for both, changes are stored to both, and locate() meets the earlier.
//
// Every store of a slot word is a release-store, even of a filter bit alone: a reader may take rank and payload
// from that very word, and must then see the set of lists that the payload names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "ringfence/table/number_table.hpp"
#include "src/kernel/number_kernel.hpp"
#include "src/table/change.hpp"
#include "src/table/mapped_block.hpp"
#include "src/table/membership_writer.hpp"

namespace ringfence {

inline constexpr std::uint64_t kMaxNumbers = std::uint64_t{1} << 40u;  // of a table
inline constexpr std::uint64_t kFewestLines =
    16;  // so that the lines of a chain are not the same few

// The block of a table with these options, and with so many lines when they are given; what the options leave to
// be chosen is filled in.
NumberBlock plan_block(NumberTableOptions& options, std::uint64_t line_count = 0);

class NumberTable::Writer {
public:
    Writer(MappedBlock block, const NumberTableOptions& options);

    NumberBlock& header() const { return *reinterpret_cast<NumberBlock*>(block_.data()); }
    const NumberTableOptions& options() const { return options_; }

    // `alone` (if given) keeps the name of the set of this list alone between the numbers of one list: a name,
    // once given, stays good.
    Change add(Number number, ListIndex list, RoomFor room,
               std::optional<SetName>* alone = nullptr);
    Change remove(Number number, ListIndex list, RoomFor room);
    bool remove_all(Number number);

    // What a kernel needs to put at most `room_left` numbers on the lists of a narrow name; what it placed is to be counted.
    kernel::FillOrder fill_order(Payload payload) {
        kernel::FillOrder order;
        order.lines = lines_;
        order.line_count = view_.line_count();
        order.seed = view_.seed();
        order.payload = payload;
        order.counters = counters_.data();
        return order;
    }
    std::uint64_t room_left() const;
    void count_placed(std::uint64_t numbers) { size_ += numbers; }

    // Puts a number on the lists of `name`, which MembershipWriter::name gave; kUnchanged when it is there
    // already, on whatever lists.
    Change place_once(Number number, const SetName& name, RoomFor room);

    std::uint64_t begin_settling(std::uint64_t lines);
    void finish_settling();

    void recount();
    bool consistent() const;
    NumberTableStats stats() const;

    std::uint64_t size() const { return size_; }
    MembershipWriter& sets() { return sets_; }
    const MembershipWriter& sets() const { return sets_; }
    const NumberView& view() const { return view_; }
    bool settling() const { return !old_places_.empty(); }

    // What number_assembly.cpp found in lines that were there before this writer: takes the counts over.
    struct Found {
        std::uint64_t numbers = 0;
        std::uint64_t bits_set = 0;
        // Slots and ranks of numbers that are not in their first line.
        std::span<const std::uint64_t> slots;
        std::span<const std::uint64_t> ranks;
    };
    // Counts anew for lines that came from elsewhere. Gives the slot that breaks the table's rules, if any: one
    // that its number's chain does not lead to, or whose number is met before; or, as the slot behind all,
    // filter bits that no number needs.
    std::optional<std::uint64_t> adopt(const Found& found);

private:
    struct Spot {
        std::uint64_t line = 0;
        unsigned slot = 0;
        unsigned depth = 0;
    };
    struct Located {
        std::optional<Spot> key;
        std::optional<Spot> free;  // the first on the way; where the key would go
    };
    struct Count {
        std::vector<std::uint32_t> counters;
        std::uint64_t numbers = 0;
        std::uint64_t extra_lines = 0;
        bool reachable = true;  // every key is where its chain finds it
    };

    std::uint64_t line_of(std::uint64_t hash) const {
        return NumberChain::line(hash, view_.line_count());
    }
    std::uint64_t word_at(const Spot& spot) const {
        // relaxed: the writer reads its own stores.
        return lines_[spot.line].slots[spot.slot].load(std::memory_order_relaxed);
    }
    void store(const Spot& spot, std::uint64_t rank, Payload payload);
    void set_bit(std::uint64_t line, unsigned key_class, bool on);

    Located locate(std::uint64_t rank) const;
    void raise(std::uint64_t rank, unsigned depth);
    void lower(std::uint64_t rank, unsigned depth);
    std::optional<Spot> free_before(std::uint64_t rank, std::uint64_t line, Spot& here) const;
    bool is_old_place(std::uint64_t rank, std::uint64_t line, unsigned slot) const;
    Change refusal(const Located& found, RoomFor room) const;
    Change put(Number number, const Spot& spot, const SetName& name, RoomFor room);
    Change rename(Number number, const Spot& spot, std::span<const ListIndex> set, RoomFor room);
    void vacate(Number number, const Spot& spot);
    Count count() const;

    MappedBlock block_;
    NumberTableOptions options_;
    NumberView view_;
    NumberLine* lines_ = nullptr;
    MembershipWriter sets_;
    std::vector<std::uint32_t> counters_;
    std::vector<ListIndex> scratch_;
    std::unordered_map<std::uint64_t, Spot> old_places_;  // by rank
    std::uint64_t settle_next_ = 0;                       // line
    std::uint64_t size_ = 0;
    std::uint64_t extra_lines_ = 0;  // sum of the depths of all keys
    std::uint64_t bits_set_ = 0;
};

}  // namespace ringfence
