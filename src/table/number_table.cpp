#include "ringfence/table/number_table.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <new>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/kernel/number_kernel.hpp"
#include "src/table/number_writer.hpp"
#include "src/table/seed.hpp"

namespace ringfence {
namespace {

// Lines that hold the numbers at the load asked for, and the room kept for orders at 95 %.
std::uint64_t lines_for(const NumberTableOptions& options) {
    const std::uint64_t all = options.numbers + options.numbers / 64 + 64;
    return std::max({options.numbers * 100 / (NumberLine::kSlots * options.load_percent) + 1,
                     all * 100 / (NumberLine::kSlots * 95) + 1, kFewestLines});
}

}  // namespace

NumberBlock plan_block(NumberTableOptions& options, std::uint64_t line_count) {
    if (options.seed == 0) options.seed = unforeseeable_seed();
    if (options.wide_numbers == 0)
        options.wide_numbers = std::max<std::uint64_t>(1024, options.numbers / 64);
    if (options.membership_lists == 0)
        options.membership_lists = std::max<std::uint64_t>(1 << 16, options.numbers / 16);

    NumberBlock block;
    block.seed = spread_seed(options.seed);
    block.line_count = line_count != 0 ? line_count : lines_for(options);
    block.wide_entries = std::bit_ceil(2 * options.wide_numbers);
    block.heap_room = options.membership_lists;
    std::uint64_t end = 4096;  // the header has a page
    const auto reserve = [&](std::uint64_t bytes) {
        const std::uint64_t begin = end;
        end += (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
        return begin;
    };
    block.lines_offset = reserve(block.line_count * sizeof(NumberLine));
    block.narrow_offset = reserve(kNarrowSets * sizeof(SetPlace));
    block.heap_offset = reserve(block.heap_room * sizeof(ListIndex));
    block.wide_offset = reserve(block.wide_entries * sizeof(WideEntry));
    block.bytes = end;
    return block;
}

namespace {

Error number_error(Change change, std::uint64_t numbers) {
    return full_error(change, "number table", numbers, "number");
}

Error empty_number() {
    return {ErrorCode::kInvalidArgument, "an empty number cannot be on a list"};
}

}  // namespace

NumberTable::NumberTable(std::unique_ptr<Writer> writer)
    : view_(writer->header()), writer_(std::move(writer)) {}
NumberTable::NumberTable(NumberTable&&) noexcept = default;
NumberTable& NumberTable::operator=(NumberTable&&) noexcept = default;
NumberTable::~NumberTable() = default;

Result<NumberTable> NumberTable::create(const NumberTableOptions& asked) {
    if (asked.load_percent < NumberTableOptions::kMinLoadPercent ||
        asked.load_percent > NumberTableOptions::kMaxLoadPercent)
        return Error{ErrorCode::kOutOfRange, "a number table's load must be 10 to 90 %, not " +
                                                 std::to_string(asked.load_percent)};
    if (std::max({asked.numbers, asked.wide_numbers, asked.membership_lists}) > kMaxNumbers)
        return Error{ErrorCode::kOutOfRange, "a number table has room for 2^40 numbers at most"};
    NumberTableOptions options = asked;
    const NumberBlock block = plan_block(options);
    const std::uint64_t needed = block.bytes + block.line_count * sizeof(std::uint32_t);
    if (needed > options.memory_limit_bytes)
        return Error{ErrorCode::kFull, "a table of " + std::to_string(options.numbers) +
                                           " numbers takes " + std::to_string(needed) +
                                           " bytes, and the limit is " +
                                           std::to_string(options.memory_limit_bytes)};
    auto memory = MappedBlock::create(block.bytes, block.heap_offset);
    if (!memory) return memory.error();
    new (memory->data()) NumberBlock(block);
    try {
        return NumberTable(std::make_unique<Writer>(std::move(*memory), options));
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

Payload NumberTable::find(Number number) const {
    return kernel::number_kernel().find(view_, number);
}

void NumberTable::find(std::span<const Number> numbers, std::span<Payload> payloads) const {
    assert(payloads.size() >= numbers.size());
    kernel::number_kernel().find_batch(view_, numbers.data(), payloads.data(), numbers.size());
}

Result<bool> NumberTable::insert(Number number, ListIndex list, RoomFor room) {
    if (number.empty()) return empty_number();
    try {
        const Change change = writer_->add(number, list, room);
        if (change == Change::kDone || change == Change::kUnchanged) return change == Change::kDone;
        return number_error(change, writer_->size());
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

Result<std::uint64_t> NumberTable::insert(std::span<const Number> numbers, ListIndex list,
                                          std::size_t* done, std::uint64_t* added) {
    // One number as any is added; those that a kernel cannot simply place come here.
    struct Adding {
        Writer& writer;
        ListIndex list;
        kernel::FillOrder order{};
        std::optional<SetName> alone{};  // the name of this list alone, once it was needed
        std::uint64_t added = 0;
        std::optional<Error> error{};

        // What the kernel placed becomes known to the writer.
        void count_placed() {
            writer.count_placed(order.placed);
            added += std::exchange(order.placed, 0);
        }
        bool add(Number number) {
            count_placed();
            try {
                if (number.empty()) {
                    error = empty_number();
                    return false;
                }
                const Change change = writer.add(number, list, RoomFor::kOrdinary, &alone);
                if (change == Change::kDone)
                    ++added;
                else if (change != Change::kUnchanged)
                    error = number_error(change, writer.size());
            } catch (const std::bad_alloc&) {
                error = out_of_memory();
            }
            return !error;
        }
    };
    Adding adding{*writer_, list};
    std::size_t i = 0;
    while (i < numbers.size() && !adding.error) {
        const std::uint64_t left =
            std::min<std::uint64_t>(writer_->room_left(), numbers.size() - i);
        const bool named = adding.alone && adding.alone->payload != kWide;
        // While numbers are being settled one may be in two places, of which the kernel knows nothing.
        if (left == 0 || !named || writer_->settling()) {
            if (adding.add(numbers[i])) ++i;
            continue;
        }
        adding.order = writer_->fill_order(adding.alone->payload);
        adding.order.other = [](void* context, Number number) {
            return static_cast<Adding*>(context)->add(number);
        };
        adding.order.context = &adding;
        i += kernel::number_kernel().fill(adding.order, numbers.data() + i, left);
        adding.count_placed();
    }
    if (done != nullptr) *done = i;
    if (added != nullptr) *added = adding.added;
    if (adding.error) return std::move(*adding.error);
    return adding.added;
}

Result<bool> NumberTable::erase(Number number, ListIndex list, RoomFor room) {
    if (number.empty()) return false;
    try {
        const Change change = writer_->remove(number, list, room);
        if (change == Change::kDone || change == Change::kUnchanged) return change == Change::kDone;
        return number_error(change, writer_->size());
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

bool NumberTable::erase(Number number) { return !number.empty() && writer_->remove_all(number); }

std::uint64_t NumberTable::begin_settling(std::uint64_t lines) {
    return writer_->begin_settling(lines);
}
void NumberTable::finish_settling() { writer_->finish_settling(); }
void NumberTable::recount() { writer_->recount(); }
bool NumberTable::consistent() const { return writer_->consistent(); }
NumberTableStats NumberTable::stats() const { return writer_->stats(); }
std::uint64_t NumberTable::size() const { return writer_->size(); }

}  // namespace ringfence
