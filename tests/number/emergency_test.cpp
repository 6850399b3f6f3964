// Emergency numbers: in every dialled form, whole, and never a prefix.
#include <string>
#include <vector>

#include "number/reading.hpp"

namespace ringfence {
namespace {

TEST(Emergency, every_plan_ships_its_set) {
    for (const DialPlan& plan : DialPlan::all()) {
        EXPECT_FALSE(plan.emergency_numbers().empty()) << plan.country().text();
        for (const std::string_view number : plan.emergency_numbers())
            EXPECT_TRUE(plan.is_emergency(number)) << plan.country().text() << " " << number;
    }
}

TEST(Emergency, holds_in_every_form_of_every_plan) {
    for (const DialPlan& plan : DialPlan::all()) {
        const std::string country(plan.country().text());
        const std::string code(plan.country_calling_code());
        for (const std::string_view number : plan.emergency_numbers()) {
            const std::string digits(number);
            const std::vector<std::string> forms = {
                digits,
                "+" + code + digits,
                std::string(plan.international_prefix()) + code + digits,
                code + digits,
                "tel:" + digits,
                "sip:" + digits + "@gw.example;user=phone"};
            for (const std::string& form : forms) {
                // "3315" is a French service code, not +33 15.
                if (form == code + digits && read(form, country).kind == NumberKind::kShortCode)
                    continue;
                const Normalized n = read(form, country);
                EXPECT_TRUE(n.emergency) << country << " " << form;
                EXPECT_EQ(n.kind, NumberKind::kEmergency) << country << " " << form;
                EXPECT_EQ(n.number.digits(), code + digits) << form;
            }
            for (unsigned ton = 0; ton <= 6; ++ton) {
                const Normalized n = read(digits, country, static_cast<TypeOfNumber>(ton));
                EXPECT_TRUE(n.emergency) << country << " " << digits << " ton " << ton;
            }
        }
    }
}

TEST(Emergency, holds_behind_chinese_area_codes) {
    for (const std::string number :
         {"110", "119", "120", "122", "112", "12110", "12395", "95110"}) {
        for (const std::string area : {"10", "21", "755", "951"}) {
            for (const std::string before : {"0", "+86", "0086", "86", "+860", "00860", ""}) {
                const std::string text = before + area + number;
                // "95110" is whole in "951" + "10": only what a code of its own is stays one.
                if (before.empty() && read(text).form == Form::kShort) continue;
                const Normalized n = read(text);
                EXPECT_TRUE(n.emergency) << text;
                EXPECT_EQ(n.number.digits(), "86" + number) << text;
            }
        }
    }
}

TEST(Emergency, takes_the_digits_of_an_area_behind_12110) {
    for (const char* text : {"12110755", "121100755", "1211010", "12110010", "+8612110755",
                             "008612110010", "8612110755"})
        EXPECT_TRUE(read(text).emergency) << text;
    for (const char* text : {"121101", "12110999999", "12110000"})
        EXPECT_FALSE(read(text).emergency) << text;
}

TEST(Emergency, is_the_whole_number_never_a_prefix) {
    for (const char* text : {"1101", "11011", "1100138000", "110110", "1195551234", "+11012345678",
                             "11000000000", "951101", "12012345678", "1234110", "13800138110"})
        EXPECT_FALSE(read(text).emergency) << text;
    for (const char* text : {"9115551234", "9111", "+19115551234"})
        EXPECT_FALSE(read(text, "US").emergency) << text;
    for (const char* text : {"9991", "99999", "+449991"})
        EXPECT_FALSE(read(text, "GB").emergency) << text;
    EXPECT_FALSE(read("1100", "DE").emergency);
}

TEST(Emergency, of_another_country_is_not_ours) {
    EXPECT_FALSE(read("911", "CN").emergency);
    EXPECT_FALSE(read("+86110", "GB").emergency);
    EXPECT_FALSE(read("110", "US").emergency);
}

TEST(Emergency, survives_octets) {
    const std::vector<std::uint8_t> tbcd = {0x11, 0xF0};
    EXPECT_TRUE(
        normalize(parse(AddressView::tbcd(tbcd, TypeOfNumber::kUnknown)), plan_of("CN")).emergency);
    const std::vector<std::uint8_t> ended_by_st = {0x02, 0x10, 0x11, 0xF0};
    EXPECT_TRUE(normalize(parse(AddressView::q763(ended_by_st)), plan_of("CN")).emergency);
}

// Evaluated by the compiler: nothing is allocated on the way.
static_assert(
    normalize(parse("sip:%2B86110@gw.example"), *DialPlan::find(CountryCode("CN"))).emergency);

}  // namespace
}  // namespace ringfence
