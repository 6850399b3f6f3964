// Every form gives the sum that the scalar one does.
#include "src/kernel/score_kernel.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/base/deep.hpp"

namespace ringfence {
namespace {

class ScoreKernels : public ::testing::TestWithParam<kernel::Isa> {
protected:
    void SetUp() override {
        form_ = kernel::score_kernel(GetParam());
        if (form_ == nullptr) GTEST_SKIP() << "no " << name_of(GetParam()) << " on this processor";
    }
    const kernel::ScoreKernel* form_ = nullptr;
    std::mt19937 random_{11};
};

std::vector<std::int16_t> random_weights(std::mt19937& random, unsigned bits) {
    std::vector<std::int16_t> weights((std::size_t{1} << bits) + 1);
    for (auto& weight : weights) weight = static_cast<std::int16_t>(random() % 65'535 - 32'767);
    return weights;
}

// Units of several kinds, digits among them, and what may be read behind them, which must not count.
std::vector<char16_t> random_units(std::mt19937& random, std::size_t count) {
    std::vector<char16_t> units(count + kernel::ScoreKernel::kReadAhead);
    for (auto& unit : units) {
        switch (random() % 4) {
            case 0: unit = static_cast<char16_t>(u'0' + random() % 10); break;
            case 1: unit = static_cast<char16_t>(u'a' + random() % 26); break;
            case 2: unit = static_cast<char16_t>(0x4E00 + random() % 0x5000); break;
            default: unit = static_cast<char16_t>(random()); break;
        }
    }
    return units;
}

TEST_P(ScoreKernels, sum_as_the_scalar_form_does) {
    const std::size_t longest = test::deep() ? 4'200 : 200;
    for (const unsigned bits : {4u, 8u, 12u, 16u, 20u}) {
        const auto weights = random_weights(random_, bits);
        for (std::size_t count = 0; count <= longest; ++count) {
            const auto units = random_units(random_, count);
            ASSERT_EQ(form_->sum(units.data(), count, weights.data(), bits),
                      kernel::kScoreScalar.sum(units.data(), count, weights.data(), bits))
                << bits << " bits, " << count << " units";
        }
    }
}

TEST_P(ScoreKernels, hold_the_greatest_sum) {
    constexpr std::size_t kUnits = std::size_t{1} << 17u;
    for (const std::int16_t each : {std::int16_t{32'767}, std::int16_t{-32'768}}) {
        const std::vector<std::int16_t> weights((1u << 4u) + 1, each);
        const std::vector<char16_t> units(kUnits + kernel::ScoreKernel::kReadAhead, u'x');
        EXPECT_EQ(form_->sum(units.data(), kUnits, weights.data(), 4),
                  each * static_cast<std::int64_t>(kernel::gram_count(kUnits)));
    }
}

INSTANTIATE_TEST_SUITE_P(Forms, ScoreKernels,
                         ::testing::Values(kernel::Isa::kScalar, kernel::Isa::kAvx2,
                                           kernel::Isa::kAvx512),
                         [](const auto& one) { return std::string(name_of(one.param)); });

TEST(ScoreGrams, have_places_of_their_own) {
    // Single units never share a hash, and digits are all one.
    EXPECT_EQ(kernel::gram_hash(u"7", 1), kernel::gram_hash(u"0", 1));
    EXPECT_NE(kernel::gram_hash(u"ab", 2), kernel::gram_hash(u"ba", 2));
    EXPECT_EQ(kernel::gram_count(0), 0u);
    EXPECT_EQ(kernel::gram_count(1), 1u);
    EXPECT_EQ(kernel::gram_count(2), 3u);
    EXPECT_EQ(kernel::gram_count(3), 6u);
    // Three-letter grams of ten letters: about as many places as a random function would give.
    std::vector<bool> taken(1u << 16u);
    std::size_t places = 0;
    for (char16_t a = u'a'; a < u'k'; ++a)
        for (char16_t b = u'a'; b < u'k'; ++b)
            for (char16_t c = u'a'; c < u'k'; ++c) {
                const char16_t gram[] = {a, b, c};
                const auto place = kernel::gram_place(kernel::gram_hash(gram, 3), 16);
                places += taken[place] ? 0 : 1;
                taken[place] = true;
            }
    EXPECT_GT(places, 980u);
}

}  // namespace
}  // namespace ringfence
