// The key of a host: the name that DNS is asked for, whatever way the host is written. Other makers of such names agree.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>

#include "ringfence/text/extract.hpp"
#include "src/text/data/tld_data.hpp"
#include "src/text/punycode.hpp"
#include "src/text/utf.hpp"

#ifdef RINGFENCE_HAS_ICU
#include <unicode/idna.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#endif

namespace ringfence {
namespace {

std::string key(std::string_view utf8) { return fold_key(FoundKind::kDomain, utf8); }

// The hosts of a text.
std::string hosts(std::string_view utf8) {
    const std::u16string source = to_utf16(utf8);
    static FoldedText folded;
    fold(source, folded);
    std::string all;
    extract(folded, nullptr, [&](const Found& found) {
        if (found.kind != FoundKind::kDomain) return;
        if (!all.empty()) all += ' ';
        all += found.key;
    });
    return all;
}

std::string utf8_of(char32_t c) {
    std::u16string units;
    utf::write_utf16(c, [&](char16_t unit) { units += unit; });
    return to_utf8(units);
}

TEST(HostKey, is_one_whatever_script_and_case_it_is_written_in) {
    constexpr std::string_view kForms[][3] = {
        {"xn--e1afmkfd.xn--p1ai", "пример.рф", "ПРИМЕР.РФ"},
        {"xn--fsqu00a.xn--fiqs8s", "例子.中国", "例子。中国"},
        {"xn--fsqu00a.xn--fiqz9s", "例子.中國", "XN--FSQU00A.XN--FIQZ9S"},
        {"xn--bcher-kva.example", "bücher.example", "BU\u0308CHER.example"},
        {"xn--hxajbheg2az3al.xn--qxam", "παράδειγμα.ελ", "ΠΑΡΆΔΕΙΓΜΑ.ΕΛ"},
        {"xn--strae-oqa.de", "straße.de", "STRAẞE.de"},
        {"www.xn--caf-dma.fr", "www.café.fr", "ｗｗｗ．ｃａｆé．ｆｒ"},
        {"xn--3e0b707e.kr", "한국.kr", "\u1112\u1161\u11ab\u1100\u116e\u11a8.kr"}};
    for (const auto& [name, written, otherwise] : kForms) {
        for (const std::string_view form : {name, written, otherwise})
            EXPECT_EQ(key(form), name) << form;
    }
    for (const auto& [name, written, otherwise] : kForms) {
        for (const std::string_view form : {name, written, otherwise})
            EXPECT_EQ(hosts("see http://" + std::string(form) + "/x now"), name) << form;
    }
}

// What only looks like the host is another's.
TEST(HostKey, is_not_that_of_a_host_which_looks_alike) {
    constexpr std::string_view kForms[][2] = {
        {"xn--pple-43d.com", "\u0430pple.com"},         // Cyrillic a
        {"apple.xn--cm-fmc", "apple.c\u043Em"},         // Cyrillic o
        {"xn--ggle-55da.com", "g\u043E\u043Egle.com"},  // two of them
        {"xn--pple-4na.com", "\u00E1pple.com"},         // an accent
        {"xn--pple-4na.com", "a\u0301pple.com"},        // the same in two
        {"xn--aple-h6d.com", "ap\u0440le.com"},         // Cyrillic er
        {"xn--oogle-wmc.com", "\u0262oogle.com"},       // a small capital
        {"xn--ppl-dla2b.com", "\u00E1ppl\u00E8.com"},  {"xn--1-8sbd.com", "1\u0430\u0431.com"},
        {"xn--pple-49t.com", "\u13AApple.com"}};  // Cherokee
    for (const auto& [name, written] : kForms) {
        EXPECT_EQ(key(written), name) << written;
        EXPECT_EQ(hosts("see " + std::string(written) + " now"), name) << written;
    }
}

// Browsers and telephones take these slashes for letters of the host: one that stands behind them is told too.
TEST(HostKey, is_hidden_behind_no_slash_that_only_looks_like_one) {
    EXPECT_EQ(hosts("http://example.com\u2044a.b.top/x"), "example.com a.b.top");
    EXPECT_EQ(hosts("http://example.com\u2215b.top"), "example.com b.top");
}

TEST(HostKey, knows_what_a_browser_or_a_hand_makes_plain) {
    for (const std::string_view form :
         {"ａｐｐｌｅ．ｃｏｍ", "ⓐⓟⓟⓛⓔ.ⓒⓞⓜ", "𝐚𝐩𝐩𝐥𝐞.𝐜𝐨𝐦", "apple。com", "apple｡com", "🅐🅟🅟🅛🅔.com",
          "🄰🄿🄿🄻🄴.com", "ap\u200Bple.c\u00ADom", "\u202Aapple.com", "APPLE[.]com",
          "apple.com\u0301"}) {
        EXPECT_EQ(key(form), "apple.com") << form;
        EXPECT_EQ(hosts("see http://" + std::string(form) + "/x now"), "apple.com") << form;
    }
    EXPECT_EQ(key("icbc—jf.com"), "icbc-jf.com");
    EXPECT_EQ(key("https://a.com：８０/x"), "a.com");
}

// What a browser opens is told, whatever letters stand in front of the true host's or behind them.
TEST(HostKey, is_the_whole_host_behind_a_scheme_in_any_script) {
    for (const std::string_view name : {"公司", "한국", "中国", "コム", "グーグル", "닷컴", "شبكة",
                                        "คอม", "भारत", "ישראל", "გე"}) {
        const std::string host = "lend.com." + std::string(name);
        EXPECT_EQ(hosts("see http://" + host + "/x"), key(host)) << host;
        EXPECT_TRUE(hosts("http://" + host).starts_with("lend.com.xn--")) << host;
    }
    for (const std::string_view host :
         {"가lend.com", "คpaypal.com", "😀paypal.com", "𠀀paypal.com", "pay가pal.com",
          "paypal가.com", "★paypal.com", "가나.닷컴", "משל.com", "मेल.com", "تجربة.com",
          "lend.com谢谢.top", "lend.com가.공사.com"}) {
        EXPECT_EQ(hosts("see http://" + std::string(host) + "/x"), key(host)) << host;
    }
}

TEST(HostKey, is_that_of_what_stands_behind_the_user) {
    EXPECT_EQ(hosts("http://lend.com!@1.2.3.4"), "1.2.3.4");
    EXPECT_EQ(hosts("http://icbc.com.cn&a=b@16909060/x"), "16909060");
    EXPECT_EQ(hosts("http://lend.com:a;b,c$(d)'*~|@evil.top/x@y"), "evil.top");
    EXPECT_EQ(hosts("http://lend.com@a@가나.닷컴"), key("가나.닷컴"));
    EXPECT_EQ(hosts("http://" + std::string(300, 'a') + "@evil.top"), "evil.top");
    EXPECT_EQ(hosts("http://lend.com\\@evil.top"), "lend.com evil.top");
    EXPECT_EQ(hosts("http://lend.com，bob@example.com"), "lend.com example.com");
}

TEST(HostKey, reads_the_escapes_that_browsers_read) {
    EXPECT_EQ(hosts("http://%69cbc.com.cn/x"), "icbc.com.cn");
    EXPECT_EQ(hosts("http://lend%2Ecom%2Fx.top/"), "lend.com%2fx.top");
    EXPECT_EQ(hosts("http://lend.com.evil%2Etop/"), "lend.com.evil.top");
    EXPECT_EQ(hosts("http://evil.%54OP%2e/"), "evil.top");
    EXPECT_EQ(hosts("http://lend.com%2Eevil.公司/"), "lend.com%2eevil.xn--55qx5d");
    EXPECT_EQ(hosts("http://lend.com%2"), "lend.com");
    std::string long_host;
    for (int i = 0; i < 40; ++i) long_host += "%61";
    EXPECT_EQ(hosts("http://" + long_host + ".top"), std::string(40, 'a') + ".top");
}

TEST(HostKey, ends_where_a_sentence_without_blanks_goes_on) {
    EXPECT_EQ(hosts("see http://例子.中国。谢谢"), "xn--fsqu00a.xn--fiqs8s");
    EXPECT_EQ(hosts("http://a例子.com.cn谢谢"), key("a例子.com.cn"));
    EXPECT_EQ(hosts("http://a例子.com.cn谢谢。再见"), key("a例子.com.cn"));
    EXPECT_EQ(hosts("http://lend.com谢谢"), "lend.com");
    EXPECT_EQ(hosts("http://lend.com谢谢.再见"), "lend.com");
    EXPECT_EQ(hosts("http://lend.com。谢谢"), "lend.com");
    EXPECT_EQ(hosts("http://icbc-jf.com请点击"), "icbc-jf.com");
    EXPECT_EQ(hosts("http://icbc.com.cn或www.icbc.com.cn"), "icbc.com.cn www.icbc.com.cn");
}

// is_top_level compares folded labels.
TEST(HostKey, knows_the_names_of_top_level_domains_as_they_are_folded) {
    for (const std::u16string_view name : tld_data::kScriptNames)
        EXPECT_EQ(fold_to_string(name, View::kLight), name) << to_utf8(name);
}

// An A-label is its own key; nothing reads it, so a broken one is one too.
TEST(HostKey, keeps_broken_punycode_as_it_is) {
    const std::string longest = "xn--" + std::string(59, '9');
    for (const std::string& label :
         {std::string("xn--"), std::string("xn---"), std::string("xn--apple-"),
          std::string("xn--99999999"), std::string("xn--a_b-"),
          std::string("xn--zzzzzzzzzzzzzzzzzzzz"), longest}) {
        EXPECT_EQ(key(label + ".com"), label + ".com");
        EXPECT_EQ(hosts("http://" + label + ".com/"), label + ".com");
    }
}

TEST(HostKey, stays_utf8_where_dns_has_no_room) {
    std::string label;
    for (char32_t c = 0x4E00; c < 0x9E00; c += 0x300) label += utf8_of(c);
    EXPECT_EQ(key(label + ".com"), label + ".com");
    EXPECT_EQ(hosts("http://" + label + ".com/"), label + ".com");
    // With more marks than any name: bounded, and nobody's.
    std::string marks = "a";
    for (int i = 0; i < 500; ++i) marks += "\u0301\u0316";
    EXPECT_NE(key(marks + "pple.com"), "apple.com");
    EXPECT_NE(hosts("http://" + marks + "pple.com/"), "apple.com");
    std::string many = "http://";
    for (int i = 0; i < 30; ++i) many += marks + ".";
    EXPECT_EQ(hosts(many + "com"), "");
}

TEST(HostKey, of_an_address_is_that_of_its_host) {
    EXPECT_EQ(fold_key(FoundKind::kEmail, "Bob@bücher.example"), "bob@xn--bcher-kva.example");
    EXPECT_EQ(fold_key(FoundKind::kAccount, "bob@пример.рф"), "bob@xn--e1afmkfd.xn--p1ai");
}

TEST(HostKey, of_a_key_is_the_key) {
    for (const char* host : {"пример.рф", "bücher.example", "\u0430pple.com", "a..b", "💩.ws"})
        EXPECT_EQ(key(key(host)), key(host)) << host;
}

// RFC 3492 clause 6.2, written plainly; for the tests alone.
std::u32string decoded(std::string_view text) {
    std::u32string out;
    if (const auto last = text.rfind('-'); last != text.npos) {
        out.assign(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(last));
        text.remove_prefix(last + 1);
    }
    std::uint32_t n = 128, i = 0, bias = 72;
    while (!text.empty()) {
        const std::uint32_t old = i;
        std::uint32_t weight = 1;
        for (std::uint32_t k = 36; !text.empty(); k += 36) {
            const auto c = static_cast<std::uint32_t>(text[0]);
            text.remove_prefix(1);
            const std::uint32_t digit = c >= 'a' ? c - 'a' : c - '0' + 26;
            i += digit * weight;
            const std::uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
            if (digit < t) break;
            weight *= 36 - t;
        }
        const auto points = static_cast<std::uint32_t>(out.size() + 1);
        std::uint32_t delta = old == 0 ? (i - old) / 700 : (i - old) / 2;
        delta += delta / points;
        std::uint32_t k = 0;
        for (; delta > 455; k += 36) delta /= 35;
        bias = k + 36 * delta / (delta + 38);
        n += i / points;
        i %= points;
        out.insert(out.begin() + i++, n);
    }
    return out;
}

std::string punycode(std::u32string_view label) {
    std::array<char, 256> out;
    return {out.data(), write_punycode(label, out)};
}

// RFC 3492 clause 7.1: (A) Arabic, (B) simplified Chinese, (L) and (S), which mix scripts with digits and signs.
TEST(Punycode, is_that_of_the_standards_samples) {
    EXPECT_EQ(
        punycode(U"\u0644\u064A\u0647\u0645\u0627\u0628\u062A\u0643\u0644\u0645\u0648\u0634\u0639"
                 U"\u0631\u0628\u064A\u061F"),
        "egbpdaj6bu4bxfgehfvwxn");
    EXPECT_EQ(punycode(U"\u4ED6\u4EEC\u4E3A\u4EC0\u4E48\u4E0D\u8BF4\u4E2D\u6587"),
              "ihqwcrb4cv8a8dqg056pqjye");
    EXPECT_EQ(punycode(U"3\u5E74B\u7D44\u91D1\u516B\u5148\u751F"), "3B-ww4c5e180e575a65lsy2b");
    EXPECT_EQ(punycode(U"-> $1.00 <-"), "-> $1.00 <--");
}

TEST(Punycode, reads_back_and_never_goes_over_its_room) {
    constexpr unsigned kSeed = 3492;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (int round = 0; round < 20'000; ++round) {
        std::u32string label;
        const char32_t spread = round % 3 == 0 ? 0x110000 : round % 3 == 1 ? 0x600 : 0x90;
        for (std::size_t size = random() % 64; size > 0; --size) {
            const auto c = static_cast<char32_t>(random() % spread);
            label += c >= 'A' && c <= 'Z' ? U'-' : c;
        }
        std::array<char, 600> out{};
        const std::size_t whole = write_punycode(label, out);
        ASSERT_EQ(decoded({out.data(), whole}), label);
        const std::size_t room = random() % 80;
        std::array<char, 600> less{};
        ASSERT_EQ(write_punycode(label, std::span(less).first(room)), whole <= room ? whole : 0);
        ASSERT_TRUE(std::all_of(less.begin() + static_cast<std::ptrdiff_t>(room), less.end(),
                                [](char c) { return c == 0; }));
    }
}

#ifdef RINGFENCE_HAS_ICU

class Icu : public testing::Test {
protected:
    void SetUp() override {
        UErrorCode status = U_ZERO_ERROR;
        idna_.reset(icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII, status));
        ASSERT_TRUE(U_SUCCESS(status)) << u_errorName(status);
    }
    // Empty where ICU says that it is no host.
    std::string name(std::string_view utf8) const {
        UErrorCode status = U_ZERO_ERROR;
        icu::IDNAInfo info;
        icu::UnicodeString out;
        idna_->nameToASCII(
            icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())}),
            out, info, status);
        std::string text;
        if (U_SUCCESS(status) && !info.hasErrors()) out.toUTF8String(text);
        return text;
    }

    std::unique_ptr<icu::IDNA> idna_;
};

// But for signs, which are what folding makes of them; what folds to a blank, which rows leave out; what is not seen; the capital
// sharp s, which UTS #46 changed after this ICU; and letters younger than our tables.
TEST_F(Icu, makes_the_same_name_of_every_character) {
    std::size_t same = 0;
    for (char32_t c = 0x80; c <= 0x10FFFF; ++c) {
        if (c >= 0xD800 && c < 0xE000) continue;
        const std::string host = "x" + utf8_of(c) + "y.example";
        const std::string theirs = name(host);
        if (theirs.empty()) continue;
        const auto point = static_cast<UChar32>(c);
        const bool sign = (U_GET_GC_MASK(point) & (U_GC_S_MASK | U_GC_P_MASK | U_GC_NO_MASK)) != 0;
        const bool unseen = c == 0x200C || c == 0x200D;
        const bool young = c >= 0x1E030 && c <= 0x1E06D;
        const bool blank =
            fold_to_string(utf8_of(c), View::kLight).find(u' ') != std::u16string::npos;
        const bool too_long = c == 0xFDFA || c == 0xFDFB;
        if (sign || unseen || young || blank || too_long || c == 0x1E9E) continue;
        ASSERT_EQ(key(host), theirs) << "U+" << std::hex << static_cast<unsigned>(c);
        ++same;
    }
    EXPECT_GT(same, 130'000u);
}

// Letters and marks side by side, in every order.
TEST_F(Icu, makes_the_same_name_of_every_word) {
    constexpr unsigned kSeed = 46;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    static constexpr std::u32string_view kLetters[] = {
        U"abcdeouxyz0123456789-",
        U"\u00C0\u00DF\u00E9\u00F8\u00FC\u0130\u0131\u0141\u01C4\u01D5\u1E69\u1EAD\uFF21\u24D0"
        U"\u212A",
        U"\u0391\u03AC\u03B1\u03C3\u03C2\u1F80\u1FB3\u0410\u0430\u0439\u0451\u0456\u0531\u0587"
        U"\u13AA",
        U"\u4E2D\u570B\u56FD\uF900\u304B\u304C\uFF76\uAC00\uD55C\u1112\u1161\u11AB"};
    static constexpr std::u32string_view kMarks =
        U"\u0300\u0301\u0302\u0304\u0306\u0307\u0308\u030A\u031B\u0323\u0327\u0328\u0345\u3099"
        U"\u309A\uFF9E";
    std::size_t same = 0;
    for (int round = 0; round < 60'000; ++round) {
        std::string host;
        for (std::size_t size = 1 + random() % 12; size > 0; --size) {
            const std::u32string_view letters = kLetters[random() % std::size(kLetters)];
            host += utf8_of(letters[random() % letters.size()]);
            for (std::size_t marks = random() % 4; marks > 1; --marks)
                host += utf8_of(kMarks[random() % kMarks.size()]);
        }
        host += random() % 2 == 0 ? ".example" : "。中国";
        const std::string theirs = name(host);
        if (theirs.empty()) continue;
        ASSERT_EQ(key(host), theirs) << host;
        // Ours of the text is that of the row.
        const std::string found = hosts("http://" + host + "/");
        if (!found.empty() && found.size() == theirs.size()) {
            ASSERT_EQ(found, theirs) << host;
        }
        ++same;
    }
    EXPECT_GT(same, 20'000u);
}

#endif

}  // namespace
}  // namespace ringfence
