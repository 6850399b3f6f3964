// [score] of a policy: its keys, its defaults, how it is refused, and what lint says of it.
#include <gtest/gtest.h>

#include <algorithm>

#include "ringfence/policy/lint.hpp"
#include "ringfence/policy/policy.hpp"
#include "tests/score/sample_model.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

class ScorePolicy : public testing::Test {
protected:
    ScorePolicy() { save(test::sample_parts({})); }
    void save(const ScoreParts& parts) const {
        EXPECT_TRUE(test::made(parts).save(folder_.path("m.model")));
    }
    Result<Policy> parse(const std::string& score) const {
        return Policy::parse("[screen]\ncountry = \"CN\"\n[score]\n" + score,
                             folder_.path("policy.toml"));
    }
    std::string refused(const std::string& score) const {
        const auto policy = parse(score);
        return policy ? "" : policy.error().text.substr(folder_.path("").size());
    }
    static bool says(const Policy& policy, LintKind kind, std::string_view text) {
        const auto findings = lint(policy);
        return std::ranges::any_of(findings, [&](const LintFinding& one) {
            return one.kind == kind && one.text.find(text) != one.text.npos;
        });
    }
    test::PolicyFolder folder_;
};

TEST_F(ScorePolicy, has_its_defaults) {
    const auto policy = parse("model = \"m.model\"\n");
    ASSERT_TRUE(policy) << policy.error().text;
    const ScoreRule& score = *policy->score;
    EXPECT_EQ(score.from, 900u);
    EXPECT_FALSE(score.may_stop_alone);
    EXPECT_EQ(score.finding.action, Action::kTag);
    EXPECT_EQ(score.finding.risk, ScoreRule::kUsualRisk);
    EXPECT_EQ(policy->rules[score.finding.rule].id, "score");
    EXPECT_EQ(policy->rules[score.finding.rule].kind, RuleKind::kScore);
    EXPECT_TRUE(lint(*policy).empty());
}

TEST_F(ScorePolicy, takes_every_key) {
    const auto policy = parse(
        "id = \"weighed\"\nmodel = \"m.model\"\nfrom = 950\naction = \"hold\"\n"
        "may_stop_alone = true\ncategory = \"spam\"\nrisk = 700\nshadow = true\n");
    ASSERT_TRUE(policy) << policy.error().text;
    const ScoreRule& score = *policy->score;
    EXPECT_EQ(score.from, 950u);
    EXPECT_TRUE(score.may_stop_alone);
    EXPECT_EQ(score.finding.action, Action::kHold);
    EXPECT_EQ(score.finding.risk, 700u);
    EXPECT_TRUE(score.finding.shadow);
    EXPECT_EQ(policy->categories.name(score.finding.category), "spam");
    EXPECT_EQ(policy->rules[score.finding.rule].id, "weighed");
}

TEST_F(ScorePolicy, is_refused_with_a_place) {
    EXPECT_EQ(refused("modle = \"m.model\"\n"),
              "policy.toml:4: unknown key 'modle' in 'score'; did you mean 'model'?");
    EXPECT_NE(refused(""), "");
    EXPECT_NE(refused("model = \"\"\n"), "");
    EXPECT_NE(refused("model = \"none.model\"\n").find("policy.toml:4: '"), std::string::npos)
        << refused("model = \"none.model\"\n");
    for (const char* wrong : {"from = 0", "from = 1001", "from = 0.9", "action = \"allow\"",
                              "action = \"throttle\"", "action = \"divert\"", "may_stop_alone = 1",
                              "risk = 1001", "rate = \"1/s\"", "id = \"a b\""})
        EXPECT_NE(refused("model = \"m.model\"\n" + std::string(wrong) + "\n").find(":5: "),
                  std::string::npos)
            << wrong << ": " << refused("model = \"m.model\"\n" + std::string(wrong) + "\n");
    folder_.write("m.model", "not a model");
    EXPECT_EQ(refused("model = \"m.model\"\n"),
              "m.model: has 11 octets, fewer than the header of a model; train the model again, or "
              "copy it again");
}

TEST_F(ScorePolicy, shares_no_id_with_a_list) {
    const auto policy = Policy::parse(
        "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"score\"\nfile = \"a.csv\"\naction = \"tag\"\n"
        "[score]\nmodel = \"m.model\"\n",
        folder_.path("policy.toml"));
    ASSERT_FALSE(policy);
    EXPECT_NE(policy.error().text.find(":7: the usual id 'score' is taken by line 4"),
              std::string::npos)
        << policy.error().text;
}

TEST_F(ScorePolicy, is_linted) {
    EXPECT_TRUE(says(*parse("model = \"m.model\"\nmay_stop_alone = true\n"), LintKind::kNoEffect,
                     "policy.toml:3: the score may stop a message alone"));
    ScoreParts few = test::sample_parts({});
    few.ham = 499;
    save(few);
    EXPECT_TRUE(says(*parse("model = \"m.model\"\n"), LintKind::kFewMessages,
                     "1000 spam messages and 499 honest ones"));
}

}  // namespace
}  // namespace ringfence
