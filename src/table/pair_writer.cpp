#include "src/table/pair_writer.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <new>

#include "src/table/line_counters.hpp"

namespace ringfence {
namespace {

constexpr unsigned kSlotBits = 2;
static_assert(PairLine::kSlots == 1u << kSlotBits);

bool is_number(SubscriberNumber pair, std::uint64_t first) {
    return NumberSlot::rank(first) == pair.number.rank();
}
bool is_subscriber(SubscriberNumber pair, std::uint64_t second) {
    return NumberSlot::rank(second) == pair.subscriber.rank();
}

}  // namespace

PairTable::Writer::Writer(MappedBlock block, const PairTableOptions& options)
    : block_(std::move(block)),
      options_(options),
      view_(header()),
      lines_(reinterpret_cast<PairLine*>(block_.data() + header().lines_offset)),
      sets_(header()),
      counters_(header().line_count) {}

void PairTable::Writer::store(std::uint64_t line, unsigned word, std::uint64_t rank,
                              Payload payload) {
    // release: of `first`, pairs with the acquire-load in probe_line; `second` and what the payload names are
    // complete. Of `second`, with the load of its filter bit there.
    lines_[line].words[word].store(NumberSlot::with(word_at(line, word), rank, payload),
                                   std::memory_order_release);
}

void PairTable::Writer::set_bit(std::uint64_t line, unsigned key_class, bool on) {
    const std::uint64_t bit = NumberSlot::kFilterBit;
    const std::uint64_t word = word_at(line, key_class);
    // release: the word holds a rank too; pairs with the acquire-loads of probe_line.
    lines_[line].words[key_class].store(on ? word | bit : word & ~bit, std::memory_order_release);
    bits_set_ += on ? 1u : ~std::uint64_t{0};
}

// Walks the whole chain: to the pair, or past the last line where it could be to the first place it may take.
PairTable::Writer::Located PairTable::Writer::locate(SubscriberNumber pair) const {
    Located found;
    std::uint64_t hash = hash_pair(pair, view_.seed());
    const unsigned key_class = NumberChain::key_class(hash);
    bool may_follow = true;
    for (unsigned depth = 0; depth < NumberChain::kMaxLines; ++depth) {
        const std::uint64_t line = line_of(hash);
        // All slots without a branch: where a pair or a free slot lies cannot be foreseen.
        unsigned equal = 0;
        unsigned free = 0;
        for (unsigned slot = 0; slot < PairLine::kSlots; ++slot) {
            const Spot spot{line, slot, depth};
            const std::uint64_t first = first_at(spot);
            const std::uint64_t second = second_at(spot);
            const auto same = static_cast<unsigned>(is_subscriber(pair, second));
            const auto empty = static_cast<unsigned>(NumberSlot::rank(first) == 0);
            const auto fresh = static_cast<unsigned>(NumberSlot::rank(second) == 0);
            equal |= (static_cast<unsigned>(is_number(pair, first)) & same) << slot;
            free |= (empty & (fresh | same)) << slot;
        }
        const auto first_of = [&](unsigned slots) {
            return Spot{line, static_cast<unsigned>(std::countr_zero(slots)), depth};
        };
        if (equal != 0) {
            found.key = first_of(equal);
            return found;
        }
        if (free != 0 && !found.free) found.free = first_of(free);
        may_follow = may_follow && (word_at(line, key_class) & NumberSlot::kFilterBit) != 0;
        if (!may_follow && found.free) return found;
        hash = NumberChain::next(hash);
    }
    return found;
}

// Notes a pair in the lines before the one at `depth`, the first line first.
void PairTable::Writer::raise(SubscriberNumber pair, unsigned depth) {
    std::uint64_t hash = hash_pair(pair, view_.seed());
    const unsigned key_class = NumberChain::key_class(hash);
    for (unsigned i = 0; i < depth; ++i, hash = NumberChain::next(hash)) {
        const std::uint64_t line = line_of(hash);
        const std::uint32_t keys = counter(counters_[line], key_class);
        if (keys < kSticky) counters_[line] += 1u << 4 * key_class;
        if (keys == 0) set_bit(line, key_class, true);
    }
    extra_lines_ += depth;
}

void PairTable::Writer::lower(SubscriberNumber pair, unsigned depth) {
    std::uint64_t hash = hash_pair(pair, view_.seed());
    const unsigned key_class = NumberChain::key_class(hash);
    for (unsigned i = 0; i < depth; ++i, hash = NumberChain::next(hash)) {
        const std::uint64_t line = line_of(hash);
        const std::uint32_t keys = counter(counters_[line], key_class);
        assert(keys != 0);
        if (keys < kSticky) counters_[line] -= 1u << 4 * key_class;
        if (keys == 1) set_bit(line, key_class, false);
    }
    extra_lines_ -= depth;
}

// kDone when there is room for one more pair.
Change PairTable::Writer::refusal(const Located& found) const {
    const std::uint64_t slots = view_.line_count() * PairLine::kSlots;
    if (size_ >= options_.pairs || size_ + held_ >= slots - slots / 20) return Change::kNoRoom;
    return found.free ? Change::kDone : Change::kChainFull;
}

// Nothing can fail any more. The subscriber is stored before the number, and only where it is not there already.
void PairTable::Writer::put(SubscriberNumber pair, const Spot& spot, Payload payload) {
    raise(pair, spot.depth);
    held_ -= is_subscriber(pair, second_at(spot)) ? 1u : 0u;
    store_second(spot, pair.subscriber.rank(), 0);
    store_first(spot, pair.number.rank(), payload);
    ++size_;
}

std::optional<Payload> PairTable::Writer::name(std::span<const ListIndex> set) {
    const auto name = sets_.name(set, RoomFor::kOrdinary);
    if (!name || name->payload == kWide) return {};
    return name->payload;
}

Change PairTable::Writer::place(SubscriberNumber pair, const SetName& name) {
    const Located found = locate(pair);
    if (found.key) return Change::kUnchanged;
    const Change refused = refusal(found);
    if (refused == Change::kDone) put(pair, *found.free, name.payload);
    return refused;
}

Change PairTable::Writer::add(SubscriberNumber pair, ListIndex list) {
    const Located found = locate(pair);
    if (!found.key) {
        const Change refused = refusal(found);
        if (refused != Change::kDone) return refused;
        const auto payload = name({&list, 1});
        if (!payload) return Change::kNoSetRoom;
        put(pair, *found.free, *payload);
        return Change::kDone;
    }
    const std::span<const ListIndex> set = view_.lists(NumberSlot::payload(first_at(*found.key)));
    const auto at = std::ranges::lower_bound(set, list);
    if (at != set.end() && *at == list) return Change::kUnchanged;
    if (set.size() == 0xFFFFu) return Change::kNoSetRoom;
    scratch_.assign(set.begin(), at);
    scratch_.push_back(list);
    scratch_.insert(scratch_.end(), at, set.end());
    return rename(pair, *found.key, scratch_);
}

Change PairTable::Writer::remove(SubscriberNumber pair, ListIndex list) {
    const Located found = locate(pair);
    if (!found.key) return Change::kUnchanged;
    const std::span<const ListIndex> set = view_.lists(NumberSlot::payload(first_at(*found.key)));
    const auto at = std::ranges::lower_bound(set, list);
    if (at == set.end() || *at != list) return Change::kUnchanged;
    if (set.size() == 1) {
        vacate(pair, *found.key);
        return Change::kDone;
    }
    scratch_.assign(set.begin(), at);
    scratch_.insert(scratch_.end(), at + 1, set.end());
    return rename(pair, *found.key, scratch_);
}

bool PairTable::Writer::remove_all(SubscriberNumber pair) {
    const Located found = locate(pair);
    if (found.key) vacate(pair, *found.key);
    return found.key.has_value();
}

Change PairTable::Writer::rename(SubscriberNumber pair, const Spot& spot,
                                 std::span<const ListIndex> set) {
    const auto payload = name(set);
    if (!payload) return Change::kNoSetRoom;
    store_first(spot, pair.number.rank(), *payload);
    return Change::kDone;
}

void PairTable::Writer::vacate(SubscriberNumber pair, const Spot& spot) {
    Payload state = kFreed;
    try {
        freed_.push_back(spot.line << kSlotBits | spot.slot);
    } catch (const std::bad_alloc&) {
        state =
            0;  // the place is lost until the table grows, or a pair of the same subscriber takes it
    }
    store_first(spot, 0, kNoList);
    store_second(spot, pair.subscriber.rank(), state);
    lower(pair, spot.depth);
    ++held_;
    --size_;
}

std::uint64_t PairTable::Writer::begin_reclaim() {
    if (!waiting_.empty()) return waiting_.size();
    waiting_.swap(freed_);
    std::erase_if(waiting_, [this](std::uint64_t place) {
        const Spot spot{place >> kSlotBits, static_cast<unsigned>(place % PairLine::kSlots), 0};
        const std::uint64_t second = second_at(spot);
        if (NumberSlot::payload(second) != kFreed) return true;
        store_second(spot, NumberSlot::rank(second), kWaiting);
        return false;
    });
    return waiting_.size();
}

void PairTable::Writer::finish_reclaim() {
    for (const std::uint64_t place : waiting_) {
        const Spot spot{place >> kSlotBits, static_cast<unsigned>(place % PairLine::kSlots), 0};
        if (NumberSlot::payload(second_at(spot)) != kWaiting) continue;
        store_second(spot, 0, 0);
        --held_;
    }
    waiting_.clear();
}

PairTable::Writer::Count PairTable::Writer::count() const {
    Count result;
    result.counters.resize(counters_.size());
    for (std::uint64_t line = 0; line < view_.line_count(); ++line) {
        for (unsigned slot = 0; slot < PairLine::kSlots; ++slot) {
            const Spot spot{line, slot, 0};
            const SubscriberNumber pair{Number::from_rank(NumberSlot::rank(second_at(spot))),
                                        Number::from_rank(NumberSlot::rank(first_at(spot)))};
            if (pair.number.empty()) {
                result.waiting += pair.subscriber.empty() ? 0u : 1u;
                continue;
            }
            ++result.pairs;
            std::uint64_t hash = hash_pair(pair, view_.seed());
            const unsigned key_class = NumberChain::key_class(hash);
            unsigned depth = 0;
            for (; depth < NumberChain::kMaxLines && line_of(hash) != line; ++depth) {
                std::uint32_t& counters = result.counters[line_of(hash)];
                if (counter(counters, key_class) < kSticky) counters += 1u << 4 * key_class;
                hash = NumberChain::next(hash);
            }
            result.extra_lines += depth;
            const Located found = locate(pair);
            result.reachable =
                result.reachable && found.key && found.key->line == line && found.key->slot == slot;
        }
    }
    return result;
}

bool PairTable::Writer::consistent() const {
    const Count now = count();
    std::uint64_t bits = 0;
    for (std::uint64_t line = 0; line < view_.line_count(); ++line) {
        for (unsigned c = 0; c < PairLine::kClasses; ++c) {
            const std::uint32_t held = counter(counters_[line], c);
            const std::uint32_t needed = counter(now.counters[line], c);
            const bool is_set = (word_at(line, c) & NumberSlot::kFilterBit) != 0;
            if (held != needed && held != kSticky) return false;
            if (is_set != (held != 0)) return false;
            bits += is_set;
        }
    }
    return now.reachable && now.pairs == size_ && now.waiting == held_ &&
           now.extra_lines == extra_lines_ && bits == bits_set_;
}

PairTableStats PairTable::Writer::stats() const {
    PairTableStats stats;
    const NumberBlock& block = header();
    stats.pairs = size_;
    stats.room = options_.pairs;
    stats.slots = block.line_count * PairLine::kSlots;
    stats.waiting = held_;
    stats.reader_bytes = block.heap_offset + sets_.heap_used() * sizeof(ListIndex);
    stats.writer_bytes = sizeof(Writer) + counters_.capacity() * sizeof(std::uint32_t) +
                         (freed_.capacity() + waiting_.capacity()) * sizeof(std::uint64_t) +
                         scratch_.capacity() * sizeof(ListIndex) + sets_.writer_bytes();
    stats.huge_page_bytes = block_.huge_page_bytes();
    stats.sets = sets_.narrow_used();
    if (size_ != 0)
        stats.lines_per_hit += static_cast<double>(extra_lines_) / static_cast<double>(size_);
    // A miss of a random pair meets a set bit in each line alike.
    const double goes_on =
        static_cast<double>(bits_set_) / static_cast<double>(block.line_count * PairLine::kClasses);
    if (goes_on < 1) stats.lines_per_miss = 1 / (1 - goes_on);
    return stats;
}

}  // namespace ringfence
