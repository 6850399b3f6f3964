#include "ringfence/table/pair_table.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <new>
#include <string>
#include <vector>

#include "src/table/pair_writer.hpp"
#include "src/table/seed.hpp"

namespace ringfence {
namespace {

constexpr std::uint64_t kMaxRoom = std::uint64_t{1} << 40u;
constexpr std::uint64_t kMinLines = 16;         // so that the lines of a chain are not the same few
constexpr std::uint64_t kSetLists = 1u << 16u;  // list indexes of all distinct sets
constexpr std::size_t kChunk = 128;             // pairs whose lines are on their way

NumberBlock plan(PairTableOptions& options) {
    if (options.seed == 0) options.seed = unforeseeable_seed();
    NumberBlock block;
    block.magic = PairView::kMagic;
    block.seed = spread_seed(options.seed);
    block.line_count =
        std::max(options.pairs * 100 / (PairLine::kSlots * options.load_percent) + 1, kMinLines);
    block.wide_entries = 1;  // and nothing is ever in it
    block.heap_room = kSetLists;
    std::uint64_t end = 4096;  // the header has a page
    const auto reserve = [&](std::uint64_t bytes) {
        const std::uint64_t begin = end;
        end += (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
        return begin;
    };
    block.lines_offset = reserve(block.line_count * sizeof(PairLine));
    block.narrow_offset = reserve(kNarrowSets * sizeof(SetPlace));
    block.heap_offset = reserve(block.heap_room * sizeof(ListIndex));
    block.wide_offset = reserve(block.wide_entries * sizeof(WideEntry));
    block.bytes = end;
    return block;
}

Error pair_error(Change change, std::uint64_t pairs) {
    return full_error(change, "table of personal lists", pairs, "pair");
}

Result<bool> outcome(Change change, std::uint64_t pairs) {
    if (change == Change::kDone || change == Change::kUnchanged) return change == Change::kDone;
    return pair_error(change, pairs);
}

bool complete(SubscriberNumber pair) { return !pair.subscriber.empty() && !pair.number.empty(); }

}  // namespace

PairTable::PairTable(std::unique_ptr<Writer> writer)
    : view_(writer->header()), writer_(std::move(writer)) {}
PairTable::PairTable(PairTable&&) noexcept = default;
PairTable& PairTable::operator=(PairTable&&) noexcept = default;
PairTable::~PairTable() = default;

Result<PairTable> PairTable::create(const PairTableOptions& asked) {
    if (asked.load_percent < PairTableOptions::kMinLoadPercent ||
        asked.load_percent > PairTableOptions::kMaxLoadPercent)
        return Error{ErrorCode::kOutOfRange, "a pair table's load must be 10 to 90 %, not " +
                                                 std::to_string(asked.load_percent)};
    if (asked.pairs > kMaxRoom)
        return Error{ErrorCode::kOutOfRange, "a pair table has room for 2^40 pairs at most"};
    PairTableOptions options = asked;
    const NumberBlock block = plan(options);
    const std::uint64_t needed = block.bytes + block.line_count * sizeof(std::uint32_t);
    if (needed > options.memory_limit_bytes)
        return Error{ErrorCode::kFull, "a table of " + std::to_string(options.pairs) +
                                           " pairs takes " + std::to_string(needed) +
                                           " bytes, and the limit is " +
                                           std::to_string(options.memory_limit_bytes)};
    auto memory = MappedBlock::create(block.bytes, block.heap_offset);
    if (!memory) return memory.error();
    new (memory->data()) NumberBlock(block);
    try {
        return PairTable(std::make_unique<Writer>(std::move(*memory), options));
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

// First lines of a chunk while those of the next are on their way; then the second lines of those that go on, all
// asked for before the first is read. Who goes on is noted without a branch.
void PairTable::find(std::span<const SubscriberNumber> pairs, std::span<Payload> payloads) const {
    assert(payloads.size() >= pairs.size());
    if (view_.line_count() == 0) return;
    const PairView view = view_;
    const std::size_t count = pairs.size();
    std::array<std::uint64_t, kChunk> hashes;
    std::array<std::uint32_t, kChunk> waits;
    const auto ask_first = [&](std::size_t i) {
        const std::uint64_t hash = hash_pair(pairs[i], view.seed());
        __builtin_prefetch(&view.line(hash), 0, 2);
        return hash;
    };
    for (std::size_t i = 0; i < std::min(kChunk, count); ++i) hashes[i] = ask_first(i);
    for (std::size_t begin = 0; begin < count; begin += kChunk) {
        const std::size_t size = std::min(kChunk, count - begin);
        std::array<std::uint64_t, kChunk> second;
        std::size_t waiting = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const std::uint64_t hash = hashes[i];
            if (begin + kChunk + i < count) hashes[i] = ask_first(begin + kChunk + i);
            const LineAnswer answer =
                probe_line(view.line(hash), pairs[begin + i], NumberChain::key_class(hash));
            payloads[begin + i] = answer.payload;
            waits[waiting] = static_cast<std::uint32_t>(i);
            second[waiting] = hash;
            waiting += answer.more ? 1u : 0u;
        }
        for (std::size_t k = 0; k < waiting; ++k)
            __builtin_prefetch(&view.line(NumberChain::next(second[k])), 0, 2);
        for (std::size_t k = 0; k < waiting; ++k) {
            const std::size_t at = begin + waits[k];
            payloads[at] = view.follow(pairs[at], NumberChain::next(second[k]),
                                       NumberChain::key_class(second[k]), 1);
        }
    }
}

Result<bool> PairTable::insert(SubscriberNumber pair, ListIndex list) {
    if (!complete(pair))
        return Error{ErrorCode::kInvalidArgument,
                     "a personal entry needs a subscriber and a number"};
    try {
        return outcome(writer_->add(pair, list), writer_->size());
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

Result<bool> PairTable::erase(SubscriberNumber pair, ListIndex list) {
    if (!complete(pair)) return false;
    try {
        return outcome(writer_->remove(pair, list), writer_->size());
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

bool PairTable::erase(SubscriberNumber pair) { return complete(pair) && writer_->remove_all(pair); }

std::uint64_t PairTable::begin_reclaim() { return writer_->begin_reclaim(); }
void PairTable::finish_reclaim() { writer_->finish_reclaim(); }

// In the order of the old lines, which under the same seed is nearly that of the new ones.
Result<PairTable> PairTable::grown(std::uint64_t pairs) const {
    PairTableOptions options = writer_->options();
    if (size() > options.pairs - options.pairs / 4) options.pairs *= 2;
    options.pairs = std::max({options.pairs, pairs, std::uint64_t{1024}});
    auto table = create(options);
    if (!table) return table;
    try {
        Writer& writer = *table->writer_;
        std::vector<SetName> names(kNarrowSets);
        for (std::uint64_t i = 0; i < view_.line_count(); ++i) {
            const PairLine& line = view_.lines()[i];
            for (unsigned slot = 0; slot < PairLine::kSlots; ++slot) {
                // relaxed: the writer reads its own stores.
                const std::uint64_t first = line.first(slot).load(std::memory_order_relaxed);
                const std::uint64_t second = line.second(slot).load(std::memory_order_relaxed);
                if (NumberSlot::rank(first) == 0) continue;
                SetName& name = names[NumberSlot::payload(first)];
                if (name.payload == kNoList) {
                    const auto given = writer.sets().name(view_.lists(NumberSlot::payload(first)),
                                                          RoomFor::kOrders);
                    if (!given || given->payload == kWide)
                        return pair_error(Change::kNoSetRoom, writer.size());
                    name = *given;
                }
                const SubscriberNumber pair{Number::from_rank(NumberSlot::rank(second)),
                                            Number::from_rank(NumberSlot::rank(first))};
                if (const Change put = writer.place(pair, name); put != Change::kDone)
                    return pair_error(put, writer.size());
            }
        }
        return table;
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

bool PairTable::consistent() const { return writer_->consistent(); }
PairTableStats PairTable::stats() const { return writer_->stats(); }
std::uint64_t PairTable::size() const { return writer_->size(); }

}  // namespace ringfence
