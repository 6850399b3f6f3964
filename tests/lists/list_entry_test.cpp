#include "ringfence/lists/list_entry.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/format.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"

namespace ringfence {
namespace {

EntryFormat format_of(std::string_view country, EntryKind exact = EntryKind::kExact) {
    return {DialPlan::find(CountryCode(country)), exact};
}

// "33162[11-11]" for a prefix with bounds, "a..b" for a range, "refused: why".
std::string read(std::string_view country, EntryKind kind, std::string_view written) {
    ListEntry entry;
    const auto status = read_entry(written, kind, format_of(country), entry);
    if (!status) return "refused: " + status.error().text;
    std::string text = entry.text;
    if (!entry.last.empty()) text += ".." + entry.last;
    if (kind == EntryKind::kPrefix && entry.min_length != 0)
        text +=
            "[" + std::to_string(entry.min_length) + "-" + std::to_string(entry.max_length) + "]";
    return text;
}
std::string exact(std::string_view country, std::string_view written) {
    return read(country, EntryKind::kExact, written);
}
std::string prefix(std::string_view country, std::string_view written) {
    return read(country, EntryKind::kPrefix, written);
}
std::string range(std::string_view country, std::string_view written) {
    return read(country, EntryKind::kRange, written);
}

TEST(ListEntry, reads_one_number_in_every_form_as_the_same) {
    for (const auto* written : {"+33639980001", "0033639980001", "0639980001", "06 39 98 00 01",
                                "(06)39-98-00.01", " +33 6 39 98 00 01 "})
        EXPECT_EQ(exact("FR", written), "33639980001") << written;
    for (const auto* written : {"17000001234", "+8617000001234", "8617000001234", "017000001234"})
        EXPECT_EQ(exact("CN", written), "8617000001234") << written;
    EXPECT_EQ(exact("FR", "33639980001"), "33639980001");  // of no range that FR knows
    EXPECT_EQ(exact("GB", "020 7946 0018"), "442079460018");
    EXPECT_EQ(exact("US", "202-555-0123"), "12025550123");
}

TEST(ListEntry, keeps_short_codes_and_long_sms_ports) {
    EXPECT_EQ(exact("CN", "95588"), "8695588");
    EXPECT_EQ(exact("CN", "10690000123456789012"), "8610690000123456789012");
    ListEntry entry;
    ASSERT_TRUE(read_entry("10690000123456789012", EntryKind::kExact, format_of("CN"), entry));
    EXPECT_TRUE(entry.number().empty());
}

TEST(ListEntry, says_what_is_wrong_with_a_number) {
    EXPECT_EQ(
        exact("GB", "+44 79x"),
        "refused: '+44 79x' has a letter at 7; a number has digits, and blanks, hyphens, dots "
        "or parentheses between");
    EXPECT_EQ(exact("GB", ""), "refused: '' is empty");
    EXPECT_EQ(exact("GB", " - "), "refused: ' - ' has no digit");
    EXPECT_EQ(exact("GB", std::string(65, '1')).substr(0, 8), "refused:");
    EXPECT_EQ(exact("GB", std::string(4000, '1')).substr(0, 8), "refused:");
    for (const auto* bad : {"+95588", "+0013800138000", "00013800138000", "1380013", "+999123456"})
        EXPECT_EQ(exact("CN", bad).substr(0, 8), "refused:") << bad << " " << exact("CN", bad);
}

TEST(ListEntry, takes_a_range_that_the_plan_does_not_know_and_says_so) {
    ListEntry entry;
    bool unknown = false;
    ASSERT_TRUE(read_entry("0639980001", EntryKind::kExact, format_of("FR"), entry, &unknown));
    EXPECT_TRUE(unknown);
    ASSERT_TRUE(read_entry("0162000000", EntryKind::kExact, format_of("FR"), entry, &unknown));
    EXPECT_FALSE(unknown);
    EXPECT_EQ(exact("DE", "0011129").substr(0, 8), "refused:");  // +1 1129
}

TEST(ListEntry, reads_prefixes_under_the_country) {
    EXPECT_EQ(prefix("FR", "0162"), "33162");
    EXPECT_EQ(prefix("FR", "+33162"), "33162");
    EXPECT_EQ(prefix("FR", "0033 1 62"), "33162");
    EXPECT_EQ(prefix("FR", "01 62*"), "33162");
    EXPECT_EQ(prefix("CN", "170"), "86170");
    EXPECT_EQ(prefix("CN", "0755"), "86755");
    EXPECT_EQ(prefix("CN", "+95"), "95");
    EXPECT_EQ(prefix("CN", "95"), "8695");
    EXPECT_EQ(prefix("US", "1305"), "1305");
    EXPECT_EQ(prefix("US", "305"), "1305");
    EXPECT_EQ(prefix("US", "011 44 20"), "4420");
    EXPECT_EQ(prefix("SG", "020 65"), "65");
    EXPECT_EQ(prefix("SG", "6123"), "656123");
}

TEST(ListEntry, reads_places_as_the_length_of_the_number) {
    EXPECT_EQ(prefix("FR", "33162######"), "33162[11-11]");
    EXPECT_EQ(prefix("FR", "0162######"), "33162[11-11]");
    EXPECT_EQ(prefix("FR", "3950"), "333950");
    EXPECT_EQ(prefix("FR", "3326284####"), "3326284[11-11]");  // of no range that FR knows
}

TEST(ListEntry, reads_a_prefix_with_its_country_code_where_no_other_reading_is_written) {
    EXPECT_EQ(prefix("CN", "86138001"), "86138001");
    EXPECT_EQ(prefix("CN", "86 138 001*"), "86138001");
    EXPECT_EQ(prefix("CN", "86138"), "86138");
    EXPECT_EQ(prefix("CN", "86138001#####"), "86138001[13-13]");
    EXPECT_EQ(prefix("CN", "861440"), "861440");  // 13 digits behind the code: things
    EXPECT_EQ(prefix("CN", "861069000012345678901"), "861069000012345678901");
    EXPECT_EQ(prefix("CN", "8695588"), "8695588");
    EXPECT_EQ(prefix("FR", "33162"), "33162");  // 03 31 62 is written with its 0
    EXPECT_EQ(prefix("DE", "4917"), "4917");
    EXPECT_EQ(prefix("GB", "4420"), "4420");
    EXPECT_EQ(prefix("SG", "6561234567"), "6561234567");
    // Both may be meant.
    EXPECT_EQ(prefix("IN", "9198"), "919198");
    EXPECT_EQ(prefix("SG", "656123"), "65656123");
    EXPECT_EQ(prefix("CN", "13"), "8613");
    EXPECT_EQ(prefix("CN", "8"), "868");
    EXPECT_EQ(prefix("CN", "86").substr(0, 8), "refused:") << prefix("CN", "86");
    EXPECT_EQ(prefix("CN", "+86"), "86");
    EXPECT_EQ(range("CN", "8613800100..8613800199"), "868613800100..868613800199");
    EXPECT_EQ(range("CN", "8613800000000..8613800009999"), "8613800000000..8613800009999");
}

TEST(ListEntry, tells_of_prefixes_and_ranges_that_no_known_number_is_in) {
    const auto is_unknown = [](std::string_view country, EntryKind kind, std::string_view written) {
        ListEntry entry;
        bool unknown = false;
        const auto status = read_entry(written, kind, format_of(country), entry, &unknown);
        EXPECT_TRUE(status) << (status ? "" : status.error().text);
        return unknown;
    };
    for (const auto* written : {"174130", "868613", "+86000", "+86 000 11##"})
        EXPECT_TRUE(is_unknown("CN", EntryKind::kPrefix, written)) << written;
    for (const auto* written : {"138", "0755", "+1 305", "95", "1", "+8", "1069", "12", "86170"})
        EXPECT_FALSE(is_unknown("CN", EntryKind::kPrefix, written)) << written;
    EXPECT_TRUE(is_unknown("GB", EntryKind::kPrefix, "+44 7700 900"));
    EXPECT_TRUE(is_unknown("FR", EntryKind::kRange, "0639980000..0639980099"));
    EXPECT_FALSE(is_unknown("FR", EntryKind::kRange, "0162000000..0162000099"));
}

TEST(ListEntry, refuses_prefixes_and_ranges_of_a_length_that_no_number_has) {
    EXPECT_EQ(prefix("CN", "138001380001"),
              "refused: '138001380001' covers no number: its range has none of that length");
    for (const auto* bad :
         {"+86138001380001", "+1305555010000", "138####", "+83", "1069000012345678901234"})
        EXPECT_EQ(prefix("CN", bad).substr(0, 8), "refused:") << bad << " " << prefix("CN", bad);
    EXPECT_EQ(prefix("FR", "33162#####").substr(0, 8), "refused:") << prefix("FR", "33162#####");
    EXPECT_EQ(prefix("FR", "0162 00 00 001").substr(0, 8), "refused:");
    EXPECT_EQ(
        range("FR", "+4420123456789000000..+4420123456789999999"),
        "refused: '+4420123456789000000..+4420123456789999999' has more digits than a number");
    EXPECT_EQ(range("CN", "13800000..13800099"),
              "refused: '13800000..13800099' covers no number: its range has none of that length");
}

TEST(ListEntry, refuses_prefixes_of_everything_and_nothing) {
    for (const auto* bad : {"+", "*", "+0", "00", "0000", "16x", "+999", "#####"})
        EXPECT_EQ(prefix("FR", bad).substr(0, 8), "refused:") << bad << " " << prefix("FR", bad);
    EXPECT_EQ(prefix("FR", "1#2").substr(0, 8), "refused:");
    EXPECT_EQ(prefix("FR", "0162######################").substr(0, 8), "refused:");
}

TEST(ListEntry, reads_ranges_with_ends_of_one_length) {
    EXPECT_EQ(range("FR", "0639980000..0639980099"), "33639980000..33639980099");
    EXPECT_EQ(range("FR", "06 39 98 00 00 - 06 39 98 00 99"), "33639980000..33639980099");
    EXPECT_EQ(range("FR", "33162000000-33162000099"), "33162000000..33162000099");
    EXPECT_EQ(range("CN", "95500-95599"), "8695500..8695599");
    EXPECT_EQ(range("FR", "0639980099..0639980000"),
              "refused: '0639980099..0639980000' ends before it begins");
    EXPECT_EQ(range("FR", "0639980000..06399801"),
              "refused: '0639980000..06399801' has ends of unequal length");
    EXPECT_EQ(range("FR", "0639980000"), "refused: '0639980000' is no range; write 'first..last'");
}

TEST(ListEntry, folds_names_as_look_ups_do) {
    EXPECT_EQ(read("CN", EntryKind::kSender, " ICBC "), "icbc");
    EXPECT_EQ(read("CN", EntryKind::kDomain, "Pay.Example.COM"), "pay.example.com");
    EXPECT_EQ(read("CN", EntryKind::kAccount, "Some_Body1"), "some_body1");
    EXPECT_EQ(read("CN", EntryKind::kSender, "a\nb").substr(0, 8), "refused:");
    EXPECT_EQ(read("CN", EntryKind::kSender, "a\xFF").substr(0, 8), "refused:");
    EXPECT_EQ(read("CN", EntryKind::kSender, std::string(300, 'a')).substr(0, 8), "refused:");
}

TEST(ListEntry, drops_a_star_in_front_of_a_host) {
    const auto host = [](std::string_view text) { return read("CN", EntryKind::kDomain, text); };
    EXPECT_EQ(host("*.Example.com"), "example.com");
    EXPECT_EQ(host("https://*.example.com/x"), "example.com");
    EXPECT_EQ(host(".example.com."), "example.com");
}

TEST(ListEntry, refuses_hosts_and_accounts_that_no_text_can_name) {
    for (const auto* bad : {"not a domain.com", "a..example.com", "*example.com", "ex*mple.com",
                            "*.*.example.com", "*.", "a,b.com", "[2001:db8::1]", "|example.com^"})
        EXPECT_EQ(read("CN", EntryKind::kDomain, bad).substr(0, 8), "refused:")
            << bad << " " << read("CN", EntryKind::kDomain, bad);
    for (const auto* good : {"evil.example", "192.0.2.1", "16909060", "_dmarc.example.com",
                             "пример.рф", "http://example.com/not a path", "com"})
        EXPECT_NE(read("CN", EntryKind::kDomain, good).substr(0, 8), "refused:")
            << good << " " << read("CN", EntryKind::kDomain, good);
    EXPECT_EQ(read("CN", EntryKind::kAccount, "微信:abc12345"),
              "refused: '微信:abc12345' is no account: it has more than letters, digits, '-' and "
              "'_'; write the id alone, without '+' or the name of its service");
    for (const auto* bad :
         {"微信abc12345", "wechat abc12345", "t.me/some_body", "+8617000001234", "bob@", "@bob@",
          "bob@example", "bob@not a host,com", "o'bob@example.com"})
        EXPECT_EQ(read("CN", EntryKind::kAccount, bad).substr(0, 8), "refused:")
            << bad << " " << read("CN", EntryKind::kAccount, bad);
    for (const auto* good : {"abc12345", "wxid_abc-12", "12345678", "bob.b+x@example.com",
                             "bob@пример.рф", "боб@example.com"})
        EXPECT_NE(read("CN", EntryKind::kAccount, good).substr(0, 8), "refused:")
            << good << " " << read("CN", EntryKind::kAccount, good);
}

TEST(ListEntry, tells_the_kind_of_a_live_change_by_its_text) {
    const auto kind = [](std::string_view text) {
        ListEntry entry;
        EXPECT_TRUE(read_entry(text, format_of("CN"), entry));
        return entry.kind;
    };
    EXPECT_EQ(kind("+8617000001234"), EntryKind::kExact);
    EXPECT_EQ(kind("+8617*"), EntryKind::kPrefix);
    EXPECT_EQ(kind("170000012##"), EntryKind::kPrefix);
    EXPECT_EQ(kind("86170000*"), EntryKind::kPrefix);
    EXPECT_EQ(kind("17000001200..17000001299"), EntryKind::kRange);
    ListEntry entry;
    ASSERT_TRUE(read_entry("ICBC", format_of("CN", EntryKind::kSender), entry));
    EXPECT_EQ(entry.kind, EntryKind::kSender);
}

TEST(ListEntry, counts_the_numbers_that_a_prefix_covers) {
    const auto numbers = [](std::string_view country, EntryKind kind, std::string_view written) {
        ListEntry entry;
        EXPECT_TRUE(read_entry(written, kind, format_of(country), entry)) << written;
        return assigned_numbers(entry);
    };
    EXPECT_EQ(numbers("FR", EntryKind::kExact, "0639980001"), 1u);
    EXPECT_LE(numbers("FR", EntryKind::kPrefix, "0162"), 1'000'000u);
    EXPECT_GE(numbers("FR", EntryKind::kPrefix, "0162"), 900'000u);
    EXPECT_GT(numbers("FR", EntryKind::kPrefix, "016"), 1'000'000u);
    EXPECT_GT(numbers("CN", EntryKind::kPrefix, "138"), 90'000'000u);
    EXPECT_EQ(numbers("FR", EntryKind::kRange, "0639980000..0639980099"), 100u);
    EXPECT_GT(numbers("CN", EntryKind::kRange, "13000000000..13899999999"), 100'000'000u);
}

// Any text is read or refused, and what is read is read again from its own digits.
TEST(ListEntry, reads_its_own_digits_again) {
    const unsigned seed = 31;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const EntryFormat format = format_of("DE");
    int read_well = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string written(random() % 16, '0');
        for (char& c : written) c = "0123456789+ -.#*"[random() % (round % 2 ? 10 : 16)];
        ListEntry entry;
        if (!read_entry(written, EntryKind::kExact, format, entry)) continue;
        ++read_well;
        if (entry.number().empty()) continue;
        // Short codes read back without their country code alone: format knows.
        ListEntry again;
        const auto text = format_of("DE").plan;
        const auto dialled = ringfence::format(entry.number(), NumberStyle::kNational, *text);
        ASSERT_TRUE(read_entry(dialled.text(), EntryKind::kExact, format, again))
            << written << " -> " << dialled.text();
        ASSERT_EQ(again, entry) << written << " -> " << dialled.text();
    }
    EXPECT_GT(read_well, 1'000);
}

TEST(ListEntry, tells_whether_it_covers_a_number) {
    ListEntry exact;
    exact.text = "8617000001234";
    EXPECT_TRUE(covers_number(exact, "8617000001234"));
    EXPECT_FALSE(covers_number(exact, "86170000012345"));
    ListEntry prefix;
    prefix.kind = EntryKind::kPrefix;
    prefix.text = "86170";
    prefix.min_length = prefix.max_length = 13;
    EXPECT_TRUE(covers_number(prefix, "8617000001234"));
    EXPECT_FALSE(covers_number(prefix, "861700000123"));
    ListEntry range;
    range.kind = EntryKind::kRange;
    range.text = "8617000";
    range.last = "8617009";
    EXPECT_TRUE(covers_number(range, "8617009"));
    EXPECT_FALSE(covers_number(range, "8617010"));
    EXPECT_FALSE(covers_number(range, "86170090"));
    range.kind = EntryKind::kSender;
    EXPECT_FALSE(covers_number(range, "8617009"));
    EXPECT_FALSE(covers_number(ListEntry{}, ""));
}

}  // namespace
}  // namespace ringfence
