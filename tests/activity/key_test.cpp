#include "ringfence/activity/key.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace ringfence {
namespace {

TEST(ActivityKey, is_the_rank_of_a_number) {
    const Number number = Number::from_digits("8617000001234");
    EXPECT_EQ(ActivityKey(number).word(), number.rank());
    EXPECT_EQ(ActivityKey::of_digits("8617000001234"), ActivityKey(number));
    EXPECT_TRUE(ActivityKey(Number{}).empty());
}

TEST(ActivityKey, keeps_long_numbers_and_names_off_the_numbers) {
    std::set<std::uint64_t> words;
    for (int i = 0; i < 10'000; ++i) {
        const std::string digits = std::to_string(1'069'000'000'000'000'000 + i);
        const std::string name = "Bank" + std::to_string(i);
        for (const ActivityKey key : {ActivityKey::of_digits(digits), ActivityKey::of_name(name)}) {
            EXPECT_GE(key.word(), Number::first_rank(16));
            EXPECT_LT(key.word(), std::uint64_t{1} << ActivityKey::kBits);
            words.insert(key.word());
        }
    }
    EXPECT_EQ(words.size(), 20'000u);
    EXPECT_NE(ActivityKey::of_name("1069000000000000000"),
              ActivityKey::of_digits("1069000000000000000"));
}

TEST(ActivityKey, takes_what_there_is) {
    Address address;
    Normalized normalized;
    EXPECT_TRUE(ActivityKey::of(address, normalized).empty());

    address.kind = AddressKind::kAlphanumeric;
    address.size = 4;
    address.chars = {'I', 'C', 'B', 'C'};
    EXPECT_EQ(ActivityKey::of(address, normalized), ActivityKey::of_name("icbc"));
    Address shouted = address;
    shouted.chars = {'i', 'C', 'b', 'c'};
    EXPECT_EQ(ActivityKey::of(shouted, normalized), ActivityKey::of(address, normalized));
    shouted.chars = {'l', 'C', 'B', 'C'};
    EXPECT_NE(ActivityKey::of(shouted, normalized), ActivityKey::of(address, normalized));

    const std::string port = "8610690000123456789012";
    address.kind = AddressKind::kDigits;
    std::copy(port.begin(), port.end(), normalized.chars.begin());
    normalized.size = static_cast<std::uint8_t>(port.size());
    EXPECT_TRUE(
        ActivityKey::of(address, normalized).empty());  // too long, and no number of the plan
    normalized.long_national = true;
    EXPECT_EQ(ActivityKey::of(address, normalized), ActivityKey::of_digits(port));

    normalized.number = Number::from_digits("8695588");
    EXPECT_EQ(ActivityKey::of(address, normalized), ActivityKey(normalized.number));
}

TEST(ActivityKey, of_nothing_is_nobody) {
    EXPECT_TRUE(ActivityKey::of_name("").empty());
    EXPECT_TRUE(ActivityKey::of_digits("").empty());
}

}  // namespace
}  // namespace ringfence
