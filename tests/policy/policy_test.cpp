#include "ringfence/policy/policy.hpp"

#include <gtest/gtest.h>

#include <string>

#include "policy/policy_text.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

using test::parsed;

constexpr std::uint8_t kCallingBit = 1;
constexpr std::uint8_t kCalledBit = 2;
constexpr std::uint8_t kTextBit = 4;

TEST(Policy, needs_no_more_than_a_country) {
    const Policy policy = parsed("");
    EXPECT_EQ(policy.country, CountryCode("CN"));
    EXPECT_EQ(policy.plan->country(), CountryCode("CN"));
    EXPECT_TRUE(policy.lists.empty());
    EXPECT_EQ(policy.rules.size(), 1u);
    EXPECT_EQ(policy.reassembly.slots, 4096u);
    EXPECT_EQ(policy.reassembly.timeout, Milliseconds(300'000));
    EXPECT_EQ(policy.behaviour.memory_bytes, std::size_t{64} << 20u);
    EXPECT_EQ(policy.behaviour.short_call_s, 10u);
    EXPECT_EQ(policy.regex_limits.seconds, 10u);
    EXPECT_EQ(policy.regex_limits.memory_mb, 1024u);
    EXPECT_EQ(policy.regex_limits.states, 600u);
    EXPECT_EQ(policy.regex_limits.program, "");
    EXPECT_EQ(policy.expiry.within, Milliseconds(60'000));
    for (unsigned i = 0; i < kFailureCauseCount; ++i)
        EXPECT_EQ(policy.failure.of(static_cast<FailureCause>(i)), Action::kAllow);
    Features busy;
    for (auto& value : busy.values) value = 4'000'000;
    EXPECT_FALSE(policy.activity_gate.open(busy));  // no rule, so nothing to look at
}

TEST(Policy, reads_the_example_of_the_design) {
    const test::ScratchDir folder;
    folder.file("zh.toml",
                "[pack]\nid = \"zh\"\nview = \"dense\"\n[[rule]]\nid = \"zh.likes\"\n"
                "category = \"task_rebate\"\naction = \"tag\"\ntext = [\"abc\"]\n"
                "must_match = [\"xabcx\"]\n");
    const std::string path = folder.file("policy.toml", R"(
[screen]      
country = "CN"
[[list]]
id = "fraud-cards"
file = "lists/fraud.csv"
action = "reject"
category = "fraud_card"
[[list]]
id = "partners"
file = "lists/allow.csv"
action = "allow"
tenant = 7
[[activity]]
id = "burst"
when = { calls_1h = ">=60", calls_per_callee = "<1.5" }
action = "challenge"
[[patterns]]
file = "zh.toml"
[failure]
feed_missing = "allow"
decode_error = "tag"
[codes.sip]
reject = 603
)");
    auto policy = Policy::load(path);
    ASSERT_TRUE(policy) << policy.error().text;
    ASSERT_EQ(policy->lists.size(), 2u);
    EXPECT_EQ(policy->lists[0].source.path, folder.path("lists/fraud.csv"));
    EXPECT_EQ(policy->lists[0].meaning.authority, Authority::kGlobal);
    EXPECT_EQ(policy->lists[0].meaning.parties, kCallingBit);
    EXPECT_EQ(policy->categories.name(policy->lists[0].meaning.category), "fraud_card");
    EXPECT_EQ(policy->lists[1].meaning.authority, Authority::kTenant);
    EXPECT_EQ(policy->lists[1].meaning.tenant, 7u);
    EXPECT_EQ(policy->failure.of(FailureCause::kDecodeError), Action::kTag);
    EXPECT_EQ(policy->codes.sip.of(Action::kReject, Reason::kGlobalList), 603u);
    EXPECT_EQ(policy->codes.sip.of(Action::kReject, Reason::kPersonalList), 607u);

    EXPECT_EQ(policy->rules.size(), 5u);
    EXPECT_EQ(policy->rules[policy->rule_of_list(1)].id, "partners");
    EXPECT_EQ(policy->rules[policy->rule_of_activity(0)].id, "burst");
    EXPECT_EQ(policy->rules[policy->rule_of_pattern(0)].id, "zh.likes");
    EXPECT_EQ(policy->find_list("partners"), 1u);
    EXPECT_FALSE(policy->find_list("partner"));
}

TEST(Policy, tells_every_kind_of_owner) {
    const Policy policy = parsed(R"(
[[list]]
id = "a"
file = "a.csv"
action = "reject"
authority = "police"
[[list]]
id = "b"
file = "b.csv"
action = "reject"
authority = "card_state"
party = ["calling", "called"]
[[list]]
id = "c"
file = "c.csv"
action = "allow"
subscriber = "138 0000 1234"
[[list]]
id = "d"
file = "d.csv"
action = "allow"
authority = "tenant"
tenant = 9
shadow = true
[[list]]
id = "e"
file = "e.csv"
keys = "domain"
[[list]]
id = "f"
file = "f.csv"
action = "reject"
party = ["called", "text"]
enabled = false
[[list]]
id = "g"
file = "g.csv"
action = "reject"
party = "text"
)");
    ASSERT_EQ(policy.lists.size(), 7u);
    const auto meaning = [&](std::size_t i) { return policy.lists[i].meaning; };
    EXPECT_EQ(meaning(0).finding(Party::kCalling, 255).reason, Reason::kPoliceOrder);
    EXPECT_EQ(meaning(0).finding(Party::kCalling, 255).stage, Stage::kOrder);
    EXPECT_EQ(meaning(1).finding(Party::kCalled, 255).reason, Reason::kCardState);
    EXPECT_EQ(meaning(1).parties, kCallingBit | kCalledBit);
    EXPECT_EQ(meaning(2).subscriber, Number::from_digits("8613800001234"));
    EXPECT_EQ(meaning(2).finding(Party::kCalling, 7).stage, Stage::kPersonal);
    EXPECT_EQ(meaning(3).finding(Party::kCalling, 7).reason, Reason::kTenantList);
    EXPECT_TRUE(meaning(3).finding(Party::kCalling, 7).shadow);
    EXPECT_EQ(meaning(4).parties, kTextBit);
    EXPECT_EQ(meaning(4).finding(Party::kText, 255).action, Action::kTag);
    EXPECT_EQ(meaning(4).finding(Party::kText, 255).reason, Reason::kTextList);
    EXPECT_EQ(meaning(5).finding(Party::kCalled, 255).action, Action::kReject);
    EXPECT_EQ(meaning(5).finding(Party::kText, 255).action, Action::kTag);
    EXPECT_FALSE(meaning(5).concerns(Party::kCalled, 0, {}));  // disabled
    EXPECT_EQ(meaning(6).finding(Party::kText, 255).action, Action::kReject);
}

TEST(Policy, keeps_lists_to_their_owner) {
    ListMeaning meaning;
    meaning.parties = kCallingBit;
    EXPECT_TRUE(meaning.concerns(Party::kCalling, 0, {}));
    EXPECT_FALSE(meaning.concerns(Party::kCalled, 0, {}));
    meaning.tenant = 7;
    EXPECT_TRUE(meaning.concerns(Party::kCalling, 7, {}));
    EXPECT_FALSE(meaning.concerns(Party::kCalling, 8, {}));
    EXPECT_FALSE(meaning.concerns(Party::kCalling, 0, {}));
    meaning.tenant = 0;
    meaning.subscriber = Number::from_digits("8613800001234");
    EXPECT_TRUE(meaning.concerns(Party::kCalling, 3, meaning.subscriber));
    EXPECT_FALSE(meaning.concerns(Party::kCalling, 3, Number::from_digits("8613800001235")));
}

TEST(Policy, gives_each_sub_list_its_meaning) {
    Policy policy = parsed(R"(
[[list]]
id = "a"
file = "a.csv"
action = "reject"
category = "fraud"
party = ["calling", "text"]
[[list]]
id = "b"
file = "b.csv"
party = ["text"]
)");
    SubLists sub_lists(2);
    const auto tag = sub_lists.index_of(0, Action::kTag, "");
    const auto gambling = sub_lists.index_of(0, {}, "gambling");
    const auto text = sub_lists.index_of(1, Action::kReject, "");
    const auto meanings = policy.meanings(sub_lists);
    ASSERT_TRUE(meanings);
    ASSERT_EQ(meanings->size(), 5u);
    EXPECT_EQ((*meanings)[0].action, Action::kReject);
    EXPECT_EQ((*meanings)[*tag].action, Action::kTag);
    EXPECT_EQ(policy.categories.name((*meanings)[*tag].category), "fraud");
    EXPECT_EQ((*meanings)[*gambling].action, Action::kReject);
    EXPECT_EQ(policy.categories.name((*meanings)[*gambling].category), "gambling");
    EXPECT_EQ((*meanings)[*gambling].text_action, Action::kTag);
    EXPECT_EQ((*meanings)[*text].text_action, Action::kReject);
    EXPECT_EQ((*meanings)[*text].rule, policy.rule_of_list(1));
}

TEST(Policy, reads_behaviour_rules_and_their_gate) {
    const Policy policy = parsed(R"(
[[activity]]
id = "burst"
when = { calls_1h = [">=60", "<5000"], calls_per_callee = "<1.5" }
action = "throttle"
rate = "10/min"
risk = 700
[[activity]]
id = "sms"
when = { sms_24h = ">200" }
action = "divert"
destination = "+8696110"
shadow = true
)");
    ASSERT_EQ(policy.activity.size(), 2u);
    const ActivityRule& burst = policy.activity[0];
    EXPECT_EQ(burst.when.size(), 3u);
    EXPECT_EQ(burst.finding.stage, Stage::kBehaviour);
    EXPECT_EQ(burst.finding.rule, policy.rule_of_activity(0));
    EXPECT_EQ(burst.finding.risk, 700);
    EXPECT_EQ(policy.param(burst.finding.rule, Action::kThrottle), "10/min");
    EXPECT_EQ(policy.param(burst.finding.rule, Action::kReject), "");
    EXPECT_EQ(policy.param(policy.rule_of_activity(1), Action::kDivert), "+8696110");
    EXPECT_EQ(policy.param(99, Action::kDivert), "");
    EXPECT_TRUE(policy.activity[1].finding.shadow);
    Features features;
    EXPECT_FALSE(burst.gate.open(features));
    features[Feature::kCalls24h] = 60'000;
    EXPECT_TRUE(burst.gate.open(features));
    EXPECT_TRUE(policy.activity_gate.open(Features{}));  // one rule counts calls, the other SMS
}

TEST(Policy, reads_trunks_binds_and_regions) {
    const Policy policy = parsed(R"(
[[trunk]]
id = "sz-gov"
kind = "national"
format = "auto"
cli = ["+86755"]
protected = ["96110"]
[[trunk]]
id = "igw-1"
kind = "international"
format = "e164"
[[bind]]
id = "aggregator-3"
default_alphabet = "latin1"
senders = ["ICBC", "95588"]
trunk = "sz-gov"
[[bind]]
id = "any"
packed = true
[caller_id]
regions = ["MM", "KH", "AE"]
)");
    ASSERT_EQ(policy.trunks.size(), 2u);
    EXPECT_EQ(policy.trunks[0].rules.cli, std::vector<std::string>{"86755"});
    EXPECT_EQ(policy.trunks[0].rules.protected_numbers,
              std::vector<Number>{Number::from_digits("8696110")});
    EXPECT_EQ(policy.trunks[1].rules.kind, TrunkKind::kInternational);
    EXPECT_EQ(policy.trunks[1].rules.format, TrunkFormat::kE164);
    EXPECT_EQ(policy.find_trunk("igw-1"), 1u);
    ASSERT_EQ(policy.binds.size(), 2u);
    EXPECT_EQ(policy.binds[0].default_alphabet, BindAlphabet::kLatin1);
    EXPECT_TRUE(policy.binds[0].may_send("icbc"));
    EXPECT_TRUE(policy.binds[0].may_send("95588"));
    EXPECT_FALSE(policy.binds[0].may_send("icbc2"));
    EXPECT_EQ(policy.binds[0].trunk, 0u);
    EXPECT_TRUE(policy.binds[1].may_send("anyone"));
    EXPECT_TRUE(policy.binds[1].packed);
    EXPECT_EQ(policy.find_bind("any"), 1u);
    EXPECT_EQ(policy.regions,
              (std::vector<CountryCode>{CountryCode("AE"), CountryCode("KH"), CountryCode("MM")}));
}

TEST(Policy, finds_paths_from_the_file_it_stands_in) {
    const Policy policy = parsed(
        "journal = \"../state/live.journal\"\n"
        "[[list]]\nid = \"a\"\nfile = \"/srv/a.csv\"\naction = \"tag\"\n"
        "[[list]]\nid = \"b\"\nfile = \"b.csv\"\naction = \"tag\"\n");
    EXPECT_EQ(policy.journal_path, "state/live.journal");
    EXPECT_EQ(policy.lists[0].source.path, "/srv/a.csv");
    EXPECT_EQ(policy.lists[1].source.path, "conf/b.csv");
}

TEST(Policy, turns_single_rules_of_a_pack_off) {
    const test::ScratchDir folder;
    folder.file("p.toml",
                "[pack]\nid = \"p\"\nview = \"dense\"\n"
                "[[rule]]\nid = \"p.one\"\ncategory = \"c\"\naction = \"throttle\"\n"
                "text = [\"abc\"]\nmust_match = [\"abc\"]\n"
                "[[rule]]\nid = \"p.two\"\ncategory = \"c\"\naction = \"reject\"\nshadow = true\n"
                "text = [\"abd\"]\nmust_match = [\"abd\"]\n");
    const auto load = [&](std::string_view text) {
        return Policy::load(
            folder.file("policy.toml", std::string(test::kChina) + std::string(text)));
    };
    const auto policy =
        load("[[patterns]]\nfile = \"p.toml\"\nrate = \"5/h\"\ndisable = [\"p.one\"]\n");
    ASSERT_TRUE(policy) << policy.error().text;
    EXPECT_EQ(policy->pattern_finding(0).stage, Stage::kNone);
    EXPECT_EQ(policy->pattern_finding(1).stage, Stage::kContent);
    EXPECT_TRUE(policy->pattern_finding(1).shadow);
    EXPECT_EQ(policy->param(policy->rule_of_pattern(0), Action::kThrottle), "5/h");

    const auto dangling =
        load("[[patterns]]\nfile = \"p.toml\"\nrate = \"5/h\"\ndisable = [\"p.on\"]\n");
    ASSERT_FALSE(dangling);
    EXPECT_EQ(dangling.error().code, ErrorCode::kDangling);
    EXPECT_NE(
        dangling.error().text.find("policy.toml:6: the pack has no rule 'p.on' to disable; did "
                                   "you mean 'p.one'?"),
        std::string::npos)
        << dangling.error().text;
    const auto rateless = load("[[patterns]]\nfile = \"p.toml\"\n");
    ASSERT_FALSE(rateless);
    EXPECT_NE(rateless.error().text.find("needs a rate"), std::string::npos);
    const auto twice = load(
        "[[list]]\nid = \"p.two\"\nfile = \"a\"\naction = \"tag\"\n"
        "[[patterns]]\nfile = \"p.toml\"\nrate = \"5/h\"\n");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code, ErrorCode::kDuplicate);
    const auto absent = load("[[patterns]]\nfile = \"q.toml\"\n");
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, ErrorCode::kUnreadable);
    EXPECT_NE(absent.error().text.find("q.toml"), std::string::npos);
}

TEST(Policy, limits_the_compiler_of_regular_expressions) {
    const Policy policy = test::parsed(
        "[regex]\ncompile_seconds = 60\ncompile_mb = 2048\ncompile_states = 900\n"
        "program = \"libexec/compiler\"\n");
    EXPECT_EQ(policy.regex_limits.states, 900u);
    EXPECT_EQ(policy.regex_limits.seconds, 60u);
    EXPECT_EQ(policy.regex_limits.memory_mb, 2048u);
    EXPECT_EQ(policy.regex_limits.program, "conf/libexec/compiler");
    EXPECT_FALSE(policy.regex_limits.here);
    const Policy without = test::parsed("[regex]\nprogram = \"\"\n");
    EXPECT_TRUE(without.regex_limits.here);
    EXPECT_EQ(without.regex_limits.program, "");
    EXPECT_EQ(without.regex_line, 0u);
}

TEST(Policy, loads_under_every_country_that_has_a_plan) {
    for (const DialPlan& plan : DialPlan::all()) {
        const auto policy = Policy::parse(
            "[screen]\ncountry = \"" + std::string(plan.country().text()) + "\"\n", "p.toml");
        ASSERT_TRUE(policy);
        EXPECT_FALSE(policy->plan->emergency_numbers().empty());
    }
}

}  // namespace
}  // namespace ringfence
