// Sets of lists beyond the 8,190 that a slot can name, and the room that is kept for orders.
#include <gtest/gtest.h>

#include "number_model.hpp"

namespace ringfence {
namespace {

// Number i is on the lists of the bits of i.
void insert_bits(NumberTable& table, Number number, unsigned bits) {
    for (ListIndex list = 0; list < 16; ++list) {
        if ((bits >> list & 1u) != 0) {
            ASSERT_TRUE(table.insert(number, list));
        }
    }
}

std::vector<ListIndex> lists_of_bits(unsigned bits) {
    std::vector<ListIndex> lists;
    for (ListIndex list = 0; list < 16; ++list)
        if ((bits >> list & 1u) != 0) lists.push_back(list);
    return lists;
}

constexpr unsigned kSets = 20'000;

NumberTable table_of_many_sets(const std::vector<Number>& numbers) {
    NumberTableOptions options;
    options.numbers = numbers.size();
    options.wide_numbers = numbers.size();
    options.membership_lists = 1'000'000;
    auto table = NumberTable::create(options);
    EXPECT_TRUE(table);
    for (unsigned i = 1; i < numbers.size(); ++i) insert_bits(*table, numbers[i], i);
    return std::move(*table);
}

TEST(Membership, more_sets_than_narrow_payloads_go_to_the_side_table) {
    const auto numbers = model::distinct_numbers(kSets, 61);
    const NumberTable table = table_of_many_sets(numbers);
    EXPECT_EQ(table.stats().narrow_sets, kNarrowSets - 1);
    EXPECT_GE(table.stats().wide_numbers, kSets - kNarrowSets);
    for (unsigned i = 1; i < kSets; ++i)
        ASSERT_EQ(model::lists_of(table, numbers[i]), lists_of_bits(i));
}

TEST(Membership, growing_names_the_frequent_sets_and_keeps_all) {
    auto numbers = model::distinct_numbers(kSets + 5'000, 62);
    NumberTable table = table_of_many_sets(numbers);
    const unsigned last = kSets + 4'999;  // a late set, that was wide
    const Payload wide = table.find(numbers[last]);
    EXPECT_EQ(wide, kWide);
    const auto grown = table.grown(40'000);
    ASSERT_TRUE(grown) << grown.error().text;
    for (unsigned i = 1; i < numbers.size(); ++i)
        ASSERT_EQ(model::lists_of(*grown, numbers[i]), lists_of_bits(i));
    EXPECT_LT(grown->stats().narrow_sets, kNarrowSets - 1);
    EXPECT_TRUE(grown->consistent());
}

TEST(Membership, a_number_comes_and_goes_between_narrow_and_wide) {
    const auto numbers = model::distinct_numbers(kSets, 63);
    NumberTable table = table_of_many_sets(numbers);
    const Number number = numbers[kSets - 1];
    const auto before = model::lists_of(table, number);
    ASSERT_EQ(table.find(number), kWide);
    for (const ListIndex list : before) ASSERT_TRUE(*table.erase(number, list));
    EXPECT_EQ(table.find(number), kNoList);
    ASSERT_TRUE(table.insert(number, 0));  // {0} has been narrow from the start
    EXPECT_NE(table.find(number), kWide);
    EXPECT_EQ(model::lists_of(table, number), std::vector<ListIndex>{0});
    for (const ListIndex list : before) ASSERT_TRUE(table.insert(number, list));
    ASSERT_TRUE(table.insert(number, 0));
    EXPECT_EQ(model::lists_of(table, number), lists_of_bits((kSets - 1) | 1u));
}

TEST(Membership, a_full_heap_refuses_new_sets_until_grown_but_not_orders) {
    NumberTableOptions options;
    options.numbers = 1000;
    options.membership_lists = 80;
    auto table = NumberTable::create(options);
    ASSERT_TRUE(table);
    const auto numbers = model::distinct_numbers(200, 64);
    std::size_t i = 0;
    while (table->insert(numbers[i], static_cast<ListIndex>(i))) ++i;
    EXPECT_EQ(i, 70u);  // seven eighths
    EXPECT_TRUE(table->lists(numbers[i]).empty());
    EXPECT_TRUE(*table->insert(numbers[i], 3));  // a set that is known
    EXPECT_TRUE(*table->insert(numbers[i + 1], 999, RoomFor::kOrders));
    const auto refused = table->insert(numbers[i], 4);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kFull);
    EXPECT_EQ(model::lists_of(*table, numbers[i]), std::vector<ListIndex>{3});

    auto grown = table->grown();
    ASSERT_TRUE(grown);
    EXPECT_TRUE(*grown->insert(numbers[i], 4));
    EXPECT_EQ(model::lists_of(*grown, numbers[i]), (std::vector<ListIndex>{3, 4}));
    EXPECT_EQ(model::lists_of(*grown, numbers[i + 1]), std::vector<ListIndex>{999});
}

TEST(Membership, a_full_side_table_refuses_until_grown) {
    NumberTableOptions options;
    options.numbers = 30'000;
    options.wide_numbers = 64;
    auto table = NumberTable::create(options);
    ASSERT_TRUE(table);
    const auto numbers = model::distinct_numbers(kSets, 65);
    unsigned refused = 0;
    for (unsigned i = 1; i < kSets; ++i) {
        for (const ListIndex list : lists_of_bits(i)) {
            auto added = table->insert(numbers[i], list);
            if (!added) {
                ASSERT_EQ(added.error().code, ErrorCode::kFull);
                ++refused;
                table = table->grown();
                ASSERT_TRUE(table) << table.error().text;
                added = table->insert(numbers[i], list);
            }
            ASSERT_TRUE(added) << added.error().text;
        }
    }
    EXPECT_GT(refused, 0u);
    EXPECT_LT(refused, 12u);
    for (unsigned i = 1; i < kSets; ++i)
        ASSERT_EQ(model::lists_of(*table, numbers[i]), lists_of_bits(i));
}

// Sixteen tenants' lists of which each holds a fifth of every other's numbers, and orders of the police beside: more sets
// than there are narrow names. Growth may be needed, and an order never waits for it.
TEST(Membership, sixteen_tenants_share_a_fifth_and_orders_always_find_room) {
    constexpr ListIndex kTenants = 16;
    constexpr ListIndex kPolice = 100;
    constexpr std::uint64_t kSeed = 66;
    const std::size_t each = test::deep() ? 100'000 : 8'000;
    SCOPED_TRACE(kSeed);
    std::mt19937_64 random(kSeed);
    const auto shared = model::distinct_numbers(each, kSeed);
    NumberTableOptions options;
    options.numbers = 4 * each;
    auto table = NumberTable::create(options);
    ASSERT_TRUE(table);
    model::NumberLists truth;
    std::uint64_t own = 0;
    unsigned growths = 0;
    for (std::size_t i = 0; i < each; ++i) {
        for (ListIndex tenant = 0; tenant < kTenants; ++tenant) {
            const Number number =
                random() % 5 == 0
                    ? shared[random() % each]
                    : Number::from_rank(Number::first_rank(12) + 440'000'000'000u + ++own);
            auto added = table->insert(number, tenant);
            if (!added) {
                ASSERT_EQ(added.error().code, ErrorCode::kFull);
                // An order finds room in a table that is full for anyone else.
                const Number wanted = shared[random() % each];
                const auto order = table->insert(wanted, kPolice, RoomFor::kOrders);
                ASSERT_TRUE(order) << order.error().text;
                truth.insert(wanted, kPolice);
                auto larger = table->grown();
                ASSERT_TRUE(larger) << larger.error().text;
                ++growths;
                table = std::move(larger);
                added = table->insert(number, tenant);
            }
            ASSERT_TRUE(added) << added.error().text;
            ASSERT_EQ(*added, truth.insert(number, tenant));
        }
    }
    EXPECT_GT(growths, 0u);
    for (const auto& [rank, lists] : truth.lists)
        ASSERT_EQ(model::lists_of(*table, Number::from_rank(rank)),
                  std::vector<ListIndex>(lists.begin(), lists.end()));
    EXPECT_TRUE(table->consistent());
    EXPECT_GT(table->stats().narrow_sets, 1'000u);
}

}  // namespace
}  // namespace ringfence
