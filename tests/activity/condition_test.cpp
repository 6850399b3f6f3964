#include "ringfence/activity/condition.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace ringfence {
namespace {

ActivityCondition read(std::string_view feature, std::string_view comparison) {
    const auto condition = ActivityCondition::parse(feature, comparison);
    EXPECT_TRUE(condition) << (condition ? "" : condition.error().text);
    return condition ? *condition : ActivityCondition{};
}

std::string refusal(std::string_view feature, std::string_view comparison) {
    const auto condition = ActivityCondition::parse(feature, comparison);
    return condition ? "read" : condition.error().text;
}

TEST(ActivityCondition, reads_every_comparison) {
    EXPECT_EQ(read("calls_1h", ">=60"),
              (ActivityCondition{Feature::kCalls1h, Comparator::kAtLeast, 60'000}));
    EXPECT_EQ(read("calls_per_callee", "<1.5"),
              (ActivityCondition{Feature::kCallsPerCallee, Comparator::kBelow, 1500}));
    EXPECT_EQ(read("out_share", " <= 0.8 "),
              (ActivityCondition{Feature::kOutShare, Comparator::kAtMost, 800}));
    EXPECT_EQ(read("imeis", ">4"), (ActivityCondition{Feature::kImeis, Comparator::kAbove, 4000}));
    EXPECT_EQ(read("sms_24h", "==0"), (ActivityCondition{Feature::kSms24h, Comparator::kEqual, 0}));
    EXPECT_EQ(read("sms_24h", "= 1.125"),
              (ActivityCondition{Feature::kSms24h, Comparator::kEqual, 1125}));
    EXPECT_EQ(read("calls_24h", ">=4000000").value, 4'000'000'000u);
}

TEST(ActivityCondition, knows_every_feature_by_its_name) {
    for (unsigned i = 0; i < kFeatureCount; ++i) {
        const auto feature = static_cast<Feature>(i);
        EXPECT_EQ(feature_from_name(name_of(feature)), feature);
    }
    EXPECT_EQ(feature_names().size(), kFeatureCount);
    EXPECT_FALSE(feature_from_name("calls_2h"));
    EXPECT_FALSE(feature_from_name(""));
}

TEST(ActivityCondition, says_what_is_wrong_and_how_to_write_it) {
    EXPECT_EQ(refusal("call_1h", ">=60"),
              "no activity feature is called 'call_1h'; did you mean 'calls_1h'?");
    EXPECT_EQ(
        refusal("calls_1h", "60"),
        "calls_1h = \"60\" has no comparison (>= > <= < ==); write it like \">=60\" or \"<1.5\"");
    for (const char* bad :
         {"", ">=", ">=x", ">=-1", ">=1.", ">=.5", ">=1.2.3", ">=1e3", "=>5", "><5", ">= 5 calls",
          "\xEF\xBC\x9E"
          "5"})
        EXPECT_NE(refusal("calls_1h", bad), "read") << bad;
    EXPECT_NE(refusal("calls_1h", ">=1.2345").find("three decimals"), std::string::npos);
    EXPECT_NE(refusal("calls_1h", ">=4000001").find("over 4,000,000"), std::string::npos);
    EXPECT_NE(refusal("calls_1h", ">=" + std::string(100'000, '9')).find("over 4,000,000"),
              std::string::npos);
    EXPECT_EQ(ActivityCondition::parse("zz", ">1").error().code, ErrorCode::kUnknownKey);
}

TEST(ActivityCondition, compares_in_thousandths) {
    Features features;
    features[Feature::kCallsPerCallee] = 1499;
    EXPECT_TRUE(read("calls_per_callee", "<1.5").holds(features));
    features[Feature::kCallsPerCallee] = 1500;
    EXPECT_FALSE(read("calls_per_callee", "<1.5").holds(features));
    EXPECT_TRUE(read("calls_per_callee", "<=1.5").holds(features));
    EXPECT_TRUE(read("calls_per_callee", ">=1.5").holds(features));
    EXPECT_FALSE(read("calls_per_callee", ">1.5").holds(features));
    EXPECT_TRUE(read("calls_per_callee", "==1.5").holds(features));
}

TEST(ActivityCondition, a_rule_holds_when_all_of_it_does) {
    const std::vector<ActivityCondition> rule = {read("calls_1h", ">=60"),
                                                 read("calls_per_callee", "<1.5")};
    Features features;
    features[Feature::kCalls1h] = 60'000;
    features[Feature::kCallsPerCallee] = 1100;
    EXPECT_TRUE(holds(rule, features));
    features[Feature::kCallsPerCallee] = 3000;
    EXPECT_FALSE(holds(rule, features));
}

TEST(ActivityGate, is_closed_below_the_smallest_count) {
    const std::vector<ActivityCondition> rule = {read("calls_1h", ">=60"), read("calls_24h", ">20"),
                                                 read("calls_per_callee", "<1.5")};
    const ActivityGate gate = ActivityGate::of(rule);
    EXPECT_EQ(gate, (ActivityGate{.calls = 60'000, .sms = 0}));
    Features features;
    features[Feature::kCalls24h] = 59'999;
    EXPECT_FALSE(gate.open(features));
    features[Feature::kCalls24h] = 60'000;
    EXPECT_TRUE(gate.open(features));

    const std::vector<ActivityCondition> sms = {read("sms_24h", "==30")};
    EXPECT_EQ(ActivityGate::of(sms), (ActivityGate{.calls = 0, .sms = 30'000}));
    const std::vector<ActivityCondition> open = {read("calls_24h", "<5"),
                                                 read("out_share", ">=0.8")};
    EXPECT_EQ(ActivityGate::of(open), ActivityGate{});
    EXPECT_EQ(ActivityGate::either(gate, {.calls = 10'000, .sms = 5'000}),
              (ActivityGate{.calls = 10'000, .sms = 0}));
}

// Whatever a rule asks for, where it holds its gate is open.
TEST(ActivityGate, never_hides_a_rule_that_holds) {
    constexpr std::array<std::uint32_t, 4> kCounts = {0, 1000, 2500, 9000};
    constexpr std::array kComparators = {Comparator::kAtLeast, Comparator::kAbove,
                                         Comparator::kAtMost, Comparator::kBelow,
                                         Comparator::kEqual};
    for (unsigned f = 0; f < kFeatureCount; ++f) {
        for (const Comparator comparator : kComparators) {
            for (const std::uint32_t value : kCounts) {
                const std::vector<ActivityCondition> rule = {
                    {static_cast<Feature>(f), comparator, value}};
                for (const std::uint32_t day : kCounts) {
                    for (const std::uint32_t hour : kCounts) {
                        if (hour > day) continue;  // see features.hpp
                        Features features;
                        features.values.fill(day);
                        features[Feature::kCalls1h] = features[Feature::kSms1h] = hour;
                        if (!holds(rule, features)) continue;
                        EXPECT_TRUE(ActivityGate::of(rule).open(features));
                    }
                }
            }
        }
    }
}

}  // namespace
}  // namespace ringfence
