#include "src/table/number_writer.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "src/kernel/number_kernel.hpp"
#include "src/table/line_counters.hpp"

namespace ringfence {
namespace {

std::uint64_t room_of(const NumberTableOptions& options, RoomFor room) {
    const std::uint64_t kept = options.numbers / 64 + 64;
    return options.numbers + (room == RoomFor::kOrders ? kept : 0);
}

}  // namespace

NumberTable::Writer::Writer(MappedBlock block, const NumberTableOptions& options)
    : block_(std::move(block)),
      options_(options),
      view_(header()),
      lines_(reinterpret_cast<NumberLine*>(block_.data() + header().lines_offset)),
      sets_(header()),
      counters_(header().line_count) {}

void NumberTable::Writer::store(const Spot& spot, std::uint64_t rank, Payload payload) {
    const std::uint64_t word = NumberSlot::with(word_at(spot), rank, payload);
    // release: pairs with the acquire-loads of probe_line; what the payload names is complete.
    lines_[spot.line].slots[spot.slot].store(word, std::memory_order_release);
}

void NumberTable::Writer::set_bit(std::uint64_t line, unsigned key_class, bool on) {
    const Spot spot{line, key_class, 0};
    const std::uint64_t bit = NumberSlot::kFilterBit;
    const std::uint64_t word = on ? word_at(spot) | bit : word_at(spot) & ~bit;
    // release: the word holds a rank and payload too; pairs with the acquire-loads of probe_line.
    lines_[line].slots[key_class].store(word, std::memory_order_release);
    bits_set_ += on ? 1u : ~std::uint64_t{0};
}

// Walks the whole chain: to the key, or past the last line where it could be to the first free slot.
NumberTable::Writer::Located NumberTable::Writer::locate(std::uint64_t rank) const {
    Located found;
    std::uint64_t hash = NumberChain::first(rank, view_.seed());
    const unsigned key_class = NumberChain::key_class(hash);
    bool may_follow = true;
    for (unsigned depth = 0; depth < NumberChain::kMaxLines; ++depth) {
        const std::uint64_t line = line_of(hash);
        // All slots without a branch: where a number or a free slot lies cannot be foreseen.
        unsigned equal = 0;
        unsigned free = 0;
        for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
            const std::uint64_t held = NumberSlot::rank(word_at({line, slot, depth}));
            equal |= static_cast<unsigned>(held == rank) << slot;
            free |= static_cast<unsigned>(held == 0) << slot;
        }
        const auto first_of = [&](unsigned slots) {
            return Spot{line, static_cast<unsigned>(std::countr_zero(slots)), depth};
        };
        if (equal != 0) {
            found.key = first_of(equal);
            return found;
        }
        if (free != 0 && !found.free) found.free = first_of(free);
        const bool goes_on = (word_at({line, key_class, depth}) & NumberSlot::kFilterBit) != 0;
        may_follow = may_follow && goes_on;
        if (!may_follow && found.free) return found;
        hash = NumberChain::next(hash);
    }
    return found;
}

// Notes a key in the lines before the one at `depth`, the first line first.
void NumberTable::Writer::raise(std::uint64_t rank, unsigned depth) {
    std::uint64_t hash = NumberChain::first(rank, view_.seed());
    const unsigned key_class = NumberChain::key_class(hash);
    for (unsigned i = 0; i < depth; ++i, hash = NumberChain::next(hash)) {
        const std::uint64_t line = line_of(hash);
        const std::uint32_t keys = counter(counters_[line], key_class);
        if (keys < kSticky) counters_[line] += 1u << 4 * key_class;
        if (keys == 0) set_bit(line, key_class, true);
    }
    extra_lines_ += depth;
}

void NumberTable::Writer::lower(std::uint64_t rank, unsigned depth) {
    std::uint64_t hash = NumberChain::first(rank, view_.seed());
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

Change NumberTable::Writer::place_once(Number number, const SetName& name, RoomFor room) {
    const Located found = locate(number.rank());
    if (found.key) return Change::kUnchanged;
    const Change refused = refusal(found, room);
    return refused == Change::kDone ? put(number, *found.free, name, room) : refused;
}

std::uint64_t NumberTable::Writer::room_left() const {
    const std::uint64_t room = room_of(options_, RoomFor::kOrdinary);
    return size_ < room ? room - size_ : 0;
}

// kDone when there is room for one more number.
Change NumberTable::Writer::refusal(const Located& found, RoomFor room) const {
    if (size_ >= room_of(options_, room)) return Change::kNoRoom;
    return found.free ? Change::kDone : Change::kChainFull;
}

// Nothing can fail any more once the first counter is raised.
Change NumberTable::Writer::put(Number number, const Spot& spot, const SetName& name,
                                RoomFor room) {
    if (name.payload == kWide && !sets_.store_wide(number.rank(), name.place, room))
        return Change::kNoSetRoom;
    raise(number.rank(), spot.depth);
    store(spot, number.rank(), name.payload);
    ++size_;
    return Change::kDone;
}

Change NumberTable::Writer::add(Number number, ListIndex list, RoomFor room,
                                std::optional<SetName>* alone) {
    const Located found = locate(number.rank());
    if (!found.key) {
        // Asked before the set is written down, so that a full table does not fill its heap as well.
        const Change refused = refusal(found, room);
        if (refused != Change::kDone) return refused;
        const auto name = alone != nullptr && *alone ? *alone : sets_.name({&list, 1}, room);
        if (alone != nullptr) *alone = name;
        return name ? put(number, *found.free, *name, room) : Change::kNoSetRoom;
    }
    const Payload payload = NumberSlot::payload(word_at(*found.key));
    const std::span<const ListIndex> set = view_.lists(number, payload);
    const auto at = std::ranges::lower_bound(set, list);
    if (at != set.end() && *at == list) return Change::kUnchanged;
    if (set.size() == 0xFFFFu) return Change::kNoSetRoom;
    scratch_.assign(set.begin(), at);
    scratch_.push_back(list);
    scratch_.insert(scratch_.end(), at, set.end());
    return rename(number, *found.key, scratch_, room);
}

Change NumberTable::Writer::remove(Number number, ListIndex list, RoomFor room) {
    const Located found = locate(number.rank());
    if (!found.key) return Change::kUnchanged;
    const Payload payload = NumberSlot::payload(word_at(*found.key));
    const std::span<const ListIndex> set = view_.lists(number, payload);
    const auto at = std::ranges::lower_bound(set, list);
    if (at == set.end() || *at != list) return Change::kUnchanged;
    if (set.size() == 1) {
        vacate(number, *found.key);
        return Change::kDone;
    }
    scratch_.assign(set.begin(), at);
    scratch_.insert(scratch_.end(), at + 1, set.end());
    return rename(number, *found.key, scratch_, room);
}

bool NumberTable::Writer::remove_all(Number number) {
    const Located found = locate(number.rank());
    if (!found.key) return false;
    vacate(number, *found.key);
    return true;
}

// Gives a present key another set: its payload is stored in place (rule 4). A set that was and stays wide
// changes by the store of its side entry.
Change NumberTable::Writer::rename(Number number, const Spot& spot, std::span<const ListIndex> set,
                                   RoomFor room) {
    const auto name = sets_.name(set, room);
    if (!name) return Change::kNoSetRoom;
    if (name->payload == kWide && !sets_.store_wide(number.rank(), name->place, room))
        return Change::kNoSetRoom;
    store(spot, number.rank(), name->payload);
    const auto old = old_places_.find(number.rank());
    if (old != old_places_.end()) store(old->second, number.rank(), name->payload);
    return Change::kDone;
}

void NumberTable::Writer::vacate(Number number, const Spot& spot) {
    store(spot, 0, kNoList);
    lower(number.rank(), spot.depth);
    const auto old = old_places_.find(number.rank());
    if (old != old_places_.end()) {
        // The earlier place first: until the later one goes too, every find still gives the number.
        store(old->second, 0, kNoList);
        lower(number.rank(), old->second.depth);
        old_places_.erase(old);
    }
    --size_;
}

NumberTable::Writer::Count NumberTable::Writer::count() const {
    Count result;
    result.counters.resize(counters_.size());
    for (std::uint64_t line = 0; line < view_.line_count(); ++line) {
        for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
            const std::uint64_t rank = NumberSlot::rank(word_at({line, slot, 0}));
            if (rank == 0) continue;
            ++result.numbers;
            std::uint64_t hash = NumberChain::first(rank, view_.seed());
            const unsigned key_class = NumberChain::key_class(hash);
            unsigned depth = 0;
            for (; depth < NumberChain::kMaxLines && line_of(hash) != line; ++depth) {
                std::uint32_t& counters = result.counters[line_of(hash)];
                if (counter(counters, key_class) < kSticky) counters += 1u << 4 * key_class;
                hash = NumberChain::next(hash);
            }
            result.extra_lines += depth;
            const Located found = locate(rank);
            const bool here = found.key && found.key->line == line && found.key->slot == slot;
            result.reachable = result.reachable && (here || is_old_place(rank, line, slot));
        }
    }
    return result;
}

void NumberTable::Writer::recount() {
    Count now = count();
    for (std::uint64_t line = 0; line < view_.line_count(); ++line) {
        for (unsigned c = 0; c < NumberLine::kSlots; ++c) {
            const bool needed = counter(now.counters[line], c) != 0;
            const bool is_set = (word_at({line, c, 0}) & NumberSlot::kFilterBit) != 0;
            if (needed != is_set) set_bit(line, c, needed);
        }
    }
    counters_.swap(now.counters);
    size_ = now.numbers - old_places_.size();
    extra_lines_ = now.extra_lines;
}

bool NumberTable::Writer::consistent() const {
    const Count now = count();
    std::uint64_t bits = 0;
    for (std::uint64_t line = 0; line < view_.line_count(); ++line) {
        for (unsigned c = 0; c < NumberLine::kSlots; ++c) {
            const std::uint32_t held = counter(counters_[line], c);
            const std::uint32_t needed = counter(now.counters[line], c);
            const bool is_set = (word_at({line, c, 0}) & NumberSlot::kFilterBit) != 0;
            if (held != needed && held != kSticky) return false;
            if (is_set != (held != 0)) return false;
            bits += is_set;
        }
    }
    return now.reachable && now.numbers == size_ + old_places_.size() &&
           now.extra_lines == extra_lines_ && bits == bits_set_;
}

NumberTableStats NumberTable::Writer::stats() const {
    NumberTableStats stats;
    const NumberBlock& block = header();
    stats.numbers = size_;
    stats.room = room_of(options_, RoomFor::kOrdinary);
    stats.slots = block.line_count * NumberLine::kSlots;
    stats.reserved_bytes = block.bytes;
    stats.reader_bytes = block.heap_offset + sets_.heap_used() * sizeof(ListIndex) +
                         (sets_.wide_used() != 0 ? block.wide_entries * sizeof(WideEntry) : 0);
    stats.writer_bytes = sizeof(Writer) + counters_.capacity() * sizeof(std::uint32_t) +
                         scratch_.capacity() * sizeof(ListIndex) + sets_.writer_bytes() +
                         old_places_.size() * (sizeof(*old_places_.begin()) + 2 * sizeof(void*)) +
                         old_places_.bucket_count() * sizeof(void*);
    stats.huge_page_bytes = block_.huge_page_bytes();
    stats.narrow_sets = sets_.narrow_used();
    stats.wide_numbers = sets_.wide_used();
    if (size_ != 0)
        stats.lines_per_hit += static_cast<double>(extra_lines_) / static_cast<double>(size_);
    // A miss of a random number meets a set bit in each line alike.
    const double goes_on = static_cast<double>(bits_set_) / static_cast<double>(stats.slots);
    if (goes_on < 1) stats.lines_per_miss = 1 / (1 - goes_on);
    stats.kernel = kernel::name_of(kernel::number_kernel().isa);
    return stats;
}

}  // namespace ringfence
