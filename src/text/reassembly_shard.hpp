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

inline constexpr std::size_t kEntries = 128;
inline constexpr std::size_t kBlocks =
    320;  // 128 messages wait for their third part; one of 255 fits
// What a shard is reckoned to hold. Keys fall on shards by chance: where 72 are meant, more than 128 come once in a
// billion times (Poisson).
inline constexpr std::size_t kMessagesAShard = 72;
inline constexpr std::size_t kEntryWeight = kBlocks / kEntries;  // in blocks: as scarce as they
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
    Card card;
    DecodeOddity oddities = DecodeOddity::kNone;
    std::uint16_t first_block = kNoBlock;
};

// What an entry takes of the shard, and for whom.
struct Share {
    std::uint64_t sender = 0;
    std::uint64_t order = 0;  // ascending with each message that opens in the shard
    std::size_t weight = 0;   // its blocks, and kEntryWeight for the entry; 0 = free
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

inline Card card_of(const KeyHash& key, const MessagePart& part) {
    Card card;
    card.sender = key.sender;
    card.first_ms = to_ms(part.time);
    card.sender_name.set(part.sender);
    card.recipient_name.set(part.recipient);
    card.ref = part.place.ref;
    card.total = part.place.total;
    return card;
}

inline void note(Card& card, unsigned seq) {
    card.seen[seq >> 6u] |= std::uint64_t{1} << (seq & 63u);
    ++card.parts;
}

// Of one sender's shares.
struct Holding {
    std::size_t weight = 0;
    std::size_t oldest = kNoEntry;
    std::uint64_t order = static_cast<std::uint64_t>(-1);  // of the oldest
};

}  // namespace parts

struct alignas(64) Reassembler::Shard {
    // Guards everything below.
    std::atomic<bool> locked{false};

    std::array<std::uint64_t, parts::kEntries>
        key_low{};  // 0 = free; beside each other for the search
    std::array<parts::Share, parts::kEntries> shares{};
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
        shares[at] = {};
        key_low[at] = 0;
        --counters.waiting;
    }

    // Drops a message that is not whole.
    void give_up(std::size_t at) {
        keep_card(entries[at].card);
        release(at);
    }

    // Drops a part that opens a message, without opening it.
    void give_up(const parts::KeyHash& key, const MessagePart& part) {
        parts::Card card = parts::card_of(key, part);
        parts::note(card, part.place.seq);
        keep_card(card);
    }

    // Where there is no room for it, a card goes of the sender who has the most, this one counted: who fills the cards
    // hides nobody else.
    void keep_card(const parts::Card& card) {
        std::size_t place = given_up_count;
        if (given_up_count < parts::kGivenUp) {
            ++given_up_count;
        } else {
            ++counters.untold;
            place = card_to_lose(card.sender);
        }
        given_up[place] = card;
    }

    std::size_t card_to_lose(std::uint64_t sender) const {
        std::size_t chosen = 0;
        std::size_t most = 0;
        for (std::size_t i = 0; i < parts::kGivenUp; ++i) {
            const bool own = given_up[i].sender == sender;
            std::size_t held = own ? 1 : 0;
            for (const parts::Card& card : given_up) held += card.sender == given_up[i].sender;
            if (held > most || (held == most && own)) {
                most = held;
                chosen = i;
            }
        }
        return chosen;
    }

    bool has_room(std::size_t at, std::size_t blocks_needed) const {
        return free_blocks >= blocks_needed &&
               (at != parts::kNoEntry || counters.waiting < parts::kEntries);
    }

    // Drops one message, by the rule of the header: another than `at`, the one being added to, where there is another
    // to drop. Returns what was dropped, kNoEntry where it was the part itself.
    std::size_t make_room(const parts::KeyHash& key, const MessagePart& part, std::size_t at) {
        const parts::Holding own = holding_of(key.sender, at);
        std::size_t own_weight = own.weight + parts::blocks_for(part.text.size());
        if (at == parts::kNoEntry) own_weight += parts::kEntryWeight;
        const std::size_t others =
            parts::kBlocks - free_blocks + counters.waiting * parts::kEntryWeight - own.weight;
        parts::Holding other;
        if (own_weight < others) other = heaviest_but(key.sender);

        ++counters.displaced;
        std::size_t victim = other.oldest;
        if (own_weight >= other.weight) {
            if (at == parts::kNoEntry && part.place.seq != 1) {
                give_up(key, part);
                return parts::kNoEntry;
            }
            if (own.oldest != parts::kNoEntry) {
                victim = own.oldest;
            } else if (at != parts::kNoEntry) {
                victim = at;
            }
        }
        assert(victim != parts::kNoEntry);
        give_up(victim);
        return victim;
    }

    // What `sender` has; `at` is never its oldest.
    parts::Holding holding_of(std::uint64_t sender, std::size_t at) const {
        parts::Holding holding;
        for (std::size_t i = 0; i < parts::kEntries; ++i) {
            if (shares[i].weight == 0 || shares[i].sender != sender) continue;
            holding.weight += shares[i].weight;
            if (i == at || shares[i].order > holding.order) continue;
            holding.oldest = i;
            holding.order = shares[i].order;
        }
        return holding;
    }

    // What the heaviest of the other senders has. They are met in a table on the stack: one pass, no order.
    parts::Holding heaviest_but(std::uint64_t sender) const {
        std::array<std::uint8_t, 2 * parts::kEntries> places{};  // 1 + a sender's first entry
        std::array<parts::Holding, parts::kEntries> holdings;    // by first entry
        static_assert(parts::kEntries < 256);
        for (std::size_t i = 0; i < parts::kEntries; ++i) {
            const parts::Share& share = shares[i];
            if (share.weight == 0 || share.sender == sender) continue;
            std::size_t place = share.sender % places.size();
            while (places[place] != 0 && shares[places[place] - 1u].sender != share.sender)
                place = (place + 1) % places.size();
            if (places[place] == 0) places[place] = static_cast<std::uint8_t>(i + 1);
            parts::Holding& holding = holdings[places[place] - 1u];
            holding.weight += share.weight;
            if (share.order > holding.order) continue;
            holding.oldest = i;
            holding.order = share.order;
        }
        parts::Holding heaviest;
        for (const parts::Holding& holding : holdings) {
            if (holding.weight > heaviest.weight ||
                (holding.weight == heaviest.weight && holding.order < heaviest.order))
                heaviest = holding;
        }
        return heaviest;
    }

    std::size_t open(const parts::KeyHash& key, const MessagePart& part) {
        const std::size_t at = find_free();
        assert(at != parts::kNoEntry);
        key_low[at] = key.low;
        parts::Entry& entry = entries[at];
        entry.key_high = key.high;
        entry.card = parts::card_of(key, part);
        shares[at] = {key.sender, next_order++, parts::kEntryWeight};
        ++counters.waiting;
        return at;
    }

    void keep_text(std::size_t to, const MessagePart& part) {
        parts::Entry& entry = entries[to];
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
        shares[to].weight += needed;
        entry.oddities |= part.oddities;
        parts::note(entry.card, part.place.seq);
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
