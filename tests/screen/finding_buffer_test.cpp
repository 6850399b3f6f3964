// What is kept of any number of findings comes to the verdict of all of them.
#include "src/screen/finding_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/deep.hpp"
#include "policy/random_findings.hpp"
#include "ringfence/policy/evaluate.hpp"

namespace ringfence {
namespace {

FindingBuffer kept(const std::vector<Finding>& findings) {
    FindingBuffer buffer;
    for (const Finding& finding : findings) buffer.push(finding);
    return buffer;
}

Verdict verdict_of(std::span<const Finding> findings) { return evaluate(findings, {}); }

Finding text_tag(std::uint32_t rule) {
    Finding tag;
    tag.rule = rule;
    tag.reason = Reason::kTextList;
    tag.action = Action::kTag;
    tag.stage = Stage::kGlobal;
    tag.party = Party::kText;
    tag.specificity = Finding::kExactSpecificity;
    return tag;
}

// Sets of one to four hundred that meet each other often; now and then nearly all are tags.
std::vector<Finding> many_findings(std::mt19937& random) {
    const std::size_t count = 1 + random() % 400;
    const bool flood = random() % 2 == 0;
    std::vector<Finding> all;
    while (all.size() < count) {
        for (Finding& finding : random_findings(random)) {
            if (finding.stage == Stage::kEmergency && random() % 40 != 0) continue;
            if (flood && random() % 20 != 0) finding = text_tag(finding.rule);
            if (random() % 2 == 0) finding.specificity = static_cast<std::uint8_t>(random());
            all.push_back(finding);
        }
    }
    std::shuffle(all.begin(), all.end(), random);
    return all;
}

TEST(FindingBuffer, keeps_the_verdict_of_all_that_was_pushed) {
    const unsigned seed = 20260302;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const int rounds = test::deep() ? 1'000'000 : 10'000;
    for (int round = 0; round < rounds; ++round) {
        const std::vector<Finding> all = many_findings(random);
        const FindingBuffer buffer = kept(all);
        ASSERT_EQ(verdict_of(buffer.findings()), verdict_of(all)) << "round " << round << "\n"
                                                                  << describe(all);
        ASSERT_EQ(buffer.truncated(), all.size() > FindingBuffer::kCapacity);
        ASSERT_EQ(buffer.findings().size(), std::min<std::size_t>(all.size(), 32));
    }
}

TEST(FindingBuffer, keeps_what_has_no_second_of_its_kind_wherever_it_comes) {
    const unsigned seed = 31;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    for (int round = 0; round < 20'000; ++round) {
        std::vector<Finding> few = random_findings(random);
        std::vector<Finding> all(100, text_tag(5));
        for (const Finding& one : few)
            all.insert(all.begin() + static_cast<std::ptrdiff_t>(random() % (all.size() + 1)), one);
        ASSERT_EQ(verdict_of(kept(all).findings()), verdict_of(all)) << describe(few);
    }
}

TEST(FindingBuffer, keeps_the_order_that_tells_equals_apart) {
    std::vector<Finding> all;
    for (std::uint16_t i = 0; i < 200; ++i) {
        all.push_back(text_tag(7));
        all.back().match_offset = i;
    }
    Finding reject = text_tag(9);
    reject.action = Action::kReject;
    for (std::uint16_t i = 0; i < 200; ++i) {
        reject.match_offset = i;
        all.insert(all.begin() + 2 * i, reject);
    }
    const FindingBuffer buffer = kept(all);
    EXPECT_EQ(verdict_of(buffer.findings()), verdict_of(all));
    EXPECT_EQ(verdict_of(buffer.findings()).match_offset, 0);
    EXPECT_TRUE(std::is_sorted(buffer.findings().begin(), buffer.findings().end(),
                               [](const Finding& a, const Finding& b) {
                                   return a.rule == b.rule && a.match_offset < b.match_offset;
                               }));
}

TEST(FindingBuffer, lets_what_decides_go_before_tags) {
    std::vector<Finding> all(40, text_tag(1));
    for (std::uint8_t places = 1; places <= 31; ++places) {
        Finding block = text_tag(2);
        block.action = Action::kReject;
        block.specificity = places;
        all.push_back(block);
    }
    const FindingBuffer buffer = kept(all);
    EXPECT_EQ(std::count_if(buffer.findings().begin(), buffer.findings().end(),
                            [](const Finding& f) { return f.action == Action::kReject; }),
              31);
}

TEST(FindingBuffer, begins_anew_when_cleared) {
    FindingBuffer buffer = kept(std::vector<Finding>(50, text_tag(1)));
    EXPECT_TRUE(buffer.truncated());
    buffer.clear();
    EXPECT_FALSE(buffer.truncated());
    EXPECT_TRUE(buffer.findings().empty());
    buffer.push(text_tag(3));
    EXPECT_EQ(verdict_of(buffer.findings()).rule, 3u);
}

}  // namespace
}  // namespace ringfence
