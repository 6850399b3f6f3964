#include "ringfence/text/skeleton.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "ringfence/text/fold.hpp"
#include "tests/base/deep.hpp"

#ifdef RINGFENCE_HAS_ICU
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>
#endif

namespace ringfence {
namespace {

std::u32string name(std::string_view utf8) {
    NameKey key;
    EXPECT_TRUE(name_key(utf8, key));
    return std::u32string(key.text());
}
std::u32string look(std::string_view utf8) {
    NameKey key;
    EXPECT_TRUE(look_alike_key(utf8, key));
    return std::u32string(key.text());
}

std::u16string utf16_of(char32_t c) {
    if (c < 0x10000) return {static_cast<char16_t>(c)};
    return {static_cast<char16_t>(0xD7C0 + (c >> 10u)),
            static_cast<char16_t>(0xDC00 + (c & 0x3FFu))};
}

TEST(NameKey, is_the_same_but_for_case) {
    EXPECT_EQ(name("ICBC"), name("icbc"));
    EXPECT_EQ(name("\u0411\u0430\u043d\u043a"),
              name("\u0411\u0410\u041d\u041a"));       // Bank, in Cyrillic
    EXPECT_EQ(name("Caf\u00e9"), name("CAFE\u0301"));  // one code point, or a letter and a mark
    EXPECT_EQ(name("stra\u00dfe"), name("STRASSE"));
    EXPECT_NE(name("ICBC"), name("lCBC"));
    EXPECT_NE(name("ICBC"), name("IC BC"));
    EXPECT_NE(name("ICBC"), name("IC\u200bBC"));
    EXPECT_EQ(name(""), U"");
}

TEST(LookAlikeKey, is_the_same_for_what_looks_alike) {
    for (const char* alike :
         {"lCBC", "\u0399CBC" /* Greek */, "\u0406\u0421\u0412\u0421" /* Cyrillic */, "1CBC",
          "|CBC", "\u2160CBC" /* Roman one */,
          "\U0001D408\U0001D402\U0001D401\U0001D402" /* bold */,
          "\uff29\uff23\uff22\uff23" /* full width */, "I\u200bC\u00adB\ufe0fC" /* unseen */})
        EXPECT_EQ(look(alike), look("ICBC")) << alike;
    EXPECT_EQ(look("arnazon"), look("amazon"));
    EXPECT_EQ(look("AMAZ0N"), look("AMAZON"));
    EXPECT_EQ(look("10086"), look("l0086"));
    EXPECT_NE(look("ICBC"), look("ABC"));
    EXPECT_NE(look("ICBC"), look("I-CBC"));
    // Case is folded behind: what a name looks like in capitals is another question.
    EXPECT_NE(look("icbc"), look("lcbc"));
    EXPECT_EQ(look(capitals("icbc")), look("lcbc"));
}

TEST(LookAlikeKey, knows_letters_and_digits_in_any_width_and_style) {
    const auto utf8 = [](char32_t c) { return to_utf8(utf16_of(c)); };
    for (char32_t c = 0x21; c < 0x7F; ++c) {
        const bool plain =
            (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
        if (!plain) continue;
        EXPECT_EQ(look(utf8(c + 0xFEE0)), look(utf8(c))) << static_cast<char>(c);
    }
    for (char32_t i = 0; i < 26; ++i) {
        const std::string great = utf8(U'A' + i), small = utf8(U'a' + i);
        EXPECT_EQ(look(utf8(0x24B6 + i)), look(great)) << great;  // in circles
        EXPECT_EQ(look(utf8(0x24D0 + i)), look(small)) << small;
        EXPECT_EQ(look(utf8(0x1F130 + i)), look(great)) << great;  // in squares
    }
    for (const char* ups :
         {"\uff35\uff30\uff33", "\uff55\uff50\uff53", "U\uff30S", "\u24ca\u24c5\u24c8"})
        EXPECT_EQ(look(ups), look("UPS")) << ups;
    EXPECT_EQ(look("\uff24\uff28\uff2c"), look("DHL"));
    EXPECT_EQ(look("\u017fun"), look("fun"));  // what has a prototype keeps it
}

TEST(Letters, are_made_great_and_small) {
    EXPECT_EQ(capitals("icbc 4u"), "ICBC 4U");
    EXPECT_EQ(small_letters("ICBC 4U"), "icbc 4u");
    EXPECT_EQ(capitals("\u0431\u0430\u043d\u043a"), "\u0411\u0410\u041d\u041a");
    EXPECT_EQ(small_letters("\u0411\u0410\u041d\u041a"), "\u0431\u0430\u043d\u043a");
    EXPECT_EQ(capitals("\u5de5\u5546"), "\u5de5\u5546");
}

TEST(NameKey, is_given_up_when_it_is_long) {
    NameKey key;
    EXPECT_TRUE(look_alike_key(std::string(NameKey::kMaxSize, 'x'), key));
    EXPECT_FALSE(look_alike_key(std::string(NameKey::kMaxSize + 1, 'x'), key));
    EXPECT_FALSE(look_alike_key(std::string(NameKey::kMaxSize / 2 + 1, 'm'), key));  // m is rn
    EXPECT_FALSE(name_key(std::string(NameKey::kMaxSize + 1, 'x'), key));
    // What is unseen takes no room, as long as there is an end to it.
    std::string padded;
    for (int i = 0; i < 200; ++i) padded += "\u200b";
    EXPECT_EQ(look(padded + "ICBC"), look("ICBC"));
    EXPECT_FALSE(look_alike_key(std::string(1'025, ' '), key));
}

TEST(NameKey, takes_what_is_no_utf8) {
    EXPECT_EQ(name("\xFF"), U"\uFFFD");
    EXPECT_EQ(look("a\xC3"), U"a\uFFFD");
}

#ifdef RINGFENCE_HAS_ICU

// ICU's own way to the same keys. Its skeleton (ICU 72) keeps what is default ignorable; UTS #39 since 15.1 does not. Nor
// does it know full width and other styles of letters where UTS #39 has no prototype for them: is_styled.
class Oracle {
public:
    Oracle() {
        UErrorCode code = U_ZERO_ERROR;
        checker_ = uspoof_open(&code);
        nfd_ = icu::Normalizer2::getNFDInstance(code);
        EXPECT_TRUE(U_SUCCESS(code));
    }
    ~Oracle() { uspoof_close(checker_); }
    Oracle(const Oracle&) = delete;
    Oracle& operator=(const Oracle&) = delete;

    std::u32string look(const std::u32string& text) const {
        icu::UnicodeString seen;
        for (const char32_t c : text)
            if (!u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
                seen.append(static_cast<UChar32>(c));
        UErrorCode code = U_ZERO_ERROR;
        icu::UnicodeString skeleton;
        uspoof_getSkeletonUnicodeString(checker_, 0, seen, skeleton, &code);
        EXPECT_TRUE(U_SUCCESS(code));
        return folded(skeleton);
    }
    std::u32string name(const std::u32string& text) const {
        icu::UnicodeString all;
        for (const char32_t c : text) all.append(static_cast<UChar32>(c));
        UErrorCode code = U_ZERO_ERROR;
        return folded(nfd_->normalize(all, code));
    }

private:
    std::u32string folded(icu::UnicodeString text) const {
        text.foldCase(U_FOLD_CASE_DEFAULT);
        UErrorCode code = U_ZERO_ERROR;
        const icu::UnicodeString done = nfd_->normalize(text, code);
        std::u32string out;
        for (std::int32_t at = 0; at < done.length(); at = done.moveIndex32(at, 1))
            out.push_back(static_cast<char32_t>(done.char32At(at)));
        return out;
    }

    USpoofChecker* checker_ = nullptr;
    const icu::Normalizer2* nfd_ = nullptr;
};

std::string utf8_of(const std::u32string& text) {
    icu::UnicodeString all;
    for (const char32_t c : text) all.append(static_cast<UChar32>(c));
    std::string out;
    return all.toUTF8String(out);
}

// Whether the character is a plain letter or digit in a disguise that ICU leaves as it stands.
bool is_styled(char32_t c, const Oracle& oracle) {
    if (c < 0x80) return false;
    const std::u32string text(1, c);
    const std::u32string mine = look(utf8_of(text));
    if (mine == oracle.look(text)) return false;
    const std::string plain = to_utf8(fold_to_string(utf16_of(c), View::kLight));
    return plain.size() == 1 && (mine == look(plain) || mine == look(capitals(plain)));
}

TEST(SkeletonAndIcu, agree_on_every_character) {
    const Oracle oracle;
    std::size_t different = 0;
    for (char32_t c = 0; c <= 0x10FFFF && different < 20; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        const std::u32string text(1, c);
        const std::string utf8 = utf8_of(text);
        const bool same = (look(utf8) == oracle.look(text) || is_styled(c, oracle)) &&
                          name(utf8) == oracle.name(text);
        different += same ? 0 : 1;
        EXPECT_TRUE(same) << std::hex << static_cast<std::uint32_t>(c);
    }
}

TEST(SkeletonAndIcu, agree_on_random_names) {
    const Oracle oracle;
    std::mt19937 random(39);
    const auto below = [&](unsigned bound) { return static_cast<char32_t>(random() % bound); };
    const auto any = [&]() -> char32_t {
        switch (random() % 8) {
            case 0: return 0x300 + below(0x70);     // marks
            case 1: return 0x370 + below(0x1C0);    // Greek, Cyrillic
            case 2: return 0x590 + below(0x1200);   // Hebrew to Georgian, marks of many classes
            case 3: return 0xAC00 + below(0x2BA4);  // Hangul
            case 4: return 0x1D400 + below(0x400);  // mathematical
            case 5: return 0x2000 + below(0x1000);  // blanks, unseen ones, symbols
            case 6: return 0x1E00 + below(0x200);   // letters with marks
            default: return 0x20 + below(0x160);
        }
    };
    std::vector<signed char> styled(0x1'E000, -1);  // not asked yet
    const auto pick = [&] {
        while (true) {
            const char32_t c = any();
            if (styled[c] < 0) styled[c] = is_styled(c, oracle) ? 1 : 0;
            if (styled[c] == 0) return c;
        }
    };
    const int rounds = test::deep() ? 2'000'000 : test::rerun() ? 5'000 : 50'000;
    for (int round = 0; round < rounds; ++round) {
        std::u32string text;
        for (char32_t i = below(7); i < 7; ++i) text.push_back(pick());
        const std::string utf8 = utf8_of(text);
        ASSERT_EQ(look(utf8), oracle.look(text)) << round << ": " << utf8;
        ASSERT_EQ(name(utf8), oracle.name(text)) << round << ": " << utf8;
    }
}

#else

TEST(SkeletonAndIcu, agree) {
    GTEST_SKIP() << "ICU (libicu-dev) is not there, which tells the same";
}

#endif

}  // namespace
}  // namespace ringfence
