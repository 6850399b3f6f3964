#include "ringfence/score/model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "tests/score/sample_model.hpp"
#include "tests/source/files.hpp"

namespace ringfence {
namespace {

using test::folded_text;
using test::made;
using test::sample_parts;

// The folded text borrows its source: literals live.
TEST(ScoreModel, adds_what_the_grams_weigh) {
    const ScoreModel model = made(sample_parts({{u"win", 1'000}, {u"a", -200}}));
    // "win": six grams, one of which weighs 10.
    EXPECT_NEAR(model.logit(folded_text(u"win").light()), -4 + 10 / std::sqrt(6.0), 1e-12);
    // Each occurrence counts: "a a" has six grams too.
    EXPECT_NEAR(model.logit(folded_text(u"a a").light()), -4 - 4 / std::sqrt(6.0), 1e-12);
    EXPECT_EQ(model.score(folded_text(u"win")),
              std::lround(1000 / (1 + std::exp(4 - 10 / std::sqrt(6.0)))));
    EXPECT_EQ(model.score(folded_text(u"")), 0u);
}

TEST(ScoreModel, sees_through_what_folding_sees_through) {
    const ScoreModel model = made(sample_parts({{u"win", 3'000}, {u"000", 500}}));
    EXPECT_EQ(model.score(folded_text(u"WIN")), model.score(folded_text(u"win")));
    EXPECT_EQ(model.score(folded_text(u"Ｗｉｎ")), model.score(folded_text(u"win")));
    EXPECT_EQ(model.score(folded_text(u"win 907")), model.score(folded_text(u"win 154")));
    EXPECT_NE(model.score(folded_text(u"w-in")), model.score(folded_text(u"win")));
    ScoreParts dense = sample_parts({{u"win", 3'000}});
    dense.view = View::kDense;
    const ScoreModel of_dense = made(dense);
    EXPECT_EQ(of_dense.score(folded_text(u"w-in")), of_dense.score(folded_text(u"win")));
}

TEST(ScoreModel, keeps_scores_within_bounds) {
    ScoreParts parts = sample_parts({});
    for (auto& weight : parts.weights) weight = 32'767;
    parts.scale = 1'000;
    EXPECT_EQ(made(parts).score(folded_text(u"anything at all")), 1'000u);
    for (auto& weight : parts.weights) weight = -32'767;
    EXPECT_EQ(made(parts).score(folded_text(u"anything at all")), 0u);
    const std::u16string longest(FoldedText::kMaxUnits, u'x');
    EXPECT_EQ(made(parts).score(folded_text(longest)), 0u);
}

TEST(ScoreModel, names_the_grams_that_weighed_most) {
    const ScoreModel model = made(sample_parts({{u"win", 1'000}, {u"hom", -1'500}, {u"000", 300}}));
    const auto grams = model.heaviest(folded_text(u"Win win 123 home"), 3);
    ASSERT_EQ(grams.size(), 3u);
    EXPECT_EQ(grams[0].gram, u"win");
    EXPECT_GT(grams[0].weight, 0);
    EXPECT_EQ(grams[1].gram, u"hom");
    EXPECT_LT(grams[1].weight, 0);
    EXPECT_EQ(grams[2].gram, u"000");
    EXPECT_NEAR(grams[0].weight / grams[1].weight, -2'000.0 / 1'500, 1e-12);
    EXPECT_EQ(model.heaviest(folded_text(u"Win win 123 home"), 1).size(), 1u);
    EXPECT_TRUE(model.heaviest(folded_text(u""), 3).empty());
}

TEST(ScoreModel, refuses_parts_that_are_none) {
    const auto refused = [](auto change) {
        ScoreParts parts = sample_parts({});
        change(parts);
        const auto model = ScoreModel::of(parts);
        return !model && model.error().code == ErrorCode::kOutOfRange;
    };
    EXPECT_FALSE(refused([](ScoreParts&) {}));
    EXPECT_TRUE(refused([](ScoreParts& parts) { parts.bits = 7; }));
    EXPECT_TRUE(refused([](ScoreParts& parts) { parts.bits = 21; }));
    EXPECT_TRUE(refused([](ScoreParts& parts) { parts.weights.pop_back(); }));
    EXPECT_TRUE(refused([](ScoreParts& parts) { parts.weights[3] = -32'768; }));
    EXPECT_TRUE(refused([](ScoreParts& parts) { parts.scale = 0; }));
    EXPECT_TRUE(refused([](ScoreParts& parts) { parts.scale = std::nan(""); }));
    EXPECT_TRUE(
        refused([](ScoreParts& parts) { parts.bias = std::numeric_limits<double>::infinity(); }));
}

}  // namespace
}  // namespace ringfence
