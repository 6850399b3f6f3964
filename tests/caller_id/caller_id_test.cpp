// From the digits on the wire to the findings: parse, normalize, judge.
#include "ringfence/caller_id/caller_id.hpp"
#include "base/deep.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "caller_id/caller_generator.hpp"
#include "caller_id/caller_id_model.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/parse.hpp"

namespace ringfence {
namespace {

struct Event {
    std::string calling;
    TrunkRules trunk = {};
    Roaming roaming = Roaming::kUnknown;
    std::string country = "CN";
    std::string redirecting = {};
    Medium medium = Medium::kCall;
    Verstat verstat = Verstat::kNone;
    std::vector<CountryCode> regions = {};
};

CallerIdFindings judged(const Event& event) {
    const DialPlan* plan = DialPlan::find(CountryCode(event.country));
    EXPECT_NE(plan, nullptr) << event.country;
    if (plan == nullptr) return {};
    const Address calling =
        under_format(parse(std::string_view(event.calling)), event.trunk.format);
    const Normalized number = normalize(calling, *plan);
    const Normalized redirecting = normalize(parse(std::string_view(event.redirecting)), *plan);
    return judge({.calling = calling,
                  .number = number,
                  .home = plan->country(),
                  .trunk = event.trunk.kind == TrunkKind::kNone ? nullptr : &event.trunk,
                  .redirecting = event.redirecting.empty() ? nullptr : &redirecting,
                  .medium = event.medium,
                  .roaming = event.roaming,
                  .verstat = event.verstat,
                  .listed_regions = event.regions});
}

Action action_of(const CallerIdFindings& findings) {
    if (findings.rejects()) return Action::kReject;
    return findings.all().empty() ? Action::kAllow : Action::kTag;
}

std::string told(const Event& event) {
    const CallerIdFindings findings = judged(event);
    std::string text(name_of(action_of(findings)));
    if (!findings.all().empty()) text.append(" ").append(name_of(findings.all()[0].reason));
    return text + (findings.needs_roaming() ? " ?" : "");
}

TrunkRules trunk(std::string_view kind, std::string_view format = "auto",
                 std::vector<std::string_view> cli = {},
                 std::vector<std::string_view> protected_numbers = {}) {
    const auto rules =
        make_trunk_rules(*trunk_kind_from_name(kind), *trunk_format_from_name(format), cli,
                         protected_numbers, *DialPlan::find(CountryCode("CN")));
    EXPECT_TRUE(rules) << (rules ? "" : rules.error().text);
    return rules ? *rules : TrunkRules{};
}

// Our own fixtures: numbers of fiction where a country has them; 010 1234 5678 is no subscriber's either
// (no local number begins with 1).
TEST(CallerId, judges_the_hand_written_vectors) {
    struct Vector {
        std::string calling;
        std::string trunk;
        Roaming roaming;
        std::string country;
        std::string told;
    };
    const Roaming unknown = Roaming::kUnknown;
    const Roaming yes = Roaming::kYes;
    const Roaming no = Roaming::kNo;
    const std::vector<Vector> vectors = {
        // Home mobiles in every form.
        {"17000001234", "international", unknown, "CN", "tag cli_roaming_unknown ?"},
        {"+8617000001234", "international", no, "CN", "reject cli_mobile_not_roaming"},
        {"008617000001234", "international", yes, "CN", "allow"},
        {"017000001234", "international", no, "CN", "reject cli_mobile_not_roaming"},
        {"8617000001234", "international", no, "CN", "reject cli_mobile_not_roaming"},
        {"17000001234", "national", no, "CN", "allow"},
        {"+8617000001234", "subscriber", unknown, "CN", "allow"},
        {"13800001234", "roaming", unknown, "CN", "allow"},
        {"13800001234", "roaming", no, "CN", "reject cli_mobile_not_roaming"},
        // Landlines.
        {"01012345678", "national", unknown, "CN", "allow"},
        {"+861012345678", "international", yes, "CN", "reject cli_landline_abroad"},
        {"01012345678", "roaming", unknown, "CN", "reject cli_landline_abroad"},
        // Codes, straight and behind what never stands before them.
        {"110", "national", unknown, "CN", "tag cli_emergency_code"},
        {"+86110", "national", unknown, "CN", "tag cli_emergency_code"},
        {"+110", "national", unknown, "CN", "reject cli_look_alike"},
        {"00110", "subscriber", unknown, "CN", "reject cli_look_alike"},
        // As callee these are emergencies; as caller they stay names and odd codes.
        {"*31#110", "national", unknown, "CN", "tag cli_malformed"},
        {"*31#110", "international", unknown, "CN", "tag cli_malformed"},
        {"110#", "subscriber", unknown, "CN", "tag cli_malformed"},
        {"110F", "international", unknown, "CN", "tag cli_missing"},
        {"urn:service:sos", "international", unknown, "CN", "tag cli_missing"},
        {"tel:110;phone-context=+1", "national", unknown, "CN", "tag cli_emergency_code"},
        {"tel:110;phone-context=+1", "international", unknown, "CN", "reject cli_emergency_code"},
        {"95588", "national", unknown, "CN", "tag cli_protected"},
        {"95588", "international", unknown, "CN", "reject cli_protected"},
        {"+95588", "national", unknown, "CN", "reject cli_look_alike"},
        {"0010086", "national", unknown, "CN", "reject cli_look_alike"},
        {"01096110", "national", unknown, "CN", "tag cli_protected"},
        {"+4001234567", "national", unknown, "CN", "reject cli_look_alike"},
        {"4001234567", "national", unknown, "CN", "tag cli_shared_cost"},
        {"4001234567", "international", unknown, "CN", "reject cli_shared_cost"},
        {"106900000000", "national", unknown, "CN", "reject cli_sms_port"},
        {"10690000000000000001", "national", unknown, "CN", "reject cli_sms_port"},
        {"+106900000000", "subscriber", unknown, "CN", "reject cli_look_alike"},
        // Zeros.
        {"+0013800001234", "international", unknown, "CN", "reject cli_look_alike"},
        {"0001", "roaming", unknown, "CN", "reject cli_look_alike"},
        // Nobody, and names.
        {"", "international", unknown, "CN", "tag cli_missing"},
        {"", "subscriber", unknown, "CN", "allow"},
        {"ICBC", "national", unknown, "CN", "allow"},
        {"ICBC", "international", unknown, "CN", "tag cli_missing"},
        // A digit too many.
        {"138000012345", "national", unknown, "CN", "tag cli_odd_length"},
        // Abroad, well formed.
        {"+12025550123", "international", unknown, "CN", "allow"},
        {"+442079460123", "international", unknown, "CN", "allow"},
        {"00447700900123", "national", unknown, "CN", "allow"},
        // Other countries.
        // (numbers of fiction that no plan issues: an unknown range tags, it never blocks)
        {"+447700900123", "international", no, "GB", "tag cli_malformed"},
        {"07700900123", "national", unknown, "GB", "allow"},
        {"+33639980012", "international", yes, "FR", "tag cli_malformed"},
        {"02079460123", "international", unknown, "GB", "reject cli_landline_abroad"},
        {"02079460123", "national", unknown, "GB", "allow"},
        {"999", "international", unknown, "GB", "reject cli_emergency_code"},
        {"+491713920012", "international", unknown, "DE", "tag cli_roaming_unknown ?"},
        {"01713920012", "international", no, "DE", "reject cli_mobile_not_roaming"},
        {"+491713920012", "international", yes, "DE", "allow"},
        {"+12025550123", "international", unknown, "US", "tag cli_roaming_unknown ?"},
        {"+8617000001234", "international", unknown, "GB", "allow"},
    };
    for (const Vector& vector : vectors) {
        EXPECT_EQ(told({.calling = vector.calling,
                        .trunk = {.kind = *trunk_kind_from_name(vector.trunk),
                                  .cli = {},
                                  .protected_numbers = {}},
                        .roaming = vector.roaming,
                        .country = vector.country}),
                  vector.told)
            << vector.calling << " on " << vector.trunk << " of " << vector.country;
    }
}

TEST(CallerId, reads_digits_by_the_format_of_the_trunk) {
    // On an E.164 trunk 95588 reads +95 588: no number of Myanmar, and looks like the bank.
    EXPECT_EQ(told({.calling = "95588", .trunk = trunk("international", "e164")}),
              "reject cli_look_alike");
    EXPECT_EQ(told({.calling = "8617000001234", .trunk = trunk("national", "e164")}), "allow");
    EXPECT_EQ(told({.calling = "12025550123", .trunk = trunk("international", "e164")}), "allow");
    EXPECT_EQ(told({.calling = "17000001234", .trunk = trunk("national", "national")}), "allow");
    EXPECT_EQ(told({.calling = "95588", .trunk = trunk("national", "national")}),
              "tag cli_protected");
    EXPECT_EQ(told({.calling = "+8617000001234", .trunk = trunk("national", "national")}),
              "tag cli_internal_prefix");
    EXPECT_EQ(told({.calling = "+442079460123", .trunk = trunk("national", "national")}), "allow");
}

TEST(CallerId, knows_the_trunk_of_a_government) {
    const TrunkRules gov = trunk("national", "auto", {"+86755"}, {"96110"});
    EXPECT_EQ(told({.calling = "96110", .trunk = gov}), "allow");
    EXPECT_EQ(told({.calling = "075596110", .trunk = gov}), "allow");
    EXPECT_EQ(told({.calling = "+8696110", .trunk = gov}), "tag cli_internal_prefix");
    EXPECT_EQ(told({.calling = "+96110", .trunk = gov}), "reject cli_look_alike");
    EXPECT_EQ(told({.calling = "95588", .trunk = gov}), "reject cli_protected");
    EXPECT_EQ(told({.calling = "075512345678", .trunk = gov}), "allow");
    EXPECT_EQ(told({.calling = "01012345678", .trunk = gov}), "reject cli_not_on_trunk");
    EXPECT_EQ(told({.calling = "", .trunk = gov}), "allow");
}

TEST(CallerId, forwards_through_a_roamer) {
    EXPECT_EQ(told({.calling = "01012345678",
                    .trunk = trunk("international"),
                    .redirecting = "+8617000001234"}),
              "tag cli_forwarded_abroad ?");
    EXPECT_EQ(told({.calling = "01012345678",
                    .trunk = trunk("international"),
                    .redirecting = "+12025550123"}),
              "reject cli_landline_abroad");
    EXPECT_EQ(
        told(
            {.calling = "95588", .trunk = trunk("international"), .redirecting = "+8617000001234"}),
        "reject cli_protected");
}

TEST(CallerId, takes_short_senders_of_sms_as_ordinary) {
    for (const char* sender : {"95588", "10086", "96110", "12381", "106900000000",
                               "10690000000000000001", "154000012345", "ICBC", ""})
        for (const char* kind : {"national", "international"})
            EXPECT_EQ(told({.calling = sender, .trunk = trunk(kind), .medium = Medium::kSms}),
                      "allow")
                << sender;
    EXPECT_EQ(told({.calling = "+95588", .trunk = trunk("national"), .medium = Medium::kSms}),
              "reject cli_look_alike");
}

TEST(CallerId, refuses_trunk_rules_that_mean_nothing) {
    const DialPlan& plan = *DialPlan::find(CountryCode("CN"));
    const auto error = [&](std::string_view cli, std::string_view listed) {
        const auto rules = make_trunk_rules(TrunkKind::kNational, TrunkFormat::kAuto, {&cli, 1},
                                            {&listed, 1}, plan);
        return rules ? std::string("made") : rules.error().text;
    };
    EXPECT_EQ(error("+86755", "96110"), "made");
    for (const char* cli : {"", "+", "0755", "86755", "+0755", "+86 755", "+8675512345678901"})
        EXPECT_NE(error(cli, "96110").find("cli prefix"), std::string::npos) << cli;
    for (const char* listed : {"", "police"})
        EXPECT_NE(error("+86755", listed).find("protected number"), std::string::npos) << listed;
}

// ---- 2,000 generated callers against the table of caller_id_model.hpp ---------------------------------------

using model::Described;
using model::Listed;
using model::Place;
using model::What;

TEST(CallerId, says_of_2000_callers_what_the_model_says) {
    constexpr unsigned kSeed = 20261124;
    SCOPED_TRACE(kSeed);
    model::CallerGenerator generator(kSeed);
    const unsigned callers = test::deep() ? 200'000 : 2000;
    for (unsigned i = 0; i < callers; ++i) {
        const Described caller = generator.describe();
        Event event{.calling = generator.write(caller),
                    .roaming = caller.roaming,
                    .redirecting = caller.redirected_by_mobile ? "+8617000001234" : "",
                    .medium = caller.medium,
                    .verstat = caller.verstat_failed ? Verstat::kFailed : Verstat::kNone,
                    .regions = {CountryCode("MM")}};
        event.trunk.kind = caller.place == Place::kHome           ? TrunkKind::kNational
                           : caller.place == Place::kAbroad       ? TrunkKind::kInternational
                           : caller.place == Place::kRoamingTrunk ? TrunkKind::kRoaming
                                                                  : TrunkKind::kNone;
        if (caller.listed == Listed::kNotOnList)
            event.trunk.protected_numbers = {Number::from_digits("8695599")};
        if (caller.listed == Listed::kOnList) {
            for (const char* listed :
                 {"110", "119", "120", "122", "12110", "12395", "95110", "95588", "95533", "10086",
                  "10010", "96110", "12345", "12306", "12315"})
                event.trunk.protected_numbers.push_back(
                    Number::from_digits(std::string("86") + listed));
            if (caller.what == What::kSharedCost) {
                const std::size_t at = event.calling.size() - 10;
                event.trunk.protected_numbers.push_back(
                    Number::from_digits("86" + event.calling.substr(at)));
            }
        }
        const model::Expected expected = model::expected(caller);
        const CallerIdFindings findings = judged(event);
        EXPECT_EQ(name_of(action_of(findings)), name_of(expected.action))
            << event.calling << " what " << int(caller.what) << " written " << int(caller.written)
            << " medium " << int(caller.medium) << " place " << int(caller.place) << " listed "
            << int(caller.listed) << " roaming " << int(caller.roaming) << " redirected "
            << caller.redirected_by_mobile << ": " << told(event);
        EXPECT_EQ(findings.needs_roaming(), expected.needs_roaming) << event.calling;
    }
}

}  // namespace
}  // namespace ringfence
