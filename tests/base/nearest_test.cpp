#include "ringfence/base/nearest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <string>
#include <utility>

namespace ringfence {
namespace {

constexpr std::array<std::string_view, 6> kActions = {"allow", "tag",    "challenge",
                                                      "hold",  "reject", "drop"};

TEST(Nearest, mends_one_or_two_slips) {
    EXPECT_EQ(nearest_name("rejct", kActions), "reject");
    EXPECT_EQ(nearest_name("rejcet", kActions), "reject");
    EXPECT_EQ(nearest_name("alow", kActions), "allow");
    EXPECT_EQ(nearest_name("chalenge", kActions), "challenge");
    EXPECT_EQ(nearest_name("Drop", kActions), "drop");
}

TEST(Nearest, offers_nothing_for_a_different_word) {
    EXPECT_EQ(nearest_name("", kActions), "");
    EXPECT_EQ(nearest_name("quarantine", kActions), "");
    EXPECT_EQ(nearest_name("x", kActions), "");
    EXPECT_EQ(nearest_name("reject", std::span<const std::string_view>{}), "");
}

TEST(Nearest, writes_out_what_was_only_begun) {
    EXPECT_EQ(nearest_name("chal", kActions), "challenge");
    EXPECT_EQ(nearest_name("chall", kActions), "challenge");
    EXPECT_EQ(nearest_name("chxll", kActions), "challenge");
    EXPECT_EQ(nearest_name("cha", kActions), "");
    EXPECT_EQ(nearest_name("chyyl", kActions), "");
    const std::array<std::string_view, 3> features = {"calls_1h", "calls_24h", "callees"};
    EXPECT_EQ(nearest_name("callz", features), "calls_1h");
    EXPECT_EQ(nearest_name("answ", features), "");
}

TEST(Nearest, ignores_names_past_its_bound) {
    const std::string longest(kMaxNearestName, 'a');
    const std::string longer(kMaxNearestName + 1, 'a');
    const std::array<std::string_view, 2> names = {longest, longer};
    EXPECT_EQ(nearest_name(longest, names), longest);
    EXPECT_EQ(nearest_name(longer, names), "");
}

// The recurrence as the textbook writes it, top down.
std::size_t model_distance(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty()) return a.size() + b.size();
    const auto a1 = a.substr(0, a.size() - 1);
    const auto b1 = b.substr(0, b.size() - 1);
    std::size_t best = std::min({model_distance(a1, b) + 1, model_distance(a, b1) + 1,
                                 model_distance(a1, b1) + (a.back() == b.back() ? 0u : 1u)});
    if (a.size() > 1 && b.size() > 1 && a.back() == b1.back() && a1.back() == b.back()) {
        best = std::min(best,
                        model_distance(a.substr(0, a.size() - 2), b.substr(0, b.size() - 2)) + 1);
    }
    return best;
}

TEST(Nearest, counts_slips_as_the_plain_recurrence_does) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    const auto word = [&] {
        std::string text(random() % 7, ' ');
        for (char& c : text) c = static_cast<char>('a' + random() % 3);
        return text;
    };
    for (int round = 0; round < 1'000; ++round) {
        const std::string a = word();
        const std::string b = word();
        ASSERT_EQ(edit_distance(a, b), model_distance(a, b)) << a << ' ' << b;
    }
}

}  // namespace
}  // namespace ringfence
