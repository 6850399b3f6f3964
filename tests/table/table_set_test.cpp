#include "ringfence/table/table_set.hpp"

#include <gtest/gtest.h>

#include "number_model.hpp"

namespace ringfence {
namespace {

const Number kAlice = Number::from_digits("8617000001234");

TEST(TableSet, a_builder_grows_the_numbers_as_rows_come) {
    NumberTableOptions options;
    options.numbers = 10;
    auto builder = TableSetBuilder::create(options);
    ASSERT_TRUE(builder);
    const auto numbers = model::distinct_numbers(20'000, 401);
    for (const Number number : numbers) ASSERT_TRUE(*builder->add(number, 1));
    EXPECT_FALSE(*builder->add(numbers[0], 1));
    ASSERT_TRUE(builder->rules().prefixes.add({.prefix = "8617", .list = 2}));
    ASSERT_TRUE(builder->rules().keys.add(KeyKind::kSender, "icbc", 3));
    TableRules rules;
    const auto set = std::move(*builder).build(&rules);
    ASSERT_TRUE(set) << set.error().text;
    EXPECT_EQ(set->numbers->size(), numbers.size());
    EXPECT_EQ(set->prefixes->longest_match(kAlice).size(), 1u);
    EXPECT_EQ(set->keys->find(KeyKind::kSender, "icbc").size(), 1u);
    EXPECT_GT(set->memory_bytes(), 200'000u);
    EXPECT_EQ(rules.prefixes.size(), 1u);
    EXPECT_EQ(rules.keys.size(), 1u);
}

TEST(TableSet, a_builder_stops_at_the_memory_limit) {
    NumberTableOptions options;
    options.numbers = 10'000;
    options.memory_limit_bytes = 1'000'000;
    auto builder = TableSetBuilder::create(options);
    ASSERT_TRUE(builder);
    const auto numbers = model::distinct_numbers(60'000, 402);
    std::size_t i = 0;
    for (; i < numbers.size(); ++i) {
        const auto added = builder->add(numbers[i], 1);
        if (added) continue;
        EXPECT_EQ(added.error().code, ErrorCode::kFull);
        break;
    }
    EXPECT_LT(i, numbers.size());
    const auto set = std::move(*builder).build();
    ASSERT_TRUE(set);
    EXPECT_EQ(set->numbers->size(), i);  // what fitted is whole
}

TEST(TableSet, a_new_set_shares_the_tables_that_stay) {
    auto builder = TableSetBuilder::create({});
    ASSERT_TRUE(builder);
    ASSERT_TRUE(builder->add(kAlice, 1));
    TableRules rules;
    const auto first = std::move(*builder).build(&rules);
    ASSERT_TRUE(first);

    ASSERT_TRUE(rules.prefixes.add({.prefix = "86", .list = 2}));
    const auto second = with_prefixes(*first, rules.prefixes);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->numbers, first->numbers);
    EXPECT_EQ(second->keys, first->keys);
    EXPECT_TRUE(first->prefixes->longest_match(kAlice).empty());
    EXPECT_EQ(second->prefixes->longest_match(kAlice).size(), 1u);

    ASSERT_TRUE(rules.keys.add(KeyKind::kDomain, "example.com", 3));
    const auto third = with_keys(*second, rules.keys);
    ASSERT_TRUE(third);
    EXPECT_EQ(third->prefixes, second->prefixes);
    EXPECT_EQ(third->keys->find_domain("www.example.com").length, 11u);

    const auto fourth = with_grown_numbers(*third, 5'000);
    ASSERT_TRUE(fourth);
    EXPECT_EQ(fourth->keys, third->keys);
    EXPECT_NE(fourth->numbers, third->numbers);
    EXPECT_EQ(model::lists_of(*fourth->numbers, kAlice), std::vector<ListIndex>{1});
    EXPECT_GE(fourth->numbers->stats().room, 5'000u);
}

TEST(TableSet, holds_pairs_where_it_was_asked_to) {
    auto plain = TableSetBuilder::create({});
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->add(SubscriberNumber{kAlice, kAlice}, 1).error().code,
              ErrorCode::kInvalidArgument);
    const auto none = std::move(*plain).build();
    ASSERT_TRUE(none);
    EXPECT_EQ(none->pairs, nullptr);

    auto builder = TableSetBuilder::create({});
    ASSERT_TRUE(builder);
    PairTableOptions options;
    options.pairs = 100;
    ASSERT_TRUE(builder->hold_pairs(options));
    const auto numbers = model::distinct_numbers(5'000, 403);
    for (const Number number : numbers)
        ASSERT_TRUE(*builder->add(SubscriberNumber{kAlice, number}, 1));
    EXPECT_FALSE(*builder->add(SubscriberNumber{kAlice, numbers[0]}, 1));
    const auto set = std::move(*builder).build();
    ASSERT_TRUE(set) << set.error().text;
    EXPECT_EQ(set->pairs->size(), numbers.size());
    EXPECT_TRUE(set->pairs->consistent());
    EXPECT_GT(set->memory_bytes(), none->memory_bytes() + 100'000u);
    const auto grown = with_grown_pairs(*set, 50'000);
    ASSERT_TRUE(grown);
    EXPECT_NE(grown->pairs, set->pairs);
    EXPECT_EQ(grown->numbers, set->numbers);
    EXPECT_EQ(grown->pairs->lists({kAlice, numbers[7]}).size(), 1u);
    EXPECT_TRUE(grown->pairs->lists({numbers[7], kAlice}).empty());
}

}  // namespace
}  // namespace ringfence
