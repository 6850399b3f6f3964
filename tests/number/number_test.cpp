#include "ringfence/number/number.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

namespace ringfence {
namespace {

TEST(Number, keeps_leading_zeros_and_length) {
    std::set<std::uint64_t> ranks;
    for (const std::string text : {"", "0", "00", "000", "1", "01", "001", "10", "100"}) {
        const Number number = Number::from_digits(text);
        EXPECT_EQ(number.digits(), text);
        EXPECT_EQ(number.length(), text.size());
        EXPECT_TRUE(ranks.insert(number.rank()).second) << text;
    }
}

TEST(Number, is_its_shortlex_rank) {
    EXPECT_EQ(Number::from_digits("").rank(), 0u);
    EXPECT_EQ(Number::from_digits("0").rank(), 1u);
    EXPECT_EQ(Number::from_digits("9").rank(), 10u);
    EXPECT_EQ(Number::from_digits("00").rank(), 11u);
    const Number last = Number::from_digits("999999999999999");
    EXPECT_EQ(last.rank(), 1'111'111'111'111'110u);
    EXPECT_LT(last.rank(), std::uint64_t{1} << Number::kRankBits);
}

TEST(Number, counts_every_short_string_in_order) {
    std::uint64_t rank = 0;
    EXPECT_EQ(Number::from_rank(rank).digits(), "");
    for (unsigned width = 1, end = 10; width <= 4; ++width, end *= 10)
        for (unsigned value = 0; value < end; ++value)
            ASSERT_EQ(Number::from_rank(++rank).digits(), std::to_string(end + value).substr(1));
}

TEST(Number, refuses_what_has_no_rank) {
    EXPECT_TRUE(Number::from_digits("1234567890123456").empty());
    EXPECT_TRUE(Number::from_digits("12a4").empty());
    EXPECT_TRUE(Number::from_digits("+861").empty());
    EXPECT_TRUE(Number::from_rank(1'111'111'111'111'111u).empty());
    EXPECT_FALSE(Number::from_rank(1'111'111'111'111'110u).empty());
}

TEST(Number, gives_back_its_digits) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (int round = 0; round < 100'000; ++round) {
        std::string digits(random() % (Number::kMaxDigits + 1), '0');
        for (char& c : digits) c = static_cast<char>('0' + random() % 10);
        const Number number = Number::from_digits(digits);
        ASSERT_EQ(number.digits(), digits);
        ASSERT_EQ(Number::from_rank(number.rank()), number);
    }
}

static_assert(sizeof(Number) == 8 && Number::from_digits("110").length() == 3);

}  // namespace
}  // namespace ringfence
