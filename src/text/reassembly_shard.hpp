// reassembly_shard.hpp - one shard of the reassembler: the messages whose keys hash to it, under its lock.
//
// The layout and the rule by which room is made stand in reassembly.hpp. Every function but `take` is called with the
// lock held.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "ringfence/sync/spin_guard.hpp"
#include "ringfence/text/reassembly.hpp"

namespace ringfence {
namespace parts {

inline constexpr std::size_t kEntries = 64;
inline constexpr std::size_t kBlocks = 320;  // five parts a message; a message of 255 parts fits
inline constexpr std::size_t kBlocksAPart = Reassembler::kMaxPartUnits / Reassembler::kBlockUnits;
inline constexpr std::size_t kGivenUp = 16;
inline constexpr std::uint16_t kNoBlock = 0xFFFF;
inline constexpr std::size_t kNoEntry = static_cast<std::size_t>(-1);

struct Block {
    std::uint16_t next = kNoBlock;
    std::uint16_t length = 0;
    std::uint8_t seq = 0;
    std::uint8_t index = 0;  // of this block within its part
    std::array<char16_t, Reassembler::kBlockUnits> units{};
};

struct Name {
    std::array<char, Reassembler::kMaxName> chars{};
    std::uint8_t size = 0;

    void set(std::string_view text) {
        size = static_cast<std::uint8_t>(std::min(text.size(), chars.size()));
        std::copy_n(text.data(), size, chars.data());
    }
    std::string_view text() const { return {chars.data(), size}; }
};

// What is told of a message that is given up.
struct Card {
    std::uint64_t sender = 0;
    std::int64_t first_ms = 0;
    std::array<std::uint64_t, 4> seen{};
    Name sender_name;
    Name recipient_name;
    std::uint16_t ref = 0;
    std::uint8_t total = 0;
    std::uint8_t parts = 0;
    bool timed_out = false;
};

struct Entry {
    std::uint64_t key_high = 0;
    std::uint64_t order = 0;  // ascending with each message that opens in the shard
    Card card;
    DecodeOddity oddities = DecodeOddity::kNone;
    std::uint16_t first_block = kNoBlock;
    std::uint16_t blocks = 0;
};

inline bool seen(const Entry& entry, unsigned seq) {
    return (entry.card.seen[seq >> 6u] >> (seq & 63u) & 1u) != 0;
}

inline std::size_t blocks_for(std::size_t units) {
    return std::max<std::size_t>(1,
                                 (units + Reassembler::kBlockUnits - 1) / Reassembler::kBlockUnits);
}

struct KeyHash {
    std::uint64_t high = 0;
    std::uint64_t low = 0;  // never 0: that is a free slot
    std::uint64_t sender = 0;
};

}  // namespace parts

struct alignas(64) Reassembler::Shard {
    // Guards everything below.
    std::atomic<bool> locked{false};

    std::array<std::uint64_t, parts::kEntries>
        key_low{};  // 0 = free; beside each other for the search
    std::array<parts::Entry, parts::kEntries> entries{};
    std::array<parts::Block, parts::kBlocks> blocks{};
    std::array<parts::Card, parts::kGivenUp> given_up{};
    std::size_t given_up_count = 0;
    std::uint16_t first_free = 0;
    std::size_t free_blocks = parts::kBlocks;
    std::uint64_t next_order = 1;
    Counters counters;

    Shard() {
        for (std::size_t i = 0; i + 1 < parts::kBlocks; ++i) {
            blocks[i].next = static_cast<std::uint16_t>(i + 1);
        }
    }

    std::size_t find(const parts::KeyHash& key) const {
        for (std::size_t i = 0; i < parts::kEntries; ++i) {
            if (key_low[i] == key.low && entries[i].key_high == key.high) return i;
        }
        return parts::kNoEntry;
    }

    std::size_t find_free() const {
        for (std::size_t i = 0; i < parts::kEntries; ++i) {
            if (key_low[i] == 0) return i;
        }
        return parts::kNoEntry;
    }

    void release(std::size_t at) {
        parts::Entry& entry = entries[at];
        while (entry.first_block != parts::kNoBlock) {
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

    // Drops a message that is not whole. Where there is no room to keep its card, another of the same sender goes, or
    // else one of the sender who has the most: one sender who fills the cards hides nobody else.
    void give_up(std::size_t at) {
        const parts::Card& card = entries[at].card;
        std::size_t place = given_up_count;
        if (given_up_count < parts::kGivenUp) {
            ++given_up_count;
        } else {
            ++counters.untold;
            place = card_to_lose(card.sender);
        }
        given_up[place] = card;
        release(at);
    }

    std::size_t card_to_lose(std::uint64_t sender) const {
        std::size_t chosen = 0;
        std::size_t most = 0;
        for (std::size_t i = 0; i < parts::kGivenUp; ++i) {
            if (given_up[i].sender == sender) return i;
            std::size_t held = 0;
            for (const parts::Card& card : given_up) held += card.sender == given_up[i].sender;
            if (held > most) {
                most = held;
                chosen = i;
            }
        }
        return chosen;
    }

    // The oldest message of `sender`, other than `keep`.
    std::size_t oldest_of(std::uint64_t sender, std::size_t keep) const {
        std::size_t oldest = parts::kNoEntry;
        for (std::size_t i = 0; i < parts::kEntries; ++i) {
            if (key_low[i] == 0 || i == keep || entries[i].card.sender != sender) continue;
            if (oldest == parts::kNoEntry || entries[i].order < entries[oldest].order) oldest = i;
        }
        return oldest;
    }

    std::uint64_t heaviest_sender() const {
        std::uint64_t heaviest = 0;
        std::size_t most = 0;
        std::uint64_t oldest = 0;
        for (std::size_t i = 0; i < parts::kEntries; ++i) {
            if (key_low[i] == 0) continue;
            std::size_t held = 0;
            for (std::size_t j = 0; j < parts::kEntries; ++j) {
                // What a sender holds: its blocks, and its entries, which are as scarce.
                if (key_low[j] == 0 || entries[j].card.sender != entries[i].card.sender) continue;
                held += entries[j].blocks + parts::kBlocks / parts::kEntries;
            }
            if (held > most || (held == most && entries[i].order < oldest)) {
                most = held;
                oldest = entries[i].order;
                heaviest = entries[i].card.sender;
            }
        }
        return heaviest;
    }

    // Drops one message, by the rule of the header; `keep`, the message being added to, goes only when its
    // sender is the heaviest and has no other. Returns what was dropped.
    std::size_t make_room(std::uint64_t sender, std::size_t keep) {
        std::size_t victim = oldest_of(sender, keep);
        if (victim == parts::kNoEntry) {
            const std::uint64_t heaviest = heaviest_sender();
            victim = oldest_of(heaviest, heaviest == sender ? parts::kNoEntry : keep);
        }
        assert(victim != parts::kNoEntry);
        give_up(victim);
        ++counters.displaced;
        return victim;
    }

    std::size_t open(const parts::KeyHash& key, const MessagePart& part) {
        std::size_t at = find_free();
        if (at == parts::kNoEntry) at = make_room(key.sender, parts::kNoEntry);
        key_low[at] = key.low;
        parts::Entry& entry = entries[at];
        entry.key_high = key.high;
        entry.card.sender = key.sender;
        entry.card.first_ms = to_ms(part.time);
        entry.order = next_order++;
        entry.card.total = part.place.total;
        entry.card.ref = part.place.ref;
        entry.card.sender_name.set(part.sender);
        entry.card.recipient_name.set(part.recipient);
        ++counters.waiting;
        return at;
    }

    void keep_text(parts::Entry& entry, const MessagePart& part) {
        const std::size_t needed = parts::blocks_for(part.text.size());
        for (std::size_t i = 0; i < needed; ++i) {
            const std::uint16_t at = first_free;
            parts::Block& block = blocks[at];
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
        entry.card.seen[part.place.seq >> 6u] |= std::uint64_t{1} << (part.place.seq & 63u);
        entry.oddities |= part.oddities;
        ++entry.card.parts;
    }

    bool same_text(const parts::Entry& entry, const MessagePart& part) const {
        std::size_t matched = 0;
        for (std::uint16_t at = entry.first_block; at != parts::kNoBlock; at = blocks[at].next) {
            const parts::Block& block = blocks[at];
            if (block.seq != part.place.seq) continue;
            const std::size_t begin = std::size_t{block.index} * kBlockUnits;
            if (begin > part.text.size()) return false;
            const std::u16string_view piece = part.text.substr(begin, kBlockUnits);
            if (piece != std::u16string_view(block.units.data(), block.length)) return false;
            matched += block.length;
        }
        return matched == part.text.size();
    }

    void join(const parts::Entry& entry, DecodedText& whole) const {
        std::array<std::uint16_t, 256 * parts::kBlocksAPart> order;
        order.fill(parts::kNoBlock);
        for (std::uint16_t at = entry.first_block; at != parts::kNoBlock; at = blocks[at].next) {
            order[blocks[at].seq * parts::kBlocksAPart + blocks[at].index] = at;
        }
        whole.clear();
        for (const std::uint16_t at : order) {
            if (at == parts::kNoBlock) continue;
            whole.append(std::u16string_view(blocks[at].units.data(), blocks[at].length));
        }
        whole.oddities |= entry.oddities;
    }

    // The cards of what was given up, and of what has waited longer than `timeout`, which is dropped now.
    std::size_t take(Time now, Milliseconds timeout,
                     std::span<parts::Card, parts::kGivenUp + parts::kEntries> cards) {
        const SpinGuard guard(locked);
        std::copy_n(given_up.begin(), given_up_count, cards.begin());
        std::size_t count = std::exchange(given_up_count, 0);
        for (std::size_t i = 0; i < parts::kEntries; ++i) {
            if (key_low[i] == 0 || to_ms(now) - entries[i].card.first_ms <= timeout.count())
                continue;
            cards[count] = entries[i].card;
            cards[count++].timed_out = true;
            release(i);
            ++counters.expired;
        }
        return count;
    }
};

}  // namespace ringfence
