#include "ringfence/text/reassembly.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <span>

#include "src/text/reassembly_shard.hpp"
#include "src/text/utf.hpp"

namespace ringfence {
namespace {

bool has_lone_surrogate(std::u16string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const utf::CodePoint c = utf::at_utf16(text, at);
        if (!c.valid) return true;
        at += c.size;
    }
    return false;
}

parts::KeyHash hash_of(const MessagePart& part, std::uint64_t seed) {
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
    const parts::KeyHash key = hash_of(part, options_.seed);
    Shard& shard = shard_of(key.high);
    {
        const SpinGuard guard(shard.locked);
        std::size_t at = shard.find(key);
        if (at != parts::kNoEntry && parts::seen(shard.entries[at], place.seq)) {
            if (shard.same_text(shard.entries[at], part)) {
                ++shard.counters.duplicates;
                return PartOutcome::kDuplicate;
            }
            // The reference is used again: what waited is another message, which will not be whole.
            shard.give_up(at);
            ++shard.counters.superseded;
            at = parts::kNoEntry;
        }
        while (!shard.has_room(at, parts::blocks_for(part.text.size()))) {
            const std::size_t dropped = shard.make_room(key, part, at);
            if (dropped == parts::kNoEntry) return PartOutcome::kIncomplete;
            if (dropped == at) at = parts::kNoEntry;
        }
        if (at == parts::kNoEntry) at = shard.open(key, part);
        shard.keep_text(at, part);
        const parts::Entry& entry = shard.entries[at];
        if (entry.card.parts < entry.card.total) return PartOutcome::kIncomplete;
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
    return expire(now, [](const GivenUpMessage&) {});
}

std::size_t Reassembler::expire(Time now, const std::function<void(const GivenUpMessage&)>& told) {
    std::size_t expired = 0;
    for (std::size_t s = 0; s < shard_count_; ++s) {
        std::array<parts::Card, parts::kGivenUp + parts::kEntries> cards;
        const std::size_t count = shards_[s].take(now, options_.timeout, cards);
        for (const parts::Card& card : std::span(cards).first(count)) {
            told({.sender = card.sender_name.text(),
                  .recipient = card.recipient_name.text(),
                  .ref = card.ref,
                  .total = card.total,
                  .parts = card.parts,
                  .seen = card.seen,
                  .first = time_from_ms(card.first_ms),
                  .timed_out = card.timed_out});
            if (card.timed_out) ++expired;
        }
    }
    return expired;
}

Reassembler::Counters Reassembler::counters() const {
    Counters sum;
    for (std::size_t s = 0; s < shard_count_; ++s) {
        const SpinGuard guard(shards_[s].locked);
        const Counters& part = shards_[s].counters;
        sum.completed += part.completed;
        sum.duplicates += part.duplicates;
        sum.displaced += part.displaced;
        sum.superseded += part.superseded;
        sum.expired += part.expired;
        sum.untold += part.untold;
        sum.waiting += part.waiting;
    }
    return sum;
}

std::size_t Reassembler::bytes_for(std::size_t messages) {
    return (messages + parts::kMessagesAShard - 1) / parts::kMessagesAShard * sizeof(Shard);
}

std::size_t Reassembler::bytes() const { return shard_count_ * sizeof(Shard); }

}  // namespace ringfence
