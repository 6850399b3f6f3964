// The plans beside China's; foreign numbers; lengths.
#include <string>

#include "number/reading.hpp"
#include "ringfence/number/country_of.hpp"

namespace ringfence {
namespace {

TEST(Plans, are_found_by_country) {
    for (const char* country : {"CN", "US", "GB", "DE", "FR", "SG", "IN"}) {
        const DialPlan* plan = DialPlan::find(CountryCode(country));
        ASSERT_NE(plan, nullptr) << country;
        EXPECT_EQ(plan->country().text(), country);
        EXPECT_EQ(country_of(plan->country_calling_code()).text(), country);
    }
    EXPECT_EQ(DialPlan::find(CountryCode("XX")), nullptr);
    EXPECT_EQ(DialPlan::find(CountryCode()), nullptr);
    EXPECT_EQ(DialPlan::all().size(), 7u);
}

TEST(Plans, reads_north_america) {
    EXPECT_EQ(meaning("2025550123", "US"), "12025550123 national fixed_or_mobile");
    EXPECT_EQ(meaning("1 202 555 0123", "US"), "12025550123 trunk fixed_or_mobile");
    EXPECT_EQ(meaning("+1 (202) 555-0123", "US"), "12025550123 plus fixed_or_mobile");
    EXPECT_EQ(meaning("011442079460018", "US"), "442079460018 prefix landline");
    EXPECT_EQ(meaning("00442079460018", "US"), "442079460018 malformed landline malformed_prefix");
    EXPECT_EQ(meaning("18005550123", "US"), "18005550123 trunk toll_free");
    const Normalized toronto = read("4165550123", "US");
    EXPECT_EQ(toronto.country.text(), "CA");
    EXPECT_FALSE(toronto.domestic);
    EXPECT_TRUE(read("7875550123", "US").domestic);  // Puerto Rico
    EXPECT_TRUE(read("988", "US").is_protected);
}

TEST(Plans, reads_the_united_kingdom) {
    EXPECT_EQ(meaning("020 7946 0018", "GB"), "442079460018 trunk landline");
    EXPECT_EQ(meaning("+44 (0)20 7946 0018", "GB"),
              "442079460018 plus landline trunk_after_country");
    EXPECT_EQ(meaning("442079460018", "GB"), "442079460018 country_code landline");
    EXPECT_EQ(meaning("00442079460018", "GB"), "442079460018 prefix landline");
    EXPECT_EQ(meaning("0442079460018", "GB"), "442079460018 malformed landline malformed_prefix");
    EXPECT_EQ(read("+447797712345", "GB").country.text(), "JE");
    EXPECT_TRUE(read("+447797712345", "GB").domestic);
    // Reserved for drama: in no range that is issued.
    EXPECT_EQ(meaning("07700900123", "GB"), "447700900123 trunk unknown invalid unknown_range");
    EXPECT_TRUE(read("159", "GB").is_protected);
}

TEST(Plans, reads_germany) {
    EXPECT_EQ(meaning("0171 3920012", "DE"), "491713920012 trunk mobile");
    EXPECT_EQ(meaning("+491713920012", "DE"), "491713920012 plus mobile");
    EXPECT_EQ(meaning("00491713920012", "DE"), "491713920012 prefix mobile");
    EXPECT_TRUE(read("09001234567", "DE").is_protected);
    EXPECT_TRUE(read("+491371234567", "DE").is_protected);
    EXPECT_TRUE(read("11833", "DE").is_protected);
    // 04921 is Emden: no malformed country code is read into it.
    EXPECT_EQ(read("04921123456", "DE").form, Form::kTrunk);
}

TEST(Plans, reads_france) {
    EXPECT_EQ(read("3950", "FR").kind, NumberKind::kShortCode);
    EXPECT_EQ(read("3950", "FR").number.digits(), "333950");
    EXPECT_NE(read("3950", "FR").country.text(), "IT");
    EXPECT_EQ(meaning("0123456789", "FR"), "33123456789 trunk landline");
    EXPECT_EQ(meaning("+33123456789", "FR"), "33123456789 plus landline");
}

TEST(Plans, reads_singapore_without_a_trunk_prefix) {
    EXPECT_EQ(meaning("61234567", "SG"), "6561234567 national landline");
    EXPECT_EQ(meaning("91234567", "SG"), "6591234567 national mobile");
    EXPECT_EQ(meaning("6591234567", "SG"), "6591234567 country_code mobile");
    for (const char* prefix : {"001", "008", "018", "000"})
        EXPECT_EQ(read(std::string(prefix) + "442079460018", "SG").form, Form::kPrefix) << prefix;
}

TEST(Plans, reads_india) {
    EXPECT_EQ(meaning("09812345678", "IN"), "919812345678 trunk mobile");
    EXPECT_EQ(meaning("919812345678", "IN"), "919812345678 country_code mobile");
    EXPECT_EQ(read("0008001234567", "IN").kind, NumberKind::kTollFree);
    EXPECT_TRUE(read("1930", "IN").is_protected);
}

TEST(Plans, takes_a_foreign_number_of_a_possible_length_for_valid) {
    EXPECT_EQ(meaning("+959123456789"), "959123456789 plus unknown unknown_range");
    EXPECT_EQ(meaning("+85512345678"), "85512345678 plus mobile");
    EXPECT_EQ(meaning("+9591"), "9591 plus unknown invalid bad_length");
    EXPECT_EQ(meaning("+999123456"), "999123456 plus unknown invalid unknown_range");
    EXPECT_EQ(meaning("+39 02 1234 5678"), "390212345678 plus landline");  // its 0 stays
}

TEST(Plans, takes_a_prefix_with_nothing_behind_it_for_no_number) {
    for (const DialPlan& plan : DialPlan::all()) {
        const std::string code(plan.country_calling_code());
        for (const std::string& text : {std::string(plan.trunk_prefix()), "+" + code}) {
            if (text.empty()) continue;
            const Normalized n = read(std::string_view(text), plan.country().text());
            EXPECT_TRUE(n.number.empty()) << plan.country().text() << " " << text;
            EXPECT_TRUE(n.digits().empty()) << plan.country().text() << " " << text;
            EXPECT_EQ(n.form, Form::kMalformed) << plan.country().text() << " " << text;
            EXPECT_TRUE(has(n.oddities, Oddity::kBadLength));
        }
    }
    EXPECT_EQ(read("1", "CN").number.digits(), "861");  // digits, and no prefix there
}

TEST(Plans, reads_any_length) {
    EXPECT_EQ(read("").form, Form::kNone);
    EXPECT_EQ(meaning("1"), "861 national unknown invalid bad_length");
    const std::string digits(4'000, '7');
    for (const unsigned size : {15u, 16u, 24u}) {
        for (const DialPlan& plan : DialPlan::all()) {
            const Normalized n =
                read(std::string_view(digits).substr(0, size), plan.country().text());
            // Germany's plan has numbers of 15 digits: the length E.164 leaves to the whole.
            const bool german = plan.country() == CountryCode("DE") && size == 15;
            EXPECT_EQ(n.valid, german) << size;
            EXPECT_EQ(n.long_national, german) << size;
            if (german) continue;
            EXPECT_TRUE(n.number.empty()) << size;  // with the country code over 15
            EXPECT_TRUE(has(n.oddities, Oddity::kTooLong)) << size;
            EXPECT_EQ(read("+" + digits.substr(0, size), plan.country().text()).number.empty(),
                      size > 15);
        }
    }
    for (const unsigned size : {25u, 4'000u}) {
        const Normalized n = read(std::string_view(digits).substr(0, size));
        EXPECT_EQ(n.oddities, Oddity::kTooLong);
        EXPECT_TRUE(n.digits().empty() && n.number.empty());
    }
}

TEST(CountryOf, tells_shared_codes_apart) {
    const auto country = [](std::string_view digits) {
        return std::string(country_of(digits).text());
    };
    EXPECT_EQ(country("8613800138000"), "CN");
    EXPECT_EQ(country("12025550123"), "US");
    EXPECT_EQ(country("1876"), "JM");
    EXPECT_EQ(country("14165550123"), "CA");
    EXPECT_EQ(country("13101234"), "CA");
    EXPECT_EQ(country("77012345678"), "KZ");
    EXPECT_EQ(country("74951234567"), "RU");
    EXPECT_EQ(country("447797712345"), "JE");
    EXPECT_EQ(country("262692123456"), "RE");
    EXPECT_EQ(country("1"), "US");
    EXPECT_EQ(country("44"), "GB");
    EXPECT_EQ(country("800"), "");     // freephone of no country
    EXPECT_EQ(country("8701"), "");    // Inmarsat
    EXPECT_EQ(country("999123"), "");  // not in use
    EXPECT_EQ(country("85"), "");
    EXPECT_EQ(country(""), "");
    EXPECT_EQ(country("86x"), "");
    EXPECT_EQ(country_of(Number::from_digits("9611012345")).text(), "LB");
    EXPECT_EQ(country_of(Number()).text(), "");
}

TEST(CountryOf, measures_the_country_code) {
    EXPECT_EQ(calling_code_length("1876"), 1u);
    EXPECT_EQ(calling_code_length("86110"), 2u);
    EXPECT_EQ(calling_code_length("9611"), 3u);
    EXPECT_EQ(calling_code_length("96"), 0u);
    EXPECT_EQ(calling_code_length("999"), 0u);
}

TEST(Names, every_value_has_its_own) {
    EXPECT_EQ(name_of(Form::kIpCall), "ip_call");
    EXPECT_EQ(name_of(NumberKind::kFixedOrMobile), "fixed_or_mobile");
    EXPECT_EQ(name_of(Oddity::kIpPrefix), "ip_prefix");
    EXPECT_EQ(name_of(Oddity::kNone), "none");
}

}  // namespace
}  // namespace ringfence
