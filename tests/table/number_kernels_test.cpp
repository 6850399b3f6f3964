// Every kernel against every other and against the header's scalar view.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <numeric>
#include <string>

#include "number_model.hpp"
#include "src/kernel/number_kernel.hpp"

namespace ringfence {
namespace {

using kernel::Isa;

std::vector<const kernel::NumberKernel*> kernels() {
    std::vector<const kernel::NumberKernel*> found;
    for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512})
        if (const auto* kernel = kernel::number_kernel(isa)) found.push_back(kernel);
    return found;
}

// A table at a load where chains are long, with many payloads, after some turnover.
NumberTable crowded(const std::vector<Number>& numbers) {
    NumberTableOptions options;
    options.numbers = numbers.size();
    options.load_percent = 90;
    options.seed = 11;
    auto table = NumberTable::create(options);
    EXPECT_TRUE(table);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        EXPECT_TRUE(table->insert(numbers[i], static_cast<ListIndex>(i % 5000)));
    for (std::size_t i = 0; i < numbers.size(); i += 3) EXPECT_TRUE(table->erase(numbers[i]));
    for (std::size_t i = 0; i < numbers.size(); i += 6)
        EXPECT_TRUE(table->insert(numbers[i], static_cast<ListIndex>(i % 77)));
    return std::move(*table);
}

TEST(NumberKernels, all_give_what_the_scalar_view_gives) {
    constexpr std::uint64_t kSeed = 2027;
    SCOPED_TRACE(kSeed);
    const auto numbers = model::distinct_numbers(40'000, kSeed);
    const NumberTable table = crowded(numbers);
    std::mt19937_64 random(kSeed);
    std::vector<Number> asked;
    for (int i = 0; i < 100'000; ++i)
        asked.push_back(random() % 2 == 0 ? numbers[random() % numbers.size()]
                                          : model::random_number(random));
    for (int i = 0; i < 100; ++i) asked[random() % asked.size()] = Number();
    std::vector<Payload> truth(asked.size());
    std::ranges::transform(asked, truth.begin(), [&](Number n) { return table.view().find(n); });
    ASSERT_GT(std::ranges::count(truth, kNoList), 40'000);
    ASSERT_LT(std::ranges::count(truth, kNoList), 70'000);

    for (const auto* kernel : kernels()) {
        SCOPED_TRACE(kernel::name_of(kernel->isa));
        std::vector<Payload> found(asked.size(), 0xAAAA);
        kernel->find_batch(table.view(), asked.data(), found.data(), asked.size());
        EXPECT_EQ(found, truth);
        std::ranges::fill(found, Payload{0xAAAA});
        kernel->find_each(table.view(), asked.data(), found.data(), asked.size());
        EXPECT_EQ(found, truth);
        for (std::size_t i = 0; i < 20'000; ++i)
            ASSERT_EQ(kernel->find(table.view(), asked[i]), truth[i]);
    }
}

TEST(NumberKernels, batches_of_every_size_write_their_places_and_no_more) {
    const auto numbers = model::distinct_numbers(3'000, 5);
    const NumberTable table = crowded(numbers);
    for (const auto* kernel : kernels()) {
        SCOPED_TRACE(kernel::name_of(kernel->isa));
        std::vector<std::size_t> sizes(300);
        std::iota(sizes.begin(), sizes.end(), 0);
        sizes.insert(sizes.end(), {352, 500, 1000});
        for (const std::size_t size : sizes) {
            SCOPED_TRACE(size);
            std::vector<Payload> found(size + 8, 0xAAAA);
            kernel->find_batch(table.view(), numbers.data(), found.data(), size);
            for (std::size_t i = 0; i < size; ++i)
                ASSERT_EQ(found[i], table.view().find(numbers[i])) << i;
            for (std::size_t i = size; i < found.size(); ++i) ASSERT_EQ(found[i], 0xAAAA);
        }
    }
}

// A reader may meet a number that was taken off and put on again in two slots of a line: each load is of its own
// moment. The answer is one of the two payloads and never a mixture.
TEST(NumberKernels, a_number_seen_in_two_slots_of_a_line_has_one_of_its_payloads) {
    const Number number = Number::from_rank(Number::first_rank(11) + 13'000'300'922u);
    constexpr Payload kBefore = 0x0155;
    constexpr Payload kNow = 0x12AA;
    const auto is_one = [](Payload found) { return found == kBefore || found == kNow; };
    struct alignas(kCacheLine) {
        NumberBlock header;
        NumberLine line;
    } block{};
    block.header.line_count = 1;
    block.header.lines_offset = offsetof(decltype(block), line);
    block.header.wide_entries = 1;
    const NumberView view(block.header);
    for (unsigned first = 0; first < NumberLine::kSlots; ++first) {
        for (unsigned second = 0; second < NumberLine::kSlots; ++second) {
            if (first == second) continue;
            SCOPED_TRACE(std::to_string(first) + " and " + std::to_string(second));
            for (auto& slot : block.line.slots) slot = 0;
            block.line.slots[first] = NumberSlot::with(0, number.rank(), kBefore);
            block.line.slots[second] = NumberSlot::with(0, number.rank(), kNow);
            EXPECT_TRUE(is_one(view.find(number)));
            for (const auto* kernel : kernels()) {
                SCOPED_TRACE(kernel::name_of(kernel->isa));
                Payload found = kNoList;
                EXPECT_TRUE(is_one(kernel->find(view, number)));
                kernel->find_batch(view, &number, &found, 1);
                EXPECT_TRUE(is_one(found));
                std::vector<Payload> many(40);
                kernel->find_batch(view, std::vector<Number>(40, number).data(), many.data(), 40);
                EXPECT_TRUE(std::ranges::all_of(many, is_one));
            }
        }
    }
}

// Every line says that there may be more: a chain is followed for kMaxLines lines and not one further.
TEST(NumberKernels, a_chain_is_followed_to_its_bound_and_no_further) {
    constexpr std::uint64_t kLines = 50'000;
    std::vector<std::byte> memory(sizeof(NumberLine) * (kLines + 3));
    auto aligned = reinterpret_cast<std::uintptr_t>(memory.data());
    aligned += (kCacheLine - aligned % kCacheLine) % kCacheLine;
    static_assert(sizeof(NumberBlock) <= 2 * sizeof(NumberLine));
    auto& header = *new (reinterpret_cast<void*>(aligned)) NumberBlock;
    header.line_count = kLines;
    header.lines_offset = 2 * sizeof(NumberLine);
    header.seed = 12;
    auto* lines = new (reinterpret_cast<void*>(aligned + header.lines_offset)) NumberLine[kLines];
    for (std::uint64_t i = 0; i < kLines; ++i)
        for (auto& slot : lines[i].slots) slot = NumberSlot::kFilterBit;
    std::mt19937_64 random(12);
    std::vector<Number> asked;
    std::vector<Payload> truth;
    for (unsigned depth = 0; depth < NumberChain::kMaxLines + 4; ++depth) {
        const Number number = model::random_number(random);
        std::uint64_t hash = NumberChain::first(number.rank(), header.seed);
        for (unsigned i = 0; i < depth; ++i) hash = NumberChain::next(hash);
        const std::uint64_t line = NumberChain::line(hash, kLines);
        for (auto& slot : lines[line].slots) {
            if (NumberSlot::rank(slot) != 0) continue;
            slot = NumberSlot::with(slot, number.rank(), static_cast<Payload>(depth + 1));
            break;
        }
        asked.push_back(number);
        truth.push_back(depth < NumberChain::kMaxLines ? static_cast<Payload>(depth + 1) : kNoList);
        asked.push_back(model::random_number(random));
        truth.push_back(kNoList);
    }
    const NumberView view(header);
    for (std::size_t i = 0; i < asked.size(); ++i) ASSERT_EQ(view.find(asked[i]), truth[i]) << i;
    for (const auto* kernel : kernels()) {
        SCOPED_TRACE(kernel::name_of(kernel->isa));
        std::vector<Payload> found(asked.size(), 0xAAAA);
        kernel->find_batch(view, asked.data(), found.data(), asked.size());
        EXPECT_EQ(found, truth);
        kernel->find_each(view, asked.data(), found.data(), asked.size());
        EXPECT_EQ(found, truth);
    }
}

// RINGFENCE_ISA masks what the chosen kernel may be, in every build.
TEST(NumberKernels, the_chosen_one_is_available_and_within_the_mask) {
    const Isa chosen = kernel::chosen_isa();
    EXPECT_TRUE(kernel::available(chosen));
    EXPECT_EQ(kernel::number_kernel().isa, chosen);
    const char* text = std::getenv("RINGFENCE_ISA");
    const std::string mask = text != nullptr ? text : "";
    Isa best = Isa::kScalar;
    for (const Isa isa : {Isa::kAvx2, Isa::kAvx512})
        if (kernel::available(isa)) best = isa;
    if (mask == "scalar") best = Isa::kScalar;
    if (mask == "avx2") best = std::min(best, Isa::kAvx2);
    EXPECT_EQ(chosen, best);
}

// What a kernel put into lines of its own, and what it left to `other`.
struct Filled {
    std::vector<NumberLine> lines = std::vector<NumberLine>(256);
    std::vector<Number> others;
    std::size_t done = 0;
    std::uint64_t placed = 0;

    std::vector<std::uint64_t> words() const {
        std::vector<std::uint64_t> all;
        for (const NumberLine& line : lines)
            for (const auto& slot : line.slots) all.push_back(slot.load());
        return all;
    }
};

// Two in three lines have a filter bit already. `other` stops at the number `last`.
Filled fill_with(const kernel::NumberKernel& kernel, const std::vector<Number>& numbers,
                 Number last) {
    Filled filled;
    for (std::size_t i = 0; i < filled.lines.size(); ++i)
        if (i % 3 != 0) filled.lines[i].slots[i % 8].store(NumberSlot::kFilterBit);
    struct Context {
        std::vector<Number>& others;
        Number last;
    } context{filled.others, last};
    const std::vector<std::uint32_t> counters(filled.lines.size());
    kernel::FillOrder order;
    order.lines = filled.lines.data();
    order.line_count = filled.lines.size();
    order.seed = 31;
    order.payload = 4321;
    order.counters = counters.data();
    order.other = [](void* given, Number number) {
        auto& to = *static_cast<Context*>(given);
        to.others.push_back(number);
        return number != to.last;
    };
    order.context = &context;
    filled.done = kernel.fill(order, numbers.data(), numbers.size());
    filled.placed = order.placed;
    return filled;
}

TEST(NumberKernels, all_fill_lines_alike) {
    auto numbers = model::distinct_numbers(2'500, 8);  // more than there are slots
    for (std::size_t i = 100; i < numbers.size(); i += 10) numbers[i] = numbers[i - 100];
    numbers[1'000] = Number();
    const Filled truth = fill_with(kernel::kNumberScalar, numbers, numbers.back());
    EXPECT_EQ(truth.done + (truth.others.back() == numbers.back() ? 1 : 0), numbers.size());
    EXPECT_EQ(truth.placed + truth.others.size(), numbers.size());
    EXPECT_GT(truth.placed, 1'000u);
    EXPECT_NE(std::ranges::find(truth.others, Number()), truth.others.end());

    // Each that was placed is where a look-up of one line finds it, once.
    std::size_t found = 0;
    for (const std::uint64_t word : truth.words()) {
        if (NumberSlot::rank(word) == 0) continue;
        ++found;
        EXPECT_EQ(NumberSlot::payload(word), 4321);
    }
    EXPECT_EQ(found, truth.placed);
    for (std::size_t i = 0; i < truth.lines.size(); ++i)
        EXPECT_EQ((truth.words()[i * 8 + i % 8] & NumberSlot::kFilterBit) != 0, i % 3 != 0);

    for (const auto* kernel : kernels()) {
        SCOPED_TRACE(kernel::name_of(kernel->isa));
        const Filled filled = fill_with(*kernel, numbers, numbers.back());
        EXPECT_EQ(filled.words(), truth.words());
        EXPECT_EQ(filled.others, truth.others);
        EXPECT_EQ(filled.done, truth.done);
        EXPECT_EQ(filled.placed, truth.placed);
        // Stopped half way: at a number that is there already.
        const Filled stopped = fill_with(*kernel, numbers, truth.others.front());
        ASSERT_LT(stopped.done, numbers.size());
        EXPECT_EQ(numbers[stopped.done], truth.others.front());
        EXPECT_EQ(stopped.placed, stopped.done);
    }
}

}  // namespace
}  // namespace ringfence
