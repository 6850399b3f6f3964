// number_table.hpp - which lists each of up to 2^50 numbers is on, changed live by one writer.
//
// Owns the block that number_view.hpp draws, and beside it what only the writer needs: for each line and key
// class a counter of keys that lie further along their chain (4 bits, sticky at 15), and an index from sets of
// lists to payloads.
//
// Readers: as number_view.hpp says. They hold the table by a pin on the TableSet it belongs to; a view, a
// payload or a span of lists is good as long as that pin.
// Writer: one at a time (rules 3 to 5 of the lock-free tables).
//     insert   search the chain as far as the number may lie; count and set class bits of lines 0..j-1, outermost first;
//              then the slot
//     erase    the slot; then the counts, and a bit when its count falls to 0 (never from 15)
//     change   the payload alone, in place
//     settle   copy to an earlier place; when no reader is left who might have passed that, erase the later one
// Every store keeps the other fields of its word. When the room, the chain bound or the memory limit is
// reached the change fails with kFull and leaves everything as it was; `grown` then makes a larger table
// aside, which its owner publishes in place of this one.
//
// Cost: a change about 100 ns at 20 M numbers. Memory for readers 10 bytes a number at the load of 0.8;
// for the writer 0.6 bytes a number and about 100 bytes a distinct set of lists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/number/number.hpp"
#include "ringfence/table/membership.hpp"
#include "ringfence/table/number_view.hpp"

namespace ringfence {

struct NumberTableOptions {
    static constexpr unsigned kMinLoadPercent = 10;
    static constexpr unsigned kMaxLoadPercent = 90;

    std::uint64_t numbers = 1024;    // room asked for
    unsigned load_percent = 80;      // of the slots when the room is used up; 80: 10 bytes a number
    std::uint64_t wide_numbers = 0;  // room in the side table; 0: a share of `numbers`
    std::uint64_t membership_lists =
        0;  // list indexes of all distinct sets; 0: a share of `numbers`
    std::uint64_t memory_limit_bytes = UINT64_MAX;  // block and counters together
    std::uint64_t seed = 0;                         // of the hash; 0: one that nobody can foresee
};

struct NumberTableStats {
    std::uint64_t numbers = 0;
    std::uint64_t room = 0;  // numbers that ordinary inserts may fill
    std::uint64_t slots = 0;
    std::uint64_t reader_bytes = 0;    // what readers may touch
    std::uint64_t reserved_bytes = 0;  // the block; what is never touched takes no memory
    std::uint64_t writer_bytes = 0;    // about
    std::uint64_t huge_page_bytes =
        0;                           // of the block that lie in huge pages; 0: none were to be had
    std::uint64_t narrow_sets = 0;   // of kNarrowSets - 1
    std::uint64_t wide_numbers = 0;  // side entries, those out of date included
    double lines_per_hit = 1;
    double lines_per_miss = 1;
    std::string_view kernel;  // "scalar", "avx2" or "avx512"
};

// Who asks for room. A part of each kind of room (1/64 of the numbers, 1/8 of the sets) is kept for what
// must not wait for growth: police orders and card states.
enum class RoomFor : std::uint8_t { kOrdinary = 0, kOrders = 1 };

class NumberTable {
public:
    // An empty table. Fails with kFull when it would exceed the memory limit, kOutOfMemory when the system
    // gives no memory, kOutOfRange for a load outside the bounds or more than 2^40 numbers. Huge pages are
    // used when they can be had.
    // Threads: any thread.
    static Result<NumberTable> create(const NumberTableOptions& options);

    NumberTable(NumberTable&&) noexcept;
    NumberTable& operator=(NumberTable&&) noexcept;
    ~NumberTable();

    // The payload of a number, kNoList when it is on no list. By the vector form chosen at start.
    // Threads: one writer, many readers.
    Payload find(Number number) const;

    // The payload of each of `numbers`, to the same place of `payloads`, which has room for as many.
    // Prefetches as it goes: 5 to 8 times the speed of single finds in a large table.
    // Threads: one writer, many readers.
    void find(std::span<const Number> numbers, std::span<Payload> payloads) const;

    // The lists, ascending, behind a payload that a find of this number gave; good as long as the table.
    // Threads: one writer, many readers.
    std::span<const ListIndex> lists(Number number, Payload payload) const {
        return view_.lists(number, payload);
    }
    std::span<const ListIndex> lists(Number number) const { return lists(number, find(number)); }

    // What readers need, without the table's address. Threads: any thread.
    const NumberView& view() const { return view_; }

    // Puts a number on a list, for every find that starts after this returned: true, or false when it was on
    // it before. Fails with kFull, and with kInvalidArgument for the empty number.
    // Threads: the writer.
    Result<bool> insert(Number number, ListIndex list, RoomFor room = RoomFor::kOrdinary);

    // Puts many on one list; gives how many were not on it before. Fails as insert does, at the first that
    // finds no room: `done` (if given) then says how many of `numbers` were dealt with, `added` how many of those were
    // not on it before.
    // Threads: the writer.
    Result<std::uint64_t> insert(std::span<const Number> numbers, ListIndex list,
                                 std::size_t* done = nullptr, std::uint64_t* added = nullptr);

    // Takes a number off a list: true, or false when it was not on it. Fails with kFull when what remains is
    // a set never seen before and there is no room to write it down; taking a number off its last list, or
    // by `erase(number)` off all, never fails.
    // Threads: the writer.
    Result<bool> erase(Number number, ListIndex list, RoomFor room = RoomFor::kOrdinary);

    // Takes a number off all lists; true when it was on any. Threads: the writer.
    bool erase(Number number);

    // A table with the same numbers and memberships and more room, made aside: twice the numbers if more than
    // three quarters of the room are used, at least `numbers`; sets no number has any more are left behind,
    // and the most frequent ones become narrow. Fails as create does. This table stays as it is.
    // Threads: any thread, beside the writer; of changes made meanwhile some may be missing: replay them all.
    Result<NumberTable> grown(std::uint64_t numbers = 0) const;

    // Brings numbers back that churn left far along their chains, where room has come free on the way since. A
    // number may not be moved under a reader, so it is done in two steps: this one copies such numbers of the
    // next `lines` lines (round and round) to the earlier place, and gives how many; both places then hold the
    // number, and changes reach both. Does nothing while an earlier step waits for its end.
    // Threads: the writer.
    std::uint64_t begin_settling(std::uint64_t lines);

    // Frees the old places. Every find that began before begin_settling returned must have ended: under an
    // EpochDomain, advance() it after that, and wait until oldest_pin() is greater than what that gave.
    // Threads: the writer.
    void finish_settling();

    // Counts from every slot anew what the counters say, as a new writer of an old block must; sticky counters
    // and bits that no key needs any more are cleared. Readers go on. O(numbers).
    // Threads: the writer.
    void recount();

    // Whether every key's class bits and counters are as they must be. For tests and after reading images;
    // O(numbers). Threads: the writer.
    bool consistent() const;

    // Threads: the writer.
    NumberTableStats stats() const;
    std::uint64_t size() const;

private:
    class Writer;
    friend class NumberAssembly;
    friend class NumberTableParts;

    explicit NumberTable(std::unique_ptr<Writer> writer);

    NumberView view_;
    std::unique_ptr<Writer> writer_;
};

}  // namespace ringfence
