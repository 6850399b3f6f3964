// Near-copies among messages that people really got: what the sketches find, against the shingles of all pairs.
// docs/results.md keeps the figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

#include "real/real_data.hpp"
#include "ringfence/campaign/sketch.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kMost = 6'000;  // messages of a corpus: all pairs are compared
constexpr double kNear = 0.5;

struct Message {
    std::vector<std::uint64_t> shingles;  // sorted, each once
    Sketch sketched;
};

std::vector<std::uint64_t> shingles_of(const std::u16string& dense) {
    std::u16string units;
    for (const char16_t unit : dense) {
        const bool digit = unit >= u'0' && unit <= u'9';
        if (digit && !units.empty() && units.back() == u'0') continue;
        units.push_back(digit ? u'0' : unit);
    }
    std::vector<std::uint64_t> all;
    for (std::size_t i = 0; i + 4 <= units.size(); ++i)
        all.push_back(std::uint64_t{units[i]} << 48u | std::uint64_t{units[i + 1]} << 32u |
                      std::uint64_t{units[i + 2]} << 16u | units[i + 3]);
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

// As the store finds: by a band in common, then by similarity.
bool near(const Sketch& a, const Sketch& b) {
    for (unsigned band = 0; band < Sketch::kBands; ++band)
        if (a.band(band) == b.band(band)) return similarity(a, b) >= kNear;
    return false;
}

class RealCampaigns : public testing::TestWithParam<const char*> {};

TEST_P(RealCampaigns, near_copies_are_found) {
    std::string why;
    const auto rows = test::corpus_rows(GetParam(), why);
    if (rows.empty()) GTEST_SKIP() << why;
    std::vector<Message> messages;
    for (const auto& row : rows) {
        if (messages.size() == kMost) break;
        const std::u16string dense = fold_to_string(row.at(1), View::kDense);
        Message message;
        if (!sketch(dense, message.sketched)) continue;
        message.shingles = shingles_of(dense);
        messages.push_back(std::move(message));
    }
    ASSERT_GT(messages.size(), 300u);

    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> with;
    std::vector<std::uint32_t> shared(messages.size());
    std::vector<std::uint32_t> touched;
    std::uint64_t copies = 0;
    std::uint64_t found = 0;
    std::uint64_t wrong = 0;
    for (std::uint32_t i = 0; i < messages.size(); ++i) {
        touched.clear();
        for (const std::uint64_t shingle : messages[i].shingles) {
            for (const std::uint32_t k : with[shingle])
                if (shared[k]++ == 0) touched.push_back(k);
            with[shingle].push_back(i);
        }
        for (const std::uint32_t k : touched) {
            const double both = shared[k];
            shared[k] = 0;
            const double jaccard =
                both /
                (static_cast<double>(messages[i].shingles.size() + messages[k].shingles.size()) -
                 both);
            const bool told = near(messages[i].sketched, messages[k].sketched);
            copies += jaccard >= kNear ? 1 : 0;
            found += jaccard >= kNear && told ? 1 : 0;
            wrong += jaccard < kNear && told ? 1 : 0;
        }
    }
    ASSERT_GT(copies, 100u);
    const double recall = static_cast<double>(found) / static_cast<double>(copies);
    const double precision = static_cast<double>(found) / static_cast<double>(found + wrong);
    std::printf("  near-copies in %s: %zu messages, %zu pairs: recall %.3f, precision %.3f\n",
                GetParam(), messages.size(), static_cast<std::size_t>(copies), recall, precision);
    EXPECT_GE(recall, 0.88);
    EXPECT_GE(precision, 0.91);
}

INSTANTIATE_TEST_SUITE_P(Corpora, RealCampaigns,
                         testing::Values("zh-fbs-sms", "zh-sms-operator-11k", "en-uci-sms",
                                         "en-smishtank"));

}  // namespace
}  // namespace ringfence
