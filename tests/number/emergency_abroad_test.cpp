// Emergency numbers of the country that serves a roaming caller.
#include "ringfence/number/emergency.hpp"

#include <string>

#include "number/reading.hpp"

namespace ringfence {
namespace {

bool emergency_in(std::string_view serving, std::string_view text,
                  TypeOfNumber ton = TypeOfNumber::kUnknown) {
    return is_emergency_in(parse(AddressView(text, ton)), CountryCode(serving));
}

TEST(EmergencyAbroad, is_what_the_serving_country_says) {
    for (const DialPlan& plan : DialPlan::all()) {
        const std::string country(plan.country().text());
        const std::string code(plan.country_calling_code());
        for (const std::string_view number : plan.emergency_numbers()) {
            const std::string digits(number);
            EXPECT_TRUE(emergency_in(country, digits)) << country << " " << digits;
            EXPECT_TRUE(emergency_in(country, "+" + code + digits)) << country << " " << digits;
            EXPECT_TRUE(emergency_in(country, "tel:" + digits)) << country << " " << digits;
        }
    }
    EXPECT_TRUE(emergency_in("GB", "999"));
    EXPECT_FALSE(emergency_in("DE", "999"));
    EXPECT_TRUE(emergency_in("gb", "999"));
    EXPECT_FALSE(emergency_in("GB", "110"));
}

TEST(EmergencyAbroad, is_112_and_911_everywhere) {
    for (const char* serving : {"TH", "BR", "CA", "KZ", "CN", "DE", "IN", "AQ"})
        for (const char* text : {"112", "911", "+112", "+911", "tel:112", "sip:911@gw.example"})
            EXPECT_TRUE(emergency_in(serving, text)) << serving << " " << text;
    for (const char* text : {"*31#112", "112#", "911F", "urn:service:sos", "sip:sos.fire@x",
                             "#31#+66112", "tel:112;phone-context=+66", "tel:911;phone-context=+1"})
        EXPECT_TRUE(emergency_in("TH", text)) << text;
    EXPECT_TRUE(emergency_in("TH", "+66112"));
    EXPECT_TRUE(emergency_in("CA", "+1911"));
    EXPECT_TRUE(emergency_in("KZ", "+7112"));
    EXPECT_TRUE(emergency_in("TH", "112", TypeOfNumber::kInternational));
    EXPECT_TRUE(emergency_in("TH", "66112", TypeOfNumber::kInternational));
}

TEST(EmergencyAbroad, is_the_whole_number_of_that_country) {
    for (const char* text : {"1121", "1", "11", "9112", "+85112", "+55112", "+661121", "66112",
                             "190", "999", "", "112112", "911911", "91191"})
        EXPECT_FALSE(emergency_in("TH", text)) << text;
    EXPECT_FALSE(emergency_in("BR", "+1911"));
    EXPECT_FALSE(emergency_in("", "112"));
    EXPECT_FALSE(emergency_in("1", "112"));
    EXPECT_FALSE(emergency_in("DE", "+86110"));
}

static_assert(is_emergency_in(parse("112"), CountryCode("TH")));

}  // namespace
}  // namespace ringfence
