// How well models do on messages that people really got, by cross-validation. docs/results.md keeps the figures.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "real/real_data.hpp"
#include "ringfence/study/train.hpp"
#include "src/base/sanitized.hpp"

namespace ringfence {
namespace {

struct Corpus {
    const char* name;
    const char* spam;  // its label
    double auc, f1;    // floors
};

class RealScore : public testing::TestWithParam<Corpus> {};

TEST_P(RealScore, tells_spam_from_ham) {
    if (kSanitized) GTEST_SKIP() << "a figure, which a sanitizer does not change";
    const Corpus& corpus = GetParam();
    std::string why;
    const auto messages = test::labelled_messages(corpus.name, why);
    if (messages.empty()) GTEST_SKIP() << why;
    TrainingSet set(TrainOptions{}.view);
    for (const auto& [label, text] : messages) set.add(text, label == corpus.spam);
    const auto tried = cross_validate(set, {});
    ASSERT_TRUE(tried) << tried.error().text;
    std::printf(
        "  %s: %zu spam, %zu ham: AUC %.4f (%.4f to %.4f), precision %.4f, recall %.4f, "
        "F1 %.4f\n",
        corpus.name, tried->spam, tried->ham, tried->auc, tried->auc_least, tried->auc_most,
        tried->precision, tried->recall, tried->f1);
    for (const ScoreThreshold& one : tried->thresholds)
        std::printf("    from %u: %zu of the spam, %zu of the ham\n", one.from, one.spam, one.ham);
    EXPECT_GE(tried->auc, corpus.auc);
    EXPECT_GE(tried->f1, corpus.f1);
}

INSTANTIATE_TEST_SUITE_P(Corpora, RealScore,
                         testing::Values(Corpus{"zh-sms-operator-11k", "1", 0.98, 0},
                                         Corpus{"en-uci-sms", "spam", 0.98, 0.93}));

}  // namespace
}  // namespace ringfence
