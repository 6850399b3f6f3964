// fold() against another maker of folded text: over all of Unicode it is ICU's NFKC_Casefold but for what
// casefold_differences.tsv lists with a reason.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ringfence/text/fold.hpp"
#include "tests/base/source_folder.hpp"

#ifdef RINGFENCE_HAS_ICU
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>
#endif

namespace ringfence {
namespace {

#ifdef RINGFENCE_HAS_ICU

// `text` with each code point replaced by what `of` gives.
template <class Of>
icu::UnicodeString each(const icu::UnicodeString& text, Of&& of) {
    icu::UnicodeString out;
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
        out += of(text.char32At(i));
    return out;
}

// Without its marks.
icu::UnicodeString bare(const icu::UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(status);
    return each(nfd->normalize(text, status), [](UChar32 c) {
        const auto kind = u_charType(c);
        const bool mark = kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK;
        return mark ? icu::UnicodeString() : icu::UnicodeString(c);
    });
}

// Quotes, dashes and slashes as ASCII has them.
icu::UnicodeString plain(const icu::UnicodeString& text) {
    static const std::pair<const char16_t*, char16_t> kSigns[] = {
        {u"\u2018\u2019\u201B\u2032", u'\''},
        {u"\u201C\u201D\u201E\u201F\u2033", u'"'},
        {u"\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2E3A\u2E3B\uFE58", u'-'},
        {u"\u2044\u2215", u'/'},
        {u"\u201A", u','},
        {u"\u2236", u':'},
        {u"\u2217", u'*'},
        {u"\u301C", u'~'},
        {u"\u2039", u'<'},
        {u"\u203A", u'>'}};
    return each(text, [](UChar32 c) {
        for (const auto& [signs, ascii] : kSigns)
            if (icu::UnicodeString(signs).indexOf(c) >= 0) return icu::UnicodeString(ascii);
        return icu::UnicodeString(c);
    });
}

icu::UnicodeString simplified(const icu::UnicodeString& text) {
    static const std::unique_ptr<icu::Transliterator> kSimplified = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<icu::Transliterator>(
            icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
    }();
    return each(text, [](UChar32 c) {
        icu::UnicodeString one(c);
        if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC)) kSimplified->transliterate(one);
        return one;
    });
}

// The letter or letters that the name of a character tells: "... LETTER O WITH STROKE", "SQUARED WC".
icu::UnicodeString named(UChar32 c) {
    char name[128] = "";
    UErrorCode status = U_ZERO_ERROR;
    u_charName(c, U_UNICODE_CHAR_NAME, name, sizeof name, &status);
    std::string_view text(name);
    text = text.substr(0, text.find(" WITH "));
    text.remove_prefix(std::min(text.size(), text.rfind(' ') + 1));
    icu::UnicodeString out;
    for (const char letter : text) out += static_cast<UChar32>(letter);
    return text.size() <= 4 ? out.toLower() : icu::UnicodeString();
}

// A line of the table: of these characters this comes out, for that reason. The first that fits explains.
struct Difference {
    std::string name;
    icu::UnicodeSet of;
    std::string what;
    std::size_t explained = 0;

    bool explains(UChar32 c, const icu::UnicodeString& ours, const icu::UnicodeString& icu) const {
        if (!of.contains(c)) return false;
        if (what == "nothing") return ours.isEmpty();
        if (what == "blank") return ours == icu::UnicodeString(u' ');
        if (what == "bare") return ours == bare(icu);
        if (what == "plain") return ours == plain(icu);
        if (what == "simplified") return ours == simplified(icu);
        if (what == "named") return ours == named(c);
        if (what == "value") {
            const std::string value =
                std::to_string(static_cast<int>(std::max(0.0, u_getNumericValue(c))));
            return ours == icu::UnicodeString::fromUTF8(value);
        }
        if (what == "inside")
            return ours == simplified(each(icu, [](UChar32 i) {
                       const bool around = icu::UnicodeString(u"().,\u3014\u3015").indexOf(i) >= 0;
                       return around ? icu::UnicodeString() : icu::UnicodeString(i);
                   }));
        if (what == "pieces")
            return ours == each(icu, [](UChar32 i) {
                       const auto bits = U_MASK(u_charType(i));
                       const bool symbol = (bits & (U_GC_S_MASK | U_GC_P_MASK | U_GC_Z_MASK)) != 0;
                       return icu::UnicodeString(symbol ? u'\uFFFD' : u'\uE000');
                   });
        if (what.starts_with("pairs ")) {
            const icu::UnicodeString pairs = unescaped() + u' ';
            const std::int32_t at = pairs.indexOf(u' ' + icu::UnicodeString(c) + ours + u' ');
            return at >= 0 && ours.countChar32() == 1;
        }
        if (what == "itself") return ours == icu::UnicodeString(c) && icu.length() > 4;
        return ours == unescaped();
    }

    icu::UnicodeString unescaped() const { return icu::UnicodeString::fromUTF8(what).unescape(); }
};

icu::UnicodeSet set_of(const std::string& pattern) {
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeSet set(icu::UnicodeString::fromUTF8(pattern), status);
    EXPECT_TRUE(U_SUCCESS(status)) << pattern << ": " << u_errorName(status);
    return set;
}

std::vector<Difference> differences() {
    const std::string path = test::source_folder() + "tests/text/casefold_differences.tsv";
    std::ifstream file(path);
    EXPECT_TRUE(file) << path;
    std::vector<Difference> all;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::array<std::string, 4> columns;
        std::istringstream stream(line);
        for (std::string& column : columns) std::getline(stream, column, '\t');
        EXPECT_FALSE(columns[3].empty()) << line << ": four columns";
        Difference& one = all.emplace_back();
        one.name = columns[0];
        one.of = set_of(columns[1]);
        one.what = columns[2];
    }
    return all;
}

constexpr std::size_t kShown = 50;  // of what is not explained; all of it with RINGFENCE_SHOW=1

TEST(Casefold, is_that_of_icu_but_for_the_listed_differences) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* icu = icu::Normalizer2::getNFKCCasefoldInstance(status);
    ASSERT_TRUE(U_SUCCESS(status)) << u_errorName(status);
    std::vector<Difference> listed = differences();
    FoldedText folded(FoldedText::kMaxExpansion);
    std::size_t same = 0;
    std::size_t unexplained = 0;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (c >= 0xD800 && c < 0xE000) continue;
        const icu::UnicodeString source(static_cast<UChar32>(c));
        const icu::UnicodeString theirs = icu->normalize(source, status);
        fold({source.getBuffer(), static_cast<std::size_t>(source.length())}, folded);
        const std::u16string_view text = folded.light().text();
        const icu::UnicodeString ours(text.data(), static_cast<std::int32_t>(text.size()));
        if (ours == theirs) {
            ++same;
            continue;
        }
        const auto reason = std::ranges::find_if(listed, [&](const Difference& one) {
            return one.explains(static_cast<UChar32>(c), ours, theirs);
        });
        if (reason != listed.end()) {
            ++reason->explained;
            continue;
        }
        if (++unexplained > kShown && std::getenv("RINGFENCE_SHOW") == nullptr) continue;
        std::string shown;
        std::string expected;
        ours.toUTF8String(shown);
        theirs.toUTF8String(expected);
        std::printf("  U+%04X: '%s', ICU '%s'\n", static_cast<unsigned>(c), shown.c_str(),
                    expected.c_str());
    }
    ASSERT_TRUE(U_SUCCESS(status)) << u_errorName(status);
    EXPECT_EQ(unexplained, 0u)
        << "mend tools/gen_fold.py, or name the difference in casefold_differences.tsv";
    for (const Difference& one : listed) {
        std::printf("  %s: %zu\n", one.name.c_str(), one.explained);
        EXPECT_GT(one.explained, 0u) << one.name << " explains nothing: take it out of the table";
    }
    EXPECT_GT(same, 60'000u);
}

#else

TEST(Casefold, is_that_of_icu_but_for_the_listed_differences) {
    GTEST_SKIP() << "built without ICU (libicu-dev)";
}

#endif

}  // namespace
}  // namespace ringfence
