// The best match of each rule, whatever the number and the order of those that were seen.
#include "src/pattern/sightings.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

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

TEST(Sightings, are_as_a_map_keeps_them) {
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (const std::uint32_t rules : {1u, 5u, 40u, 30'000u}) {
        Sightings sightings;
        sightings.reserve(rules);
        for (const std::size_t count :
             {0u, 1u, 2u, 7u, 23u, 24u, 25u, 26u, 300u, 9'000u, 50'000u}) {
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
