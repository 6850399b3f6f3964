// Every kernel against every other and against the header's scalar view.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
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
        for (const std::size_t size :
             std::vector<std::size_t>{0,   1,   2,   7,   63,  95,  96,  97,  127, 128,
                                      129, 191, 223, 224, 225, 256, 257, 352, 500, 1000}) {
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
            }
        }
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

}  // namespace
}  // namespace ringfence
