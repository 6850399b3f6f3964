#include "ringfence/lists/list_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ringfence/number/dial_plan.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

ListSource source_of(std::string_view country) {
    ListSource source;
    source.id = "fraud";
    source.path = "lists/fraud.csv";
    source.format.plan = DialPlan::find(CountryCode(country));
    return source;
}

struct Outcome {
    std::vector<std::string> rows;  // "entry action category expires source"
    ListReport report;
    std::string error;
};

Outcome read_all(std::string_view text, const ListSource& source) {
    Outcome outcome;
    auto reader = ListReader::from_text(text, source);
    if (!reader) {
        outcome.error = reader.error().text;
        return outcome;
    }
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        if (!more) outcome.error = more.error().text;
        if (!more || !*more) break;
        std::string line = row.entry.text;
        line += " " + std::string(row.action ? name_of(*row.action) : "-");
        line += " " + std::string(row.category);
        line += " " + (row.note.expires ? std::to_string(to_ms(*row.note.expires)) : "-");
        line += " " + std::string(row.note.source);
        outcome.rows.push_back(line);
    }
    outcome.report = reader->report();
    return outcome;
}

TEST(ListReader, reads_every_column) {
    const auto outcome = read_all(
        "number,kind,action,category,expires,source\r\n"
        "07700 900123,exact,reject,fraud card,2026-12-31,police\r\n"
        "+44 7700 9001,prefix,,,,\r\n"
        "\"07700900000..07700900099\",range,tag,,1772352000,\r\n",
        source_of("GB"));
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.rows,
              (std::vector<std::string>{"447700900123 reject fraud card 1798675200000 police",
                                        "4477009001 -  - ", "447700900000 tag  1772352000000 "}));
    EXPECT_EQ(outcome.report.rows, 3u);
    EXPECT_EQ(outcome.report.bad_rows, 0u);
}

TEST(ListReader, needs_no_column_but_the_number) {
    EXPECT_EQ(read_all("\xEF\xBB\xBFnumber\n07700900123\n", source_of("GB")).rows.size(), 1u);
    EXPECT_EQ(read_all("source,number\nx,07700900123\n", source_of("GB")).rows.size(), 1u);
}

TEST(ListReader, reports_each_bad_row_by_its_line_and_goes_on) {
    const std::string huge(10u << 20u, 'x');
    const auto outcome = read_all(
        "number,kind,action,expires\n"
        "07700 90012x,,,\n"         // 2
        "07700900123,exakt,,\n"     // 3
        "07700900123,,rejcet,\n"    // 4
        "07700900123,,,tomorrow\n"  // 5
        "07700900123,,divert,\n"    // 6
        "07700900123,,throttle,\n"  // 7
        ",,,\n"                     // 8
        "07700900123,,\n"           // 9
        "077009\xFF"
        "00123,,,\n"             // 10
        "\"07700900123\"x,,,\n"  // 11
            + huge +
            ",,,\n"              // 12
            "07700900124,,,\n",  // 13
        source_of("GB"));
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.rows, std::vector<std::string>{"447700900124 -  - "});
    EXPECT_EQ(outcome.report.bad_rows, 11u);
    ASSERT_EQ(outcome.report.errors.size(), 11u);
    for (std::size_t i = 0; i < outcome.report.errors.size(); ++i) {
        const std::string& text = outcome.report.errors[i].text;
        EXPECT_EQ(text.rfind("lists/fraud.csv:" + std::to_string(i + 2) + ": ", 0), 0u) << text;
        EXPECT_LT(text.size(), 300u);
        EXPECT_EQ(text.find('\n'), std::string::npos);
    }
    EXPECT_NE(outcome.report.errors[1].text.find("did you mean 'exact'?"), std::string::npos);
    EXPECT_NE(outcome.report.errors[2].text.find("did you mean 'reject'?"), std::string::npos);
}

TEST(ListReader, bears_a_nul_byte_and_an_unclosed_quote) {
    using namespace std::string_view_literals;
    const auto outcome = read_all(
        "number,source\n07700900123,a\0b\n07700900124,\"open\n07700900125,\n"sv, source_of("GB"));
    EXPECT_EQ(outcome.report.bad_rows, 2u);
    EXPECT_EQ(outcome.rows, std::vector<std::string>{"447700900125 -  - "});
}

TEST(ListReader, refuses_a_strict_list_at_its_first_bad_row) {
    ListSource source = source_of("GB");
    source.strict = true;
    const auto outcome = read_all("number\n07700900123\n079x\n07700900124\n", source);
    EXPECT_EQ(outcome.rows.size(), 1u);
    EXPECT_EQ(outcome.error.rfind("lists/fraud.csv:3: '079x' has a letter at 4", 0), 0u)
        << outcome.error;
    EXPECT_NE(outcome.error.find("refused whole"), std::string::npos);
}

TEST(ListReader, refuses_headers_that_are_wrong) {
    const auto error = [](std::string_view text) { return read_all(text, source_of("GB")).error; };
    EXPECT_EQ(error("number,acton\n"),
              "lists/fraud.csv:1: 'acton' is no column of a list; did you mean 'action'?");
    EXPECT_NE(error("numbr,action\n").find("number"), std::string::npos);
    EXPECT_NE(error("number,number\n").find("lists/fraud.csv:1"), std::string::npos);
    EXPECT_NE(error("").find("lists/fraud.csv"), std::string::npos);
}

TEST(ListReader, lets_no_order_allow) {
    ListSource source = source_of("GB");
    source.allows = false;
    const auto outcome = read_all("number,action\n07700900123,allow\n", source);
    EXPECT_EQ(outcome.report.bad_rows, 1u);
}

TEST(ListReader, takes_actions_whose_parameter_the_list_has) {
    ListSource source = source_of("GB");
    source.has_rate = source.has_destination = true;
    EXPECT_EQ(
        read_all("number,action\n07700900123,divert\n07700900124,throttle\n", source).rows.size(),
        2u);
}

TEST(ListReader, refuses_prefixes_of_over_a_million_numbers_unless_meant) {
    ListSource source = source_of("CN");
    const std::string text = "number,kind\n138,prefix\n1700000,prefix\n";
    const auto narrow = read_all(text, source);
    EXPECT_EQ(narrow.rows.size(), 1u);
    ASSERT_EQ(narrow.report.errors.size(), 1u);
    EXPECT_NE(narrow.report.errors[0].text.find("lists/fraud.csv:2: +86138 covers about"),
              std::string::npos)
        << narrow.report.errors[0].text;
    source.wide = true;
    EXPECT_EQ(read_all(text, source).rows.size(), 2u);
}

TEST(ListReader, reads_lists_of_names_and_mixed_kinds) {
    ListSource source = source_of("CN");
    source.format.exact = EntryKind::kSender;
    EXPECT_EQ(
        read_all("number,kind\nICBC,\nICBC2,exact\nevil.example,domain\n1700000,prefix\n", source)
            .rows,
        (std::vector<std::string>{"icbc -  - ", "icbc2 -  - ", "evil.example -  - ",
                                  "861700000 -  - "}));
}

TEST(ListReader, keeps_a_bounded_number_of_errors_and_counts_all) {
    std::string text = "number\n";
    for (int i = 0; i < 500; ++i) text += "x\n";
    const auto outcome = read_all(text, source_of("GB"));
    EXPECT_EQ(outcome.report.bad_rows, 500u);
    EXPECT_EQ(outcome.report.errors.size(), ListReport::kMaxKept);
}

TEST(ListReader, says_which_file_cannot_be_read) {
    const test::ScratchDir folder;
    ListSource source = source_of("GB");
    source.path = folder.path("absent.csv");
    auto absent = ListReader::open(source);
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, ErrorCode::kUnreadable);
    EXPECT_NE(absent.error().text.find("absent.csv"), std::string::npos);
    source.path = folder.path("");
    auto directory = ListReader::open(source);
    ASSERT_FALSE(directory);
    EXPECT_EQ(directory.error().code, ErrorCode::kUnreadable);
}

}  // namespace
}  // namespace ringfence
