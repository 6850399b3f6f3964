// Emergency numbers in the forms that phones, exchanges and gateways put around them. None of them makes a
// number of what was none, and nothing but a whole emergency number is one.
#include "ringfence/number/emergency_forms.hpp"

#include <random>
#include <string>
#include <vector>

#include "number/number_model.hpp"
#include "number/reading.hpp"

namespace ringfence {
namespace {

std::string form_of(std::string_view text, std::string_view country = "CN") {
    const Normalized n = read(text, country);
    return n.emergency ? std::string(name_of(n.form)) : "no emergency";
}

TEST(EmergencyForms, knows_the_service_by_its_name) {
    for (const char* text :
         {"urn:service:sos", "URN:Service:SOS", "urn:service:sos.police", "urn:service:sos.fire",
          "urn:service:sos.ambulance", "urn:service:sos.animal-control", "<urn:service:sos>",
          "urn:service:sos.ecall.automatic", "urn:service:sos;x=y", "sip:sos@x",
          "sips:SOS@home.example", "sip:sos.police@x;user=phone",
          "\"Help\" <urn:service:sos.police>;tag=1", "sos"})
        for (const char* country : {"CN", "US", "GB"})
            EXPECT_EQ(form_of(text, country), "service_urn") << text;
    for (const char* text :
         {"urn:service:sosx", "urn:service:test.sos", "urn:service:counseling",
          "urn:service:", "urn:service:sos..police", "urn:service:sos.", "urn:service:sos.po lice",
          "sip:sosa@x", "sip:soso@sos", "urn:nena:sos", "SOS bank", "sos:110"})
        EXPECT_FALSE(read(text).emergency) << text;
}

TEST(EmergencyForms, takes_off_a_plus_before_a_whole_code) {
    for (const DialPlan& plan : DialPlan::all()) {
        const std::string country(plan.country().text());
        for (const std::string_view number : plan.emergency_numbers()) {
            const std::string code(number);
            EXPECT_EQ(form_of("+" + code, country), "plus") << country << " " << code;
            EXPECT_EQ(form_of("tel:+" + code, country), "plus") << country << " " << code;
            EXPECT_FALSE(read("+" + code, country).valid) << country << " " << code;
        }
    }
    EXPECT_EQ(form_of("00110"), "prefix");
    EXPECT_EQ(form_of("+911"), "no emergency");
    EXPECT_EQ(form_of("+911", "US"), "plus");
    EXPECT_EQ(form_of("+1101"), "no emergency");
}

TEST(EmergencyForms, takes_a_local_number_out_of_its_context) {
    for (const char* text :
         {"tel:110;phone-context=+86", "tel:110;phone-context=+8610", "tel:110;phone-context=+1",
          "tel:110;phone-context=+44", "tel:110;phone-context=ims.example",
          "tel:112;phone-context=+49", "tel:110;phone-context=+", "tel:110;phone-context=+8*6",
          "sip:110;phone-context=+33@gw.example",
          "tel:110;phone-context=+12345678901234567890123456", "tel:12110755;phone-context=+44"})
        EXPECT_TRUE(read(text).emergency) << text;
    // What makes a number with its context is that number.
    EXPECT_EQ(meaning("tel:110;phone-context=+8613800138"), "8613800138110 plus mobile");
    EXPECT_FALSE(read("tel:110;phone-context=+8613800138").emergency);
    EXPECT_FALSE(read("tel:1101;phone-context=+44").emergency);
    EXPECT_FALSE(read("tel:911;phone-context=+86").emergency);
}

TEST(EmergencyForms, takes_off_what_withholds_the_caller) {
    for (const char* text :
         {"*31#110", "#31#110", "*31#112", "#31#+86110", "*31#0086110", "*31#010110",
          "tel:*31%23110", "#31#110#", "*31#12110755", "*31# 1-1-0"})
        EXPECT_EQ(form_of(text), "restriction") << text;
    for (const char* text :
         {"*67911", "*82911", "*67 911", "1167911", "1182911", "*67112", "*671911"})
        EXPECT_EQ(form_of(text, "US"), "restriction") << text;
    EXPECT_EQ(form_of("141999", "GB"), "restriction");
    EXPECT_EQ(form_of("1470112", "GB"), "restriction");
    EXPECT_EQ(form_of("365115", "FR"), "restriction");
    for (const char* text : {"*67110", "*32#110", "*31110", "31#110", "*31#*31#110", "*21*110#",
                             "*31#", "*31#1101", "*31#13800138000", "141110", "##110", "*110"})
        EXPECT_FALSE(read(text).emergency) << text;
    EXPECT_FALSE(read("1419991", "GB").emergency);
    EXPECT_FALSE(read("*679111", "US").emergency);
}

TEST(EmergencyForms, takes_off_what_ends_a_number) {
    for (const char* text : {"112#", "110F", "110f", "110FF", "110#F", "+110#", "+86110#", "0110#",
                             "tel:110%23", "1-1-0#"})
        EXPECT_EQ(form_of(text), "ended") << text;
    for (const char* text : {"110##", "110*", "110F#", "F110", "11F0", "110E", "1101F", "110 x",
                             "F", "#", "FF", "110++", "11#0"})
        EXPECT_FALSE(read(text).emergency) << text;
    const std::vector<std::uint8_t> tbcd = {0x11, 0xB2};
    for (unsigned ton = 0; ton < 5; ++ton) {
        const auto view = AddressView::tbcd(tbcd, static_cast<TypeOfNumber>(ton));
        EXPECT_EQ(normalize(parse(view), plan_of("CN")).form, Form::kEnded) << ton;
    }
    const std::vector<std::uint8_t> q763 = {0x02, 0x10, 0xBA, 0x13, 0xB0, 0x11, 0xF0};
    EXPECT_FALSE(normalize(parse(AddressView::q763(q763)), plan_of("CN")).emergency);  // *#31 0#110
    const std::vector<std::uint8_t> behind = {0x82, 0x10, 0x3A, 0xB1, 0x11, 0x00};
    EXPECT_EQ(normalize(parse(AddressView::q763(behind)), plan_of("CN")).form, Form::kRestriction);
}

TEST(EmergencyForms, reads_full_width_digits) {
    for (const char* text :
         {"１１０", "1１0", "＋８６１１０", "００８６７５５１１０", "＊３１＃１１０",
          "sip:%EF%BC%91%EF%BC%91%EF%BC%90@gw.example", "tel:１１０", "１　１　０"})
        EXPECT_TRUE(read(text).emergency) << text;
    for (const char* text : {"１１０１", "１１０号", "报警１１０", "１１", "Ａ１１０"})
        EXPECT_FALSE(read(text).emergency) << text;
}

// A caller in such a form is no more of a number than without it.
TEST(EmergencyForms, makes_no_number_of_what_was_none) {
    for (const char* text : {"*31#110", "112#", "110F", "１１０", "urn:service:sos", "sip:sos@x",
                             "９５５８８", "１３８００１３８０００", "95588F", "*31#95588"}) {
        const Normalized n = read(text);
        EXPECT_TRUE(n.number.empty()) << text;
        EXPECT_EQ(n.size, 0) << text;
        EXPECT_FALSE(n.valid || n.domestic || n.is_protected) << text;
        EXPECT_EQ(n.kind, n.emergency ? NumberKind::kEmergency : NumberKind::kUnknown) << text;
        EXPECT_EQ(n.oddities, Oddity::kNone) << text;
    }
    EXPECT_EQ(meaning("+110"),
              "110 plus emergency invalid unknown_range plus_on_national look_alike");
    EXPECT_EQ(parse("９５５８８").kind, AddressKind::kAlphanumeric);
}

// Every form of every code, and each of its neighbours: a character left out, doubled or changed.
TEST(EmergencyForms, agrees_with_the_model_on_every_form_and_its_neighbours) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    static constexpr std::string_view kBefore[] = {
        "",     "+",    "00",   "0",   "*31#", "#31#", "*67",  "*82", "141",  "1470",
        "1167", "3651", "tel:", "010", "+86",  "44",   "sip:", "１",  "*31#+"};
    static constexpr std::string_view kBehind[] = {"",
                                                   "#",
                                                   "F",
                                                   "FF",
                                                   "#F",
                                                   "##",
                                                   "@x",
                                                   ";phone-context=+86",
                                                   ";phone-context=+8613800138",
                                                   ";phone-context=+1"};
    static constexpr std::string_view kOther = "0123456789+*#F -x";
    unsigned emergencies = 0;
    const auto check = [&](const std::string& text, const DialPlan& plan) {
        const Address address = parse(std::string_view(text));
        ASSERT_EQ(model::disagreement(address, plan), "") << plan.country().text() << " " << text;
        emergencies += normalize(address, plan).emergency ? 1u : 0u;
    };
    for (const DialPlan& plan : DialPlan::all()) {
        for (const std::string_view number : plan.emergency_numbers()) {
            for (const std::string_view before : kBefore) {
                for (const std::string_view behind : kBehind) {
                    const std::string text = std::string(before).append(number).append(behind);
                    check(text, plan);
                    std::string other = text;
                    const std::size_t at = random() % text.size();
                    const char c = kOther[random() % kOther.size()];
                    switch (random() % 3) {
                        case 0: other.erase(at, 1); break;
                        case 1: other.insert(at, 1, c); break;
                        default: other[at] = c;
                    }
                    check(other, plan);
                }
            }
        }
    }
    EXPECT_GT(emergencies, 2'000u);
}

// Numbers that a plan knows are never one, whatever stands around them.
TEST(EmergencyForms, leaves_ordinary_numbers_alone) {
    constexpr unsigned kSeed = 2027;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    unsigned known = 0;
    for (int round = 0; round < 100'000; ++round) {
        const DialPlan& plan = DialPlan::all()[random() % 7];
        std::string digits;
        for (std::size_t size = 4 + random() % 9; size > 0; --size)
            digits += static_cast<char>('0' + random() % 10);
        if (random() % 4 == 0) {
            const auto codes = plan.emergency_numbers();
            digits += codes[random() % codes.size()];
        }
        const Normalized bare = read(digits, plan.country().text());
        if (!bare.valid || bare.kind == NumberKind::kEmergency || bare.emergency) continue;
        ++known;
        for (const char* around : {"*31#", "#31#", "*67", "+"}) {
            const Normalized n = read(around + digits, plan.country().text());
            // A plus makes another number of it, which may be an emergency: 86110.
            if (around[0] == '+' && n.emergency) continue;
            ASSERT_FALSE(n.emergency) << plan.country().text() << " " << around << digits;
        }
        ASSERT_FALSE(read(digits + "#", plan.country().text()).emergency) << digits;
        ASSERT_FALSE(read(digits + "F", plan.country().text()).emergency) << digits;
    }
    EXPECT_GT(known, 1'000u);
}

}  // namespace
}  // namespace ringfence
