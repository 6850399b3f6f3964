// Mixed operations against the plain model, each kernel asked along the way.
#include <gtest/gtest.h>

#include "number_model.hpp"
#include "src/kernel/number_kernel.hpp"

namespace ringfence {
namespace {

struct Shape {
    std::uint64_t room;
    std::size_t numbers;  // to draw from
    unsigned lists;
    unsigned load_percent;
};

// Everything the table says about every number, against the model and by every kernel.
void compare(const NumberTable& table, const model::NumberLists& truth,
             const std::vector<Number>& numbers) {
    ASSERT_EQ(table.size(), truth.lists.size());
    ASSERT_TRUE(table.consistent());
    std::vector<Payload> expected(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        expected[i] = table.view().find(numbers[i]);
        const auto lists = table.lists(numbers[i], expected[i]);
        ASSERT_EQ(std::vector<ListIndex>(lists.begin(), lists.end()), truth.of(numbers[i]))
            << numbers[i].digits();
    }
    for (const auto isa : {kernel::Isa::kScalar, kernel::Isa::kAvx2, kernel::Isa::kAvx512}) {
        const auto* kernel = kernel::number_kernel(isa);
        if (kernel == nullptr) continue;
        std::vector<Payload> found(numbers.size());
        kernel->find_batch(table.view(), numbers.data(), found.data(), numbers.size());
        ASSERT_EQ(found, expected) << kernel::name_of(isa);
    }
}

void run(const Shape& shape, std::uint64_t seed, int operations) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << " numbers " << shape.numbers);
    std::mt19937_64 random(seed);
    const auto numbers = model::distinct_numbers(shape.numbers, seed);
    NumberTableOptions options;
    options.numbers = shape.room;
    options.load_percent = shape.load_percent;
    options.seed = seed;
    auto table = NumberTable::create(options);
    ASSERT_TRUE(table);
    model::NumberLists truth;
    int growths = 0;
    std::uint64_t settled = 0;
    for (int i = 0; i < operations; ++i) {
        const Number number = numbers[random() % numbers.size()];
        const auto list = static_cast<ListIndex>(random() % shape.lists);
        const auto what = random() % 16;
        if (what < 8) {
            auto added = table->insert(number, list);
            if (!added) {
                ASSERT_EQ(added.error().code, ErrorCode::kFull);
                auto larger = table->grown();
                ASSERT_TRUE(larger) << larger.error().text;
                ++growths;
                table = std::move(larger);
                added = table->insert(number, list);
            }
            ASSERT_TRUE(added) << added.error().text;
            ASSERT_EQ(*added, truth.insert(number, list));
        } else if (what < 13) {
            auto removed = table->erase(number, list);
            if (!removed) {
                table = table->grown();
                ASSERT_TRUE(table);
                removed = table->erase(number, list);
            }
            ASSERT_TRUE(removed) << removed.error().text;
            ASSERT_EQ(*removed, truth.erase(number, list));
        } else if (what < 14) {
            ASSERT_EQ(table->erase(number), truth.erase(number));
        } else {
            ASSERT_EQ(model::lists_of(*table, number), truth.of(number));
        }
        // No reader is about, so that a step may end at any time.
        if (i % 97 == 0) settled += table->begin_settling(random() % 8);
        if (i % 97 == 60) table->finish_settling();
        if (i % (operations / 4) == 0) compare(*table, truth, numbers);
    }
    compare(*table, truth, numbers);
    table->recount();
    compare(*table, truth, numbers);
    // Sets never seen before fill the heap, which only growth empties.
    EXPECT_LE(growths, 64 + operations / 20'000);
    if (shape.load_percent == 90) {
        EXPECT_GT(settled, 0u);
    }
}

TEST(NumberRandom, agrees_with_the_model_over_mixed_operations) {
    const int scale = test::deep() ? 100 : 1;
    // A million in all, a hundred million at full length.
    run({64, 200, 3, 80}, 101, 100'000 * scale);        // tiny: lines come twice in a chain
    run({5'000, 5'000, 4, 90}, 102, 300'000 * scale);   // crowded
    run({1'000, 30'000, 2, 80}, 103, 300'000 * scale);  // grows
    run({3'000, 2'000, 16, 80}, 104, 240'000 * scale);  // more sets than narrow payloads
    run({500, 300, 1'000, 80}, 105, 60'000 * scale);    // sets of many lists
}

TEST(NumberRandom, many_at_once_make_the_table_that_one_by_one_makes) {
    constexpr std::uint64_t kSeed = 77;
    SCOPED_TRACE(kSeed);
    std::mt19937_64 random(kSeed);
    const auto numbers = model::distinct_numbers(20'000, kSeed);
    NumberTableOptions options;
    options.numbers = 15'000;
    options.load_percent = 90;
    options.seed = 5;
    auto at_once = NumberTable::create(options);
    auto one_by_one = NumberTable::create(options);
    ASSERT_TRUE(at_once && one_by_one);
    for (unsigned round = 0; round < 30; ++round) {
        const auto list = static_cast<ListIndex>(random() % 4);
        std::vector<Number> some;
        for (std::size_t i = 0; i < 1'000; ++i) some.push_back(numbers[random() % numbers.size()]);
        if (round % 10 == 9) some[random() % some.size()] = Number();
        // Some rounds find numbers in two places: settling has begun and not ended.
        if (round % 3 == 1) at_once->begin_settling(1'000'000);

        std::size_t right = 0;
        std::uint64_t added = 0;
        for (; right < some.size(); ++right) {
            const auto one = one_by_one->insert(some[right], list);
            if (!one) break;
            added += *one ? 1 : 0;
        }
        std::size_t done = 0;
        const auto all = at_once->insert(some, list, &done);
        EXPECT_EQ(done, right);
        ASSERT_EQ(static_cast<bool>(all), right == some.size());
        EXPECT_EQ(all ? *all : added, added);
        ASSERT_EQ(at_once->size(), one_by_one->size());
        for (std::size_t i = 0; i < 300; ++i) {
            const Number gone = numbers[random() % numbers.size()];
            EXPECT_EQ(at_once->erase(gone), one_by_one->erase(gone));
        }
        for (const Number number : numbers)
            ASSERT_EQ(model::lists_of(*at_once, number), model::lists_of(*one_by_one, number));
        ASSERT_TRUE(at_once->consistent());
        at_once->finish_settling();
        ASSERT_TRUE(at_once->consistent());
    }
    EXPECT_GT(at_once->size(), 10'000u);
}

}  // namespace
}  // namespace ringfence
