#include "ringfence/text/skeleton.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

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

// ICU's own way to the same keys. Its skeleton (ICU 72) keeps what is default ignorable; UTS #39 since 15.1 does not.
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

TEST(SkeletonAndIcu, agree_on_every_character) {
    const Oracle oracle;
    std::size_t different = 0;
    for (char32_t c = 0; c <= 0x10FFFF && different < 20; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        const std::u32string text(1, c);
        const std::string utf8 = utf8_of(text);
        const bool same = look(utf8) == oracle.look(text) && name(utf8) == oracle.name(text);
        different += same ? 0 : 1;
        EXPECT_TRUE(same) << std::hex << static_cast<std::uint32_t>(c);
    }
}

TEST(SkeletonAndIcu, agree_on_random_names) {
    const Oracle oracle;
    std::mt19937 random(39);
    const auto below = [&](unsigned bound) { return static_cast<char32_t>(random() % bound); };
    const auto pick = [&]() -> char32_t {
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
