#include "ringfence/policy/trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "policy/random_findings.hpp"

namespace ringfence {
namespace {

Finding finding(Stage stage, Action action, std::uint8_t specificity,
                Party party = Party::kCalling) {
    Finding made;
    made.stage = stage;
    made.action = action;
    made.specificity = specificity;
    made.party = party;
    return made;
}

// The fate of each finding, by its place in the input.
std::vector<Fate> fates(const std::vector<Finding>& findings) {
    std::vector<Fate> all(findings.size());
    for (const TracedFinding& traced : trace(findings, {}).findings)
        all[traced.index] = traced.fate;
    return all;
}

TEST(Trace, says_what_kept_each_finding_from_deciding) {
    EXPECT_EQ(fates({finding(Stage::kContent, Action::kReject, 0),
                     finding(Stage::kGlobal, Action::kReject, 3),
                     finding(Stage::kGlobal, Action::kAllow, 255),
                     finding(Stage::kCallerId, Action::kTag, 0)}),
              (std::vector{Fate::kHigherTier, Fate::kLessSpecific, Fate::kWon, Fate::kTagOnly}));
    EXPECT_EQ(fates({finding(Stage::kGlobal, Action::kAllow, 7),
                     finding(Stage::kGlobal, Action::kReject, 7),
                     finding(Stage::kGlobal, Action::kDrop, 7)}),
              (std::vector{Fate::kConflictAllow, Fate::kWonAsConflict, Fate::kMilderStands}));
    EXPECT_EQ(fates({finding(Stage::kGlobal, Action::kAllow, 7),
                     finding(Stage::kGlobal, Action::kReject, 3, Party::kCalled)}),
              (std::vector{Fate::kOtherParty, Fate::kWon}));
    EXPECT_EQ(fates({finding(Stage::kOrder, Action::kAllow, 7),
                     finding(Stage::kOrder, Action::kReject, 3),
                     emergency_finding(Reason::kEmergencyCallback)}),
              (std::vector{Fate::kNoAllowHere, Fate::kCapped, Fate::kCap}));
    EXPECT_EQ(fates({finding(Stage::kFailure, Action::kAllow, 0),
                     finding(Stage::kContent, Action::kTag, 0),
                     finding(Stage::kContent, Action::kTag, 0)}),
              (std::vector{Fate::kNeutral, Fate::kWon, Fate::kEqual}));
}

TEST(Trace, lists_findings_in_the_order_of_precedence) {
    const auto traced = trace(std::vector{finding(Stage::kContent, Action::kTag, 0),
                                          finding(Stage::kGlobal, Action::kReject, 3),
                                          finding(Stage::kGlobal, Action::kReject, 255),
                                          emergency_finding(Reason::kEmergencyCalled)},
                              {});
    std::vector<std::uint32_t> order;
    for (const auto& one : traced.findings) order.push_back(one.index);
    EXPECT_EQ(order, (std::vector<std::uint32_t>{3, 2, 1, 0}));
    EXPECT_EQ(place_of(traced.findings[1].finding), "exact");
    EXPECT_EQ(place_of(traced.findings[2].finding), "prefix of 3");
    EXPECT_EQ(place_of(traced.findings[3].finding), "pattern");
}

TEST(Trace, names_one_winner_and_it_is_the_verdicts) {
    const unsigned seed = 5;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::map<Fate, int> seen;
    for (int round = 0; round < 50'000; ++round) {
        const auto findings = random_findings(random);
        const Trace traced = trace(findings, {});
        ASSERT_EQ(traced.verdict, evaluate(findings, {}));
        ASSERT_EQ(traced.findings.size(), findings.size());
        int winners = 0;
        for (const auto& one : traced.findings) {
            ++seen[one.fate];
            ASSERT_FALSE(why(one.fate).empty());
            if (one.fate != Fate::kWon && one.fate != Fate::kWonAsConflict &&
                one.fate != Fate::kCapped)
                continue;
            ++winners;
            ASSERT_EQ(one.finding.rule, traced.verdict.rule) << describe(findings);
            ASSERT_EQ(one.finding.match_offset, traced.verdict.match_offset);
        }
        ASSERT_EQ(winners, traced.verdict.stage == Stage::kNone ? 0 : 1) << describe(findings);
    }
    EXPECT_EQ(seen.size(), 15u);  // every fate comes up
}

}  // namespace
}  // namespace ringfence
