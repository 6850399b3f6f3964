// fold() against another maker of folded text: over all of Unicode it is ICU's NFKC_Casefold but for what
// casefold_differences.tsv lists with a reason.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "ringfence/text/fold.hpp"
#include "tests/base/source_folder.hpp"

#ifdef RINGFENCE_HAS_ICU
#include <unicode/normalizer2.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>
#endif

namespace ringfence {
namespace {

#ifdef RINGFENCE_HAS_ICU

// A line of the table: of these characters this may come out, for that reason. The first that fits explains.
struct Difference {
    std::string name;
    icu::UnicodeSet of;
    bool nothing = false;
    bool itself = false;
    icu::UnicodeSet units;  // unless one of the two
    std::size_t explained = 0;

    bool explains(char32_t c, const icu::UnicodeString& folded) const {
        if (!of.contains(static_cast<UChar32>(c))) return false;
        if (nothing) return folded.isEmpty();
        if (itself) return folded == icu::UnicodeString(static_cast<UChar32>(c));
        for (std::int32_t i = 0; i < folded.length(); ++i)
            if (!units.contains(UChar32{folded[i]})) return false;
        return !folded.isEmpty();
    }
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
        one.nothing = columns[2] == "\"\"";
        one.itself = columns[2] == "=";
        if (!one.nothing && !one.itself) one.units = set_of(columns[2]);
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
        const auto reason = std::ranges::find_if(
            listed, [&](const Difference& one) { return one.explains(c, ours); });
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
