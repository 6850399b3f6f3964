// number_assembly.cpp - a number table's arrays, checked as they come, and the table that they make.
//
// One pass over each piece of the lines while it is in cache: every slot must hold a number, a payload that names
// something, and lie in its number's first line; the others (9 % at a load of 0.8) are noted and followed along
// their chains at the end, when all lines are there. Each line of a chain before the slot must have the class bit;
// that these are all the bits that are set follows from their count.
#include <algorithm>
#include <new>
#include <utility>

#include "ringfence/table/parts.hpp"
#include "src/table/number_writer.hpp"

namespace ringfence {
namespace {

constexpr std::uint64_t kRankEnd = Number::first_rank(Number::kMaxDigits + 1);

PartFault fault(TablePart part, std::uint64_t index, const char* what) {
    return {ErrorCode::kSyntax, part, index, what};
}
PartFault no_memory() {
    return {ErrorCode::kOutOfMemory, TablePart::kNone, 0, "no memory is left for the numbers"};
}

std::uint64_t first_of(SetPlace place) { return place >> 16u; }
std::uint64_t end_of(SetPlace place) { return first_of(place) + (place & 0xFFFFu); }

// A word of the lines; nobody writes them yet.
std::uint64_t word_of(const std::atomic<std::uint64_t>& slot) {
    return slot.load(std::memory_order_relaxed);
}

// Whether two of the ranks are equal, free slots apart. Most lines are told by one bit a rank.
bool any_twice(const std::uint64_t (&ranks)[NumberLine::kSlots]) {
    std::uint64_t seen = 0;
    bool maybe = false;
    for (const std::uint64_t rank : ranks) {
        const std::uint64_t bit = std::uint64_t{rank != 0} << (rank * 0x9E3779B97F4A7C15u >> 58u);
        maybe |= (seen & bit) != 0;
        seen |= bit;
    }
    if (!maybe) return false;
    for (unsigned i = 1; i < NumberLine::kSlots; ++i) {
        for (unsigned j = 0; j < i; ++j)
            if (ranks[i] == ranks[j] && ranks[i] != 0) return true;
    }
    return false;
}

}  // namespace

class NumberAssembly::State {
public:
    State(const NumberShape& shape, std::size_t list_count, MappedBlock block,
          const NumberTableOptions& options)
        : shape_(shape),
          list_count_(list_count),
          writer_(std::make_unique<NumberTable::Writer>(std::move(block), options)),
          narrow_(shape.narrow_sets),
          wide_(shape.wide_numbers) {}

    std::span<ListIndex> set_lists() { return {at<ListIndex>(header().heap_offset), set_count()}; }
    std::span<std::byte> lines() {
        return {at<std::byte>(header().lines_offset), shape_.line_count * sizeof(NumberLine)};
    }

    std::optional<PartFault> check_sets();
    std::optional<PartFault> check_lines(std::uint64_t first, std::uint64_t count);
    Result<NumberTable, PartFault> finish();

    std::vector<SetPlace>& narrow() { return narrow_; }
    std::vector<WideNumber>& wide() { return wide_; }

private:
    NumberBlock& header() const { return writer_->header(); }
    template <class T>
    T* at(std::uint64_t offset) const {
        return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(&header()) + offset);
    }
    std::size_t set_count() const { return shape_.set_lists; }
    std::optional<PartFault> take_wide();
    PartFault fault_in(std::uint64_t line) const;
    const char* fault_of(std::uint64_t word) const;

    NumberShape shape_;
    std::size_t list_count_;
    std::unique_ptr<NumberTable::Writer> writer_;
    std::vector<SetPlace> narrow_;
    std::vector<WideNumber> wide_;
    std::vector<std::uint64_t> displaced_;  // slots
    std::uint64_t numbers_ = 0;
    std::uint64_t bits_set_ = 0;
    std::uint64_t wide_numbers_ = 0;
};

// Sets follow each other in the heap, so that looking at all of them is one pass over it.
std::optional<PartFault> NumberAssembly::State::check_sets() {
    writer_->sets().adopt_heap(set_count());
    std::vector<SetPlace> wide_places;
    wide_places.reserve(wide_.size());
    for (const WideNumber& wide : wide_) wide_places.push_back(wide.place);
    std::ranges::sort(wide_places);
    wide_places.erase(std::unique(wide_places.begin(), wide_places.end()), wide_places.end());

    // All places, in the order of the heap: none may begin before the last one ended.
    std::uint64_t end = 0;
    std::size_t n = 0;
    std::size_t w = 0;
    while (n < narrow_.size() || w < wide_places.size()) {
        const bool narrow =
            n < narrow_.size() && (w == wide_places.size() || narrow_[n] <= wide_places[w]);
        const SetPlace place = narrow ? narrow_[n] : wide_places[w];
        const auto here = [&](const char* what) {
            if (narrow) return fault(TablePart::kNarrow, n, what);
            const auto named = std::ranges::find(wide_, place, &WideNumber::place);
            return fault(TablePart::kWideNumbers, static_cast<std::uint64_t>(named - wide_.begin()),
                         what);
        };
        if ((place & 0xFFFFu) == 0 || first_of(place) < end || end_of(place) > set_count())
            return here("names a set that lies outside of the list indexes, or over another");
        end = end_of(place);
        for (std::uint64_t i = first_of(place); i < end; ++i) {
            if (set_lists()[i] >= list_count_)
                return fault(TablePart::kSetLists, i, "names a list that is not there");
            if (i > first_of(place) && set_lists()[i] <= set_lists()[i - 1])
                return fault(TablePart::kSetLists, i, "does not ascend in its set");
        }
        if (!writer_->sets().adopt(place, narrow))
            return here("names a set that has another name already");
        ++(narrow ? n : w);
    }
    return take_wide();
}

std::optional<PartFault> NumberAssembly::State::take_wide() {
    for (std::size_t i = 0; i < wide_.size(); ++i) {
        const std::uint64_t rank = wide_[i].rank;
        if (rank == 0 || rank >= kRankEnd)
            return fault(TablePart::kWideNumbers, i, "is of no number");
        if (i > 0 && rank <= wide_[i - 1].rank)
            return fault(TablePart::kWideNumbers, i, "does not ascend");
        if (!writer_->sets().store_wide(rank, wide_[i].place, RoomFor::kOrders))
            return fault(TablePart::kWideNumbers, i, "is one too many");
    }
    return {};
}

const char* NumberAssembly::State::fault_of(std::uint64_t word) const {
    const std::uint64_t rank = NumberSlot::rank(word);
    const Payload payload = NumberSlot::payload(word);
    if (rank == 0) return payload == kNoList ? nullptr : "is free and names a set";
    if (rank >= kRankEnd) return "holds no number";
    if (payload == kNoList) return "holds a number that is on no list";
    if (payload != kWide)
        return payload <= shape_.narrow_sets ? nullptr : "names a set that is not there";
    return writer_->view().memberships().wide_place(Number::from_rank(rank)) != 0
               ? nullptr
               : "holds a number whose wide set is not there";
}

// The fault of a line that has one.
PartFault NumberAssembly::State::fault_in(std::uint64_t line) const {
    for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
        const std::uint64_t word = word_of(writer_->view().lines()[line].slots[slot]);
        if (const char* what = fault_of(word))
            return fault(TablePart::kLines, line * NumberLine::kSlots + slot, what);
    }
    return fault(TablePart::kLines, line * NumberLine::kSlots,
                 "begins a line with one number twice");
}

std::optional<PartFault> NumberAssembly::State::check_lines(std::uint64_t first,
                                                            std::uint64_t count) {
    const NumberView& view = writer_->view();
    const std::uint64_t seed = view.seed();
    const std::uint64_t line_count = shape_.line_count;
    const std::uint64_t narrow_sets = shape_.narrow_sets;
    std::uint64_t numbers = 0;
    std::uint64_t bits = 0;
    for (std::uint64_t line = first; line < first + count; ++line) {
        const auto& slots = view.lines()[line].slots;
        std::uint64_t ranks[NumberLine::kSlots];
        unsigned bad = 0;
        unsigned elsewhere = 0;
        for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
            const std::uint64_t word = word_of(slots[slot]);
            const std::uint64_t rank = ranks[slot] = NumberSlot::rank(word);
            const std::uint64_t payload = NumberSlot::payload(word);
            bits += word >> kPayloadBits & 1u;
            // Payload 0 and rank 0 come together; of other payloads, 1 to narrow_sets name a set.
            const bool held = rank != 0;
            numbers += held;
            bad |= static_cast<unsigned>(held != (payload != kNoList)) |
                   static_cast<unsigned>(rank >= kRankEnd) |
                   static_cast<unsigned>(payload > narrow_sets);
            const std::uint64_t home =
                NumberChain::line(NumberChain::first(rank, seed), line_count);
            elsewhere |= static_cast<unsigned>(held & (home != line)) << slot;
        }
        if (bad != 0) {
            // A wide name is above every narrow one.
            for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
                const std::uint64_t word = word_of(slots[slot]);
                if (fault_of(word) != nullptr) return fault_in(line);
                wide_numbers_ += NumberSlot::payload(word) == kWide ? 1u : 0u;
            }
        }
        if (any_twice(ranks)) return fault_in(line);
        for (; elsewhere != 0; elsewhere &= elsewhere - 1) {
            displaced_.push_back(line * NumberLine::kSlots +
                                 static_cast<unsigned>(__builtin_ctz(elsewhere)));
        }
    }
    numbers_ += numbers;
    bits_set_ += bits;
    return {};
}

Result<NumberTable, PartFault> NumberAssembly::State::finish() {
    if (numbers_ != shape_.numbers)
        return fault(TablePart::kNone, 0, "the count of numbers is wrong");
    if (wide_numbers_ != wide_.size())
        return fault(TablePart::kWideNumbers, 0, "begins entries of numbers that have none");
    const auto wrong = writer_->adopt({numbers_, bits_set_, displaced_});
    if (wrong && *wrong == shape_.line_count * NumberLine::kSlots)
        return fault(TablePart::kLines, 0, "begins lines with filter bits that no number needs");
    if (wrong) return fault(TablePart::kLines, *wrong, "holds a number that a look-up would miss");
    return NumberTable(std::move(writer_));
}

std::optional<std::uint64_t> NumberTable::Writer::adopt(const Found& found) {
    constexpr std::size_t kAhead = 32;
    std::uint64_t needed = 0;
    for (std::size_t i = 0; i < found.displaced.size(); ++i) {
        const auto at = [&](std::size_t k) -> const NumberLine& {
            return lines_[found.displaced[k] / NumberLine::kSlots];
        };
        const auto rank_of = [&](std::size_t k) {
            return NumberSlot::rank(word_of(at(k).slots[found.displaced[k] % NumberLine::kSlots]));
        };
        if (i + 2 * kAhead < found.displaced.size()) __builtin_prefetch(&at(i + 2 * kAhead));
        if (i + kAhead < found.displaced.size())
            view_.prefetch(Number::from_rank(rank_of(i + kAhead)));
        const std::uint64_t here = found.displaced[i] / NumberLine::kSlots;
        const std::uint64_t rank = rank_of(i);
        std::uint64_t hash = NumberChain::first(rank, view_.seed());
        const unsigned key_class = NumberChain::key_class(hash);
        unsigned depth = 0;
        for (; line_of(hash) != here; hash = NumberChain::next(hash)) {
            const std::uint64_t line = line_of(hash);
            for (const auto& slot : lines_[line].slots)
                if (NumberSlot::rank(word_of(slot)) == rank) return found.displaced[i];
            if ((word_of(lines_[line].slots[key_class]) & NumberSlot::kFilterBit) == 0)
                return found.displaced[i];
            std::uint32_t& counters = counters_[line];
            const std::uint32_t keys = counters >> 4 * key_class & 15u;
            needed += keys == 0;
            if (keys < 15) counters += 1u << 4 * key_class;
            if (++depth == NumberChain::kMaxLines) return found.displaced[i];
        }
        extra_lines_ += depth;
    }
    if (needed != found.bits_set) return view_.line_count() * NumberLine::kSlots;
    size_ = found.numbers;
    bits_set_ = found.bits_set;
    return {};
}

NumberAssembly::NumberAssembly(std::unique_ptr<State> state) : state_(std::move(state)) {}
NumberAssembly::NumberAssembly(NumberAssembly&&) noexcept = default;
NumberAssembly& NumberAssembly::operator=(NumberAssembly&&) noexcept = default;
NumberAssembly::~NumberAssembly() = default;

Result<NumberAssembly, PartFault> NumberAssembly::begin(const NumberShape& shape,
                                                        std::size_t list_count) {
    const auto refuse = [](const char* what) { return fault(TablePart::kNone, 0, what); };
    if (shape.seed == 0) return refuse("the hash seed is 0");
    if (shape.line_count < kFewestLines || shape.line_count > kMaxNumbers / NumberLine::kSlots)
        return refuse("no number table has so many lines");
    const std::uint64_t slots = shape.line_count * NumberLine::kSlots;
    // Memory is reserved by the room, which therefore must be that of the lines.
    if (shape.room > slots || shape.numbers > slots) return refuse("the lines have no such room");
    if (shape.load_percent < NumberTableOptions::kMinLoadPercent ||
        shape.load_percent > NumberTableOptions::kMaxLoadPercent)
        return refuse("the load is not 10 to 90 %");
    if (shape.narrow_sets >= kNarrowSets || shape.set_lists > kMaxNumbers ||
        shape.wide_numbers > shape.numbers || list_count > std::size_t{UINT16_MAX} + 1)
        return refuse("no number table has so many sets");

    NumberTableOptions options;
    options.numbers = shape.room;
    options.load_percent = shape.load_percent;
    options.seed = shape.seed;
    // As a table that grew: room for changes beside what is there.
    options.wide_numbers = std::max(2 * shape.wide_numbers + 2048, shape.room / 64);
    options.membership_lists = std::max(2 * shape.set_lists + (1u << 16u), shape.room / 16);
    const NumberBlock block = plan_block(options, shape.line_count);
    // Pages come as the arrays do.
    auto memory = MappedBlock::create(block.bytes, 0);
    if (!memory) return no_memory();
    new (memory->data()) NumberBlock(block);
    try {
        return NumberAssembly(
            std::make_unique<State>(shape, list_count, std::move(*memory), options));
    } catch (const std::bad_alloc&) {
        return no_memory();
    }
}

std::span<SetPlace> NumberAssembly::narrow_sets() { return state_->narrow(); }
std::span<ListIndex> NumberAssembly::set_lists() { return state_->set_lists(); }
std::span<WideNumber> NumberAssembly::wide_numbers() { return state_->wide(); }
std::span<std::byte> NumberAssembly::lines() { return state_->lines(); }

std::optional<PartFault> NumberAssembly::check_sets() {
    try {
        return state_->check_sets();
    } catch (const std::bad_alloc&) {
        return no_memory();
    }
}

std::optional<PartFault> NumberAssembly::check_lines(std::uint64_t first, std::uint64_t count) {
    try {
        return state_->check_lines(first, count);
    } catch (const std::bad_alloc&) {
        return no_memory();
    }
}

Result<NumberTable, PartFault> NumberAssembly::finish() && { return state_->finish(); }

class NumberTableParts {
public:
    static Result<NumberParts> of(NumberTable& table) {
        NumberTable::Writer& writer = *table.writer_;
        if (writer.settling())
            return Error{ErrorCode::kBusy,
                         "numbers of this table are being brought back; finish that first"};
        writer.recount();
        const NumberBlock& block = writer.header();
        const NumberView& view = writer.view();
        const auto* base = reinterpret_cast<const std::byte*>(&block);
        NumberParts parts;
        parts.lines = {view.lines(), view.line_count()};
        parts.narrow_sets = {reinterpret_cast<const SetPlace*>(base + block.narrow_offset) + 1,
                             writer.sets().narrow_used()};
        parts.set_lists = {reinterpret_cast<const ListIndex*>(base + block.heap_offset),
                           writer.sets().heap_used()};
        if (writer.sets().wide_used() != 0) {
            for (const NumberLine& line : parts.lines) {
                for (const auto& slot : line.slots) {
                    const std::uint64_t word = word_of(slot);
                    if (NumberSlot::payload(word) != kWide) continue;
                    const Number number = Number::from_rank(NumberSlot::rank(word));
                    parts.wide_numbers.push_back(
                        {number.rank(), view.memberships().wide_place(number)});
                }
            }
            std::ranges::sort(parts.wide_numbers, {}, &WideNumber::rank);
        }
        parts.shape = {
            writer.options().seed,  writer.options().numbers,      writer.size(),
            view.line_count(),      writer.options().load_percent, parts.narrow_sets.size(),
            parts.set_lists.size(), parts.wide_numbers.size()};
        return parts;
    }
};

Result<NumberParts> parts_of(NumberTable& table) {
    try {
        return NumberTableParts::of(table);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::kOutOfMemory, "no memory is left to write the number table down"};
    }
}

}  // namespace ringfence
