#include "ringfence/policy/codes.hpp"

#include <gtest/gtest.h>

#include "policy/policy_text.hpp"

namespace ringfence {
namespace {

TEST(Codes, are_those_of_the_standards_unless_the_policy_says_otherwise) {
    const Codes codes = Codes::defaults();
    EXPECT_EQ(codes.sip.of(Action::kReject, Reason::kPattern), 608u);
    EXPECT_EQ(codes.sip.of(Action::kDrop, Reason::kPattern), 608u);
    EXPECT_EQ(codes.sip.of(Action::kReject, Reason::kPersonalList), 607u);
    EXPECT_EQ(codes.sip.of(Action::kReject, Reason::kCliMissing), 433u);
    EXPECT_EQ(codes.sip.of(Action::kReject, Reason::kCliVerstatFailed), 438u);
    EXPECT_EQ(codes.q850.of(Action::kReject, Reason::kGlobalList), 21u);
    EXPECT_EQ(codes.q850.of(Action::kReject, Reason::kCliMissing), 24u);
    EXPECT_EQ(codes.smpp.of(Action::kReject, Reason::kPattern), 0x45u);
    EXPECT_EQ(codes.smpp.of(Action::kThrottle, Reason::kActivity), 0x58u);
    EXPECT_EQ(codes.smpp.of(Action::kReject, Reason::kCliLookAlike), 0x0Au);
    EXPECT_EQ(codes.smpp_deliver.of(Action::kReject, Reason::kPattern), 0x66u);
    EXPECT_EQ(codes.smpp_deliver.of(Action::kThrottle, Reason::kPattern), 0x64u);
}

TEST(Codes, send_nothing_for_what_passes) {
    const Codes codes = Codes::defaults();
    for (const CodeMap* map : {&codes.sip, &codes.q850, &codes.smpp, &codes.smpp_deliver}) {
        EXPECT_EQ(map->of(Action::kAllow, Reason::kPersonalList), 0u);
        EXPECT_EQ(map->of(Action::kTag, Reason::kPersonalList), 0u);
        EXPECT_EQ(map->of(Action::kHold, Reason::kPattern), 0u);
        EXPECT_NE(map->of(Action::kReject, Reason::kPattern), 0u);
        EXPECT_NE(map->of(Action::kDrop, Reason::kPattern), 0u);
    }
}

TEST(Codes, are_overridden_by_action_and_by_reason) {
    const Policy policy = test::parsed(
        "[codes.sip]\nreject = 603\npersonal_list = 606\ndivert = 302\npolice_order = 403\n"
        "cli_missing = 0\n[codes.smpp]\nreject = 0x400\n");
    EXPECT_EQ(policy.codes.sip.of(Action::kReject, Reason::kPattern), 603u);
    EXPECT_EQ(policy.codes.sip.of(Action::kDrop, Reason::kPattern), 608u);
    EXPECT_EQ(policy.codes.sip.of(Action::kReject, Reason::kPersonalList), 606u);
    EXPECT_EQ(policy.codes.sip.of(Action::kReject, Reason::kPoliceOrder), 403u);
    EXPECT_EQ(policy.codes.sip.of(Action::kDivert, Reason::kPattern), 302u);
    EXPECT_EQ(policy.codes.sip.of(Action::kReject, Reason::kCliMissing), 0u);
    EXPECT_EQ(policy.codes.smpp.of(Action::kReject, Reason::kPattern), 0x400u);
    EXPECT_EQ(policy.codes.q850.of(Action::kReject, Reason::kPattern), 21u);
}

}  // namespace
}  // namespace ringfence
