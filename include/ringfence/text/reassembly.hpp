// reassembly.hpp - joins the parts of long messages, in memory fixed at construction.
//
// Parts may come on different binds and threads, out of order and more than once. A message is known by
// sender, recipient, reference and total; its parts lie in blocks of kBlockUnits until the last one comes.
//
//     shard (by hash of the whole key)   lock | entries [128] | blocks [320]
//     entry    128-bit key hash, sender hash, first time, seen[256 bits], first block
//     block    next block, seq, length, kBlockUnits UTF-16 units
//
//     given up [16]    messages that were dropped before they were whole, until `expire` tells of them
//
// Fairness: a full shard makes room by dropping the oldest message of the sender who has the most there (blocks and
// entries), the one who adds counted with what is added, and first among equals. So one sender who opens millions of
// references displaces only itself, and several who do so take nothing from those who have less than they. A sender with
// nothing there finds room for a first part, if need be at an equal's cost: those who came first shut nobody out.
// Not promised against a flood from millions of forged senders.
//
// A part other than the first that opens a message where its own sender would have to make room is given up itself:
// mostly the others of its message were dropped before it, and it would push out one that may still be whole.
//
// Threads: `add` and `expire` from any thread. A shard is guarded by a one-word spin lock held for a few hundred
// nanoseconds (the copy of one part; a microsecond where a full one makes room or a long message is copied); nothing waits
// in the kernel. The object must outlive all calls. Not for memory shared between processes.
// Cost: no allocation after construction.
// Source: TS 23.040 clauses 9.2.3.24.1 and 9.2.3.24.8.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "ringfence/base/time.hpp"
#include "ringfence/text/decode.hpp"

namespace ringfence {

struct MessagePart {
    std::string_view sender;     // as the caller keys it: one form for all binds
    std::string_view recipient;  // likewise
    Concatenation place;
    std::u16string_view text;
    DecodeOddity oddities = DecodeOddity::kNone;
    Time time = {};
};

enum class PartOutcome : std::uint8_t {
    kIncomplete =
        0,           // kept, or given up for want of room (`expire` tells); parts are still missing
    kComplete = 1,   // the whole text was written out
    kDuplicate = 2,  // this part was here already, with the same text
    kRefused = 3,    // total under 2, seq outside 1..total, or longer than a part can be
};

// A message that was dropped before all of it was there.
struct GivenUpMessage {
    std::string_view sender;  // as the parts said, cut at Reassembler::kMaxName octets
    std::string_view recipient;
    std::uint16_t ref = 0;
    std::uint8_t total = 0;
    std::uint8_t parts = 0;               // how many came
    std::array<std::uint64_t, 4> seen{};  // bit n: part n came
    Time first = {};                      // when the first of them came
    bool timed_out = true;  // false: for want of room, or because its reference was used again
    bool has(std::uint8_t seq) const { return (seen[seq >> 6u] >> (seq & 63u) & 1u) != 0; }
};

class Reassembler {
public:
    static constexpr std::size_t kBlockUnits = 160;
    static constexpr std::size_t kMaxPartUnits = 4 * kBlockUnits;
    static constexpr std::size_t kMaxName = 24;

    struct Options {
        std::size_t bytes = std::size_t{16} << 20u;  // at least one shard is made
        Milliseconds timeout = std::chrono::minutes(10);
        std::uint64_t seed = 0;  // of the hash: give a random one where senders may be hostile
    };
    struct Counters {
        std::uint64_t completed = 0;
        std::uint64_t duplicates = 0;
        std::uint64_t displaced = 0;  // messages dropped to make room
        std::uint64_t superseded =
            0;  // messages dropped because a part came again with another text
        std::uint64_t expired = 0;
        std::uint64_t untold =
            0;  // messages dropped between two calls of expire, beyond what is kept of them
        std::uint64_t waiting = 0;  // messages with parts missing, now
    };

    explicit Reassembler(const Options& options);
    ~Reassembler();
    Reassembler(const Reassembler&) = delete;
    Reassembler& operator=(const Reassembler&) = delete;

    // Keeps `part`. With kComplete `whole` holds the joined text, and the oddities of all parts;
    // otherwise `whole` is left alone. A part that comes again with another text starts its message anew.
    PartOutcome add(const MessagePart& part, DecodedText& whole);

    // Forgets messages whose first part is older than the timeout; returns how many. A clock that goes
    // backwards expires nothing.
    std::size_t expire(Time now);
    // The same, and tells `told` of each message that was dropped since the last call, for whatever reason. It is called
    // without a lock, may add parts, and must not throw; what a GivenUpMessage points at lives for the call.
    // When more than 16 were dropped in a shard, those of the sender who has the most among them are left out.
    std::size_t expire(Time now, const std::function<void(const GivenUpMessage&)>& told);

    // Sums over the shards; each number is right, together they may be a moment apart.
    Counters counters() const;
    // Bytes taken at construction.
    std::size_t bytes() const;
    // Bytes that let so many messages of two or three parts of up to kBlockUnits wait at once: 1,750 each, rounded up to
    // whole shards. Keys fall on shards by chance: for 4,096 messages one is too many for its shard once in 10 million
    // times, for 4 million once in 10,000. Longer messages take more: 72 messages have 320 blocks.
    static std::size_t bytes_for(std::size_t messages);

private:
    struct Shard;

    Shard& shard_of(std::uint64_t hash) const;

    std::unique_ptr<Shard[]> shards_;
    std::size_t shard_count_ = 0;
    Options options_;
};

}  // namespace ringfence
