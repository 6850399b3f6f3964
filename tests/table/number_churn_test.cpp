// Filter bits under churn: without the counters a look-up reads 6 lines after eight turnovers, with them about
// what it read at first.
#include <gtest/gtest.h>

#include "number_model.hpp"

namespace ringfence {
namespace {

struct Churned {
    double fresh = 0;
    double turned = 0;
    double settled = 0;
};

// Lines a look-up, half of them hits: fresh, after eight turnovers, and once the writer has settled.
Churned churn(unsigned load_percent) {
    constexpr std::uint64_t kSeed = 31;
    SCOPED_TRACE(kSeed);
    const std::size_t size = test::deep() ? 5'000'000 : 60'000;
    std::mt19937_64 random(kSeed);
    auto numbers = model::distinct_numbers(size, kSeed);
    NumberTableOptions options;
    options.numbers = size;
    options.seed = kSeed;
    options.load_percent = load_percent;
    auto table = NumberTable::create(options);
    EXPECT_TRUE(table);
    EXPECT_TRUE(table->insert(numbers, 1));
    const auto lines = [&] {
        const NumberTableStats stats = table->stats();
        return (stats.lines_per_hit + stats.lines_per_miss) / 2;
    };
    Churned result;
    result.fresh = lines();
    for (std::size_t i = 0; i < 8 * size; ++i) {
        Number& number = numbers[random() % size];
        EXPECT_TRUE(table->erase(number));
        do number = model::random_number(random);
        while (table->find(number) != kNoList);
        EXPECT_TRUE(table->insert(number, 1));
    }
    EXPECT_TRUE(table->consistent());
    result.turned = lines();
    const std::uint64_t all = table->view().line_count();
    for (int round = 0; round < 8 && table->begin_settling(all) != 0; ++round)
        table->finish_settling();
    EXPECT_TRUE(table->consistent());
    for (const Number number : numbers) EXPECT_NE(table->find(number), kNoList);
    result.settled = lines();
    std::printf("load %u %%: lines a look-up %.4f fresh, %.4f after 8 turnovers, %.4f settled\n",
                load_percent, result.fresh, result.turned, result.settled);
    return result;
}

TEST(NumberChurn, lines_a_lookup_stay_few_after_eight_turnovers) {
    const Churned at80 = churn(80);
    EXPECT_LT(at80.fresh, 1.12);
    EXPECT_LT(at80.turned, 1.45);
    EXPECT_LT(at80.settled, 1.12);
    const Churned at70 = churn(70);
    EXPECT_LT(at70.fresh, 1.06);
    EXPECT_LT(at70.turned, 1.2);
    EXPECT_LT(at70.settled, 1.06);
}

// The estimate that stats() gives, against a count of lines by walking.
TEST(NumberChurn, stats_say_what_lookups_read) {
    constexpr std::size_t kSize = 50'000;
    const auto numbers = model::distinct_numbers(kSize, 32);
    NumberTableOptions options;
    options.numbers = kSize;
    options.seed = 32;
    auto table = NumberTable::create(options);
    ASSERT_TRUE(table);
    ASSERT_TRUE(table->insert(numbers, 1));
    const NumberView& view = table->view();
    const auto lines_of = [&](Number number) {
        std::uint64_t hash = NumberChain::first(number.rank(), view.seed());
        const unsigned key_class = NumberChain::key_class(hash);
        unsigned lines = 1;
        while (probe_line(view.lines()[NumberChain::line(hash, view.line_count())], number.rank(),
                          key_class)
                   .more) {
            ++lines;
            hash = NumberChain::next(hash);
        }
        return lines;
    };
    std::mt19937_64 random(33);
    double hits = 0;
    double misses = 0;
    unsigned missed = 0;
    for (const Number number : numbers) hits += lines_of(number);
    while (missed < kSize) {
        const Number number = model::random_number(random);
        if (view.find(number) != kNoList) continue;
        misses += lines_of(number);
        ++missed;
    }
    const NumberTableStats stats = table->stats();
    EXPECT_NEAR(hits / kSize, stats.lines_per_hit, 1e-9);
    EXPECT_NEAR(misses / kSize, stats.lines_per_miss, 0.01);
}

// Keys chosen so that all fall on few lines under one seed are as good as random under another.
TEST(NumberChurn, numbers_chosen_against_another_seed_cost_nothing_more) {
    const std::size_t kSize = test::deep() ? 1'000'000 : 50'000;
    NumberTableOptions options;
    options.numbers = kSize;
    options.seed = 41;
    auto attacked = NumberTable::create(options);
    options.seed = 43;
    auto table = NumberTable::create(options);
    ASSERT_TRUE(attacked);
    ASSERT_TRUE(table);
    std::mt19937_64 random(42);
    std::vector<Number> numbers;
    while (numbers.size() < kSize) {
        const Number number = model::random_number(random);
        // The first 1/64 of the lines, under the seed that the attacker believes in.
        if (NumberChain::first(number.rank(), attacked->view().seed()) >> 58u == 0)
            numbers.push_back(number);
    }
    ASSERT_TRUE(table->insert(numbers, 1));
    EXPECT_LT(table->stats().lines_per_hit, 1.12);
    const auto hurt = attacked->insert(numbers, 1);
    EXPECT_TRUE(!hurt || attacked->stats().lines_per_hit > 1.8);
}

// As an operator's blocks are: ten thousand in a row, then the next block.
TEST(NumberChurn, numbers_in_a_row_spread_as_random_ones_do) {
    std::vector<Number> numbers;
    for (const char* block : {"8617000000000", "8617000500000", "4420794600000"}) {
        const std::uint64_t first = Number::from_digits(block).rank();
        for (std::uint64_t i = 0; i < 10'000; ++i) numbers.push_back(Number::from_rank(first + i));
    }
    NumberTableOptions options;
    options.numbers = numbers.size();
    for (options.seed = 50; options.seed < 60; ++options.seed) {
        auto table = NumberTable::create(options);
        ASSERT_TRUE(table);
        ASSERT_TRUE(table->insert(numbers, 1));
        EXPECT_LT(table->stats().lines_per_hit, 1.12) << options.seed;
        EXPECT_LT(table->stats().lines_per_miss, 1.2) << options.seed;
    }
}

}  // namespace
}  // namespace ringfence
