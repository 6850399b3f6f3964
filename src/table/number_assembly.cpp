// number_assembly.cpp - a number table's arrays, checked as they come, and the table that they make.
//
// One pass over each piece of the lines while it is in cache (kernel/line_check.hpp): every slot must hold a number, a
// payload that names something, and lie in its number's first line; the others (9 % at a load of 0.8) are noted and
// followed along their chains at the end, when all lines are there. Each line of a chain before the slot must have the class bit;
// that these are all the bits that are set follows from their count.
#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "ringfence/table/parts.hpp"
#include "src/kernel/line_check.hpp"
#include "src/table/number_writer.hpp"
#include "src/table/part_fault.hpp"

namespace ringfence {
namespace {

using kernel::kRankEnd;

PartFault no_memory() {
    return {ErrorCode::kOutOfMemory, TablePart::kNone, 0, "no memory is left for the numbers"};
}

std::uint64_t first_of(SetPlace place) { return place >> 16u; }
std::uint64_t end_of(SetPlace place) { return first_of(place) + (place & 0xFFFFu); }

// A word of the lines; nobody writes them yet.
std::uint64_t word_of(const std::atomic<std::uint64_t>& slot) {
    return slot.load(std::memory_order_relaxed);
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
    std::optional<PartFault> look_at(std::uint64_t line);
    const char* fault_of(std::uint64_t word) const;

    NumberShape shape_;
    std::size_t list_count_;
    std::unique_ptr<NumberTable::Writer> writer_;
    std::vector<SetPlace> narrow_;
    std::vector<WideNumber> wide_;
    // Of numbers that are not in their first line.
    std::vector<std::uint64_t> displaced_slots_;
    std::vector<std::uint64_t> displaced_ranks_;
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

// A line that is not plainly good: it has a fault, or a number whose set is a wide one.
std::optional<PartFault> NumberAssembly::State::look_at(std::uint64_t line) {
    const NumberView& view = writer_->view();
    const auto& slots = view.lines()[line].slots;
    for (unsigned slot = 0; slot < NumberLine::kSlots; ++slot) {
        const std::uint64_t at = line * NumberLine::kSlots + slot;
        const std::uint64_t word = word_of(slots[slot]);
        if (const char* what = fault_of(word)) return fault(TablePart::kLines, at, what);
        bits_set_ += (word & NumberSlot::kFilterBit) != 0;
        const std::uint64_t rank = NumberSlot::rank(word);
        if (rank == 0) continue;
        for (unsigned before = 0; before < slot; ++before)
            if (NumberSlot::rank(word_of(slots[before])) == rank)
                return fault(TablePart::kLines, at, "holds a number that is in its line twice");
        ++numbers_;
        wide_numbers_ += NumberSlot::payload(word) == kWide;
        if (NumberChain::line(NumberChain::first(rank, view.seed()), shape_.line_count) == line)
            continue;
        displaced_slots_.push_back(at);
        displaced_ranks_.push_back(rank);
    }
    return {};
}

std::optional<PartFault> NumberAssembly::State::check_lines(std::uint64_t first,
                                                            std::uint64_t count) {
    constexpr std::uint64_t kAtOnce =
        256;  // lines; what is found of them stays in the first-level cache
    constexpr std::size_t kMost = NumberLine::kSlots * (kAtOnce + 1);
    std::array<std::uint64_t, kMost> slots;
    std::array<std::uint64_t, kMost> ranks;
    const NumberView& view = writer_->view();
    const kernel::LineBounds bounds{view.seed(), shape_.line_count, shape_.narrow_sets};
    const kernel::LineCheck& kernel = kernel::line_check();
    const std::uint64_t end = first + count;
    for (std::uint64_t line = first; line < end;) {
        kernel::LineFindings found;
        found.slots = slots.data();
        found.ranks = ranks.data();
        const std::uint64_t until = std::min(line + kAtOnce, end);
        line = kernel.check(view.lines(), line, until, bounds, found);
        numbers_ += found.numbers;
        bits_set_ += found.filter_bits;
        displaced_slots_.insert(displaced_slots_.end(), slots.data(),
                                slots.data() + found.displaced);
        displaced_ranks_.insert(displaced_ranks_.end(), ranks.data(),
                                ranks.data() + found.displaced);
        if (line == until) continue;
        if (auto wrong = look_at(line)) return wrong;
        ++line;
    }
    return {};
}

Result<NumberTable, PartFault> NumberAssembly::State::finish() {
    if (numbers_ != shape_.numbers)
        return fault(TablePart::kNone, 0, "the count of numbers is wrong");
    if (wide_numbers_ != wide_.size())
        return fault(TablePart::kWideNumbers, 0, "begins entries of numbers that have none");
    const auto wrong = writer_->adopt({numbers_, bits_set_, displaced_slots_, displaced_ranks_});
    if (wrong && *wrong == shape_.line_count * NumberLine::kSlots)
        return fault(TablePart::kLines, 0, "begins lines with filter bits that no number needs");
    if (wrong) return fault(TablePart::kLines, *wrong, "holds a number that a look-up would miss");
    return NumberTable(std::move(writer_));
}

// All numbers take one step along their chains before any takes the next, so that each line, which may lie anywhere,
// can be asked for long before it is read. Nine in ten come home with the first.
std::optional<std::uint64_t> NumberTable::Writer::adopt(const Found& found) {
    struct Walk {
        std::uint64_t slot;
        std::uint64_t rank;
        std::uint64_t hash;  // of the line to look at
        unsigned key_class;
    };
    constexpr std::size_t kAhead = 64;
    std::uint64_t needed = 0;
    const auto ask = [&](std::uint64_t hash) {
        const std::uint64_t line = line_of(hash);
        __builtin_prefetch(lines_ + line);
        __builtin_prefetch(counters_.data() + line, 1);
    };
    // Whether the line leads on to a number that is not in it; the number is counted there.
    const auto leads_on = [&](const Walk& walk) {
        const std::uint64_t line = line_of(walk.hash);
        bool met = false;
        for (const auto& slot : lines_[line].slots)
            met |= NumberSlot::rank(word_of(slot)) == walk.rank;
        const std::uint64_t filter = word_of(lines_[line].slots[walk.key_class]);
        if (met || (filter & NumberSlot::kFilterBit) == 0) return false;
        std::uint32_t& counters = counters_[line];
        const std::uint32_t keys = counters >> 4 * walk.key_class & 15u;
        needed += keys == 0;
        if (keys < 15) counters += 1u << 4 * walk.key_class;
        ++extra_lines_;
        return true;
    };
    const auto is_home = [&](const Walk& walk) {
        return line_of(walk.hash) == walk.slot / NumberLine::kSlots;
    };

    std::vector<Walk> left;
    std::array<std::uint64_t, kAhead> hashes;
    const std::size_t count = found.slots.size();
    for (std::size_t i = 0; i < count + kAhead; ++i) {
        if (i >= kAhead) {
            const std::size_t now = i - kAhead;
            Walk walk{found.slots[now], found.ranks[now], hashes[now % kAhead], 0};
            walk.key_class = NumberChain::key_class(walk.hash);
            if (!leads_on(walk)) return walk.slot;
            walk.hash = NumberChain::next(walk.hash);
            if (!is_home(walk)) left.push_back(walk);
        }
        if (i < count) {
            hashes[i % kAhead] = NumberChain::first(found.ranks[i], view_.seed());
            ask(hashes[i % kAhead]);
        }
    }
    for (unsigned depth = 1; !left.empty(); ++depth) {
        if (depth == NumberChain::kMaxLines - 1) return left.front().slot;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < left.size(); ++i) {
            if (i + kAhead < left.size()) ask(left[i + kAhead].hash);
            Walk walk = left[i];
            if (!leads_on(walk)) return walk.slot;
            walk.hash = NumberChain::next(walk.hash);
            if (!is_home(walk)) left[kept++] = walk;
        }
        left.resize(kept);
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
