// The rules alone: what normalize would say is written down here.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ringfence/caller_id/caller_id.hpp"

namespace ringfence {
namespace {

constexpr CountryCode kChina("CN");

Normalized home(std::string_view digits, NumberKind kind, Form form = Form::kNational) {
    Normalized normalized;
    normalized.number = Number::from_digits(digits);
    normalized.form = form;
    normalized.kind = kind;
    normalized.country = kChina;
    normalized.domestic = true;
    normalized.valid = true;
    normalized.size =
        static_cast<std::uint8_t>(digits.copy(normalized.chars.data(), digits.size()));
    return normalized;
}
Normalized mobile() { return home("8617000001234", NumberKind::kMobile); }
Normalized landline() { return home("861012345678", NumberKind::kLandline); }
Normalized bank() {
    Normalized number = home("8695588", NumberKind::kShortCode, Form::kShort);
    number.is_protected = true;
    return number;
}

struct Scene {
    Normalized number;
    TrunkRules trunk = {.kind = TrunkKind::kNational, .cli = {}, .protected_numbers = {}};
    Roaming roaming = Roaming::kUnknown;
    Medium medium = Medium::kCall;
    const Normalized* redirecting = nullptr;
    Verstat verstat = Verstat::kNone;
    std::vector<CountryCode> regions = {};
    CountryCode country = kChina;
    bool on_trunk = true;

    CallerIdFindings judged() const {
        Address calling;
        calling.kind = AddressKind::kDigits;
        calling.size = number.size;
        calling.chars = number.chars;
        return judge({.calling = calling,
                      .number = number,
                      .home = country,
                      .trunk = on_trunk ? &trunk : nullptr,
                      .redirecting = redirecting,
                      .medium = medium,
                      .roaming = roaming,
                      .verstat = verstat,
                      .listed_regions = regions});
    }
    std::string told() const {
        std::string text;
        const CallerIdFindings findings = judged();
        for (const CallerIdFinding& one : findings.all())
            text.append(text.empty() ? "" : ", ")
                .append(name_of(one.action))
                .append(" ")
                .append(name_of(one.reason));
        if (findings.needs_roaming()) text.append(" ?");
        return text;
    }
};
Scene from_abroad(const Normalized& number, Roaming roaming = Roaming::kUnknown) {
    Scene scene{.number = number, .roaming = roaming};
    scene.trunk.kind = TrunkKind::kInternational;
    return scene;
}

TEST(Judge, asks_whether_a_home_mobile_from_abroad_roams) {
    EXPECT_EQ(from_abroad(mobile()).told(), "tag cli_roaming_unknown ?");
    EXPECT_EQ(from_abroad(mobile(), Roaming::kYes).told(), "");
    EXPECT_EQ(from_abroad(mobile(), Roaming::kNo).told(), "reject cli_mobile_not_roaming");
}

TEST(Judge, does_not_ask_where_the_answer_changes_nothing) {
    Scene scene = from_abroad(mobile());
    scene.trunk.cli = {"8613"};
    EXPECT_EQ(scene.told(), "tag cli_roaming_unknown, reject cli_not_on_trunk");
    EXPECT_EQ(Scene{.number = mobile()}.told(), "");
}

TEST(Judge, takes_a_roaming_trunk_as_the_answer) {
    Scene scene = from_abroad(mobile());
    scene.trunk.kind = TrunkKind::kRoaming;
    EXPECT_EQ(scene.told(), "");
    scene.roaming = Roaming::kNo;
    EXPECT_EQ(scene.told(), "reject cli_mobile_not_roaming");
    scene.number = landline();
    EXPECT_EQ(scene.told(), "reject cli_landline_abroad");
}

TEST(Judge, lets_a_roamer_forward_a_landline_and_asks) {
    const Normalized by = mobile();
    const Normalized not_by = landline();
    Scene scene = from_abroad(landline());
    EXPECT_EQ(scene.told(), "reject cli_landline_abroad");
    scene.redirecting = &not_by;
    EXPECT_EQ(scene.told(), "reject cli_landline_abroad");
    scene.redirecting = &by;
    EXPECT_EQ(scene.told(), "tag cli_forwarded_abroad ?");
    scene.roaming = Roaming::kYes;
    EXPECT_EQ(scene.told(), "tag cli_forwarded_abroad");
    scene.roaming = Roaming::kNo;
    EXPECT_EQ(scene.told(), "reject cli_landline_abroad");
}

TEST(Judge, trusts_a_protected_number_only_where_the_trunk_lists_it) {
    Scene scene{.number = bank()};
    EXPECT_EQ(scene.told(), "tag cli_protected");
    scene.trunk.protected_numbers = {Number::from_digits("8696110")};
    EXPECT_EQ(scene.told(), "reject cli_protected");
    scene.trunk.protected_numbers.push_back(Number::from_digits("8695588"));
    EXPECT_EQ(scene.told(), "");
    scene.trunk.kind = TrunkKind::kSubscriber;
    EXPECT_EQ(scene.told(), "");
    scene.trunk.kind = TrunkKind::kInternational;
    EXPECT_EQ(scene.told(), "reject cli_protected");
}

TEST(Judge, takes_a_listed_number_behind_an_area_code_for_the_same) {
    Normalized hotline = home("861096110", NumberKind::kShortCode);
    hotline.is_protected = true;
    Scene scene{.number = hotline};
    scene.trunk.protected_numbers = {Number::from_digits("8696110")};
    EXPECT_EQ(scene.told(), "");
    scene.number.form = Form::kPlus;  // never with + or 00
    EXPECT_EQ(scene.told(), "tag cli_internal_prefix");
    scene.trunk.format = TrunkFormat::kE164;  // where everything is written so
    EXPECT_EQ(scene.told(), "");
    scene.trunk.protected_numbers = {Number::from_digits("8695588")};
    EXPECT_EQ(scene.told(), "reject cli_protected");
}

TEST(Judge, holds_the_trunk_to_its_prefixes) {
    Scene scene{.number = landline()};
    scene.trunk.cli = {"86755", "8610"};
    EXPECT_EQ(scene.told(), "");
    scene.trunk.cli = {"86755"};
    EXPECT_EQ(scene.told(), "reject cli_not_on_trunk");
    scene.number = bank();
    scene.trunk.protected_numbers = {Number::from_digits("8695588")};
    EXPECT_EQ(scene.told(), "");  // listed, so it may be shown
    scene.number = {};
    EXPECT_EQ(scene.told(), "");  // withheld at home is valid
}

TEST(Judge, flags_ranges_on_calls_only) {
    Scene iot{.number = home("861064712345678", NumberKind::kIot)};
    EXPECT_EQ(iot.told(), "tag cli_iot_range");
    iot.medium = Medium::kSms;
    EXPECT_EQ(iot.told(), "");
    Scene port{.number = home("861069000000000", NumberKind::kSmsPort)};
    EXPECT_EQ(port.told(), "reject cli_sms_port");
    port.on_trunk = false;
    EXPECT_EQ(port.told(), "reject cli_sms_port");
    port.medium = Medium::kSms;
    EXPECT_EQ(port.told(), "");
}

TEST(Judge, applies_no_trunk_rule_without_a_trunk) {
    Scene scene{.number = bank(), .on_trunk = false};
    EXPECT_EQ(scene.told(), "");
    scene.verstat = Verstat::kFailed;
    EXPECT_EQ(scene.told(), "tag cli_verstat_failed");
}

TEST(Judge, tags_a_failed_verification_and_is_neutral_without_one) {
    for (const Verstat verstat : {Verstat::kNone, Verstat::kPassed, Verstat::kNoValidation}) {
        Scene scene{.number = mobile(), .verstat = verstat};
        EXPECT_EQ(scene.told(), "");
    }
    Scene scene{.number = mobile(), .verstat = Verstat::kFailed};
    EXPECT_EQ(scene.told(), "tag cli_verstat_failed");
}

TEST(Judge, tags_listed_regions_only) {
    Normalized foreign = home("959123456789", NumberKind::kMobile, Form::kPlus);
    foreign.domestic = false;
    foreign.country = CountryCode("MM");
    Scene scene = from_abroad(foreign);
    scene.regions = {CountryCode("KH")};
    EXPECT_EQ(scene.told(), "");
    scene.regions.push_back(CountryCode("MM"));
    EXPECT_EQ(scene.told(), "tag cli_foreign_region");
    scene.trunk.kind = TrunkKind::kNational;
    scene.medium = Medium::kSms;
    EXPECT_EQ(scene.told(), "tag cli_foreign_region");
}

TEST(Judge, does_not_bar_fixed_numbers_from_abroad_where_nobody_can_tell_them) {
    Scene scene = from_abroad(home("12025550123", NumberKind::kLandline));
    scene.country = CountryCode("US");
    EXPECT_EQ(scene.told(), "tag cli_roaming_unknown ?");
    scene.country = CountryCode("GB");
    EXPECT_EQ(scene.told(), "reject cli_landline_abroad");
}

TEST(Judge, fits_every_finding) {
    // The most that can be found at once: what it is, off its trunk, its range, verification.
    Scene scene = from_abroad(home("8615400001234", NumberKind::kReserved));
    scene.trunk.cli = {"8613"};
    scene.verstat = Verstat::kFailed;
    EXPECT_EQ(scene.judged().all().size(), 4u);
    EXPECT_TRUE(scene.judged().rejects());
}

TEST(TrunkRules, are_called_what_the_policy_calls_them) {
    for (const char* name : {"subscriber", "national", "international", "roaming"})
        EXPECT_EQ(name_of(*trunk_kind_from_name(name)), name);
    for (const char* name : {"auto", "e164", "national"})
        EXPECT_EQ(name_of(*trunk_format_from_name(name)), name);
    EXPECT_FALSE(trunk_kind_from_name("none"));
    EXPECT_FALSE(trunk_kind_from_name("nation"));
    EXPECT_FALSE(trunk_format_from_name("E164"));
}

}  // namespace
}  // namespace ringfence
