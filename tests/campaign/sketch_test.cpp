// Sketches against the sets of shingles themselves.
#include "ringfence/campaign/sketch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <string>

#include "campaign/texts.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence {
namespace {

using test::random_text;
using test::sketch_of;

Sketch of_message(std::string_view utf8) { return sketch_of(fold_to_string(utf8, View::kDense)); }

std::set<std::u16string> shingles_of(const std::u16string& text) {
    std::set<std::u16string> all;
    for (std::size_t i = 0; i + 4 <= text.size(); ++i) all.insert(text.substr(i, 4));
    return all;
}
double jaccard(const std::u16string& a, const std::u16string& b) {
    const auto left = shingles_of(a);
    const auto right = shingles_of(b);
    std::size_t both = 0;
    for (const auto& one : left) both += right.count(one);
    return static_cast<double>(both) / static_cast<double>(left.size() + right.size() - both);
}

// The same with some units replaced.
std::u16string copy_of(std::u16string text, std::mt19937_64& random, std::size_t changes) {
    for (std::size_t i = 0; i < changes; ++i)
        text[random() % text.size()] = static_cast<char16_t>(0x4E00 + random() % 3'000);
    return text;
}

TEST(Sketch, numbers_in_a_message_make_no_difference) {
    EXPECT_EQ(of_message("Your parcel 4711 waits, call 01632 960123 by 5 pm"),
              of_message("Your parcel 20815 waits, call 0163-2960999 by 11 pm"));
    EXPECT_NE(of_message("Your parcel 4711 waits, call 01632 960123 by 5 pm"),
              of_message("Your payment 4711 waits, call 01632 960123 by 5 pm"));
}

TEST(Sketch, disguises_are_gone_as_in_any_folded_text) {
    EXPECT_EQ(of_message("your account is locked, log in at once"),
              of_message("Ｙｏｕｒ account is LOCKED - log in at once!!"));
}

TEST(Sketch, a_text_too_short_to_tell_has_none) {
    Sketch kept = of_message("long enough to have one");
    const Sketch before = kept;
    EXPECT_FALSE(sketch(u"", kept));
    EXPECT_FALSE(sketch(u"abcdefghijk", kept));
    EXPECT_FALSE(sketch(u"abcdefghij12345678901234567890", kept));
    EXPECT_EQ(kept, before);
    EXPECT_TRUE(sketch(u"abcdefghijkl", kept));
    EXPECT_TRUE(sketch(u"aaaaaaaaaaaa", kept));  // one shingle
    EXPECT_EQ(kept.held, 1);
    EXPECT_EQ(similarity(kept, kept), 1);
}

TEST(Sketch, similarity_is_that_of_the_shingles_where_they_are_few) {
    std::mt19937_64 random(7);
    for (unsigned i = 0; i < 400; ++i) {
        const auto text = random_text(random, 12 + random() % 100);
        const auto other =
            i % 4 == 0 ? random_text(random, 60) : copy_of(text, random, random() % 12);
        const double found = similarity(sketch_of(text), sketch_of(other));
        EXPECT_EQ(found, similarity(sketch_of(other), sketch_of(text)));
        // Of 16 bits: two shingles in a thousand are taken for one.
        EXPECT_NEAR(found, jaccard(text, other), 0.03);
    }
}

TEST(Sketch, similarity_of_long_texts_is_estimated) {
    std::mt19937_64 random(8);
    double error = 0;
    unsigned count = 0;
    for (; count < 200; ++count) {
        const auto text = random_text(random, 400 + random() % 1'500);
        const auto other = copy_of(text, random, random() % (text.size() / 8));
        const double off = similarity(sketch_of(text), sketch_of(other)) - jaccard(text, other);
        EXPECT_LT(std::abs(off), 0.2);
        error += off;
    }
    EXPECT_LT(std::abs(error / count), 0.02);  // in the mean it is right
}

TEST(Sketch, bins_agree_as_often_as_texts_are_similar) {
    std::mt19937_64 random(9);
    double agree = 0;
    double alike = 0;
    for (unsigned i = 0; i < 500; ++i) {
        const auto text = random_text(random, 150);
        const auto other = copy_of(text, random, 10);
        const Sketch a = sketch_of(text);
        const Sketch b = sketch_of(other);
        for (unsigned bin = 0; bin < Sketch::kBins; ++bin) agree += a.bins[bin] == b.bins[bin];
        alike += jaccard(text, other);
    }
    EXPECT_NEAR(agree / Sketch::kBins / 500, alike / 500, 0.02);
}

TEST(Sketch, bears_any_length) {
    std::mt19937_64 random(10);
    const auto text = random_text(random, 65'000);
    EXPECT_EQ(sketch_of(text), sketch_of(std::u16string_view(text).substr(0, Sketch::kMostUnits)));
}

}  // namespace
}  // namespace ringfence
