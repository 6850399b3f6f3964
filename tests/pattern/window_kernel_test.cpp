// Matches around an anchor: every form gives what the scalar one does, which gives what the matcher over a whole text does,
// and none reads a unit beyond the margin.
#include "src/kernel/window_kernel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "base/deep.hpp"
#include "src/pattern/matcher.hpp"
#include "src/pattern/plan.hpp"
#include "tests/base/guarded_bytes.hpp"
#include "tests/pattern/fixtures.hpp"
#include "tests/pattern/random_rules.hpp"

namespace ringfence {
namespace {

using kernel::WindowKernel;
using kernel::WindowMatch;
using kernel::WindowPlace;
using pattern::Program;

constexpr unsigned kSeed = 11;
constexpr std::size_t kLongest = 4'200;

class WindowKernels : public ::testing::TestWithParam<kernel::Isa> {
protected:
    void SetUp() override {
        form_ = kernel::window_kernel(GetParam());
        if (form_ == nullptr) GTEST_SKIP() << "no " << name_of(GetParam()) << " on this processor";
    }

    static std::size_t width(const Expression& expression, std::size_t first, std::size_t last) {
        Expression part{expression.view,
                        {expression.elements.begin() + static_cast<std::ptrdiff_t>(first),
                         expression.elements.begin() + static_cast<std::ptrdiff_t>(last)}};
        return max_width(part);
    }

    // Asked among others that ask for nothing, and in as little room as a sift takes.
    static bool survives(const WindowKernel& form, const kernel::WindowProbe& probe,
                         const WindowPlace& place) {
        const std::array<kernel::WindowCheck, 3> checks = {{{{}, 7}, {probe, 8}, {{}, 9}}};
        const std::array<kernel::WindowHit, 2> hits = {
            {{checks.data(), 3, place.begin, place.end},
             {checks.data(), 1, place.begin, place.end}}};
        std::array<kernel::WindowSurvivor, kernel::kMostChecks + 2> survivors;
        std::size_t at = 0;
        const std::size_t first =
            form.sift(place.text, hits.data(), 2, at, survivors.data(), survivors.size());
        const bool holds = survivors[1].check->body == 8;
        EXPECT_EQ(first, 3u);
        EXPECT_EQ(at, holds ? 1u : 2u);
        EXPECT_EQ(survivors[0].check->body, 7u);
        EXPECT_EQ(survivors[holds ? 2 : 1].check->body, 9u);
        if (at == 1) {
            EXPECT_EQ(form.sift(place.text, hits.data(), 2, at, survivors.data(), survivors.size()),
                      1u);
        }
        EXPECT_EQ(at, 2u);
        return holds;
    }

    const WindowKernel* form_ = nullptr;
    const testing::GuardedBytes bytes_{(kLongest + 2 * kernel::kWindowMargin) * sizeof(char16_t)};
};

TEST_P(WindowKernels, match_as_the_matcher_over_the_whole_text) {
    testing::RandomRules random(kSeed, true);
    std::size_t hits = 0, checks = 0, failed = 0;
    pattern::MatchSpace space;
    const std::size_t rules = test::deep() ? 20'000 : 1'000;
    for (std::size_t r = 0; r < rules; ++r) {
        const auto expression = testing::parse(random.expression(), TextView::kLight);
        if (!expression) continue;
        const auto& elements = expression->elements;
        const std::size_t anchor = random.below(elements.size());
        if (elements[anchor].kind != Element::Kind::kPhrases ||
            elements[anchor].phrases.front().empty() ||
            width(*expression, 0, anchor) > kernel::kMaxSide ||
            width(*expression, anchor + 1, elements.size()) > kernel::kMaxSide)
            continue;
        pattern::Programs programs;
        const Program whole = programs.add(*expression);
        pattern::GapCheck gap = pattern::gap_check(*expression, anchor);
        gap.steps.first = whole.first;
        for (int t = 0; t < 20; ++t) {
            const std::u16string text =
                random.near_match(*expression, random.chance(10) ? 150 : 10);
            auto* const begin =
                reinterpret_cast<char16_t*>(bytes_.end()) - kernel::kWindowMargin - text.size();
            std::fill_n(begin - kernel::kWindowMargin, text.size() + 2 * kernel::kWindowMargin,
                        u'\0');
            std::copy(text.begin(), text.end(), begin);
            std::optional<pattern::Extent> best;
            for (const std::u16string& phrase : elements[anchor].phrases) {
                for (std::size_t at = text.find(phrase); at != std::u16string::npos;
                     at = text.find(phrase, at + 1)) {
                    const WindowPlace place{begin, static_cast<std::uint32_t>(text.size()),
                                            static_cast<std::uint32_t>(at),
                                            static_cast<std::uint32_t>(at + phrase.size())};
                    WindowMatch expected, got;
                    const bool is =
                        kernel::kWindowScalar.match(programs.view(), gap.steps, place, expected);
                    ASSERT_EQ(form_->match(programs.view(), gap.steps, place, got), is);
                    const bool probed = survives(*form_, gap.probe, place);
                    ASSERT_EQ(survives(kernel::kWindowScalar, gap.probe, place), probed);
                    if (gap.probe.places != 0) {
                        const auto places = form_->places(gap.probe, place);
                        ASSERT_EQ(kernel::kWindowScalar.places(gap.probe, place), places);
                        ASSERT_EQ(places != 0, probed);
                    }
                    ++checks;
                    failed += !probed;
                    if (!is) continue;
                    ASSERT_TRUE(probed) << testing::as_regex(*expression);
                    ASSERT_EQ(got.begin, expected.begin);
                    ASSERT_EQ(got.end, expected.end);
                    if (!best || got.end < best->end ||
                        (got.end == best->end && got.begin < best->begin))
                        best = {got.begin, got.end};
                }
            }
            const pattern::PaddedText padded{begin, static_cast<std::uint32_t>(text.size())};
            const auto first = find_first(programs.view(), whole, padded,
                                          pattern::TextHeads(padded), space, *form_);
            ASSERT_EQ(best, first) << testing::as_regex(*expression);
            hits += best.has_value();
        }
    }
    EXPECT_GT(hits, checks / 20);
    EXPECT_GT(checks, rules * 2);
    EXPECT_GT(failed, checks / 10);
}

INSTANTIATE_TEST_SUITE_P(Forms, WindowKernels,
                         ::testing::Values(kernel::Isa::kScalar, kernel::Isa::kAvx2,
                                           kernel::Isa::kAvx512),
                         [](const auto& form) { return std::string(name_of(form.param)); });

}  // namespace
}  // namespace ringfence
