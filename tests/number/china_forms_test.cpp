// The forms and look-alikes of DOMAIN's Chinese numbering plan.
#include "number/reading.hpp"

namespace ringfence {
namespace {

TEST(ChinaForms, reads_a_mobile_in_every_form) {
    EXPECT_EQ(meaning("13800138000"), "8613800138000 national mobile");
    EXPECT_EQ(meaning("013800138000"), "8613800138000 trunk mobile");
    EXPECT_EQ(meaning("+8613800138000"), "8613800138000 plus mobile");
    EXPECT_EQ(meaning("008613800138000"), "8613800138000 prefix mobile");
    EXPECT_EQ(meaning("8613800138000"), "8613800138000 country_code mobile");
    EXPECT_EQ(meaning("08613800138000"), "8613800138000 malformed mobile malformed_prefix");
    EXPECT_EQ(meaning("1795113800138000"), "8613800138000 ip_call mobile ip_prefix");
    EXPECT_EQ(meaning("12593013800138000"), "8613800138000 ip_call mobile ip_prefix");
    EXPECT_EQ(meaning("+13800138000"), "8613800138000 plus mobile plus_on_national");
    EXPECT_EQ(meaning("+86013800138000"), "8613800138000 plus mobile trunk_after_country");
}

TEST(ChinaForms, reads_a_landline_in_every_form) {
    EXPECT_EQ(meaning("01012345678"), "861012345678 trunk landline");
    EXPECT_EQ(meaning("1012345678"), "861012345678 national landline");
    EXPECT_EQ(meaning("+861012345678"), "861012345678 plus landline");
    EXPECT_EQ(meaning("00861012345678"), "861012345678 prefix landline");
    EXPECT_EQ(meaning("861012345678"), "861012345678 country_code landline");
    EXPECT_EQ(meaning("17909075523456789"), "8675523456789 ip_call landline ip_prefix");
    EXPECT_EQ(meaning("+8601012345678"), "861012345678 plus landline trunk_after_country");
    EXPECT_EQ(meaning("03102345678"), "863102345678 trunk landline");
    EXPECT_EQ(meaning("9511234567"), "869511234567 national landline");
}

TEST(ChinaForms, strips_an_ip_prefix_only_before_a_complete_number) {
    for (const char* code : {"12593", "17951", "17911", "17909", "12580"})
        EXPECT_EQ(read(code).kind, NumberKind::kShortCode) << code;
    EXPECT_EQ(meaning("12381"), "8612381 short short_code");
    EXPECT_EQ(meaning("12110"), "8612110 short emergency");
    EXPECT_EQ(read("179511380013800").form, Form::kNational);  // a digit short
    EXPECT_EQ(read("1795195588").form, Form::kNational);
    EXPECT_EQ(meaning("1795100442079460018"), "442079460018 ip_call landline ip_prefix");
}

TEST(ChinaForms, believes_a_bare_86_only_before_a_complete_number) {
    EXPECT_NE(read("8695588").form, Form::kCountryCode);
    EXPECT_NE(read("864008001234").form, Form::kCountryCode);
    EXPECT_NE(read("861380013800").form, Form::kCountryCode);
    EXPECT_EQ(read("86110").form, Form::kCountryCode);
}

TEST(ChinaForms, marks_look_alikes) {
    for (const char* text : {"+95588", "+96110", "+10086", "+1069012345678", "+4008001234",
                             "0095588", "00110", "+110", "+8001234567", "+1064712345678"}) {
        const Normalized n = read(text);
        EXPECT_TRUE(has(n.oddities, Oddity::kLookAlike)) << text;
        EXPECT_FALSE(n.valid) << text;
        EXPECT_FALSE(n.domestic) << text;
        EXPECT_FALSE(n.is_protected) << text;
        EXPECT_EQ(n.emergency,
                  std::string_view(text) == "+110" || std::string_view(text) == "00110")
            << text;
    }
    // The whole string, never a prefix.
    EXPECT_EQ(meaning("+9611012345"), "9611012345 plus landline");
    EXPECT_EQ(meaning("+13055551234"), "13055551234 plus fixed_or_mobile");
}

TEST(ChinaForms, marks_a_country_code_before_a_short_code) {
    EXPECT_EQ(meaning("+8695588"), "8695588 plus short_code country_before_short");
    EXPECT_EQ(meaning("008610086"), "8610086 prefix short_code country_before_short");
    EXPECT_EQ(meaning("+86110"), "86110 plus emergency country_before_short");
}

TEST(ChinaForms, finds_stray_zeros) {
    EXPECT_EQ(meaning("000110"), " prefix emergency invalid unknown_range triple_zero");
    EXPECT_EQ(meaning("+00000000000"), " malformed unknown invalid unknown_range plus_zero");
    EXPECT_EQ(meaning("+008613800138000"), "8613800138000 malformed mobile invalid plus_zero");
    EXPECT_EQ(meaning("+0013800138000"), "8613800138000 malformed mobile invalid plus_zero");
    EXPECT_EQ(meaning("+01012345678"), "861012345678 malformed landline invalid plus_zero");
    EXPECT_EQ(meaning("0008613800138000"), "8613800138000 malformed mobile invalid triple_zero");
}

TEST(ChinaForms, knows_numbers_of_things) {
    for (const char* text : {"1440123456789", "1410123456789", "1461234567890", "1481234567890",
                             "1064612345678", "1064912345678"})
        EXPECT_EQ(read(text).kind, NumberKind::kIot) << text;
    for (const char* text : {"14512345678", "14712345678", "14912345678", "17212345678"})
        EXPECT_EQ(read(text).kind, NumberKind::kMobile) << text;
    EXPECT_FALSE(read("14612345678").valid);
}

TEST(ChinaForms, knows_sms_ports_of_up_to_twenty_digits) {
    EXPECT_EQ(read("10691234").kind, NumberKind::kSmsPort);
    const Normalized port = read("10691234567890123456");
    EXPECT_EQ(port.kind, NumberKind::kSmsPort);
    EXPECT_TRUE(port.long_national);
    EXPECT_TRUE(port.number.empty());
    EXPECT_EQ(port.digits(), "8610691234567890123456");
    EXPECT_EQ(read("106912345678901234567").kind, NumberKind::kUnknown);  // 21
    // Ten digits are a Beijing landline where an area code may stand, and a port bare.
    EXPECT_EQ(read("01065512345").kind, NumberKind::kLandline);
    EXPECT_EQ(read("+861065512345").kind, NumberKind::kLandline);
    EXPECT_EQ(read("1065512345").kind, NumberKind::kSmsPort);
    EXPECT_EQ(read("1065512345", "CN", TypeOfNumber::kNational).kind, NumberKind::kLandline);
    EXPECT_EQ(read("1062345678").kind, NumberKind::kLandline);
}

TEST(ChinaForms, flags_reserved_ranges_and_calls_them_valid) {
    for (const char* range :
         {"154", "160", "161", "163", "164", "169", "194", "140", "142", "143", "168", "179"}) {
        const Normalized n = read(std::string_view(std::string(range) + "20001234"));
        EXPECT_EQ(n.kind, NumberKind::kReserved) << range;
        EXPECT_TRUE(n.valid && has(n.oddities, Oddity::kReservedRange)) << range;
    }
    EXPECT_EQ(read("16101234567").kind, NumberKind::kMobile);  // 1610: longest prefix
}

TEST(ChinaForms, flags_unknown_ranges_and_odd_lengths) {
    EXPECT_EQ(meaning("17413012345"), "8617413012345 national unknown invalid unknown_range");
    EXPECT_EQ(meaning("1380013800"), "861380013800 national unknown invalid bad_length");
    EXPECT_EQ(meaning("138001380001"), "86138001380001 national unknown invalid bad_length");
    EXPECT_EQ(meaning("+86138001380001"), "86138001380001 plus unknown invalid bad_length");
}

TEST(ChinaForms, knows_protected_numbers_behind_an_area_code) {
    for (const char* text : {"96110", "01096110", "1096110", "+861096110", "+8601096110",
                             "008675596110", "12381", "95588", "955123", "10086", "10000"})
        EXPECT_TRUE(read(text).is_protected) << text;
    EXPECT_EQ(read("075596110").number, read("96110").number);
    for (const char* text : {"961101", "9611", "100861", "12345", "95012", "100", "13800138000"})
        EXPECT_FALSE(read(text).is_protected) << text;
}

TEST(ChinaForms, believes_digits_and_type_of_number_in_turn) {
    using enum TypeOfNumber;
    EXPECT_EQ(meaning("8613800138000", "CN", kInternational), "8613800138000 plus mobile");
    EXPECT_EQ(meaning("447946001890", "CN", kInternational), "447946001890 plus mobile");
    EXPECT_EQ(meaning("1012345678", "CN", kNational), "861012345678 national landline");
    EXPECT_EQ(meaning("01012345678", "CN", kNational), "861012345678 trunk landline");
    EXPECT_EQ(meaning("008613800138000", "CN", kInternational),
              "8613800138000 prefix mobile ton_disagrees");
    EXPECT_EQ(meaning("13800138000", "CN", kInternational),
              "8613800138000 plus mobile plus_on_national ton_disagrees");
    EXPECT_EQ(meaning("8613800138000", "CN", kNational),
              "8613800138000 country_code mobile ton_disagrees");
    EXPECT_EQ(meaning("10086", "CN", kAlphanumeric), "8610086 short short_code ton_disagrees");
}

TEST(ChinaForms, reads_no_number_into_other_addresses) {
    for (const char* text : {"", "ICBC", "*21*110#", "95588#", "sip:anonymous@anonymous.invalid"}) {
        const Normalized n = read(text);
        EXPECT_TRUE(n.number.empty() && n.form == Form::kNone && n.oddities == Oddity::kNone)
            << text;
        EXPECT_FALSE(n.valid || n.emergency) << text;
    }
}

TEST(ChinaForms, reads_a_withheld_number_all_the_same) {
    AddressView view("110");
    view.presentation = Presentation::kRestricted;
    EXPECT_TRUE(normalize(parse(view), plan_of("CN")).emergency);
}

}  // namespace
}  // namespace ringfence
