// No message that somebody really got stands in the packs that ship, nor a long stretch of one: neither in what their
// rules look for nor in their samples, and as little in the honest messages of the tests.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <unordered_set>
#include <vector>

#include "real/real_data.hpp"
#include "ringfence/pattern/rules.hpp"
#include "ringfence/text/fold.hpp"
#include "tests/base/source_folder.hpp"

namespace ringfence {
namespace {

// Stretches of one letter more than may be shared; whatever stands between letters of the kind is passed over.
constexpr std::size_t kHan = 12 + 1, kLatin = 40 + 1;

bool is_han(char16_t unit) { return unit >= 0x3400 && unit < 0xA000; }
bool is_latin(char16_t unit) { return unit >= u'a' && unit <= u'z'; }

std::u16string only(std::u16string_view text, bool (*wanted)(char16_t)) {
    std::u16string kept;
    for (const char16_t unit : text)
        if (wanted(unit)) kept.push_back(unit);
    return kept;
}

// Calls `take` with every stretch of a folded text that is long enough to be a copy.
template <class Take>
void each_stretch(std::u16string_view folded, Take take) {
    const auto each = [&](const std::u16string& letters, std::size_t size) {
        for (std::size_t i = 0; i + size <= letters.size(); ++i) take(letters.substr(i, size));
    };
    each(only(folded, is_han), kHan);
    each(only(folded, is_latin), kLatin);
}

// Of everything that stands in the packs and in the honest messages.
std::unordered_set<std::u16string> stretches_of_ours(std::string& fault) {
    std::unordered_set<std::u16string> stretches;
    const auto add = [&](std::u16string_view text) {
        each_stretch(text, [&](std::u16string stretch) { stretches.insert(std::move(stretch)); });
    };
    for (const char* pack : {"zh-fraud", "zh-ads", "en-smishing"}) {
        const auto rules = RuleSet::load(test::source_folder() + "rules/" + pack + ".toml");
        if (!rules) fault = rules.error().text;
        if (!rules) return {};
        for (const PatternRule& rule : rules->rules()) {
            for (const auto* list : {&rule.text, &rule.also, &rule.unless})
                for (const Expression& expression : *list)
                    for (const Element& element : expression.elements)
                        for (const std::u16string& phrase : element.phrases) add(phrase);
            for (const auto* list : {&rule.must_match, &rule.must_not_match})
                for (const std::string& sample : *list) add(fold_to_string(sample, View::kDense));
        }
    }
    std::ifstream honest(test::source_folder() + "tests/pattern/honest_messages.txt");
    for (std::string line; std::getline(honest, line);) add(fold_to_string(line, View::kDense));
    return stretches;
}

class NoCopies : public testing::TestWithParam<const char*> {};

TEST_P(NoCopies, of_messages_that_people_got) {
    std::string why;
    const auto rows = test::corpus_rows(GetParam(), why);
    if (rows.empty()) GTEST_SKIP() << why;
    std::string fault;
    const auto ours = stretches_of_ours(fault);
    ASSERT_TRUE(fault.empty()) << fault;
    ASSERT_GT(ours.size(), 1'000u);
    std::unordered_set<std::u16string> shared;
    FoldedText folded;
    for (const auto& row : rows) {
        if (row.size() < 2) continue;
        const std::u16string text = to_utf16(row[1]);
        fold(text, folded);
        each_stretch(folded.dense().text(), [&](const std::u16string& stretch) {
            if (ours.contains(stretch)) shared.insert(stretch);
        });
    }
    for (const std::u16string& stretch : shared)
        ADD_FAILURE() << "a stretch of a row of " << GetParam() << ": " << to_utf8(stretch);
}

INSTANTIATE_TEST_SUITE_P(Corpora, NoCopies,
                         testing::Values("zh-sms-operator-11k", "zh-fbs-sms", "zh-sms-mudou",
                                         "zh-sms-6class", "zh-sms-80w-subset", "en-smishtank",
                                         "en-uci-sms", "en-hardhat-combined", "en-mishra-soni",
                                         "multi-fable5-adversarial"));

}  // namespace
}  // namespace ringfence
