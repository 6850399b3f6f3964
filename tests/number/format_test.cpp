#include "ringfence/number/format.hpp"

#include <random>
#include <string>

#include "number/reading.hpp"

namespace ringfence {
namespace {

std::string formatted(const char* text, NumberStyle style, std::string_view country = "CN") {
    return std::string(format(read(text, country), style, plan_of(country)).text());
}

TEST(Format, writes_each_style) {
    EXPECT_EQ(formatted("013800138000", NumberStyle::kE164), "+8613800138000");
    EXPECT_EQ(formatted("+8613800138000", NumberStyle::kNational), "13800138000");
    EXPECT_EQ(formatted("13800138000", NumberStyle::kDialled), "008613800138000");
    EXPECT_EQ(formatted("+861012345678", NumberStyle::kNational), "01012345678");
    EXPECT_EQ(formatted("+442079460018", NumberStyle::kNational), "00442079460018");
    EXPECT_EQ(formatted("95588", NumberStyle::kNational), "95588");
    EXPECT_EQ(formatted("01012345", NumberStyle::kNational), "01012345");  // area and service code
    EXPECT_EQ(formatted("+442079460018", NumberStyle::kNational, "GB"), "02079460018");
    EXPECT_EQ(formatted("+12025550123", NumberStyle::kNational, "US"), "2025550123");
    EXPECT_EQ(formatted("+442079460018", NumberStyle::kDialled, "US"), "011442079460018");
    EXPECT_EQ(formatted("+6591234567", NumberStyle::kNational, "SG"), "91234567");
}

TEST(Format, writes_long_national_numbers) {
    EXPECT_EQ(formatted("10691234567890123456", NumberStyle::kE164), "+8610691234567890123456");
    EXPECT_EQ(formatted("10691234567890123456", NumberStyle::kNational), "10691234567890123456");
}

TEST(Format, writes_nothing_for_no_number) {
    EXPECT_EQ(format(Number(), NumberStyle::kE164, plan_of("CN")).text(), "");
    EXPECT_EQ(format_e164(Number()).text(), "");
    EXPECT_EQ(formatted("ICBC", NumberStyle::kE164), "");
    EXPECT_EQ(formatted("12345678901234567890", NumberStyle::kE164), "");
    EXPECT_EQ(format_e164(Number::from_digits("8695588")).text(), "+8695588");
}

TEST(Format, reads_back) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    unsigned valid = 0;
    for (int round = 0; round < 100'000; ++round) {
        const DialPlan& plan = DialPlan::all()[random() % 7];
        std::string text = random() % 2 ? "+" : "";
        if (random() % 2) text += plan.country_calling_code();
        for (std::size_t size = 3 + random() % 10; size > 0; --size)
            text += static_cast<char>('0' + random() % 10);
        const Normalized n = normalize(parse(std::string_view(text)), plan);
        if (!n.valid) continue;
        ++valid;
        // 95311[09], 95[1-5]12[02] ...: behind +86 an area and an emergency number is believed first.
        const bool ambiguous =
            n.kind == NumberKind::kShortCode && n.size == 8 && n.digits().starts_with("8695");
        for (const NumberStyle style :
             {NumberStyle::kE164, NumberStyle::kNational, NumberStyle::kDialled}) {
            if (ambiguous && style != NumberStyle::kNational) continue;
            const NumberText written = format(n.number, style, plan);
            ASSERT_EQ(normalize(parse(written.text()), plan).number, n.number)
                << plan.country().text() << " " << text << " " << written.text();
        }
    }
    EXPECT_GT(valid, 10'000u);
}

}  // namespace
}  // namespace ringfence
