#include "ringfence/text/fold.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "src/text/utf.hpp"
#include "tests/text/fold_model.hpp"
#include "tests/text/random_text.hpp"

namespace ringfence {
namespace {

std::string light(std::string_view text) { return to_utf8(fold_to_string(text, View::kLight)); }
std::string dense(std::string_view text) { return to_utf8(fold_to_string(text, View::kDense)); }

TEST(Fold, lowers_case) {
    EXPECT_EQ(light("WeChat VX"), "wechat vx");
    EXPECT_EQ(light("СБЕРБАНК ΑΛΦΑ"), "сбербанк αλφα");
    EXPECT_EQ(light("Straße İstanbul"), "strasse istanbul");
}

TEST(Fold, makes_full_width_half) {
    EXPECT_EQ(light("ＡＢＣ１２３！＠．"), "abc123!@.");
    EXPECT_EQ(light("ｶﾞｷﾞ"), "ガギ");
    EXPECT_EQ(light("　"), " ");
}

TEST(Fold, plains_styled_digits) {
    EXPECT_EQ(light("①②③⓪"), "1230");
    EXPECT_EQ(light("⑴⑵⒈⒉❶❷➀➊⓵"), "121212111");
    EXPECT_EQ(light("⑬⑧㉑"), "13821");
    EXPECT_EQ(light("¹²³₄₅"), "12345");
    EXPECT_EQ(light("𝟏𝟐𝟛𝟜𝟱𝟲𝟽"), "1234567");
    EXPECT_EQ(light("٠١٢٣ ०१२३ ๑๒๓"), "0123 0123 123");
    EXPECT_EQ(light("1️⃣3️⃣8️⃣"), "138");
}

TEST(Fold, plains_styled_letters) {
    EXPECT_EQ(light("ⓥⓧ ⒱⒳ Ⓥ"), "vx vx v");
    EXPECT_EQ(light("𝐖𝑒𝒞𝓱𝔞𝕥"), "wechat");
    EXPECT_EQ(light("🅥🅧 🅅🅇 🆅🆇 🇻🇽"), "vx vx vx vx");
    EXPECT_EQ(light("ᴡᴇᴄʜᴀᴛ"), "wechat");
    EXPECT_EQ(light("ｗｅｃｈａｔ"), "wechat");
    EXPECT_EQ(light("ﬁne"), "fine");
    EXPECT_EQ(light("pɑypal"), "paypal");
}

TEST(Fold, makes_traditional_simplified) {
    EXPECT_EQ(light("中國電信積分兌換"), "中国电信积分兑换");
    EXPECT_EQ(light("點擊鏈接領獎"), "点击链接领奖");
    EXPECT_EQ(light("銀行卡號"), "银行卡号");
}

TEST(Fold, takes_bracketed_ideographs_out) { EXPECT_EQ(light("㈠㊀㊙"), "一一秘"); }

TEST(Fold, drops_what_carries_nothing) {
    EXPECT_EQ(light("微\u200B信\u2060\uFEFF号\u00AD\uFE0F\U000E0041"), "微信号");
    EXPECT_EQ(light("a\u202Eb\u2066c\u200Dd"), "abcd");
    EXPECT_EQ(light(std::string_view("a\0\x01"
                                     "b\tc\nd",
                                     8)),
              "ab c d");
}

TEST(Fold, takes_accents_off_latin_letters) {
    EXPECT_EQ(light("Crédit Mutüel Łódź Øre"), "credit mutuel lodz ore");
    EXPECT_EQ(light("p\u0336a\u0336y\u0301"), "pay");
    EXPECT_EQ(light("Cre\u0301dit"), light("Crédit"));
}

TEST(Fold, keeps_honest_russian_greek_japanese_arabic_and_hindi_words) {
    for (const char* text : {"мой банк", "ещё", "αυτή η τράπεζα", "がぎぐ ですか", "カード",
                             "हिन्दी में", "कृपया", "ไทย", "тест ок", "рассрочка"}) {
        EXPECT_EQ(light(text), text);
    }
    EXPECT_EQ(light("اَلْبَنْك"), "البنك");  // vowel marks are optional
}

TEST(Fold, composes_marks_that_belong_to_their_letter) {
    EXPECT_EQ(light("мои\u0306"), "мой");
    EXPECT_EQ(light("か\u3099"), "が");
    EXPECT_EQ(light("η\u0301"), light("ή"));
}

TEST(Fold, plains_look_alikes_in_words_that_mix_scripts) {
    EXPECT_EQ(light("РayРal"), "paypal");      // Cyrillic er
    EXPECT_EQ(light("аpple"), "apple");        // Cyrillic a
    EXPECT_EQ(light("wеchаt"), "wechat");      // Cyrillic ie, a
    EXPECT_EQ(light("ΙCBC"), "icbc");          // Greek iota
    EXPECT_EQ(light("Тelegrаm"), "telegram");  // Cyrillic te, a
    EXPECT_EQ(light("Ｇооgle"), "google");     // full width beside Cyrillic
    EXPECT_EQ(light("fасеbооk.com"), "facebook.com");
}

TEST(Fold, leaves_words_of_one_script_alone) {
    EXPECT_EQ(light("сор wow"), "сор wow");
    EXPECT_EQ(light("SIM-карта"), "sim-карта");
    EXPECT_EQ(light("аррӏе соm"), "аррӏе com");  // palochka is l beside Latin letters
    EXPECT_EQ(light("walӏet"), "wallet");
    EXPECT_EQ(light("加vх"), "加vx");  // Han ends a word: v and Cyrillic ha are one
}

TEST(Fold, makes_numerals_digits_inside_number_runs_only) {
    EXPECT_EQ(light("壹叁捌零零零零壹贰叁肆"), "13800001234");
    EXPECT_EQ(light("九五五八八"), "95588");
    EXPECT_EQ(light("1三8零0零0一2三4"), "13800001234");
    EXPECT_EQ(light("四〇〇-000 0000"), "400-000 0000");
    EXPECT_EQ(light("貳零零壹陸"), "20016");
    EXPECT_EQ(light("肆零零壹貳參肆伍陸柒"), "4001234567");
    EXPECT_EQ(light("壱弐参肆伍"), "12345");
    EXPECT_EQ(light("拨12345参加"), "拨12345参加");
    EXPECT_EQ(light("壹*叁*捌*零*零"), "1*3*8*0*0");
    EXPECT_EQ(light("壹😀叁❤捌★零·零"), "1\uFFFD3❤8★0·0");
    EXPECT_EQ(light("一、二、三、四、五"), "一、二、三、四、五");
    EXPECT_EQ(light("一对一辅导，二〇二一年"), "一对一辅导,二〇二一年");
    EXPECT_EQ(light("三三两两"), "三三两两");
}

TEST(Fold, leaves_a_numeral_of_an_everyday_word_at_the_edge_of_a_run) {
    EXPECT_EQ(light("请加13800001234一起赚"), "请加13800001234一起赚");
    EXPECT_EQ(light("唯一13800001234"), "唯一13800001234");
    EXPECT_EQ(light("拨13800001234 一对一"), "拨13800001234 一对一");
    EXPECT_EQ(light("1380000123零"), "13800001230");
    EXPECT_EQ(light("加九五五八八吧"), "加95588吧");
}

TEST(Fold, leaves_a_numeral_of_a_spaced_out_word_beside_a_number) {
    EXPECT_EQ(light("电话 12345 参 加"), "电话 12345 参 加");
    EXPECT_EQ(light("會員 20261130 參 加"), "会员 20261130 参 加");
    EXPECT_EQ(light("拨13800001234 一 起 赚"), "拨13800001234 一 起 赚");
    EXPECT_EQ(light("唯 一 13800001234"), "唯 一 13800001234");
    EXPECT_EQ(light("唯 一 138 0000 1234 参 加"), "唯 一 138 0000 1234 参 加");
    EXPECT_EQ(light("共 10 参 加"), "共 10 参 加");
    EXPECT_EQ(dense("电话 12345 参 加"), "电话12345参加");
    // Numbers in disguise are read on: spaced out, with more numerals in them, or with one written on to them.
    EXPECT_EQ(light("加 1 3 8 0 0 0 0 1 2 3 四 微 信"), "加 1 3 8 0 0 0 0 1 2 3 4 微 信");
    EXPECT_EQ(light("加 138 零零零零 123 四 微 信"), "加 138 0000 123 4 微 信");
    EXPECT_EQ(light("加1380000123四 微信"), "加13800001234 微信");
    // Or where the last digit of a mobile number would be missing.
    EXPECT_EQ(light("加 1380000123 四 我"), "加 1380000123 4 我");
    EXPECT_EQ(light("wx 1380000123 六 哦"), "wx 1380000123 6 哦");
    EXPECT_EQ(light("单 2380000123 六 哦"), "单 2380000123 六 哦");
    EXPECT_EQ(light("400-000-123 四"), "400-000-123 4");
    EXPECT_EQ(light("400-000-123-四 微信"), "400-000-123-4 微信");
    EXPECT_EQ(light("13800 叁 加"), "13800 3 加");  // a numeral of no everyday word
}

// Numerals in a square lie beyond the basic plane, some in parentheses give more than one unit: no kernel sees them.
TEST(Fold, makes_styled_numerals_digits_inside_number_runs) {
    EXPECT_EQ(light("🈔1234567890123456"), "21234567890123456");
    EXPECT_EQ(light("1234567890123456🈔"), "12345678901234562");
    EXPECT_EQ(light("1-🈔-8000"), "1-2-8000");
    EXPECT_EQ(light("🈔🈔🈔🈔🈔"), "22222");
    EXPECT_EQ(light("🈔年12345678"), "二年12345678");
}

TEST(Fold, ends_a_number_run_at_two_separators) {
    EXPECT_EQ(light("一二--三四五"), "一二--三四五");
    EXPECT_EQ(light("一二-三四五"), "12-345");
}

TEST(Fold, drops_separators_and_symbols_from_dense) {
    EXPECT_EQ(dense("加 微.信：★ａｂｃ-1"), "加微信abc1");
    EXPECT_EQ(dense("微😀信"), "微信");
    EXPECT_EQ(light("微😀信"), "微\uFFFD信");
    EXPECT_EQ(dense("£1,000 won!"), "1000won");
}

TEST(Fold, gives_one_unit_for_a_character_beyond_the_basic_plane) {
    EXPECT_EQ(fold_to_string(u"\xD842\xDFB7", View::kDense), std::u16string(1, kOtherLetter));
    EXPECT_EQ(fold_to_string(u"\xD83D\xDE00", View::kLight), std::u16string(1, kOtherSymbol));
    EXPECT_EQ(fold_to_string(u"\xD83D"
                             u"a\xDE00",
                             View::kLight),
              u"\xFFFD"
              u"a\xFFFD");
}

TEST(Fold, plains_quotes_and_dashes) { EXPECT_EQ(light("‘a’ “b” c–d−e"), "'a' \"b\" c-d-e"); }

TEST(Fold, is_the_same_when_done_twice) {
    const std::u16string once = fold_to_string(test::disguised_text(), View::kLight);
    EXPECT_EQ(fold_to_string(once, View::kLight), once);
}

TEST(Fold, points_back_to_the_source) {
    FoldedText folded;
    const std::u16string source = u"We\x200B\xFF43h \xD83C\xDD70\x2469!";
    fold(source, folded);
    EXPECT_EQ(folded.light().text(), u"wech a10!");
    const std::vector<std::uint16_t> offsets(folded.light().offsets,
                                             folded.light().offsets + folded.light().size);
    EXPECT_EQ(offsets, (std::vector<std::uint16_t>{0, 1, 3, 4, 5, 6, 8, 8, 9}));
    EXPECT_EQ(folded.place(View::kLight, 0, 4), (TextPlace{0, 5}));
    EXPECT_EQ(folded.place(View::kLight, 5, 6), (TextPlace{6, 2}));
    EXPECT_EQ(folded.place(View::kDense, 5, 7), (TextPlace{8, 1}));
    EXPECT_EQ(folded.place(View::kLight, 4, 4), (TextPlace{5, 0}));
    EXPECT_EQ(folded.place(View::kLight, 90, 99), (TextPlace{10, 0}));
}

TEST(Fold, pads_both_views_with_zeros) {
    FoldedText folded(16);
    for (const auto* text : {u"0123456789abcdef", u"a b", u""}) {
        fold(text, folded);
        for (const View which : {View::kLight, View::kDense}) {
            const FoldedView& view = folded.view(which);
            for (std::size_t i = 0; i < FoldedText::kPadding; ++i) {
                ASSERT_EQ(view.units[view.size + i], 0);
            }
            ASSERT_EQ(view.units[-1], 0);
        }
    }
}

TEST(Fold, cuts_what_it_cannot_hold_and_says_so) {
    FoldedText small(3);
    fold(u"abc", small);
    EXPECT_FALSE(small.truncated());
    fold(u"abcd", small);
    EXPECT_TRUE(small.truncated());
    EXPECT_EQ(small.light().text(), u"abc");
    fold(u"a\x2469\x2469", small);
    EXPECT_EQ(small.light().text(), u"a10");
    FoldedText whole;
    fold(std::u16string(70'000, u'x'), whole);
    EXPECT_TRUE(whole.truncated());
    fold(std::u16string(60'000, u'\x2469'), whole);
    EXPECT_TRUE(whole.truncated());
    EXPECT_EQ(whole.light().size, FoldedText::kMaxUnits);
}

TEST(Fold, agrees_with_the_plain_model_on_random_unicode) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    FoldedText folded;
    for (int round = 0; round < 20'000; ++round) {
        const std::u16string source = test::random_text(random, random() % 60);
        fold(source, folded);
        const model::Folded expected = model::fold(source);
        ASSERT_EQ(folded.light().text(), expected.light) << round;
        ASSERT_EQ(folded.dense().text(), expected.dense) << round;
        ASSERT_TRUE(std::equal(expected.light_offsets.begin(), expected.light_offsets.end(),
                               folded.light().offsets));
        ASSERT_TRUE(std::equal(expected.dense_offsets.begin(), expected.dense_offsets.end(),
                               folded.dense().offsets));
    }
}

// Whatever stands beside it: each character gives as many units as it gives alone, all with its place, and those it gives
// alone but for marks that compose with its last one, the digit that a numeral means, and the letter that it looks like.
TEST(Fold, points_each_unit_at_the_character_that_made_it) {
    constexpr unsigned kSeed = 7;
    SCOPED_TRACE(kSeed);
    static const auto kLooks = model::look_alikes();
    static const auto kComposites = model::compositions();
    static const auto kNumerals = model::numerals();
    std::mt19937 random(kSeed);
    FoldedText folded;
    FoldedText alone(FoldedText::kMaxExpansion);
    for (int round = 0; round < 10'000; ++round) {
        const std::u16string source = test::random_text(random, random() % 60);
        fold(source, folded);
        const FoldedView& light = folded.light();
        std::size_t unit = 0;    // of the light view
        char16_t last = 0;       // what the last unit was before marks and words changed it
        char32_t last_from = 0;  // the character that made it
        const auto may_be = [&](char16_t is, char16_t plain, char32_t from) {
            const auto look = kLooks.find(from);
            const auto digit = kNumerals.find(plain);
            return is == plain || (look != kLooks.end() && is == look->second) ||
                   (digit != kNumerals.end() && is == digit->second);
        };
        for (std::size_t at = 0; at < source.size();) {
            const utf::CodePoint c = utf::at_utf16(source, at);
            fold(std::u16string_view(source).substr(at, c.size), alone);
            const std::u16string_view units = alone.light().text();
            const fold_data::Entry entry = fold_data::entry_of(c.value);
            if (entry.operation() == fold_data::Operation::kMark && last != 0) {
                const auto composite = kComposites.find(std::uint32_t{last} << 16u | entry.value());
                if (composite != kComposites.end()) last = composite->second;
            }
            for (const char16_t each : units) {
                if (unit > 0) {
                    ASSERT_TRUE(may_be(light.units[unit - 1], last, last_from)) << round;
                }
                ASSERT_LT(unit, light.size) << round;
                ASSERT_EQ(light.offsets[unit], at) << round << " unit " << unit;
                ASSERT_EQ(folded.place(View::kLight, unit, unit + 1),
                          (TextPlace{static_cast<std::uint16_t>(at),
                                     static_cast<std::uint16_t>(c.size)}));
                last = each;
                last_from = c.value;
                ++unit;
            }
            at += c.size;
        }
        if (unit > 0) {
            ASSERT_TRUE(may_be(light.units[unit - 1], last, last_from)) << round;
        }
        ASSERT_EQ(unit, light.size) << round;

        std::size_t kept = 0;
        for (std::size_t i = 0; i < light.size; ++i) {
            if (!fold_data::in_dense(light.units[i])) continue;
            ASSERT_LT(kept, folded.dense().size) << round;
            ASSERT_EQ(folded.dense().units[kept], light.units[i]) << round;
            ASSERT_EQ(folded.dense().offsets[kept], light.offsets[i]) << round;
            ++kept;
        }
        ASSERT_EQ(kept, folded.dense().size) << round;
    }
}

}  // namespace
}  // namespace ringfence
