// [senders] of a policy: its keys, its defaults, how it is refused, and what lint says of the register.
#include <gtest/gtest.h>

#include <algorithm>

#include "ringfence/policy/lint.hpp"
#include "ringfence/policy/policy.hpp"
#include "ringfence/source/time_text.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

class SendersPolicy : public testing::Test {
protected:
    SendersPolicy() { folder_.write("senders.csv", "sender,binds\nICBC,agg-1\n"); }
    Result<Policy> parse(const std::string& senders) const {
        return Policy::parse(
            "[screen]\ncountry = \"CN\"\n[[bind]]\nid = \"agg-1\"\n[senders]\n" + senders,
            folder_.path("policy.toml"));
    }
    std::string refused(const std::string& senders) const {
        const auto policy = parse(senders);
        return policy ? "" : policy.error().text.substr(folder_.path("").size());
    }
    // What lint says of the register with these rows, on 2026-03-01.
    std::vector<std::string> linted(const std::string& rows, const std::string& more = {}) const {
        folder_.write("senders.csv", rows);
        const auto policy = parse("file = \"senders.csv\"\n" + more);
        EXPECT_TRUE(policy) << policy.error().text;
        std::vector<std::string> lines;
        for (const LintFinding& one : lint(*policy, parse_time("2026-03-01")))
            lines.push_back(std::string(name_of(one.kind)) + ": " +
                            one.text.substr(folder_.path("").size()));
        return lines;
    }
    test::PolicyFolder folder_;
};

TEST_F(SendersPolicy, has_its_defaults) {
    const auto policy = parse("file = \"senders.csv\"\n");
    ASSERT_TRUE(policy) << policy.error().text;
    const SenderRule& rule = *policy->senders;
    EXPECT_EQ(rule.finding_of(SenderStanding::kUnregistered, false).action, Action::kTag);
    EXPECT_EQ(rule.finding_of(SenderStanding::kLookAlike, false).action, Action::kReject);
    EXPECT_EQ(rule.finding_of(SenderStanding::kWrongWay, false).action, Action::kReject);
    EXPECT_EQ(rule.finding_of(SenderStanding::kWrongWay, true).action, Action::kTag);
    EXPECT_EQ(rule.finding_of(SenderStanding::kRegistered, false).stage, Stage::kNone);
    EXPECT_EQ(rule.finding_of(SenderStanding::kNotJudged, false).stage, Stage::kNone);
    EXPECT_EQ(policy->rules[rule.look_alike.rule].id, "senders");
    EXPECT_EQ(policy->rules[rule.look_alike.rule].kind, RuleKind::kSenders);
    EXPECT_TRUE(lint(*policy).empty());
}

TEST_F(SendersPolicy, takes_every_key) {
    const auto policy = parse(
        "id = \"ssir\"\nfile = \"senders.csv\"\nstrict = true\nunregistered = \"allow\"\n"
        "look_alike = \"drop\"\nwrong_bind = \"hold\"\ncategory = \"spoof\"\nrisk = 800\n"
        "shadow = true\n");
    ASSERT_TRUE(policy) << policy.error().text;
    const SenderRule& rule = *policy->senders;
    EXPECT_EQ(rule.unregistered.stage, Stage::kNone);
    EXPECT_EQ(rule.look_alike.action, Action::kDrop);
    EXPECT_EQ(rule.wrong_way.action, Action::kHold);
    EXPECT_EQ(rule.wrong_way.risk, 800u);
    EXPECT_TRUE(rule.wrong_way.shadow);
    EXPECT_EQ(policy->rules[rule.wrong_way.rule].id, "ssir");
    EXPECT_EQ(policy->categories.name(rule.wrong_way.category), "spoof");
}

TEST_F(SendersPolicy, is_refused_with_a_place) {
    EXPECT_EQ(refused("file = \"senders.csv\"\nlookalike = \"tag\"\n"),
              "policy.toml:7: unknown key 'lookalike' in 'senders'; did you mean 'look_alike'?");
    EXPECT_NE(refused(""), "");
    EXPECT_NE(refused("file = \"none.csv\"\n").find("policy.toml:6: '"), std::string::npos)
        << refused("file = \"none.csv\"\n");
    for (const char* wrong : {"unregistered = \"throttle\"", "look_alike = \"no\"",
                              "wrong_bind = 1", "strict = 1", "risk = 1001", "rate = \"1/s\""})
        EXPECT_NE(refused("file = \"senders.csv\"\n" + std::string(wrong) + "\n").find(":7: "),
                  std::string::npos)
            << wrong;
    folder_.write("senders.csv", "sender\n*1#\nICBC\n");
    EXPECT_TRUE(refused("file = \"senders.csv\"\nstrict = true\n").starts_with("senders.csv:2: "));
    EXPECT_EQ(refused("file = \"senders.csv\"\n"), "");
    folder_.write("senders.csv", "sender\n*1#\n");
    EXPECT_TRUE(refused("file = \"senders.csv\"\n").starts_with("senders.csv:2: "));
}

TEST_F(SendersPolicy, lints_rows_that_disagree) {
    EXPECT_EQ(linted("sender,binds,until\nICBC,agg-1,\nicbc,,\n"),
              (std::vector<std::string>{"contradiction: senders.csv:3: 'ICBC' may come by any bind "
                                        "here, and by some on line 2: by any; end one before the "
                                        "other begins, or remove one"}));
    EXPECT_EQ(linted("sender,binds,until\nICBC,agg-1,\nICBC,agg-1,\n"),
              (std::vector<std::string>{"duplicate_entry: senders.csv:3: 'ICBC' is registered the "
                                        "same way on line 2; remove one"}));
    EXPECT_EQ(linted("sender,binds,until\nICBC,agg-1,2027-01-01\nICBC,agg-1,\n"),
              (std::vector<std::string>{
                  "duplicate_entry: senders.csv:3: 'ICBC' is registered the same way on line 2 for "
                  "some of the time; which end is meant? Keep one row"}));
    EXPECT_EQ(linted("sender,binds,since,until\nICBC,agg-1,,2026-06-01\nICBC,,2026-06-01,\n"),
              std::vector<std::string>{});
}

TEST_F(SendersPolicy, lints_expired_rows_and_look_alikes) {
    EXPECT_EQ(linted("sender,until\nICBC,2026-02-28\nCCB,2026-03-02\n"),
              (std::vector<std::string>{"due: senders.csv:2: the registration of 'ICBC' ended at "
                                        "2026-02-28T00:00:00Z; renew it or take the row out"}));
    EXPECT_EQ(
        linted("sender\nICBC\nCCB\nlCBC\n"),
        (std::vector<std::string>{"look_alike: senders.csv:4: 'lCBC' looks like 'ICBC' of line "
                                  "2; each passes as itself, and people cannot tell them "
                                  "apart"}));
}

TEST_F(SendersPolicy, lints_the_rest) {
    EXPECT_EQ(linted("sender\n").size(), 1u);
    EXPECT_TRUE(linted("sender\n")[0].starts_with("empty: senders.csv: holds no sender"));
    EXPECT_TRUE(linted("sender\nICBC\n*1#\n")[0].starts_with("bad_row: senders.csv:3: '*1#'"));
    EXPECT_TRUE(
        linted("sender,binds\n110,agg-1\n")[0].starts_with("emergency: senders.csv:2: '110' is"));
    EXPECT_EQ(linted("sender\n110\n"), std::vector<std::string>{});
    EXPECT_TRUE(
        linted("sender\nICBC\n",
               "unregistered = \"allow\"\nlook_alike = \"allow\"\nwrong_bind = \"allow\"\n")[0]
            .starts_with("no_effect: policy.toml:5: the register of senders allows"));
}

}  // namespace
}  // namespace ringfence
