// What is extracted is, item by item and place by place, what the plain model finds.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "real/real_data.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/text/decode.hpp"
#include "src/text/top_level.hpp"
#include "tests/base/deep.hpp"
#include "tests/text/extract_model.hpp"
#include "tests/text/random_text.hpp"

namespace ringfence {
namespace {

constexpr unsigned kSeed = 23;

constexpr std::u16string_view kPieces[] = {u"http://",
                                           u"http://lend.com",
                                           u"\u516C\u53F8",
                                           u".\uD55C\uAD6D",
                                           u"\u0E04\u0E2D\u0E21",
                                           u"\U0001F600",
                                           u"%2E",
                                           u"%6c",
                                           u"%",
                                           u"!",
                                           u"&",
                                           u"\\",
                                           u"first.last@example.com",
                                           u"bob+1@",
                                           u"1234567@qq.com",
                                           u"08:00",
                                           u"https://",
                                           u"://",
                                           u"@",
                                           u".",
                                           u"[.]",
                                           u"(.)",
                                           u"[dot]",
                                           u"(dot)",
                                           u"\u3002",
                                           u"com",
                                           u"cn",
                                           u"top",
                                           u"xn--fiqs8s",
                                           u"www.",
                                           u"a.b.c",
                                           u"t.me/",
                                           u"wa.me/+",
                                           u"1.2.3.4",
                                           u"203.0.113.9:80/",
                                           u"\u4E2D\u56FD",
                                           u"\u0431\u0430\u043D\u043A",
                                           u"\u0430pple.com",
                                           u".\u0440\u0444",
                                           u"\u0414\u0435\u0442\u0438",
                                           u"b\u00FCcher.example",
                                           u"u\u0308\u0323",
                                           u"\u33C2",
                                           u"In",
                                           u"/a,",
                                           u"?x=1",
                                           u"qq",
                                           u"QQ\u7FA4",
                                           u"\u5FAE\u4FE1",
                                           u"\u5FAE \u4FE1",
                                           u"\u52A0\u5FAE",
                                           u"v\u4FE1",
                                           u"v \u4FE1",
                                           u"vx",
                                           u"+v",
                                           u"wx",
                                           u"wxid_",
                                           u"wechat",
                                           u"weixin",
                                           u"telegram",
                                           u"tg",
                                           u"whatsapp",
                                           u"\u7535\u62A5",
                                           u"\u7535\u8BDD",
                                           u"\u53F7",
                                           u" id ",
                                           u":",
                                           u"abc_123456",
                                           u"johnsmith",
                                           u"+",
                                           u"(",
                                           u")",
                                           u" ",
                                           u" ",
                                           u"-",
                                           u"~",
                                           u"/",
                                           u"\u00B7",
                                           u"\u2022",
                                           u"\u30FC",
                                           u"_",
                                           u"*",
                                           u"#",
                                           u"\u5143",
                                           u"\u4E07",
                                           u"$",
                                           u"138",
                                           u"0000",
                                           u"1234",
                                           u"13800001234",
                                           u"+86",
                                           u"86",
                                           u"0086",
                                           u"010",
                                           u"62345678",
                                           u"400",
                                           u"95588",
                                           u"10086",
                                           u"106",
                                           u"17951",
                                           u"12110",
                                           u"2013-05-20",
                                           u"20 7946 0123",
                                           u"1",
                                           u"22",
                                           u"333",
                                           u"12345678901234567890",
                                           u"000000000000000000000000000",
                                           u"the ",
                                           u"we ",
                                           u"text ",
                                           u"\u4E00",
                                           u"\uFF0C",
                                           u"\uFF11"};

class Exactly : public ::testing::Test {
protected:
    void expect_alike(std::u16string_view source, const DialPlan* plan) {
        fold(source, folded_);
        const auto expected = extract_model::extract(folded_, plan);
        std::vector<extract_model::Item> got;
        extract(folded_, plan,
                [&](const Found& found) { got.push_back(extract_model::item_of(found)); });
        ASSERT_EQ(got, expected) << "'" << to_utf8(source) << "' under "
                                 << (plan != nullptr ? plan->country().text() : "no plan");
        items_ += got.size();
    }

    const DialPlan* any_plan() {
        const std::size_t i = random_() % 12;
        if (i == 11) return nullptr;
        return i < 7 ? &DialPlan::all()[i] : DialPlan::find(CountryCode("CN"));
    }
    std::u16string_view any_piece() { return kPieces[random_() % std::size(kPieces)]; }

    std::u16string any_text(std::size_t pieces) {
        std::u16string text;
        for (; pieces > 0; --pieces) {
            if (random_() % 10 == 0) {
                text += test::random_text(random_, 2);
            } else {
                text += any_piece();
            }
        }
        return text;
    }

    // A digit more or less, two units exchanged, a piece put in or a stretch taken out.
    void mutate(std::u16string& text) {
        if (text.empty()) return;
        const std::size_t at = random_() % text.size();
        switch (random_() % 5) {
            case 0: text.insert(at, 1, static_cast<char16_t>(u'0' + random_() % 10)); break;
            case 1: text.insert(at, any_piece()); break;
            case 2: text.erase(at, 1 + random_() % 4); break;
            case 3: std::swap(text[at], text[random_() % text.size()]); break;
            default: text[at] = any_piece()[0]; break;
        }
    }

    FoldedText folded_;
    std::mt19937 random_{kSeed};
    std::size_t items_ = 0;
};

TEST_F(Exactly, in_random_texts) {
    const int rounds = test::deep() ? 2'000'000 : test::rerun() ? 5'000 : 60'000;
    for (int round = 0; round < rounds; ++round)
        ASSERT_NO_FATAL_FAILURE(expect_alike(any_text(random_() % 14), any_plan()));
    EXPECT_GT(items_, static_cast<std::size_t>(rounds / 4));
}

// Users, escapes, other scripts and names of top-level domains in every order behind a scheme.
TEST_F(Exactly, in_random_links) {
    static constexpr std::u16string_view kParts[] = {u".",
                                                     u".",
                                                     u".",
                                                     u"com",
                                                     u"com",
                                                     u"lend",
                                                     u"a",
                                                     u"@",
                                                     u"!",
                                                     u":",
                                                     u"&",
                                                     u"%2E",
                                                     u"%2e",
                                                     u"%6C",
                                                     u"%4",
                                                     u"/",
                                                     u"\\",
                                                     u"?",
                                                     u" ",
                                                     u"-",
                                                     u"In",
                                                     u"\u3002",
                                                     u"\uFF0C",
                                                     u"\uFF20",
                                                     u"[.]",
                                                     u"\u516C\u53F8",
                                                     u"\u4E2D\u570B",
                                                     u"\uD55C\uAD6D",
                                                     u"\uB2F7\uCEF4",
                                                     u"\u0E04\u0E2D\u0E21",
                                                     u"\u092D\u093E\u0930\u0924",
                                                     u"\u05E7\u05D5\u05DD",
                                                     u"\u10D2\u10D4",
                                                     u"\u30B3\u30E0",
                                                     u"\u30FC",
                                                     u"\u0440\u0444",
                                                     u"\U0001F600",
                                                     u"\U00020000",
                                                     u"\u2605",
                                                     u"\u0301",
                                                     u"\u00DF",
                                                     u"1.2.3.4",
                                                     u"xn--",
                                                     u"\u3001",
                                                     u"\u00B7",
                                                     u"http://"};
    const int rounds = test::deep() ? 2'000'000 : test::rerun() ? 5'000 : 60'000;
    for (int round = 0; round < rounds; ++round) {
        std::u16string text = u"http://";
        const std::size_t most = round % 50 == 0 ? 120 : 12;
        for (std::size_t parts = random_() % most; parts > 0; --parts)
            text += kParts[random_() % std::size(kParts)];
        ASSERT_NO_FATAL_FAILURE(expect_alike(text, nullptr));
    }
    EXPECT_GT(items_, static_cast<std::size_t>(rounds / 2));
}

// Marks lie in words of 64 units: each piece, and each two of them, over the border of two words and at the end of the text.
TEST_F(Exactly, over_the_borders_of_words) {
    const int turns = test::rerun() ? 1 : 6;
    for (const std::u16string_view piece : kPieces) {
        for (std::size_t before = 40; before <= 130; ++before) {
            for (int turn = 0; turn < turns; ++turn) {
                std::u16string text(before, random_() % 2 == 0 ? u' ' : u'\u4E00');
                text += any_piece();
                text += piece;
                if (random_() % 2 == 0) text += any_text(2);
                ASSERT_NO_FATAL_FAILURE(expect_alike(text, any_plan()));
            }
        }
    }
}

// Longer than any number, alone and in groups, behind a '+' and without: nothing is copied that has no room.
TEST_F(Exactly, in_runs_of_digits_of_every_length) {
    const DialPlan* const plan = DialPlan::find(CountryCode("CN"));
    for (std::size_t size = 1; size <= 150; ++size) {
        for (const std::u16string_view before :
             {u"", u"+", u"(+", u"0", u"+86 ", u"12 ", u"1-2 3.4 "}) {
            for (const std::u16string_view behind : {u"", u" 1", u"-12 3", u"@qq.com"}) {
                const std::u16string text = std::u16string(before) + std::u16string(size, u'1');
                ASSERT_NO_FATAL_FAILURE(expect_alike(text + std::u16string(behind), plan));
            }
        }
    }
}

TEST_F(Exactly, in_long_texts) {
    const int rounds = test::rerun() ? 10 : 100;
    for (int round = 0; round < rounds; ++round)
        ASSERT_NO_FATAL_FAILURE(expect_alike(any_text(400 + random_() % 1'000), any_plan()));
    std::u16string text;
    while (text.size() < 60'000) text += any_text(10);
    ASSERT_NO_FATAL_FAILURE(expect_alike(text, any_plan()));
}

TEST_F(Exactly, in_messages_as_they_are_and_changed) {
    constexpr const char* kCorpora[] = {"zh-sms-operator-11k", "zh-sms-mudou",   "zh-fbs-sms",
                                        "en-uci-sms",          "en-mishra-soni", "en-smishtank"};
    std::size_t messages = 0;
    std::string why;
    const std::size_t step = test::deep() ? 1 : test::rerun() ? 50 : 5;
    for (const char* corpus : kCorpora) {
        std::size_t row = 0;
        for (const test::Labelled& message : test::labelled_messages(corpus, why)) {
            if (row++ % step != 0) continue;
            std::u16string text = to_utf16(message.text);
            ASSERT_NO_FATAL_FAILURE(expect_alike(text, any_plan()));
            for (int turn = 0; turn < 2; ++turn) {
                mutate(text);
                ASSERT_NO_FATAL_FAILURE(expect_alike(text, any_plan()));
            }
            ++messages;
        }
    }
    if (messages == 0) GTEST_SKIP() << why;
    EXPECT_GT(items_, messages / 2);
}

TEST(TopLevel, knows_every_name_and_no_other) {
    for (const std::string_view name : tld_data::kNames) {
        const std::u16string text = to_utf16(name);
        ASSERT_TRUE(is_top_level(text)) << name;
        for (std::size_t i = 0; i <= text.size(); ++i) {
            std::u16string other = text;
            other.insert(i, 1, u'q');
            ASSERT_EQ(is_top_level(other), extract_model::is_top_level(other)) << to_utf8(other);
            ASSERT_EQ(is_top_level(text.substr(i)), extract_model::is_top_level(text.substr(i)));
            if (i == text.size()) continue;
            other = text;
            other[i] = static_cast<char16_t>(other[i] + 1);
            ASSERT_EQ(is_top_level(other), extract_model::is_top_level(other)) << to_utf8(other);
        }
    }
    for (const char16_t* text :
         {u"", u"c", u"co m", u"com1", u"1", u"12", u"xn--", u"xn--p1ai", u"xn--\u0430", u"COM",
          u"\u0440\u0444", u"\u0440\u0444\u0444", u"\u0440", u"\u4E2D\u56FD", u"\u0441om",
          u"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
        ASSERT_EQ(is_top_level(text), extract_model::is_top_level(text)) << to_utf8(text);
    }
}

}  // namespace
}  // namespace ringfence
