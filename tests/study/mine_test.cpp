// Phrases proposed for rules, against every run of every text counted plainly.
#include "ringfence/study/mine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace ringfence {
namespace {

using Texts = std::vector<std::u16string>;

std::vector<MinedPhrase> mined(const Texts& spam, const Texts& ham, const MineOptions& options) {
    auto found = mine_phrases(spam, ham, options);
    EXPECT_TRUE(found) << found.error().text;
    return found ? *found : std::vector<MinedPhrase>{};
}

std::uint64_t holding(const Texts& texts, const std::u16string& phrase) {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        texts, [&](const std::u16string& text) { return text.find(phrase) != text.npos; }));
}

// All runs of a text in the dense view, and greedily the one that adds most.
std::vector<MinedPhrase> plain_model(const Texts& spam, const Texts& ham,
                                     const MineOptions& options) {
    std::set<std::u16string> runs;
    for (const std::u16string& text : spam)
        for (std::size_t at = 0; at < text.size(); ++at)
            for (std::size_t size = options.min_units;
                 size <= options.max_units && at + size <= text.size(); ++size)
                runs.insert(text.substr(at, size));
    std::vector<MinedPhrase> chosen;
    Texts left = spam;
    while (chosen.size() < options.most) {
        MinedPhrase best;
        for (const std::u16string& run : runs) {
            const MinedPhrase one{run, holding(spam, run), holding(ham, run), holding(left, run)};
            if (one.spam < options.least || one.adds < options.least ||
                one.spam * 1000 < (one.spam + one.ham) * options.precision)
                continue;
            const auto rank = [](const MinedPhrase& of) {
                return std::tuple(of.adds, ~of.ham, of.phrase.size());
            };
            if (best.adds == 0 || rank(one) > rank(best)) best = one;
        }
        if (best.adds == 0) break;
        std::erase_if(left, [&](const auto& text) { return text.find(best.phrase) != text.npos; });
        chosen.push_back(best);
    }
    return chosen;
}

TEST(Mine, proposes_what_counting_every_run_proposes) {
    std::mt19937 random(20261130);
    for (int round = 0; round < 200; ++round) {
        const auto texts = [&](std::size_t count, unsigned letters) {
            Texts made(count);
            for (std::u16string& text : made)
                for (std::size_t n = random() % 14; n > 0; --n)
                    text.push_back(static_cast<char16_t>(u'a' + random() % letters));
            return made;
        };
        const Texts spam = texts(20, 3), ham = texts(12, 4);
        const MineOptions options{.least = 1 + random() % 4,
                                  .precision = static_cast<unsigned>(500 + random() % 501),
                                  .min_units = 1 + static_cast<unsigned>(random() % 3),
                                  .max_units = 3 + static_cast<unsigned>(random() % 4),
                                  .most = 1 + random() % 8};
        const auto found = mined(spam, ham, options), wanted = plain_model(spam, ham, options);
        ASSERT_EQ(found.size(), wanted.size()) << round;
        for (std::size_t i = 0; i < found.size(); ++i) {
            EXPECT_EQ(found[i].phrase, wanted[i].phrase) << round;
            EXPECT_EQ(found[i].spam, wanted[i].spam) << round;
            EXPECT_EQ(found[i].ham, wanted[i].ham) << round;
            EXPECT_EQ(found[i].adds, wanted[i].adds) << round;
        }
    }
}

TEST(Mine, in_the_light_view_phrases_are_whole_words) {
    const Texts spam = {u"claim your prize now", u"your prize waits", u"a prizewinner like you"};
    const Texts ham = {u"your parcel waits"};
    const auto found = mined(
        spam, ham,
        {.view = View::kLight, .least = 2, .precision = 1000, .min_units = 3, .max_units = 20});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].phrase, u"your prize");
    EXPECT_EQ(found[0].spam, 2u);
}

TEST(Mine, proposes_nobodys_number) {
    const Texts spam(5, u"call01632960001forprizes99");
    const auto found = mined(spam, {}, {.least = 3, .max_units = 40});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].phrase, u"forprizes99");
    // Nor one written in groups.
    for (const char16_t* number :
         {u"0163 296 0001", u"01-63-29-60-00", u"0163.296.0001", u"(01) 63/29"}) {
        const Texts grouped(5, u"call " + std::u16string(number) + u" for prizes");
        for (const MinedPhrase& one : mined(
                 grouped, {}, {.view = View::kLight, .least = 3, .min_units = 3, .max_units = 40}))
            EXPECT_LT(std::ranges::count_if(one.phrase,
                                            [](char16_t c) { return c >= u'0' && c <= u'9'; }),
                      5);
    }
}

TEST(Mine, takes_nothing_and_refuses_what_has_no_meaning) {
    EXPECT_TRUE(mined({}, {}, {}).empty());
    EXPECT_TRUE(mined({u"", u"a"}, {u""}, {.least = 1}).empty());
    for (const MineOptions& options :
         {MineOptions{.least = 0}, MineOptions{.precision = 1001}, MineOptions{.min_units = 0},
          MineOptions{.min_units = 5, .max_units = 4}, MineOptions{.max_units = 65}}) {
        const auto refused = mine_phrases({}, {}, options);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::kOutOfRange);
    }
}

}  // namespace
}  // namespace ringfence
