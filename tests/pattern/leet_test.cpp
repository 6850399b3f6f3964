// `leet`: letters that may be written as digits, for rules that ask.
#include <gtest/gtest.h>

#include <string>

#include "src/pattern/leet.hpp"
#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

using testing::compile;
using testing::found;
using testing::parse;

TEST(Leet, digits_stand_for_the_letters_they_look_like) {
    const std::vector<std::string> asks = {"text = [\"locked\", \"apple\"]\nleet = true"};
    for (const char* text :
         {"locked", "l0cked", "1ocked", "L0CK3D", "app1e", "App1e", "4pple", "4pp13"})
        EXPECT_NE(found(asks, text, "light"), "") << text;
    for (const char* text : {"l9cked", "2ocked", "appie", "app0e", "10 c ked"})
        EXPECT_EQ(found(asks, text, "light"), "") << text;
}

TEST(Leet, a_rule_that_does_not_ask_takes_digits_as_digits) {
    EXPECT_EQ(found({"text = \"locked\""}, "l0cked", "light"), "");
    EXPECT_EQ(found({"text = \"locked\"\nleet = false"}, "l0cked", "light"), "");
    EXPECT_EQ(found({"text = \"locked\"\nalso = \"apple\"\nleet = true"}, "l0cked app1e", "light"),
              "");
    EXPECT_EQ(
        found({"text = \"locked\"\nunless = \"apple\"\nleet = true"}, "l0cked app1e", "light"),
        "0:0-6");
}

// More than a few ways to write it: letters and classes in a row. The same is found, in its place.
TEST(Leet, a_long_phrase_is_found_in_any_mixture) {
    const std::vector<std::string> asks = {"text = \"<your account is locked>\"\nleet = true"};
    EXPECT_EQ(found(asks, "your account is locked", "light"), "0:0-22");
    EXPECT_EQ(found(asks, "!y0ur 4cc0un7 15 10ck3d.", "light"), "0:1-23");
    EXPECT_EQ(found(asks, "xyour account is locked", "light"), "");
    EXPECT_EQ(found(asks, "your account is l0cked2", "light"), "");
    EXPECT_EQ(found(asks, "your account as locked", "light"), "");
}

TEST(Leet, every_spelling_and_no_other_is_found) {
    const auto set = compile({"text = \"close it\"\nleet = true"}, "light");
    ASSERT_TRUE(set) << set.error().text;
    const std::string digits = "c105317", letters = "closeit";
    for (unsigned chosen = 0; chosen < 128; ++chosen) {
        std::string text = letters;
        for (std::size_t i = 0; i < text.size(); ++i)
            if ((chosen >> i & 1u) != 0) text[i] = digits[i];
        text.insert(5, " ");
        EXPECT_EQ(found(*set, text), "0:0-8") << text;
        text[0] = 'k';
        EXPECT_EQ(found(*set, text), "") << text;
    }
}

TEST(Leet, groups_and_gaps_are_spelled_too) {
    const std::vector<std::string> asks = {
        "text = \"(visa|card)?{0,5}(locked|closed)\"\nleet = true"};
    EXPECT_NE(found(asks, "v15a is cl0sed", "light"), "");
    EXPECT_NE(found(asks, "1ocked", "light"), "");
    EXPECT_EQ(found(asks, "v15a is open", "light"), "");
}

TEST(Leet, what_cannot_be_spelled_is_refused_with_its_reason) {
    const auto regex = compile({"regex = \"locked\"\nleet = true"});
    ASSERT_FALSE(regex);
    EXPECT_NE(regex.error().text.find("only 'text'"), std::string::npos) << regex.error().text;
    const auto wide = compile({"text = \"(associatestate|obligations)\"\nleet = true"});
    ASSERT_FALSE(wide);
    EXPECT_NE(wide.error().text.find("256 ways"), std::string::npos) << wide.error().text;
    EXPECT_NE(wide.error().text.find("test.toml:"), std::string::npos) << wide.error().text;
    std::string many;
    for (int i = 0; i < 30; ++i) many += "xe";
    const auto parts = compile({"text = \"" + many + "\"\nleet = true"});
    ASSERT_FALSE(parts);
    EXPECT_NE(parts.error().text.find("too many parts"), std::string::npos) << parts.error().text;
}

TEST(Leet, letters_without_a_digit_stay_as_they_are) {
    const auto plain = parse("微信加我", TextView::kDense);
    ASSERT_TRUE(plain);
    const auto spelled = pattern::spelled_in_leet(*plain);
    ASSERT_TRUE(spelled);
    EXPECT_EQ(*spelled, *plain);
}

}  // namespace
}  // namespace ringfence
