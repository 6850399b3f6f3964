// The packs that ship against disguises: every sample that a rule must match is written in 24 ways, singly and two together,
// and the rule must match it still. The share that it matches is a figure of `tools/compare text`. RINGFENCE_SHOW=1
// prints the misses.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ringfence/pattern/pattern_set.hpp"
#include "ringfence/text/fold.hpp"
#include "src/text/utf.hpp"
#include "tests/base/source_folder.hpp"
#include "tests/pattern/disguises.hpp"

#ifdef RINGFENCE_HAS_ICU
#include <unicode/translit.h>
#include <unicode/unistr.h>
#endif

namespace ringfence {
namespace {

std::u32string code_points(std::string_view utf8) {
    const std::u16string units = to_utf16(utf8);
    std::u32string out;
    for (std::size_t at = 0; at < units.size();) {
        const utf::CodePoint c = utf::at_utf16(units, at);
        out += c.value;
        at += c.size;
    }
    return out;
}
std::u16string utf16_of(std::u32string_view text) {
    std::u16string out;
    for (const char32_t c : text) utf::write_utf16(c, [&](char16_t unit) { out += unit; });
    return out;
}

// ICU's table, not the one that fold() has.
std::u32string traditional(std::u32string_view text, test::Disguiser& by) {
#ifdef RINGFENCE_HAS_ICU
    static const std::unique_ptr<icu::Transliterator> kTraditional = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<icu::Transliterator>(
            icu::Transliterator::createInstance("Simplified-Traditional", UTRANS_FORWARD, status));
    }();
    return test::disguise::each(text, by, [](char32_t c) {
        icu::UnicodeString one(static_cast<UChar32>(c));
        if (test::disguise::is_han(c)) kTraditional->transliterate(one);
        return one.countChar32() == 1 ? static_cast<char32_t>(one.char32At(0)) : c;
    });
#else
    static_cast<void>(by);
    return std::u32string(text);
#endif
}

class Disguise : public testing::Test {
protected:
    struct Count {
        std::size_t asked = 0;
        std::size_t matched = 0;
    };

    void SetUp() override {
        RuleSet all;
        for (const auto& file :
             std::filesystem::directory_iterator(test::source_folder() + "rules")) {
            if (file.path().extension() != ".toml") continue;
            auto pack = RuleSet::load(file.path().string());
            ASSERT_TRUE(pack) << pack.error().text;
            ASSERT_TRUE(all.add(*std::move(pack)));
        }
        auto set = PatternSet::compile(std::move(all), {.check_samples = false});
        ASSERT_TRUE(set) << set.error().text;
        set_.emplace(*std::move(set));
        scratch_ = *set_->make_scratch();
    }

    const std::vector<PatternRule>& rules() const { return set_->rules(); }

    void ask(std::size_t rule, const std::string& how, std::u32string_view text) {
        const std::u16string units = utf16_of(text);
        fold(units, folded_);
        const ScanResult found = set_->scan(folded_, scratch_);
        ASSERT_EQ(found.status, ScanStatus::kOk);
        const bool hit = std::ranges::any_of(
            found.matches, [&](const PatternMatch& match) { return match.rule == rule; });
        for (Count* count : {&all_, &by_disguise_[how]}) {
            ++count->asked;
            count->matched += hit ? 1 : 0;
        }
        if (!hit && std::getenv("RINGFENCE_SHOW") != nullptr)
            std::printf("  missed %s, %s: %s\n", rules()[rule].id.c_str(), how.c_str(),
                        to_utf8(units).c_str());
    }

    double recall() const {
        return static_cast<double>(all_.matched) / static_cast<double>(all_.asked);
    }

    std::optional<PatternSet> set_;
    PatternScratch scratch_;
    FoldedText folded_;
    Count all_;
    std::map<std::string, Count> by_disguise_;
};

TEST_F(Disguise, hides_no_sample_from_its_rule) {
#ifndef RINGFENCE_HAS_ICU
    GTEST_SKIP() << "built without ICU (libicu-dev), which writes traditional characters";
#endif
    constexpr unsigned kSeed = 24;
    SCOPED_TRACE(kSeed);
    const auto disguises = test::disguises(traditional);
    ASSERT_EQ(disguises.size(), 24u);
    unsigned seed = kSeed;
    for (std::size_t rule = 0; rule < rules().size(); ++rule) {
        for (const std::string& sample : rules()[rule].must_match) {
            const std::u32string plain = code_points(sample);
            for (std::size_t i = 0; i < disguises.size(); ++i) {
                test::Disguiser whole(++seed, 100);
                const std::u32string one = disguises[i].apply(plain, whole);
                if (one == plain) continue;  // nothing in it that could be written so
                ask(rule, std::string(disguises[i].name), one);
                for (std::size_t k = i + 1; k < disguises.size(); ++k) {
                    test::Disguiser half(++seed, 50);
                    test::Disguiser rest(++seed, 100);
                    const std::u32string first = disguises[i].apply(plain, half);
                    const std::u32string both = disguises[k].apply(first, rest);
                    if (first == plain || both == first) continue;
                    ask(rule, std::string(disguises[i].name) + " + " += disguises[k].name, both);
                }
            }
        }
    }
    for (const auto& [how, count] : by_disguise_) {
        const bool single = how.find('+') == how.npos;
        if (single || count.matched < count.asked)
            std::printf("  %s: %zu of %zu\n", how.c_str(), count.matched, count.asked);
    }
    for (const test::NamedDisguise& one : disguises)
        EXPECT_GT(by_disguise_[std::string(one.name)].asked, 0u) << one.name;
    std::printf("  disguised samples: %zu of %zu matched\n", all_.matched, all_.asked);
    RecordProperty("disguise_recall", std::to_string(recall()));
    EXPECT_GE(recall(), 0.97);
}

}  // namespace
}  // namespace ringfence
