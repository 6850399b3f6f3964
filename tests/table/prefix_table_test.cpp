#include "ringfence/table/prefix_table.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringfence {
namespace {

using Hits = std::vector<PrefixHit>;

PrefixTable built(const PrefixRules& rules) {
    auto table = rules.build();
    EXPECT_TRUE(table) << table.error().text;
    return std::move(*table);
}

// By number and by text alike.
Hits hits(const PrefixTable& table, const std::string& digits) {
    const auto by_text = table.longest_match(digits);
    if (digits.size() <= Number::kMaxDigits) {
        const auto by_number = table.longest_match(Number::from_digits(digits));
        EXPECT_TRUE(std::ranges::equal(by_text, by_number)) << digits;
    }
    return {by_text.begin(), by_text.end()};
}

TEST(PrefixTable, matches_nothing_when_empty) {
    EXPECT_EQ(hits(PrefixTable(), "8613800001234"), Hits{});
    EXPECT_EQ(hits(built(PrefixRules()), "8613800001234"), Hits{});
    EXPECT_TRUE(PrefixView().longest_match(Number::from_digits("1")).empty());
}

TEST(PrefixTable, gives_the_longest_prefix_first_and_all_that_cover_it) {
    PrefixRules rules;
    ASSERT_TRUE(rules.add({.prefix = "86", .list = 1}));
    ASSERT_TRUE(rules.add({.prefix = "86138", .list = 2}));
    ASSERT_TRUE(rules.add({.prefix = "86138", .list = 1}));
    ASSERT_TRUE(rules.add({.prefix = "861380000123", .list = 3}));
    const PrefixTable table = built(rules);
    EXPECT_EQ(hits(table, "8613800001234"), (Hits{{3, 12}, {1, 5}, {2, 5}, {1, 2}}));
    EXPECT_EQ(hits(table, "8613800009999"), (Hits{{1, 5}, {2, 5}, {1, 2}}));
    EXPECT_EQ(hits(table, "8617000001234"), (Hits{{1, 2}}));
    EXPECT_EQ(hits(table, "4420794600"), Hits{});
}

TEST(PrefixTable, a_number_shorter_than_the_prefix_does_not_match) {
    PrefixRules rules;
    ASSERT_TRUE(rules.add({.prefix = "100", .list = 1}));
    ASSERT_TRUE(rules.add({.prefix = "1000000", .list = 2}));
    const PrefixTable table = built(rules);
    EXPECT_EQ(hits(table, "1"), Hits{});
    EXPECT_EQ(hits(table, "10"), Hits{});
    EXPECT_EQ(hits(table, "100"), (Hits{{1, 3}}));
    EXPECT_EQ(hits(table, "100000"), (Hits{{1, 3}}));
    EXPECT_EQ(hits(table, "1000000"), (Hits{{2, 7}, {1, 3}}));
}

TEST(PrefixTable, falls_back_to_the_shorter_prefix_when_a_length_bound_fails) {
    PrefixRules rules;
    ASSERT_TRUE(rules.add({.prefix = "33", .list = 1}));
    ASSERT_TRUE(rules.add({.prefix = "33162", .min_length = 11, .max_length = 11, .list = 2}));
    const PrefixTable table = built(rules);
    EXPECT_EQ(hits(table, "33162000000"), (Hits{{2, 5}, {1, 2}}));
    EXPECT_EQ(hits(table, "3316200000"), (Hits{{1, 2}}));
    EXPECT_EQ(hits(table, "331620000000"), (Hits{{1, 2}}));
}

TEST(PrefixTable, the_same_prefix_may_stand_with_several_bounds) {
    PrefixRules rules;
    ASSERT_TRUE(rules.add({.prefix = "44", .min_length = 10, .max_length = 12, .list = 1}));
    ASSERT_TRUE(rules.add({.prefix = "44", .min_length = 12, .max_length = 13, .list = 1}));
    const PrefixTable table = built(rules);
    EXPECT_EQ(hits(table, "447700900123"), (Hits{{1, 2}}));  // once
    EXPECT_EQ(hits(table, "4477009001234"), (Hits{{1, 2}}));
    EXPECT_EQ(hits(table, "447700900"), Hits{});
}

TEST(PrefixTable, deleting_a_rule_brings_back_what_covered_it) {
    PrefixRules rules;
    ASSERT_TRUE(rules.add({.prefix = "86", .list = 1}));
    ASSERT_TRUE(*rules.add({.prefix = "8617", .list = 2}));
    EXPECT_FALSE(*rules.add({.prefix = "8617", .list = 2}));
    const PrefixTable before = built(rules);
    ASSERT_TRUE(*rules.remove({.prefix = "8617", .list = 2}));
    EXPECT_FALSE(*rules.remove({.prefix = "8617", .list = 2}));
    EXPECT_EQ(hits(built(rules), "8617000001234"), (Hits{{1, 2}}));
    EXPECT_EQ(hits(before, "8617000001234"), (Hits{{2, 4}, {1, 2}}));  // stays as it was
}

TEST(PrefixTable, the_empty_prefix_covers_every_number) {
    PrefixRules rules;
    ASSERT_TRUE(rules.add({.prefix = "", .list = 9}));
    const PrefixTable table = built(rules);
    EXPECT_EQ(hits(table, "0"), (Hits{{9, 0}}));
    EXPECT_EQ(hits(table, "999999999999999"), (Hits{{9, 0}}));
    EXPECT_EQ(hits(table, std::string(24, '9')), (Hits{{9, 0}}));
    EXPECT_TRUE(table.longest_match(Number()).empty());
    EXPECT_TRUE(table.longest_match(std::string_view()).empty());
}

TEST(PrefixTable, takes_prefixes_and_numbers_of_up_to_24_digits) {
    const std::string whole = "106912345678901234567890";
    ASSERT_EQ(whole.size(), 24u);
    PrefixRules rules;
    ASSERT_TRUE(rules.add({.prefix = whole, .list = 1}));
    ASSERT_TRUE(rules.add({.prefix = std::string_view(whole).substr(0, 20), .list = 2}));
    ASSERT_TRUE(rules.add({.prefix = "1069", .list = 3}));
    const PrefixTable table = built(rules);
    EXPECT_EQ(hits(table, whole), (Hits{{1, 24}, {2, 20}, {3, 4}}));
    EXPECT_EQ(hits(table, whole.substr(0, 23)), (Hits{{2, 20}, {3, 4}}));
    EXPECT_EQ(hits(table, whole.substr(0, 20)), (Hits{{2, 20}, {3, 4}}));
    EXPECT_EQ(hits(table, whole.substr(0, 15)), (Hits{{3, 4}}));
    EXPECT_EQ(hits(table, whole + "0"), Hits{});  // too long for a number
}

TEST(PrefixTable, text_that_is_not_all_digits_matches_nothing) {
    PrefixRules rules;
    ASSERT_TRUE(rules.add({.prefix = "", .list = 9}));
    const PrefixTable table = built(rules);
    for (const char* text : {"+861", "86 1", "861a", "ICBC", "86\xEF\xBC\x91"})
        EXPECT_TRUE(table.longest_match(text).empty()) << text;
}

TEST(PrefixTable, a_range_holds_its_ends_and_numbers_of_its_length_alone) {
    PrefixRules rules;
    ASSERT_TRUE(rules.add_range("33639980095", "33639980123", 4));
    const PrefixTable table = built(rules);
    EXPECT_EQ(hits(table, "33639980094"), Hits{});
    EXPECT_EQ(hits(table, "33639980095"), (Hits{{4, 10}}));  // counts as its part 3363998011
    EXPECT_EQ(hits(table, "33639980100"), (Hits{{4, 10}}));
    EXPECT_EQ(hits(table, "33639980123"), (Hits{{4, 10}}));
    EXPECT_EQ(hits(table, "33639980124"), Hits{});
    EXPECT_EQ(hits(table, "336399801000"), Hits{});
    EXPECT_EQ(hits(table, "3363998010"), Hits{});
}

TEST(PrefixTable, a_range_stands_above_the_prefix_it_lies_in_and_below_one_within) {
    PrefixRules rules;
    ASSERT_TRUE(rules.add({.prefix = "440", .list = 1}));
    ASSERT_TRUE(rules.add_range("4402000", "4406999", 2));
    ASSERT_TRUE(rules.add({.prefix = "44055", .list = 3}));
    const PrefixTable table = built(rules);
    EXPECT_EQ(hits(table, "4405512"), (Hits{{3, 5}, {2, 4}, {1, 3}}));
}

TEST(PrefixTable, ranges_may_be_whole_single_or_share_parts) {
    PrefixRules rules;
    ASSERT_TRUE(rules.add_range("000", "999", 1));
    ASSERT_TRUE(rules.add_range("555", "555", 2));
    ASSERT_TRUE(rules.add_range("100", "199", 3));
    ASSERT_TRUE(rules.add_range("100", "299", 3));
    PrefixTable table = built(rules);
    EXPECT_EQ(hits(table, "555"), (Hits{{2, 3}, {1, 0}}));
    EXPECT_EQ(hits(table, "150"), (Hits{{3, 1}, {1, 0}}));
    EXPECT_EQ(hits(table, "5550"), Hits{});
    ASSERT_TRUE(*rules.remove_range("100", "199", 3));
    EXPECT_FALSE(*rules.remove_range("100", "199", 3));
    table = built(rules);
    EXPECT_EQ(hits(table, "150"), (Hits{{3, 1}, {1, 0}}));  // the other still holds it
}

TEST(PrefixTable, refuses_what_makes_no_sense) {
    PrefixRules rules;
    const auto code = [](const Result<bool>& result) {
        return result ? ErrorCode::kInternal : result.error().code;
    };
    EXPECT_EQ(code(rules.add({.prefix = "86a"})), ErrorCode::kSyntax);
    EXPECT_EQ(code(rules.add({.prefix = std::string(25, '1')})), ErrorCode::kTooLarge);
    EXPECT_EQ(code(rules.add({.prefix = std::string(4'000, '1')})), ErrorCode::kTooLarge);
    EXPECT_EQ(code(rules.add({.prefix = "86", .min_length = 9, .max_length = 8})),
              ErrorCode::kOutOfRange);
    EXPECT_EQ(code(rules.add({.prefix = "8613800", .max_length = 3})), ErrorCode::kOutOfRange);
    EXPECT_EQ(code(rules.add_range("200", "100", 1)), ErrorCode::kOutOfRange);
    EXPECT_EQ(code(rules.add_range("20", "100", 1)), ErrorCode::kOutOfRange);
    EXPECT_EQ(code(rules.add_range("", "", 1)), ErrorCode::kOutOfRange);
    EXPECT_EQ(code(rules.add_range("1x0", "100", 1)), ErrorCode::kSyntax);
    EXPECT_EQ(rules.size(), 0u);
}

TEST(PrefixTable, sixty_four_prefixes_over_each_other_are_all_found) {
    PrefixRules rules;
    Hits expected;
    for (unsigned length = 24; length > 0; --length) {
        for (ListIndex list = 0; list < 3; ++list) {
            ASSERT_TRUE(rules.add({.prefix = std::string(length, '7'), .list = list}));
            expected.push_back({list, static_cast<std::uint8_t>(length)});
        }
    }
    EXPECT_EQ(hits(built(rules), std::string(24, '7')), expected);
}

}  // namespace
}  // namespace ringfence
