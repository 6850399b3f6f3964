// Digits of a text are the number that parsing and normalizing them gives, or none; what their first digits refuse is none.
#include "src/text/text_number.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/base/deep.hpp"
#include "tests/text/extract_numbers_model.hpp"

namespace ringfence {
namespace {

constexpr unsigned kSeed = 17;

class TextNumbers : public ::testing::TestWithParam<std::string> {
protected:
    void expect_alike(const std::string& digits, std::size_t groups, bool plus) {
        const auto expected = extract_model::read_number((plus ? "+" : "") + digits, groups, plan_);
        TextNumber got;
        const bool read = reader_.read(digits, groups, plus, got);
        ASSERT_EQ(read, expected.has_value())
            << plan_.country().text() << ' ' << plus << ' ' << digits << " in " << groups;
        numbers_ += read;
        if (!read) return;
        ASSERT_EQ(got.digits(), expected->digits());
        ASSERT_EQ(got.number, expected->number) << digits;
        if (plus) return;
        ASSERT_TRUE(reader_.may_be(digits.data(), digits.size()))
            << plan_.country().text() << ' ' << digits;
    }

    std::string digits_of(unsigned first, std::size_t size) {
        std::string digits = std::to_string(1000 + first).substr(1);
        while (digits.size() < size) digits += static_cast<char>('0' + random_() % 10);
        return digits;
    }

    const DialPlan& plan_ = *DialPlan::find(CountryCode(GetParam()));
    const TextNumberReader reader_{plan_};
    std::mt19937 random_{kSeed};
    std::size_t numbers_ = 0;
};

TEST_P(TextNumbers, are_those_of_normalize_for_all_short_ones) {
    const unsigned end = test::deep() ? 10'000'000 : 1'000'000;
    for (unsigned least = 100'000; least <= end; least *= 10) {
        const unsigned step = test::rerun() ? 97 : 1;
        for (unsigned value = 0; value < least; value += step)
            ASSERT_NO_FATAL_FAILURE(
                expect_alike(std::to_string(least + value).substr(1), 1, false));
    }
    EXPECT_GT(numbers_, 0u);
}

TEST_P(TextNumbers, are_those_of_normalize_behind_all_first_digits) {
    const int turns = test::deep() ? 60 : test::rerun() ? 1 : 3;
    for (unsigned first = 0; first < 1000; ++first) {
        for (std::size_t size = TextNumberReader::kLeastDigits; size <= Address::kMaxText; ++size) {
            for (int turn = 0; turn < turns; ++turn) {
                const std::string digits = digits_of(first, size);
                ASSERT_NO_FATAL_FAILURE(expect_alike(digits, 1 + random_() % 3, false));
            }
        }
    }
    EXPECT_GT(numbers_, 100u);
}

// Behind what a plan may put before a number: the fewer random digits, the more numbers.
TEST_P(TextNumbers, are_those_of_normalize_behind_prefixes) {
    const std::string code(plan_.country_calling_code());
    const std::string trunk(plan_.trunk_prefix());
    const std::string inside[] = {
        "",           "0",         code,  trunk,
        code + trunk, "00" + code, "000", std::string(plan_.international_prefix()) + code,
        "17951",      "12593",     "106", "95",
        "12110",      "141",       "1470"};
    const int turns = test::deep() ? 400'000 : test::rerun() ? 5'000 : 60'000;
    for (int turn = 0; turn < turns; ++turn) {
        std::string digits = inside[random_() % std::size(inside)];
        if (random_() % 2 == 0) digits += inside[random_() % std::size(inside)];
        const std::size_t size = TextNumberReader::kLeastDigits + random_() % 14;
        while (digits.size() < size) digits += static_cast<char>('0' + random_() % 10);
        ASSERT_NO_FATAL_FAILURE(expect_alike(digits.substr(0, Address::kMaxText), 1 + random_() % 2,
                                             random_() % 4 == 0));
    }
    EXPECT_GT(numbers_, 100u);
}

INSTANTIATE_TEST_SUITE_P(Plans, TextNumbers,
                         ::testing::Values("CN", "US", "GB", "DE", "FR", "SG", "IN"),
                         [](const auto& plan) { return plan.param; });

// A plan of somebody's own is read as a whole.
TEST(TextNumberOfOtherPlan, is_that_of_normalize) {
    data::PlanRow row = DialPlan::find(CountryCode("CN"))->row();
    row.country = "XX";
    const DialPlan plan(row);
    const TextNumberReader reader(plan);
    TextNumber number;
    ASSERT_TRUE(reader.read("13800001234", 1, false, number));
    EXPECT_EQ(number.digits(), "8613800001234");
    EXPECT_FALSE(reader.read("1380000123", 1, false, number));
}

}  // namespace
}  // namespace ringfence
