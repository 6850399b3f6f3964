#include "ringfence/number/parse.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace ringfence {
namespace {

using Octets = std::vector<std::uint8_t>;

// "+86..." with the plus that was there; "name:", "service:", "withheld:" before other kinds.
std::string parsed(const AddressView& view) {
    const Address address = parse(view);
    std::string text;
    switch (address.kind) {
        case AddressKind::kAbsent: return "absent";
        case AddressKind::kDigits: break;
        case AddressKind::kAlphanumeric: text = "name:"; break;
        case AddressKind::kService: text = "service:"; break;
        case AddressKind::kWithheld: text = "withheld:"; break;
    }
    if (address.plus) text += '+';
    text += address.text();
    return address.truncated ? text + "..." : text;
}

TEST(Parse, reads_digits_with_separators) {
    EXPECT_EQ(parsed("13800138000"), "13800138000");
    EXPECT_EQ(parsed("+86 138-0013-8000"), "+8613800138000");
    EXPECT_EQ(parsed("(020) 7946.0018"), "02079460018");
    EXPECT_EQ(parsed("030/1234 567"), "0301234567");
    EXPECT_EQ(parsed(" \t+44 (0)20 7946 0018\r\n"), "+4402079460018");
    EXPECT_FALSE(parse("13800138000").separators);
    EXPECT_FALSE(parse(" 13800138000 ").separators);
    EXPECT_TRUE(parse("138 0013 8000").separators);
}

TEST(Parse, keeps_leading_zeros) { EXPECT_EQ(parsed("000110"), "000110"); }

TEST(Parse, reads_whole_uris) {
    EXPECT_EQ(parsed("sip:+8613800138000@gw.example;user=phone"), "+8613800138000");
    EXPECT_EQ(parsed("SIPS:13800138000@[2001:db8::1]:5061"), "13800138000");
    EXPECT_EQ(parsed("sip:13800138000:secret@gw.example"), "13800138000");
    EXPECT_EQ(parsed("sip:+8613800138000;npdi;rn=+861390@gw.example"), "+8613800138000");
    EXPECT_EQ(parsed("tel:+86-138-0013-8000;ext=12"), "+8613800138000");
    EXPECT_EQ(parsed("\"Li\" <sip:+8613800138000@gw.example>;tag=1"), "+8613800138000");
    EXPECT_EQ(parsed("<tel:110>"), "110");
    EXPECT_EQ(parsed("sip:alice@example.org"), "name:alice");
    EXPECT_EQ(parsed("tel:"), "absent");
    EXPECT_EQ(parsed("sip:@example.org"), "absent");
}

TEST(Parse, reads_the_user_part_of_a_uri) {
    EXPECT_EQ(parsed("+8613800138000;npdi"), "+8613800138000");
    EXPECT_EQ(parsed("+8613800138000@gw.example"), "+8613800138000");
    EXPECT_EQ(parsed("%2B8613800138000"), "+8613800138000");
    EXPECT_EQ(parsed("sip:%2b86138%30%30138000@gw.example"), "+8613800138000");
}

TEST(Parse, puts_a_global_phone_context_before_a_local_number) {
    EXPECT_EQ(parsed("tel:62345678;phone-context=+8610"), "+861062345678");
    EXPECT_EQ(parsed("sip:13800138000;Phone-Context=%2B86@gw.example"), "+8613800138000");
    EXPECT_EQ(parsed("tel:13800138000;phone-context=example.org"), "13800138000");
    EXPECT_EQ(parsed("tel:+8613800138000;phone-context=+1"), "+8613800138000");
    EXPECT_EQ(parsed("tel:*31#;phone-context=+86"), "service:*31#");
}

TEST(Parse, keeps_names_whole) {
    EXPECT_EQ(parsed("ICBC"), "name:ICBC");
    EXPECT_EQ(parsed("0ICBC"), "name:0ICBC");
    EXPECT_EQ(parsed("138O0138000"), "name:138O0138000");  // a letter O
    EXPECT_EQ(parsed("++86138"), "name:++86138");
    EXPECT_EQ(parsed("86+138"), "name:86+138");
    EXPECT_EQ(parsed("+"), "name:+");
    EXPECT_EQ(parsed("-"), "name:-");
    EXPECT_EQ(parsed("a;b@c"), "name:a;b@c");
    EXPECT_EQ(parsed("50% off"), "name:50% off");
    EXPECT_EQ(parsed(std::string_view("1\0002", 3)), std::string("name:1\0002", 8));
    EXPECT_EQ(parsed("\xff\xfe"), "name:\xff\xfe");
}

TEST(Parse, cuts_a_long_name_between_characters) {
    EXPECT_EQ(parsed("abcdefghijklmnopqrstuvwxyz"), "name:abcdefghijklmnopqrstuvwx...");
    const std::string bank = "中国工商银行股份有限公司";  // three octets a character
    EXPECT_EQ(parsed(std::string_view("x" + bank)), "name:x中国工商银行股...");
    EXPECT_EQ(parsed(std::string_view(bank)), "name:中国工商银行股份...");
}

TEST(Parse, takes_no_context_that_is_no_global_number) {
    EXPECT_EQ(parsed("tel:110;phone-context=+8*6"), "110");
    EXPECT_EQ(parsed("tel:110;phone-context=+1234567890123456"), "110");
    EXPECT_EQ(parsed("tel:110;phone-context=+123456789012345"), "+123456789012345110");
    EXPECT_EQ(parse("tel:110;phone-context=+86").local, 3);
    EXPECT_EQ(parse("tel:+86110;phone-context=+86").local, 0);
}

TEST(Parse, keeps_a_service_urn_as_a_name) {
    EXPECT_EQ(parsed("urn:service:sos"), "name:urn:service:sos");
    EXPECT_EQ(parsed("\"SOS\" <urn:service:sos.police>;tag=1"), "name:urn:service:sos.police");
    EXPECT_EQ(parsed("urn:service:sos.ambulance"), "name:urn:service:sos.ambulanc...");
    EXPECT_EQ(parsed("sip:sos@home.example"), "name:sos");
}

TEST(Parse, keeps_a_number_in_full_width_as_a_name_in_ascii) {
    EXPECT_EQ(parsed("１３８－００１３"), "name:138-0013");
    EXPECT_EQ(parsed("＋８６　１１０;x"), "name:+86 110");
    EXPECT_EQ(parsed("sip:%EF%BC%91%31@gw.example"), "name:11");
    EXPECT_EQ(parsed("１号"), "name:１号");
    EXPECT_EQ(parsed("Ａ１"), "name:Ａ１");
}

TEST(Parse, tells_service_codes_from_numbers) {
    EXPECT_EQ(parsed("*21*110#"), "service:*21*110#");
    EXPECT_EQ(parsed("110#"), "service:110#");
}

TEST(Parse, reads_nothing_as_absent) {
    EXPECT_EQ(parsed(""), "absent");
    EXPECT_EQ(parsed("  \t"), "absent");
    EXPECT_EQ(parsed(AddressView()), "absent");
}

TEST(Parse, knows_a_withheld_caller) {
    EXPECT_EQ(parsed("sip:anonymous@anonymous.invalid"), "withheld:");
    EXPECT_EQ(parsed("Anonymous"), "withheld:");
    AddressView restricted("13800138000");
    restricted.presentation = Presentation::kRestricted;
    EXPECT_EQ(parsed(restricted), "withheld:13800138000");
    AddressView unavailable("");
    unavailable.presentation = Presentation::kUnavailable;
    EXPECT_EQ(parsed(unavailable), "absent");
}

TEST(Parse, marks_more_digits_than_a_number_has) {
    EXPECT_EQ(parsed("123456789012345678901234"), "123456789012345678901234");
    EXPECT_EQ(parsed("1234567890123456789012345"), "123456789012345678901234...");
    EXPECT_EQ(parsed(std::string_view(std::string(4'000, '7'))), std::string(24, '7') + "...");
    EXPECT_EQ(parsed("tel:123456789012345678901234;phone-context=+86"),
              "+861234567890123456789012...");
}

TEST(Parse, reads_tbcd) {
    const auto tbcd = [](const Octets& octets) {
        return parsed(AddressView::tbcd(octets, TypeOfNumber::kInternational));
    };
    EXPECT_EQ(tbcd({0x68, 0x31, 0x08, 0x10, 0x83, 0x00, 0xF0}), "8613800138000");
    EXPECT_EQ(tbcd({0x11, 0xF0}), "110");
    EXPECT_EQ(tbcd({0x11, 0xF0, 0xFF}), "110");
    EXPECT_EQ(tbcd({0xBA, 0xDC, 0xFE}), "service:*#abc");
    EXPECT_EQ(tbcd({0x1F, 0x32}), "service:f123");
    EXPECT_EQ(tbcd({0xFF, 0xFF}), "absent");
    EXPECT_EQ(tbcd({}), "absent");
    EXPECT_EQ(tbcd(Octets(13, 0x11)), std::string(24, '1') + "...");
    EXPECT_EQ(parse(AddressView::tbcd({}, TypeOfNumber::kNational)).ton, TypeOfNumber::kNational);
}

TEST(Parse, reads_a_whole_q763_parameter) {
    // Odd, international; number complete, ISDN plan, presentation allowed, network provided.
    const Octets odd = {0x84, 0x13, 0x68, 0x31, 0x08, 0x10, 0x83, 0x00, 0x00};
    const Address address = parse(AddressView::q763(odd));
    EXPECT_EQ(address.text(), "8613800138000");
    EXPECT_EQ(address.kind, AddressKind::kDigits);
    EXPECT_EQ(address.ton, TypeOfNumber::kInternational);
    EXPECT_EQ(address.screening, Screening::kNetworkProvided);
    EXPECT_EQ(address.presentation, Presentation::kAllowed);

    const auto q763 = [](const Octets& octets) { return parsed(AddressView::q763(octets)); };
    EXPECT_EQ(q763({0x03, 0x10, 0x11, 0xF0}), "110");           // even, ended by ST
    EXPECT_EQ(q763({0x83, 0x10, 0x11, 0x00}), "110");           // odd, filler zero
    EXPECT_EQ(q763({0x83, 0x14, 0x31, 0x08}), "withheld:138");  // restricted
    EXPECT_EQ(q763({0x03, 0x1C, 0x31}), "withheld:13");         // restricted by the network
    EXPECT_EQ(q763({0x02, 0x08}), "absent");                    // not available
    EXPECT_EQ(q763({0x83, 0x10, 0x11, 0x0B}), "service:11#");   // code 11
    EXPECT_EQ(q763({0x84}), "absent");
    EXPECT_EQ(q763({}), "absent");
    EXPECT_EQ(q763({0x84, 0x13}), "absent");
}

TEST(Parse, reads_the_nature_of_address) {
    const std::array<TypeOfNumber, 7> expected = {
        TypeOfNumber::kUnknown,  TypeOfNumber::kSubscriber,    TypeOfNumber::kUnknown,
        TypeOfNumber::kNational, TypeOfNumber::kInternational, TypeOfNumber::kNetworkSpecific,
        TypeOfNumber::kUnknown};
    for (std::uint8_t nature = 0; nature < expected.size(); ++nature) {
        const Octets octets = {nature, 0x10, 0x11};
        EXPECT_EQ(parse(AddressView::q763(octets)).ton, expected[nature]) << int{nature};
    }
}

TEST(Parse, keeps_the_octets_of_a_name) {
    const Octets packed = {0xC9, 0x61, 0xF1, 0x01};
    EXPECT_EQ(parsed(AddressView::tbcd(packed, TypeOfNumber::kAlphanumeric)),
              "name:\xC9\x61\xF1\x01");
}

static_assert(parse("+8613800138000").plus);

}  // namespace
}  // namespace ringfence
