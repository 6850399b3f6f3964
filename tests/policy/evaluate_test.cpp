#include "ringfence/policy/evaluate.hpp"
#include "base/deep.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "policy/evaluate_model.hpp"
#include "policy/random_findings.hpp"
#include "ringfence/policy/trace.hpp"

namespace ringfence {
namespace {

constexpr std::uint8_t kExact = Finding::kExactSpecificity;

Finding finding(Stage stage, Action action, std::uint8_t specificity = kExact,
                Party party = Party::kCalling) {
    Finding made;
    made.stage = stage;
    made.action = action;
    made.specificity = specificity;
    made.party = party;
    made.reason = Reason::kGlobalList;
    made.rule = 7;
    return made;
}

Finding shadow(Finding made) {
    made.shadow = true;
    return made;
}

Action action_of(const std::vector<Finding>& findings) { return evaluate(findings, {}).action; }

TEST(Evaluate, finds_nothing_in_nothing) {
    const Verdict verdict = evaluate({}, {.change = 5, .generation = 3, .flags = 0});
    EXPECT_EQ(verdict.action, Action::kAllow);
    EXPECT_EQ(verdict.stage, Stage::kNone);
    EXPECT_EQ(verdict.change, 5u);
    EXPECT_EQ(verdict.generation, 3u);
}

TEST(Evaluate, lets_each_tier_go_before_the_next) {
    const Stage tiers[] = {Stage::kPersonal, Stage::kTenant, Stage::kGlobal, Stage::kBehaviour,
                           Stage::kContent};
    for (std::size_t high = 0; high < std::size(tiers); ++high) {
        for (std::size_t low = high + 1; low < std::size(tiers); ++low) {
            EXPECT_EQ(action_of({finding(tiers[low], Action::kReject),
                                 finding(tiers[high], Action::kAllow, 3)}),
                      Action::kAllow);
            EXPECT_EQ(action_of({finding(tiers[low], Action::kAllow),
                                 finding(tiers[high], Action::kReject, 3)}),
                      Action::kReject);
        }
    }
}

TEST(Evaluate, allows_an_emergency_before_everything) {
    const Verdict verdict =
        evaluate(std::vector{finding(Stage::kOrder, Action::kDrop),
                             shadow(emergency_finding(Reason::kEmergencyCalled)),
                             finding(Stage::kCallerId, Action::kReject)},
                 {});
    EXPECT_EQ(verdict.action, Action::kAllow);
    EXPECT_EQ(verdict.reason, Reason::kEmergencyCalled);
    EXPECT_TRUE(verdict.has(VerdictFlag::kEmergency));
    EXPECT_FALSE(verdict.has(VerdictFlag::kShadow));
}

TEST(Evaluate, only_tags_who_is_called_back_after_an_emergency) {
    const Finding window = emergency_finding(Reason::kEmergencyCallback);
    Finding block = finding(Stage::kOrder, Action::kReject);
    block.rule = 12;
    const Verdict verdict = evaluate(std::vector{block, window}, {});
    EXPECT_EQ(verdict.action, Action::kTag);
    EXPECT_EQ(verdict.reason, Reason::kEmergencyCallback);
    EXPECT_EQ(verdict.stage, Stage::kEmergency);
    EXPECT_EQ(verdict.rule, 12u);

    EXPECT_EQ(action_of({window}), Action::kAllow);
    EXPECT_EQ(action_of({window, finding(Stage::kGlobal, Action::kAllow)}), Action::kAllow);
    const Verdict tagged = evaluate(std::vector{window, finding(Stage::kGlobal, Action::kTag)}, {});
    EXPECT_EQ(tagged.reason, Reason::kGlobalList);
    EXPECT_TRUE(tagged.has(VerdictFlag::kEmergency));
}

TEST(Evaluate, lifts_no_order_no_card_state_and_no_certain_spoof) {
    for (const Stage firm : {Stage::kOrder, Stage::kCallerId}) {
        for (const Stage list : {Stage::kPersonal, Stage::kTenant, Stage::kGlobal})
            EXPECT_EQ(action_of({finding(list, Action::kAllow), finding(firm, Action::kReject, 0)}),
                      Action::kReject);
        EXPECT_EQ(action_of({finding(firm, Action::kAllow), finding(firm, Action::kReject, 0)}),
                  Action::kReject);
    }
    EXPECT_EQ(action_of({finding(Stage::kOrder, Action::kAllow),
                         finding(Stage::kCallerId, Action::kReject)}),
              Action::kReject);
}

TEST(Evaluate, takes_the_exact_entry_before_the_longer_prefix_before_the_shorter) {
    const auto allow = [](std::uint8_t n) { return finding(Stage::kGlobal, Action::kAllow, n); };
    const auto block = [](std::uint8_t n) { return finding(Stage::kGlobal, Action::kReject, n); };
    EXPECT_EQ(action_of({allow(7), block(kExact)}), Action::kReject);
    EXPECT_EQ(action_of({block(7), allow(kExact)}), Action::kAllow);
    EXPECT_EQ(action_of({block(7), allow(8)}), Action::kAllow);
    EXPECT_EQ(action_of({allow(7), block(8)}), Action::kReject);
    EXPECT_EQ(action_of({allow(1), block(Finding::kPatternSpecificity)}), Action::kAllow);
}

TEST(Evaluate, tags_an_allow_against_a_block_at_the_same_place) {
    Finding block = finding(Stage::kGlobal, Action::kReject, 7);
    block.rule = 3;
    const std::vector<Finding> both{finding(Stage::kGlobal, Action::kAllow, 7), block};
    const Verdict verdict = evaluate(both, {});
    EXPECT_EQ(verdict.action, Action::kTag);
    EXPECT_EQ(verdict.rule, 3u);
}

TEST(Evaluate, takes_the_milder_of_two_blocks_at_the_same_place) {
    EXPECT_EQ(action_of({finding(Stage::kGlobal, Action::kDrop),
                         finding(Stage::kGlobal, Action::kChallenge),
                         finding(Stage::kGlobal, Action::kReject)}),
              Action::kChallenge);
}

TEST(Evaluate, lets_the_severer_party_stand) {
    const auto calling = [](Action action) { return finding(Stage::kTenant, action); };
    const auto called = [](Action action) {
        return finding(Stage::kTenant, action, 3, Party::kCalled);
    };
    EXPECT_EQ(action_of({calling(Action::kAllow), called(Action::kReject)}), Action::kReject);
    EXPECT_EQ(action_of({calling(Action::kReject), called(Action::kAllow)}), Action::kReject);
    EXPECT_EQ(action_of({calling(Action::kHold), called(Action::kReject)}), Action::kReject);
    EXPECT_EQ(
        action_of({calling(Action::kAllow), calling(Action::kReject), called(Action::kAllow)}),
        Action::kTag);
}

TEST(Evaluate, takes_a_tag_only_when_nothing_else_was_found) {
    const Finding tag = finding(Stage::kPersonal, Action::kTag);
    EXPECT_EQ(action_of({tag}), Action::kTag);
    EXPECT_EQ(action_of({tag, finding(Stage::kContent, Action::kReject, 0)}), Action::kReject);
    EXPECT_EQ(action_of({tag, finding(Stage::kPersonal, Action::kAllow, 3)}), Action::kAllow);
    EXPECT_EQ(action_of({tag, finding(Stage::kGlobal, Action::kAllow, 3, Party::kCalled)}),
              Action::kAllow);
}

TEST(Evaluate, lets_a_failure_pass_unless_the_policy_says_otherwise) {
    Finding failure = finding(Stage::kFailure, Action::kAllow, 0);
    failure.reason = Reason::kFeedStale;
    const Verdict open = evaluate(std::vector{failure}, {});
    EXPECT_EQ(open.action, Action::kAllow);
    EXPECT_EQ(open.reason, Reason::kFeedStale);
    EXPECT_TRUE(open.has(VerdictFlag::kDegraded));
    EXPECT_TRUE(open.has(VerdictFlag::kStale));
    EXPECT_EQ(action_of({failure, finding(Stage::kCallerId, Action::kTag)}), Action::kTag);

    failure.action = Action::kReject;
    EXPECT_EQ(action_of({failure}), Action::kReject);
    EXPECT_EQ(action_of({failure, finding(Stage::kGlobal, Action::kAllow)}), Action::kAllow);
}

TEST(Evaluate, shows_what_a_shadow_rule_would_have_done) {
    const Verdict verdict = evaluate(std::vector{shadow(finding(Stage::kGlobal, Action::kReject)),
                                                 finding(Stage::kContent, Action::kTag, 0)},
                                     {});
    EXPECT_EQ(verdict.action, Action::kTag);
    EXPECT_TRUE(verdict.has(VerdictFlag::kShadow));
    EXPECT_EQ(verdict.shadow_action, Action::kReject);

    const Verdict same = evaluate(std::vector{shadow(finding(Stage::kGlobal, Action::kReject)),
                                              finding(Stage::kContent, Action::kReject, 0)},
                                  {});
    EXPECT_FALSE(same.has(VerdictFlag::kShadow));
}

TEST(Evaluate, keeps_the_flags_that_were_known_before) {
    const auto partial = static_cast<std::uint16_t>(VerdictFlag::kPartial);
    EXPECT_EQ(evaluate({}, {.flags = partial}).flags, partial);
    EXPECT_EQ(
        evaluate(std::vector{finding(Stage::kGlobal, Action::kReject)}, {.flags = partial}).flags,
        partial);
}

TEST(Evaluate, gives_what_the_plain_model_gives) {
    const unsigned seed = 20260301;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const int rounds = test::deep() ? 20'000'000 : 300'000;
    for (int round = 0; round < rounds; ++round) {
        const std::vector<Finding> findings = random_findings(random);
        const EvaluateContext context{.change = random(), .generation = 4, .flags = 8};
        ASSERT_EQ(evaluate(findings, context), model::evaluate(findings, context))
            << describe(findings);
    }
}

TEST(Evaluate, does_not_depend_on_the_order_of_unequal_findings) {
    const unsigned seed = 77;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    for (int round = 0; round < 50'000; ++round) {
        std::vector<Finding> findings = random_findings(random);
        for (std::size_t i = 0; i < findings.size(); ++i)
            findings[i].rule = static_cast<std::uint32_t>(i);  // no two are equal
        std::erase_if(findings, [](const Finding& f) { return f.stage == Stage::kEmergency; });
        const Verdict before = evaluate(findings, {});
        std::shuffle(findings.begin(), findings.end(), random);
        ASSERT_EQ(evaluate(findings, {}), before) << describe(findings);
    }
}

}  // namespace
}  // namespace ringfence
