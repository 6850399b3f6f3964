// The best match of each rule, whatever the number and the order of those that were seen.
#include "src/pattern/sightings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <vector>

namespace ringfence {
namespace {

using pattern::match_of;
using pattern::sighting_of;
using pattern::Sightings;

constexpr unsigned kSeed = 31;

TEST(Sightings, keep_the_match_that_ends_first_and_then_the_longest) {
    Sightings sightings;
    sightings.reserve(3);
    for (const PatternMatch& match :
         {PatternMatch{2, 1, 9}, {0, 3, 8}, {2, 5, 7}, {2, 4, 7}, {0, 2, 9}, {2, 6, 7}})
        sightings.add(sighting_of(match.rule, match.begin, match.end));
    const auto best = sightings.best();
    ASSERT_EQ(best.size(), 2u);
    EXPECT_EQ(match_of(best[0]), (PatternMatch{0, 3, 8}));
    EXPECT_EQ(match_of(best[1]), (PatternMatch{2, 4, 7}));
}

TEST(Sightings, few_are_sorted_whatever_their_order) {
    for (std::uint32_t count = 2; count <= 8; ++count) {
        std::vector<std::uint32_t> order(count);
        std::iota(order.begin(), order.end(), 0u);
        Sightings sightings;
        sightings.reserve(count);
        do {
            sightings.clear();
            for (const std::uint32_t rule : order) sightings.add(sighting_of(rule, 3, 5));
            const auto best = sightings.best();
            ASSERT_EQ(best.size(), count);
            for (std::uint32_t rule = 0; rule < count; ++rule)
                ASSERT_EQ(best[rule], sighting_of(rule, 3, 5)) << count;
        } while (std::next_permutation(order.begin(), order.end()));
    }
}

TEST(Sightings, are_as_a_map_keeps_them) {
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (const std::uint32_t rules : {1u, 5u, 40u, 30'000u}) {
        Sightings sightings;
        sightings.reserve(rules);
        for (const std::size_t count :
             {0u, 1u, 2u, 7u, 8u, 9u, 23u, 24u, 25u, 26u, 300u, 9'000u, 50'000u}) {
            std::map<std::uint32_t, pattern::Sighting> expected;
            sightings.clear();
            for (std::size_t i = 0; i < count; ++i) {
                const auto rule = static_cast<std::uint32_t>(random() % rules);
                const auto begin = static_cast<std::uint32_t>(random() % 65'000);
                const auto sighting =
                    sighting_of(rule, begin, begin + 1 + static_cast<std::uint32_t>(random() % 64));
                sightings.add(sighting);
                const auto [at, fresh] = expected.try_emplace(rule, sighting);
                if (!fresh) at->second = std::min(at->second, sighting);
            }
            const auto best = sightings.best();
            ASSERT_EQ(best.size(), expected.size()) << rules << ", " << count;
            auto at = expected.begin();
            for (const pattern::Sighting sighting : best) ASSERT_EQ(sighting, (at++)->second);
        }
    }
}

}  // namespace
}  // namespace ringfence
