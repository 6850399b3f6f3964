// Known messages: how their file is read, and which of them a message is a copy of.
#include "ringfence/campaign/templates.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "campaign/texts.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence {
namespace {

using test::random_text;
using test::sketch_of;

constexpr const char* kParcel =
    "Your parcel could not be delivered, pay the fee of 1.99 at parcel-fee.example within 24 hours";
constexpr const char* kRefund =
    "尊敬的车主，您的ETC已停用，请立即登录官网重新认证，以免影响您的正常通行";

Result<TemplateSet::Loaded> read(const std::string& text, bool strict = false) {
    return TemplateSet::from_text(text, {.path = "known.csv", .strict = strict});
}
TemplateSet templates(const std::string& text) {
    auto loaded = read(text);
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().text);
    EXPECT_EQ(loaded->report.bad_rows, 0u);
    return std::move(loaded->templates);
}
Sketch sketch_of_text(std::string_view utf8) {
    return sketch_of(fold_to_string(utf8, View::kDense));
}
std::string refused(const std::string& text, bool strict = false) {
    const auto loaded = read(text, strict);
    return loaded ? "" : loaded.error().text;
}

TEST(Templates, find_near_copies_and_name_them) {
    const TemplateSet known =
        templates(std::string("id,text\nparcel,\"") + kParcel + "\"\netc," + kRefund + "\n");
    EXPECT_EQ(known.size(), 2u);
    const auto near =
        known.find(sketch_of_text("YOUR parcel could not be delivered. Pay the fee of 2.49 at "
                                  "parcel-fee.example within 48 hours!"),
                   60);
    ASSERT_TRUE(near);
    EXPECT_EQ(near->id, "parcel");
    EXPECT_GT(near->similarity, 0.9);
    const auto whole = known.find(sketch_of_text(kRefund), 100);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->id, "etc");
    EXPECT_EQ(whole->similarity, 1);
    EXPECT_FALSE(known.find(
        sketch_of_text("Your parcel was delivered to your neighbour at number nine, thank you"),
        60));
}

TEST(Templates, are_as_near_as_is_asked) {
    std::mt19937_64 random(1);
    std::u16string text = random_text(random, 100);
    const TemplateSet known = templates("text\n" + to_utf8(text) + "\n");
    for (std::size_t i = 0; i < 10; ++i) text[i] = u'啊';
    const Sketch copy = sketch_of_text(to_utf8(text));
    const auto near = known.find(copy, 30);
    ASSERT_TRUE(near);
    EXPECT_NEAR(near->similarity, 87.0 / 97, 0.08);
    const auto percent = static_cast<unsigned>(100 * near->similarity);
    EXPECT_TRUE(known.find(copy, percent));
    EXPECT_FALSE(known.find(copy, percent + 1));
}

TEST(Templates, take_the_line_for_a_name_and_copies_once) {
    const TemplateSet known =
        templates(std::string("text\n\"") + kParcel + "\"\n" + kRefund + "\n" + kRefund + "\n");
    EXPECT_EQ(known.size(), 2u);
    ASSERT_TRUE(known.find(sketch_of_text(kRefund), 60));
    EXPECT_EQ(known.find(sketch_of_text(kRefund), 60)->id, "line 3");
}

TEST(Templates, agree_with_comparing_all) {
    const std::uint64_t seed = 7;
    std::mt19937_64 random(seed);
    std::vector<std::u16string> texts;
    std::string file = "text\n";
    for (unsigned i = 0; i < 300; ++i) {
        texts.push_back(random_text(random));
        file += to_utf8(texts.back()) + "\n";
    }
    const TemplateSet known = templates(file);
    unsigned found = 0;
    for (unsigned i = 0; i < 3'000; ++i) {
        const std::size_t of = random() % texts.size();
        std::u16string copy = texts[of];
        copy.replace(random() % 40, random() % 20, u"哦哦");
        const Sketch made = sketch_of_text(to_utf8(copy));
        const double most = similarity(made, sketch_of_text(to_utf8(texts[of])));
        const auto near = known.find(made, 50);
        if (most < 0.499) {
            EXPECT_FALSE(near);
            continue;
        }
        if (!near) continue;
        ++found;
        EXPECT_EQ(near->id, "line " + std::to_string(of + 2));
        EXPECT_EQ(near->similarity, most);
    }
    EXPECT_GT(found, 2'900u);
}

// Messages of one house begin alike: the bands of the opening tell nothing.
TEST(Templates, of_one_opening_are_each_found) {
    std::mt19937_64 random(8);
    for (const std::size_t opening : {20u, 40u, 120u}) {
        const std::u16string common = random_text(random, opening);
        std::vector<std::u16string> texts;
        std::string file = "text\n";
        for (unsigned i = 0; i < 1'000; ++i) {
            texts.push_back(common + random_text(random, 40));
            file += to_utf8(texts.back()) + "\n";
        }
        const TemplateSet known = templates(file);
        ASSERT_EQ(known.size(), 1'000u);
        unsigned copies = 0;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const std::string line = "line " + std::to_string(i + 2);
            const auto same = known.find(sketch_of_text(to_utf8(texts[i])), 60);
            ASSERT_TRUE(same) << opening << ' ' << i;
            EXPECT_EQ(same->id, line);
            EXPECT_EQ(same->similarity, 1);
            std::u16string copy = texts[i];
            copy.replace(opening + 10, 3, u"哦哦哦");
            const auto near = known.find(sketch_of_text(to_utf8(copy)), 60);
            copies += near && near->id == line ? 1 : 0;
        }
        EXPECT_GE(copies, 990u) << opening;
    }
}

TEST(Templates, skip_bad_rows_and_tell_them) {
    const auto loaded = read(std::string("id,text\na,\"") + kParcel + "\"\nb,too short\na," +
                             kRefund + "\n" + std::string(65, 'x') + "," + kRefund +
                             "\nc,bad \xFF octets in a text of some length\nd," + kRefund + "\n");
    ASSERT_TRUE(loaded) << loaded.error().text;
    EXPECT_EQ(loaded->templates.size(), 2u);
    EXPECT_EQ(loaded->report.rows, 2u);
    ASSERT_EQ(loaded->report.bad_rows, 4u);
    const char* const wanted[] = {"known.csv:3: the text is too short",
                                  "known.csv:4: a second message 'a'", "known.csv:5: id 'xxx",
                                  "known.csv:6: "};
    for (std::size_t i = 0; i < 4; ++i)
        EXPECT_EQ(loaded->report.errors[i].text.rfind(wanted[i], 0), 0u)
            << loaded->report.errors[i].text;
    EXPECT_EQ(loaded->report.lines("known.csv").size(), 4u);
}

TEST(Templates, are_refused_with_a_place) {
    EXPECT_NE(refused("id\na\n").find("known.csv"), std::string::npos);
    EXPECT_EQ(refused("id,txt\na,b\n").find("known.csv"), 0u);
    EXPECT_EQ(refused("text,ids\nb,a\n"),
              "known.csv:1: 'ids' is no column of a file of known messages; did you mean 'id'?");
    EXPECT_NE(refused("text\nshort\n").find("known.csv:2: "), std::string::npos);
    EXPECT_NE(refused("text\nshort\n").find("no row is good"), std::string::npos);
    EXPECT_EQ(refused("text\n"),
              "known.csv: holds no message; a file of known messages has one at least");
    EXPECT_NE(refused(std::string("text\n") + kRefund + "\nshort\n", true).find("is strict"),
              std::string::npos);
    EXPECT_FALSE(TemplateSet::load({.path = "/nowhere/known.csv"}));
}

}  // namespace
}  // namespace ringfence
