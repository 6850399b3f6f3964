// pair_table.hpp - which personal lists each pair of a subscriber and a number is on, changed live by one writer.
//
// Owns the block that pair_view.hpp draws, and beside it what only the writer needs: for each line and class of pairs a
// counter of those that lie further along their chain (4 bits, sticky at 15), an index from sets of lists to
// payloads, and the places that were freed since the last grace period.
//
// Readers: as pair_view.hpp says. They hold the table by a pin on the TableSet it belongs to.
// Writer: one at a time.
//     insert   search the whole chain; count and set class bits of lines 0..j-1; `second`; then `first`
//     erase    `first`; then the counts, and a bit when its count falls to 0 (never from 15); `second` stays
//     change   the payload alone, in place
//     reclaim  when no reader is left who might have met what was erased: `second`
// Every store keeps the other fields of its word. When the room, the chain bound, the sets that a payload can name or the
// memory limit are used up the change fails with kFull and leaves everything as it was; `grown` then makes a larger table
// aside, which its owner publishes in place of this one. Places that wait for their reclaim take room meanwhile.
//
// Cost: a change about 200 ns at 20 M pairs. Memory for readers 20 bytes a pair at the load of 0.8; for the writer
// 1.3 bytes a pair, and 8 bytes for each erase since the last reclaim.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "ringfence/base/result.hpp"
#include "ringfence/table/membership.hpp"
#include "ringfence/table/pair_view.hpp"

namespace ringfence {

struct PairTableOptions {
    static constexpr unsigned kMinLoadPercent = 10;
    static constexpr unsigned kMaxLoadPercent = 90;

    std::uint64_t pairs = 1024;  // room asked for
    unsigned load_percent = 80;  // of the slots when the room is used up; 80: 20 bytes a pair
    std::uint64_t memory_limit_bytes = UINT64_MAX;  // block and counters together
    std::uint64_t seed = 0;                         // of the hash; 0: one that nobody can foresee
};

struct PairTableStats {
    std::uint64_t pairs = 0;
    std::uint64_t room = 0;  // pairs that inserts may fill
    std::uint64_t slots = 0;
    std::uint64_t waiting = 0;  // freed slots that were not reclaimed yet
    std::uint64_t reader_bytes = 0;
    std::uint64_t writer_bytes = 0;  // about
    std::uint64_t huge_page_bytes = 0;
    std::uint64_t sets = 0;  // of kNarrowSets - 1
    double lines_per_hit = 1;
    double lines_per_miss = 1;
};

class PairTable {
public:
    // An empty table. Fails with kFull when it would exceed the memory limit, kOutOfMemory when the system gives no
    // memory, kOutOfRange for a load outside the bounds or more than 2^40 pairs. Huge pages are used when they can
    // be had. Threads: any thread.
    static Result<PairTable> create(const PairTableOptions& options);

    PairTable(PairTable&&) noexcept;
    PairTable& operator=(PairTable&&) noexcept;
    ~PairTable();

    // The payload of a pair, kNoList when it is on no list. Threads: one writer, many readers.
    Payload find(SubscriberNumber pair) const { return view_.find(pair); }

    // The payload of each of `pairs`, to the same place of `payloads`, which has room for as many. Asks for lines as it
    // goes. Threads: one writer, many readers.
    void find(std::span<const SubscriberNumber> pairs, std::span<Payload> payloads) const;

    // The lists, ascending, behind a payload that a find gave; good as long as the table.
    // Threads: one writer, many readers.
    std::span<const ListIndex> lists(Payload payload) const { return view_.lists(payload); }
    std::span<const ListIndex> lists(SubscriberNumber pair) const { return lists(find(pair)); }

    // What readers need, without the table's address. Threads: any thread.
    const PairView& view() const { return view_; }

    // Puts a pair on a list, for every find that starts after this returned: true, or false when it was on it before.
    // Fails with kFull, and with kInvalidArgument when either number is empty. Threads: the writer.
    Result<bool> insert(SubscriberNumber pair, ListIndex list);

    // Takes a pair off a list: true, or false when it was not on it. Fails with kFull when what remains is a set
    // never seen before that no payload is left for. Taking it off its last list, or by `erase(pair)` off all, never fails.
    // Threads: the writer.
    Result<bool> erase(SubscriberNumber pair, ListIndex list);

    // Takes a pair off all lists; true when it was on any. Threads: the writer.
    bool erase(SubscriberNumber pair);

    // Makes what was erased so far ready to be taken by other pairs, in two steps: this one gives how many places
    // wait. Does nothing but that while an earlier step waits for its end. Threads: the writer.
    std::uint64_t begin_reclaim();

    // Frees those places. Every find that began before begin_reclaim returned must have ended: under an EpochDomain,
    // advance() it after that, and wait until oldest_pin() is greater than what that gave. Threads: the writer.
    void finish_reclaim();

    // A table with the same pairs and lists and more room, made aside: twice the pairs if more than three quarters of the
    // room are used, at least `pairs`; sets that no pair has any more, and places that wait, are left behind. Fails as
    // create does. This table stays as it is. Threads: the writer.
    Result<PairTable> grown(std::uint64_t pairs = 0) const;

    // Whether every pair is where its chain finds it, with its class bits and counters. For tests; O(pairs).
    // Threads: the writer.
    bool consistent() const;

    // Threads: the writer.
    PairTableStats stats() const;
    std::uint64_t size() const;

private:
    class Writer;

    explicit PairTable(std::unique_ptr<Writer> writer);

    PairView view_;
    std::unique_ptr<Writer> writer_;
};

}  // namespace ringfence
