// Precision and recall of the starter packs over the development corpora; docs/results.md keeps the figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "tests/pattern/corpus.hpp"
#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

struct Measure {
    const char* corpus;
    std::vector<std::string> packs;
    std::vector<std::string> wanted;    // beginnings of labels that the packs should hit
    std::vector<std::string> unwanted;  // and of those that they should not; others are not counted
    double precision, recall;           // floors; 0 where a corpus has no honest side
};

const std::vector<std::string> kAllZh = {"zh-fraud.toml", "zh-ads.toml"};

const std::vector<Measure> kMeasures = {
    {"zh-sms-operator-11k", {"zh-fraud.toml"}, {"1"}, {"0"}, 0.93, 0.08},
    {"zh-sms-operator-11k", kAllZh, {"1"}, {"0"}, 0.95, 0.50},
    {"zh-sms-mudou", kAllZh, {"1"}, {"0"}, 0.95, 0.50},
    {"zh-fbs-sms", {"zh-fraud.toml"}, {"FR:", "IL:Gambling", "IL:Fake"}, {}, 0, 0.65},
    {"zh-sms-6class", {"zh-fraud.toml"}, {"loan_fraud"}, {}, 0, 0.60},
    {"en-mishra-soni", {"en-smishing.toml"}, {"spam", "smishing"}, {"ham"}, 0.99, 0.70},
    {"en-uci-sms", {"en-smishing.toml"}, {"spam"}, {"ham"}, 0.99, 0.70},
    {"en-hardhat-combined", {"en-smishing.toml"}, {"spam", "smishing"}, {"ham"}, 0.99, 0.70},
    {"en-smishtank", {"en-smishing.toml"}, {"Account Alert", "Delivery", "Prize"}, {}, 0, 0.70},
};

bool begins_with_one(const std::string& label, const std::vector<std::string>& of) {
    return std::any_of(of.begin(), of.end(), [&](const auto& b) { return label.starts_with(b); });
}

TEST(Corpus, packs_keep_their_precision_and_recall) {
    const std::string here = __FILE__;
    const std::string folder = here.substr(0, here.rfind("tests/pattern/")) + "rules/";
    bool any = false;
    for (const Measure& measure : kMeasures) {
        const auto rows = testing::read_corpus(measure.corpus);
        if (!rows) continue;
        any = true;
        RuleSet rules;
        for (const std::string& pack : measure.packs) {
            auto set = RuleSet::load(folder + pack);
            ASSERT_TRUE(set) << set.error().text;
            ASSERT_TRUE(rules.add(*std::move(set)));
        }
        const auto set = PatternSet::compile(std::move(rules));
        ASSERT_TRUE(set) << set.error().text;
        auto scratch = set->make_scratch();
        ASSERT_TRUE(scratch);
        FoldedText folded;
        double hit = 0, missed = 0, wrong = 0, right = 0;
        for (const auto& row : *rows) {
            const bool wanted = begins_with_one(row.label, measure.wanted);
            if (!wanted && !begins_with_one(row.label, measure.unwanted)) continue;
            const bool fbs = std::string_view(measure.corpus) == "zh-fbs-sms";
            const std::u16string text = to_utf16(fbs ? testing::restore_fbs(row.text) : row.text);
            fold(text, folded);
            const ScanResult result = set->scan(folded, *scratch);
            ASSERT_EQ(result.status, ScanStatus::kOk);
            const bool found = !result.matches.empty();
            (wanted ? (found ? hit : missed) : (found ? wrong : right)) += 1;
        }
        const double precision = hit + wrong > 0 ? hit / (hit + wrong) : 0;
        const double recall = hit / (hit + missed);
        std::string packs;
        for (const std::string& pack : measure.packs) packs += pack.substr(0, pack.find('.')) + " ";
        std::printf("  %-20s %-20s recall %.3f (%.0f of %.0f)", measure.corpus, packs.c_str(),
                    recall, hit, hit + missed);
        if (!measure.unwanted.empty()) {
            std::printf("  precision %.3f  false positives %.4f (%.0f of %.0f)", precision,
                        wrong / (wrong + right), wrong, wrong + right);
            EXPECT_GE(precision, measure.precision) << measure.corpus;
        }
        std::printf("\n");
        EXPECT_GE(recall, measure.recall) << measure.corpus;
    }
    if (!any) GTEST_SKIP() << "RINGFENCE_DATA names no folder with the development corpora";
}

}  // namespace
}  // namespace ringfence
