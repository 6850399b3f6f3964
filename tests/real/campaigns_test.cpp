// Near-copies among messages that people really got: what the sketches find, against the shingles of all pairs.
// docs/results.md keeps the figures.
#include <gtest/gtest.h>

#include <cstdio>

#include "real/real_data.hpp"
#include "tests/campaign/near_copies.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kMost = 6'000;  // messages of a corpus: all pairs are compared

class RealCampaigns : public testing::TestWithParam<const char*> {};

TEST_P(RealCampaigns, near_copies_are_found) {
    std::string why;
    const auto rows = test::corpus_rows(GetParam(), why);
    if (rows.empty()) GTEST_SKIP() << why;
    model::NearCopies near;
    for (const auto& row : rows)
        if (near.messages() < kMost) near.add(row.at(1));
    ASSERT_GT(near.messages(), 300u);
    near.compare();
    ASSERT_GT(near.copies(), 100u);
    std::printf("  near-copies in %s: %zu messages, %zu pairs: recall %.3f, precision %.3f\n",
                GetParam(), near.messages(), static_cast<std::size_t>(near.copies()), near.recall(),
                near.precision());
    EXPECT_GE(near.recall(), 0.88);
    EXPECT_GE(near.precision(), 0.91);
}

INSTANTIATE_TEST_SUITE_P(Corpora, RealCampaigns,
                         testing::Values("zh-fbs-sms", "zh-sms-operator-11k", "en-uci-sms",
                                         "en-smishtank"));

}  // namespace
}  // namespace ringfence
