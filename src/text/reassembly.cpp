#include "ringfence/text/reassembly.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <thread>

#include "src/text/utf.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kEntries = 64;
constexpr std::size_t kBlocks = 320;  // five parts a message; a message of 255 parts fits
constexpr std::size_t kBlocksAPart = Reassembler::kMaxPartUnits / Reassembler::kBlockUnits;
constexpr std::uint16_t kNoBlock = 0xFFFF;
constexpr std::size_t kNoEntry = static_cast<std::size_t>(-1);

struct Block {
    std::uint16_t next = kNoBlock;
    std::uint16_t length = 0;
    std::uint8_t seq = 0;
    std::uint8_t index = 0;  // of this block within its part
    std::array<char16_t, Reassembler::kBlockUnits> units{};
};

struct Entry {
    std::uint64_t key_high = 0;
    std::uint64_t sender = 0;
    std::int64_t first_ms = 0;
    std::uint64_t order = 0;  // ascending with each message that opens in the shard
    std::array<std::uint64_t, 4> seen{};
    DecodeOddity oddities = DecodeOddity::kNone;
    std::uint16_t first_block = kNoBlock;
    std::uint16_t blocks = 0;
    std::uint8_t total = 0;
    std::uint8_t parts = 0;
};

bool seen(const Entry& entry, unsigned seq) {
    return (entry.seen[seq >> 6u] >> (seq & 63u) & 1u) != 0;
}

std::size_t blocks_for(std::size_t units) {
    return std::max<std::size_t>(1,
                                 (units + Reassembler::kBlockUnits - 1) / Reassembler::kBlockUnits);
}

bool has_lone_surrogate(std::u16string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const utf::CodePoint c = utf::at_utf16(text, at);
        if (!c.valid) return true;
        at += c.size;
    }
    return false;
}

struct KeyHash {
    std::uint64_t high = 0;
    std::uint64_t low = 0;  // never 0: that is a free slot
    std::uint64_t sender = 0;
};

KeyHash hash_of(const MessagePart& part, std::uint64_t seed) {
    struct {
        std::uint64_t words[5];
    } key;
    const XXH128_hash_t sender =
        XXH3_128bits_withSeed(part.sender.data(), part.sender.size(), seed);
    const XXH128_hash_t recipient =
        XXH3_128bits_withSeed(part.recipient.data(), part.recipient.size(), ~seed);
    key = {{sender.low64, sender.high64, recipient.low64, recipient.high64,
            static_cast<std::uint64_t>(part.place.ref) << 8u | part.place.total}};
    const XXH128_hash_t whole = XXH3_128bits_withSeed(&key, sizeof key, seed);
    return {whole.high64, whole.low64 | 1u, sender.low64};
}

}  // namespace

struct alignas(64) Reassembler::Shard {
    // Guards everything below. A spinning thread yields: the holder copies one message at most.
    std::atomic<bool> locked{false};

    std::array<std::uint64_t, kEntries> key_low{};  // 0 = free; beside each other for the search
    std::array<Entry, kEntries> entries{};
    std::array<Block, kBlocks> blocks{};
    std::uint16_t first_free = 0;
    std::size_t free_blocks = kBlocks;
    std::uint64_t next_order = 1;
    Counters counters;

    Shard() {
        for (std::size_t i = 0; i + 1 < kBlocks; ++i) {
            blocks[i].next = static_cast<std::uint16_t>(i + 1);
        }
    }

    std::size_t find(const KeyHash& key) const {
        for (std::size_t i = 0; i < kEntries; ++i) {
            if (key_low[i] == key.low && entries[i].key_high == key.high) return i;
        }
        return kNoEntry;
    }

    std::size_t find_free() const {
        for (std::size_t i = 0; i < kEntries; ++i) {
            if (key_low[i] == 0) return i;
        }
        return kNoEntry;
    }

    void release(std::size_t at) {
        Entry& entry = entries[at];
        while (entry.first_block != kNoBlock) {
            const std::uint16_t block = entry.first_block;
            entry.first_block = blocks[block].next;
            blocks[block].next = first_free;
            first_free = block;
            ++free_blocks;
        }
        entry = {};
        key_low[at] = 0;
        --counters.waiting;
    }

    // The oldest message of `sender`, other than `keep`.
    std::size_t oldest_of(std::uint64_t sender, std::size_t keep) const {
        std::size_t oldest = kNoEntry;
        for (std::size_t i = 0; i < kEntries; ++i) {
            if (key_low[i] == 0 || i == keep || entries[i].sender != sender) continue;
            if (oldest == kNoEntry || entries[i].order < entries[oldest].order) oldest = i;
        }
        return oldest;
    }

    std::uint64_t heaviest_sender() const {
        std::uint64_t heaviest = 0;
        std::size_t most = 0;
        std::uint64_t oldest = 0;
        for (std::size_t i = 0; i < kEntries; ++i) {
            if (key_low[i] == 0) continue;
            std::size_t held = 0;
            for (std::size_t j = 0; j < kEntries; ++j) {
                // What a sender holds: its blocks, and its entries, which are as scarce.
                if (key_low[j] == 0 || entries[j].sender != entries[i].sender) continue;
                held += entries[j].blocks + kBlocks / kEntries;
            }
            if (held > most || (held == most && entries[i].order < oldest)) {
                most = held;
                oldest = entries[i].order;
                heaviest = entries[i].sender;
            }
        }
        return heaviest;
    }

    // Drops one message, by the rule of the header; `keep`, the message being added to, goes only when its
    // sender is the heaviest and has no other. Returns what was dropped.
    std::size_t make_room(std::uint64_t sender, std::size_t keep) {
        std::size_t victim = oldest_of(sender, keep);
        if (victim == kNoEntry) {
            const std::uint64_t heaviest = heaviest_sender();
            victim = oldest_of(heaviest, heaviest == sender ? kNoEntry : keep);
        }
        assert(victim != kNoEntry);
        release(victim);
        ++counters.displaced;
        return victim;
    }

    std::size_t open(const KeyHash& key, const MessagePart& part) {
        std::size_t at = find_free();
        if (at == kNoEntry) at = make_room(key.sender, kNoEntry);
        key_low[at] = key.low;
        Entry& entry = entries[at];
        entry.key_high = key.high;
        entry.sender = key.sender;
        entry.first_ms = to_ms(part.time);
        entry.order = next_order++;
        entry.total = part.place.total;
        ++counters.waiting;
        return at;
    }

    void keep_text(Entry& entry, const MessagePart& part) {
        const std::size_t needed = blocks_for(part.text.size());
        for (std::size_t i = 0; i < needed; ++i) {
            const std::uint16_t at = first_free;
            Block& block = blocks[at];
            first_free = block.next;
            --free_blocks;
            const std::u16string_view piece = part.text.substr(i * kBlockUnits, kBlockUnits);
            block.next = entry.first_block;
            block.length = static_cast<std::uint16_t>(piece.size());
            block.seq = part.place.seq;
            block.index = static_cast<std::uint8_t>(i);
            std::copy(piece.begin(), piece.end(), block.units.begin());
            entry.first_block = at;
        }
        entry.blocks = static_cast<std::uint16_t>(entry.blocks + needed);
        entry.seen[part.place.seq >> 6u] |= std::uint64_t{1} << (part.place.seq & 63u);
        entry.oddities |= part.oddities;
        ++entry.parts;
    }

    bool same_text(const Entry& entry, const MessagePart& part) const {
        std::size_t matched = 0;
        for (std::uint16_t at = entry.first_block; at != kNoBlock; at = blocks[at].next) {
            const Block& block = blocks[at];
            if (block.seq != part.place.seq) continue;
            const std::size_t begin = std::size_t{block.index} * kBlockUnits;
            if (begin > part.text.size()) return false;
            const std::u16string_view piece = part.text.substr(begin, kBlockUnits);
            if (piece != std::u16string_view(block.units.data(), block.length)) return false;
            matched += block.length;
        }
        return matched == part.text.size();
    }

    void join(const Entry& entry, DecodedText& whole) const {
        std::array<std::uint16_t, 256 * kBlocksAPart> order;
        order.fill(kNoBlock);
        for (std::uint16_t at = entry.first_block; at != kNoBlock; at = blocks[at].next) {
            order[blocks[at].seq * kBlocksAPart + blocks[at].index] = at;
        }
        whole.clear();
        for (const std::uint16_t at : order) {
            if (at == kNoBlock) continue;
            whole.append(std::u16string_view(blocks[at].units.data(), blocks[at].length));
        }
        whole.oddities |= entry.oddities;
    }
};

namespace {

template <class Shard>
class Guard {
public:
    explicit Guard(Shard& shard) : shard_(shard) {
        // Acquire pairs with the release in the destructor of the holder before.
        while (shard_.locked.exchange(true, std::memory_order_acquire)) {
            // Relaxed: only a hint when to try again; the exchange above orders.
            while (shard_.locked.load(std::memory_order_relaxed)) std::this_thread::yield();
        }
    }
    // Release pairs with the acquire of the next holder.
    ~Guard() { shard_.locked.store(false, std::memory_order_release); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

private:
    Shard& shard_;
};

}  // namespace

Reassembler::Reassembler(const Options& options)
    : shard_count_(std::max<std::size_t>(1, options.bytes / sizeof(Shard))), options_(options) {
    shards_ = std::make_unique<Shard[]>(shard_count_);
}

Reassembler::~Reassembler() = default;

Reassembler::Shard& Reassembler::shard_of(std::uint64_t hash) const {
    __extension__ using Wide = unsigned __int128;
    return shards_[static_cast<std::size_t>(static_cast<Wide>(hash) * shard_count_ >> 64u)];
}

PartOutcome Reassembler::add(const MessagePart& part, DecodedText& whole) {
    const Concatenation place = part.place;
    if (place.total < 2 || place.seq == 0 || place.seq > place.total ||
        part.text.size() > kMaxPartUnits) {
        return PartOutcome::kRefused;
    }
    const KeyHash key = hash_of(part, options_.seed);
    Shard& shard = shard_of(key.high);
    {
        const Guard guard(shard);
        std::size_t at = shard.find(key);
        if (at != kNoEntry && seen(shard.entries[at], place.seq)) {
            if (shard.same_text(shard.entries[at], part)) {
                ++shard.counters.duplicates;
                return PartOutcome::kDuplicate;
            }
            // The reference is used again: what waited is another message, which will not be whole.
            shard.release(at);
            ++shard.counters.superseded;
            at = kNoEntry;
        }
        if (at == kNoEntry) at = shard.open(key, part);
        while (shard.free_blocks < blocks_for(part.text.size())) {
            if (shard.make_room(key.sender, at) == at) at = shard.open(key, part);
        }
        Entry& entry = shard.entries[at];
        shard.keep_text(entry, part);
        if (entry.parts < entry.total) return PartOutcome::kIncomplete;
        shard.join(entry, whole);
        shard.release(at);
        ++shard.counters.completed;
    }
    // A pair that two parts share is whole now.
    if (has(whole.oddities, DecodeOddity::kLoneSurrogate) && !has_lone_surrogate(whole.text())) {
        whole.oddities =
            static_cast<DecodeOddity>(static_cast<std::uint32_t>(whole.oddities) &
                                      ~static_cast<std::uint32_t>(DecodeOddity::kLoneSurrogate));
    }
    return PartOutcome::kComplete;
}

std::size_t Reassembler::expire(Time now) {
    std::size_t expired = 0;
    for (std::size_t s = 0; s < shard_count_; ++s) {
        Shard& shard = shards_[s];
        const Guard guard(shard);
        for (std::size_t i = 0; i < kEntries; ++i) {
            if (shard.key_low[i] == 0) continue;
            if (to_ms(now) - shard.entries[i].first_ms <= options_.timeout.count()) continue;
            shard.release(i);
            ++shard.counters.expired;
            ++expired;
        }
    }
    return expired;
}

Reassembler::Counters Reassembler::counters() const {
    Counters sum;
    for (std::size_t s = 0; s < shard_count_; ++s) {
        const Guard guard(shards_[s]);
        const Counters& part = shards_[s].counters;
        sum.completed += part.completed;
        sum.duplicates += part.duplicates;
        sum.displaced += part.displaced;
        sum.superseded += part.superseded;
        sum.expired += part.expired;
        sum.waiting += part.waiting;
    }
    return sum;
}

std::size_t Reassembler::bytes() const { return shard_count_ * sizeof(Shard); }

}  // namespace ringfence
