// [[templates]] and [campaigns] of a policy: their keys, their defaults, how they are refused, and what lint says of them.
#include <gtest/gtest.h>

#include <algorithm>

#include "ringfence/policy/lint.hpp"
#include "ringfence/policy/policy.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

class TemplatesPolicy : public testing::Test {
protected:
    TemplatesPolicy() {
        folder_.write("known.csv", "id,text\nfee,pay the fee for your parcel at once\n");
    }
    Result<Policy> parse(const std::string& text) const {
        return Policy::parse("[screen]\ncountry = \"CN\"\n" + text, folder_.path("policy.toml"));
    }
    std::string refused(const std::string& text) const {
        const auto policy = parse(text);
        return policy ? "" : policy.error().text.substr(folder_.path("").size());
    }
    static bool says(const Result<Policy>& policy, LintKind kind, std::string_view text) {
        EXPECT_TRUE(policy) << (policy ? "" : policy.error().text);
        const auto findings = lint(*policy);
        return std::ranges::any_of(findings, [&](const LintFinding& one) {
            return one.kind == kind && one.text.find(text) != one.text.npos;
        });
    }
    test::PolicyFolder folder_;
};

constexpr const char* kTemplates = "[[templates]]\nid = \"known\"\nfile = \"known.csv\"\n";

TEST_F(TemplatesPolicy, has_its_defaults) {
    const auto policy = parse(std::string(kTemplates) +
                              "action = \"hold\"\n[campaigns]\naction = "
                              "\"tag\"\n");
    ASSERT_TRUE(policy) << policy.error().text;
    ASSERT_EQ(policy->templates.size(), 1u);
    const TemplateRule& known = policy->templates[0];
    EXPECT_EQ(known.similarity_percent, 60u);
    EXPECT_EQ(known.templates->size(), 1u);
    EXPECT_EQ(known.finding.action, Action::kHold);
    EXPECT_EQ(known.finding.reason, Reason::kTemplate);
    EXPECT_EQ(known.finding.stage, Stage::kContent);
    EXPECT_EQ(known.finding.party, Party::kText);
    EXPECT_EQ(known.finding.risk, 500u);
    EXPECT_EQ(policy->rules[known.finding.rule].id, "known");
    EXPECT_EQ(policy->rules[known.finding.rule].kind, RuleKind::kTemplates);
    const CampaignRule& campaigns = *policy->campaigns;
    EXPECT_EQ(campaigns.senders, 20u);
    EXPECT_EQ(campaigns.messages, 20u);
    EXPECT_EQ(campaigns.options.window_ms, 3'600'000);
    EXPECT_EQ(campaigns.options.campaigns, 65'536u);
    EXPECT_EQ(campaigns.options.similarity_percent, 50u);
    EXPECT_EQ(campaigns.finding.reason, Reason::kCampaign);
    EXPECT_EQ(campaigns.finding.risk, CampaignRule::kUsualRisk);
    EXPECT_EQ(policy->rules[campaigns.finding.rule].id, "campaigns");
    EXPECT_EQ(policy->rules[campaigns.finding.rule].kind, RuleKind::kCampaigns);
    EXPECT_TRUE(lint(*policy).empty());
}

TEST_F(TemplatesPolicy, takes_every_key) {
    const auto policy = parse(std::string(kTemplates) +
                              "strict = true\nsimilarity = 85\naction = \"throttle\"\nrate = "
                              "\"5/min\"\ncategory = \"parcel\"\nrisk = 900\nshadow = true\n"
                              "[campaigns]\nid = \"bursts\"\nsenders = 50\nmessages = 80\n"
                              "window_s = 600\nsimilarity = 70\nslots = 1000\naction = \"hold\"\n"
                              "category = \"bulk\"\nrisk = 100\nshadow = true\n");
    ASSERT_TRUE(policy) << policy.error().text;
    const TemplateRule& known = policy->templates[0];
    EXPECT_EQ(known.similarity_percent, 85u);
    EXPECT_EQ(known.finding.risk, 900u);
    EXPECT_TRUE(known.finding.shadow);
    EXPECT_EQ(policy->categories.name(known.finding.category), "parcel");
    EXPECT_EQ(policy->param(known.finding.rule, Action::kThrottle), "5/min");
    const CampaignRule& campaigns = *policy->campaigns;
    EXPECT_EQ(campaigns.options, (CampaignOptions{1'000, 600'000, 600'000, 70}));
    EXPECT_TRUE(campaigns.is_burst(80, 50));
    EXPECT_FALSE(campaigns.is_burst(79, 50));
    EXPECT_FALSE(campaigns.is_burst(80, 49));
    EXPECT_TRUE(campaigns.finding.shadow);
    EXPECT_EQ(policy->rules[campaigns.finding.rule].id, "bursts");
}

TEST_F(TemplatesPolicy, is_refused_with_a_place) {
    EXPECT_EQ(refused("[[templates]]\nfiles = \"known.csv\"\n"),
              "policy.toml:4: unknown key 'files' in 'templates[0]'; did you mean 'file'?");
    EXPECT_EQ(refused("[campaigns]\nsender = 3\n"),
              "policy.toml:4: unknown key 'sender' in 'campaigns'; did you mean 'senders'?");
    EXPECT_NE(refused("[[templates]]\nid = \"a\"\nfile = \"none.csv\"\naction = \"tag\"\n")
                  .find("policy.toml:5: '"),
              std::string::npos);
    for (const char* wrong : {"similarity = 29", "similarity = 101", "action = \"stop\"",
                              "action = \"throttle\"", "strict = 1", "risk = 1001"}) {
        const std::string action =
            std::string(wrong).starts_with("action") ? "" : "action = \"tag\"\n";
        EXPECT_NE(refused(kTemplates + action + wrong + "\n").find("policy.toml:"),
                  std::string::npos)
            << wrong;
    }
    for (const char* wrong :
         {"senders = 1", "senders = 501", "messages = 1", "window_s = 0", "window_s = 604801",
          "slots = 0", "slots = 16777217", "similarity = 29"})
        EXPECT_NE(
            refused("[campaigns]\naction = \"tag\"\n" + std::string(wrong) + "\n").find(":5: "),
            std::string::npos)
            << wrong;
    EXPECT_NE(refused("[campaigns]\nsenders = 3\n").find("no 'action'"), std::string::npos);
    EXPECT_EQ(refused("[campaigns]\nsenders = 3\naction = \"allow\"\n"),
              "policy.toml:5: a near-copy is never let through for being one; give 'action' tag or "
              "more, or remove 'campaigns'");
    EXPECT_EQ(refused(std::string(kTemplates) + "action = \"allow\"\n").rfind("policy.toml:6: ", 0),
              0u);
    EXPECT_NE(
        refused(std::string(kTemplates) + "action = \"tag\"\n" + kTemplates + "action = \"tag\"\n")
            .find("is taken by line 4"),
        std::string::npos);
    folder_.write("known.csv", "text\nshort\n");
    EXPECT_EQ(refused(std::string(kTemplates) + "action = \"tag\"\n").rfind("known.csv:2: ", 0),
              0u);
    folder_.write("known.csv", "text\n");
    EXPECT_EQ(
        refused(std::string(kTemplates) + "action = \"tag\"\n").rfind("known.csv: holds no", 0),
        0u);
}

TEST_F(TemplatesPolicy, is_linted) {
    EXPECT_TRUE(says(parse("[campaigns]\naction = \"tag\"\nmessages = 5\n"), LintKind::kNoEffect,
                     "policy.toml:3: campaigns ask for fewer messages than senders"));
    EXPECT_TRUE(says(parse("[campaigns]\naction = \"tag\"\nrate = \"5/s\"\n"), LintKind::kNoEffect,
                     "campaigns 'campaigns' has a rate"));
    const std::string known = std::string(kTemplates) + "action = \"tag\"\n";
    folder_.write("known.csv", "text\nshort\npay the fee for your parcel at once\n");
    EXPECT_TRUE(says(parse(known), LintKind::kBadRow, "known.csv:2: the text is too short"));
}

}  // namespace
}  // namespace ringfence
