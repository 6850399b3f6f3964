// Lists as other programs write them, each as its documentation shows it and as bad as it may come.
#include "ringfence/lists/list_format.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "ringfence/lists/list_reader.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/source/file.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

struct Read {
    std::vector<std::string> rows;  // "kind text[-last][ action][ category][ ..]"
    ListReport report;
    std::string error;
};

std::string described(const ListRow& row) {
    std::string text(name_of(row.entry.kind));
    text.append(" ").append(row.entry.text);
    if (!row.entry.last.empty()) text.append("-").append(row.entry.last);
    if (row.entry.kind == EntryKind::kPrefix && row.entry.min_length != 0)
        text.append(" of ").append(std::to_string(row.entry.min_length));
    if (row.action) text.append(" ").append(name_of(*row.action));
    if (!row.category.empty()) text.append(" ").append(row.category);
    if (!row.note.source.empty()) text.append(" by ").append(row.note.source);
    if (row.note.expires)
        text.append(" until ").append(std::to_string(to_ms(*row.note.expires) / 1000));
    if (row.note.since)
        text.append(" since ").append(std::to_string(to_ms(*row.note.since) / 1000));
    if (row.note.confidence)
        text.append(" ").append(std::to_string(*row.note.confidence)).append("%");
    return text;
}

Read read(ListFormat format, std::string_view text, std::string_view country,
          const std::string* path = nullptr) {
    ListSource source;
    source.id = "list";
    source.path = path ? *path : "list.txt";
    source.file_format = format;
    source.format.plan = DialPlan::find(CountryCode(country));
    Read result;
    auto reader = path ? ListReader::open(source) : ListReader::from_text(text, source);
    if (!reader) {
        result.error = reader.error().text;
        return result;
    }
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        if (!more) {
            result.error = more.error().text;
            break;
        }
        if (!*more) break;
        result.rows.push_back(described(row));
    }
    result.report = reader->report();
    return result;
}

using Rows = std::vector<std::string>;

TEST(ListFormat, has_names_that_lead_back) {
    for (const std::string_view name : kListFormatNames)
        EXPECT_EQ(name_of(*list_format_from_name(name)), name);
    EXPECT_FALSE(list_format_from_name("xls"));
}

TEST(ListFormat, csv_rows_say_since_when_and_how_sure) {
    const Read got = read(ListFormat::kCsv,
                          "number,source,since,confidence\n0639980001,arcep,2026-01-02,85\n"
                          "0639980002,,,101\n0639980003,,yesterday,\n",
                          "FR");
    EXPECT_EQ(got.rows, (Rows{"exact 33639980001 by arcep since 1767312000 85%"}));
    ASSERT_EQ(got.report.errors.size(), 2u);
    EXPECT_EQ(got.report.errors[0].text,
              "list.txt:3: '101' is no confidence; write a percentage from 0 to 100");
    EXPECT_EQ(got.report.errors[1].text,
              "list.txt:4: 'yesterday' is no time; write it like 2027-01-31 or "
              "2027-01-31T08:00:00Z");
}

TEST(ListFormat, lines_are_numbers_ranges_and_patterns) {
    const Read got = read(ListFormat::kLines,
                          "\xEF\xBB\xBF# a comment\n\n+33 6 39 98 00 01\r\n06-39-98-00-02\n"
                          "0639980000-0639980099\n0639980100..0639980199\n0639980200,0639980299\n"
                          "0639980300;0639980399\n; another\n33162######\n0163*\nx\n0639980003",
                          "FR");
    EXPECT_EQ(got.rows, (Rows{"exact 33639980001", "exact 33639980002",
                              "range 33639980000-33639980099", "range 33639980100-33639980199",
                              "range 33639980200-33639980299", "range 33639980300-33639980399",
                              "prefix 33162 of 11", "prefix 33163", "exact 33639980003"}));
    EXPECT_EQ(got.report.bad_rows, 1u);
    EXPECT_EQ(got.report.errors.at(0).text.substr(0, 12), "list.txt:12:");
}

TEST(ListFormat, a_line_without_end_is_one_bad_row) {
    const std::string text = "0639980001\n" + std::string(10'000'000, '7') + "\n0639980002\n";
    const Read got = read(ListFormat::kLines, text, "FR");
    EXPECT_EQ(got.rows, (Rows{"exact 33639980001", "exact 33639980002"}));
    EXPECT_EQ(got.report.bad_rows, 1u);
    EXPECT_EQ(read(ListFormat::kLines, "", "FR").rows, Rows{});
    EXPECT_EQ(read(ListFormat::kLines, std::string_view("\0\xFF\n", 3), "FR").report.bad_rows, 1u);
}

TEST(ListFormat, patterns_are_read_from_json) {
    const Read got = read(ListFormat::kPatterns,
                          R"([ {"operator_name": "ARCEP", "pattern": "33162######",
                                "start": "33162000000", "end": "33162999999"},
                               {"start": "33639980000", "end": "33639980099", "source": "a \"b\" \u00e9"},
                               {"comment": "no entry"}, {"pattern": "3x"} ])",
                          "FR");
    EXPECT_EQ(got.rows, (Rows{"prefix 33162 of 11 by ARCEP",
                              "range 33639980000-33639980099 by a \"b\" \xC3\xA9"}));
    EXPECT_EQ(got.report.bad_rows, 1u);
}

TEST(ListFormat, phoneblock_ratings_become_categories_and_votes_confidence) {
    const Read got = read(
        ListFormat::kPhoneBlock,
        R"({"numbers":[{"phone":"+4917139200001","votes":4,"rating":"G_FRAUD"},)"
        R"({"phone":"017139200002","votes":36,"rating":"E_ADVERTISING","dateAdded":1767312000000},)"
        R"({"phone":"004917139200003","votes":1,"rating":"A_LEGITIMATE"},)"
        R"({"phone":"+4917139200004","votes":9,"rating":"C_PING","archived":true},)"
        R"({"phone":"+4917139200005","votes":-3,"rating":"B_MISSED"}]})",
        "DE");
    EXPECT_EQ(got.rows, (Rows{"exact 4917139200001 fraud 50%",
                              "exact 4917139200002 telemarketing since 1767312000 90%",
                              "exact 4917139200005 0%"}));
    EXPECT_EQ(got.report.passed_over, 2u);
    const Read lines = read(ListFormat::kPhoneBlock, "017139200001\n0033639980001\n", "DE");
    EXPECT_EQ(lines.rows, (Rows{"exact 4917139200001", "exact 33639980001"}));
}

TEST(ListFormat, secfilter_tables_block_and_allow_callers_and_domains) {
    const std::string_view dump =
        "-- MySQL dump; don't stop here\nCREATE TABLE `secfilter` (`id` INT(10) PRIMARY KEY);\n"
        "INSERT INTO `secfilter` VALUES (1,0,4,'0639980001'),(2,1,4,'+33639980002'),"
        "(3,0,2,'evil.example'),(4,0,0,'friendly-scanner'),(5,0,3,'192.0.2.1'),"
        "(6,2,0,'0639980003');\n"
        "INSERT INTO secfilter (data, action, type) VALUES ('it''s', 0, 4), ('0639980004', 0, "
        "4);\n";
    const Read got = read(ListFormat::kSecfilter, dump, "FR");
    EXPECT_EQ(got.rows, (Rows{"exact 33639980001", "exact 33639980002 allow", "domain evil.example",
                              "exact 33639980004"}));
    EXPECT_EQ(got.report.passed_over, 3u);
    EXPECT_EQ(got.report.bad_rows, 1u);
    EXPECT_EQ(read(ListFormat::kSecfilterDst, dump, "FR").rows, (Rows{"exact 33639980003"}));
}

TEST(ListFormat, secfilter_print_outs_are_read_by_their_headings) {
    const std::string_view print =
        "\nDestinations\n============\n[+] Blacklisted\n    -----------\n    0001 -> 0639980003\n"
        "\nUser-agent\n==========\n[+] Blacklisted\n    -----------\n    0001 -> friendly-scanner\n"
        "\nDomain\n======\n[+] Blacklisted\n    -----------\n    0001 -> evil.example\n\n"
        "[+] Whitelisted\n    -----------\n"
        "\nUser\n====\n[+] Blacklisted\n    -----------\n    0001 -> 0639980001\n\n"
        "[+] Whitelisted\n    -----------\n    0001 -> 0639980002\n\n";
    EXPECT_EQ(read(ListFormat::kSecfilter, print, "FR").rows,
              (Rows{"domain evil.example", "exact 33639980001", "exact 33639980002 allow"}));
    EXPECT_EQ(read(ListFormat::kSecfilterDst, print, "FR").rows, (Rows{"exact 33639980003"}));
}

TEST(ListFormat, htable_dumps_come_as_table_as_kamcmd_and_as_json) {
    const Rows wanted{"exact 33639980001", "exact 33639980002"};
    EXPECT_EQ(read(ListFormat::kHtable,
                   "INSERT INTO htable VALUES (1,'0639980001',0,1,'1',0),"
                   "(2,'0639980002',0,1,'1',0);",
                   "FR")
                  .rows,
              wanted);
    EXPECT_EQ(
        read(ListFormat::kHtable,
             "INSERT INTO `htable` (`key_name`,`expires`) VALUES ('0639980001', 1893456000);", "FR")
            .rows,
        (Rows{"exact 33639980001 until 1893456000"}));
    EXPECT_EQ(read(ListFormat::kHtable,
                   "{\n\tentry: 38\n\tsize: 2\n\tslot: {\n\t\t{\n\t\t\tname: 0639980001\n"
                   "\t\t\tvalue: 1\n\t\t\ttype: str\n\t\t}\n\t\t{\n\t\t\tname: 0639980002\n"
                   "\t\t\tvalue: name: 7\n\t\t}\n\t}\n}\n",
                   "FR")
                  .rows,
              wanted);
    EXPECT_EQ(read(ListFormat::kHtable,
                   R"({"jsonrpc":"2.0","result":[{"entry":1,"size":1,"slot":[{"name":"0639980001",)"
                   R"("value":1,"type":"int"}]},{"entry":9,"size":1,"slot":[{"name":"0639980002",)"
                   R"("value":"1","type":"str"}]}],"id":1})",
                   "FR")
                  .rows,
              wanted);
}

// A dump of a whole database: numbers of subscribers and addresses of gateways are nobody to block.
TEST(ListFormat, other_tables_of_a_dump_are_passed_over_and_told_once) {
    const std::string others =
        "/* it's */ # don't\nCREATE TABLE `subscriber` (`id` int, `username` varchar(64));\n"
        "INSERT INTO `subscriber` VALUES (1,'33639980011','x'),(2,'33639980012','y');\n"
        "INSERT INTO kamailio.address VALUES (1,0,4,'33639980013');\n"
        "INSERT INTO subscriber (id, username) VALUES (3,'33639980014');\n";
    const Read secfilter = read(
        ListFormat::kSecfilter,
        others + "INSERT IGNORE INTO \"Kamailio\".\"SecFilter\" VALUES (1,0,4,'0639980001');\n",
        "FR");
    EXPECT_EQ(secfilter.rows, Rows{"exact 33639980001"});
    EXPECT_EQ(secfilter.report.passed_over, 4u);
    EXPECT_EQ(secfilter.report.bad_rows, 0u);
    const Rows lines = secfilter.report.lines("list.txt");
    ASSERT_GE(lines.size(), 2u);
    EXPECT_EQ(Rows(lines.end() - 2, lines.end()),
              (Rows{"list.txt:3: the table 'subscriber' is passed over: entries are the rows of "
                    "'secfilter'",
                    "list.txt:4: the table 'address' is passed over: entries are the rows of "
                    "'secfilter'"}));
    const Read htable = read(ListFormat::kHtable,
                             others +
                                 "INSERT INTO htable VALUES (1,'0639980001',0,1,'1',0);\n"
                                 "INSERT INTO blocked2 VALUES (1,'0639980002',0,1,'1',0);\n",
                             "FR");
    EXPECT_EQ(htable.rows, Rows{"exact 33639980001"});
    EXPECT_EQ(htable.report.passed_over, 5u);
    ASSERT_EQ(htable.report.passed_tables.size(), 3u);
    EXPECT_EQ(htable.report.passed_tables[2].text,
              "list.txt:7: the table 'blocked2' is passed over: it is not called 'htable', and the "
              "dump gives it no columns key_name and key_value");
}

TEST(ListFormat, an_htable_is_known_by_its_columns) {
    const std::string columns =
        "CREATE TABLE IF NOT EXISTS `kamailio`.`blocked2` (\n  `id` INT(10) UNSIGNED "
        "AUTO_INCREMENT "
        "PRIMARY KEY NOT NULL, -- the (first\n  `key_value` VARCHAR(128) DEFAULT 'a(,' NOT NULL,\n"
        "  `key_name` VARCHAR(64),\n  KEY `name` (`key_name`)\n);\n";
    const Read created = read(
        ListFormat::kHtable,
        columns + "REPLACE INTO blocked2 VALUES (1,'7','0639980001'),(2,'8','0639980002');", "FR");
    EXPECT_EQ(created.rows, (Rows{"exact 33639980001", "exact 33639980002"}));
    EXPECT_TRUE(created.report.passed_tables.empty());
    EXPECT_EQ(read(ListFormat::kHtable,
                   "INSERT INTO mine (key_value, key_name) VALUES ('1', '0639980001') "
                   "ON DUPLICATE KEY UPDATE key_value = VALUES(key_value);",
                   "FR")
                  .rows,
              Rows{"exact 33639980001"});
    for (const char* cut :
         {"CREATE TABLE htable (id int, ", "INSERT INTO htable",
          "INSERT INTO htable VALUES (1,'0639980001',0,1,'1',0),", "SET x = 'y"}) {
        const Read got = read(ListFormat::kHtable, cut, "FR");
        EXPECT_EQ(got.report.bad_rows, 1u) << cut;
    }
}

TEST(ListFormat, dumps_that_are_cut_off_are_told_and_end) {
    const Read sql = read(ListFormat::kHtable, "INSERT INTO htable VALUES (1,'06399800", "FR");
    EXPECT_EQ(sql.rows, Rows{});
    EXPECT_EQ(sql.report.bad_rows, 1u);
    const Read json = read(ListFormat::kPhoneBlock, R"({"numbers":[{"phone":"+4917)", "DE");
    EXPECT_EQ(json.rows, Rows{});
    EXPECT_EQ(json.report.bad_rows, 1u);
    const Read open = read(ListFormat::kPhoneBlock, "[{", "DE");
    ASSERT_EQ(open.report.bad_rows, 1u);
    EXPECT_EQ(open.report.errors[0].text,
              "list.txt:1: the file ends inside an object or array: it is cut off");
}

// However much of a document is there, its whole entries are read, no part of one is, and the cut is told once.
TEST(ListFormat, a_dump_that_is_cut_anywhere_is_told_once) {
    const std::string json = R"([{"phone":"+33639980001","meta":{"a":[1,{"b":2}]},"votes":4},)"
                             "\n"
                             R"( {"phone":"+33639980002"}])";
    const std::string kamcmd =
        "{\n\tentry: 38\n\tsize: 2\n\tslot: {\n\t\t{\n\t\t\tname: 33639980001\n\t\t\tvalue: "
        "1\n\t\t}\n"
        "\t\t{\n\t\t\tname: 33639980002\n\t\t\tvalue: 2\n\t\t}\n\t}\n}";
    for (const auto& [format, whole] :
         {std::pair{ListFormat::kPhoneBlock, json}, {ListFormat::kHtable, kamcmd}}) {
        const Rows rows = read(format, whole, "FR").rows;
        ASSERT_EQ(rows.size(), 2u);
        EXPECT_EQ(read(format, whole, "FR").report.bad_rows, 0u);
        const std::size_t first = format == ListFormat::kHtable ? 15 : 1;
        for (std::size_t size = first; size < whole.size(); ++size) {
            const Read got = read(format, whole.substr(0, size), "FR");
            ASSERT_EQ(got.report.bad_rows, 1u) << whole.substr(0, size);
            ASSERT_LE(got.rows.size(), 2u);
            for (std::size_t i = 0; i < got.rows.size(); ++i) ASSERT_EQ(got.rows[i], rows[i]);
        }
    }
}

TEST(ListFormat, an_entry_of_json_may_hold_objects_and_arrays) {
    EXPECT_EQ(
        read(
            ListFormat::kPatterns,
            R"([{"pattern":"33163######","meta":{"a":1}},)"
            R"({"meta":{"a":{"b":[]}},"start":"33639980000","tags":["x","y"],"end":"33639980099"},)"
            R"({"phone":"+33639980004","by":{"name":"x"},"votes":{"y":2}}])",
            "FR")
            .rows,
        (Rows{"prefix 33163 of 11", "range 33639980000-33639980099", "exact 33639980004"}));
}

TEST(ListFormat, what_should_be_an_entry_of_json_and_is_none_is_a_bad_row) {
    const auto told = [](std::string_view json) {
        const Read got = read(ListFormat::kPatterns, json, "FR");
        EXPECT_EQ(got.rows, Rows{"exact 33639980001"}) << json;
        EXPECT_EQ(got.report.bad_rows, 1u) << json;
        return got.report.errors.empty() ? std::string() : got.report.errors[0].text;
    };
    const std::string good = R"({"phone":"+33639980001"})";
    EXPECT_EQ(told(R"([{"end":"33639980099"},)" + good + "]"),
              "list.txt:1: a range has no start or no end");
    EXPECT_EQ(told("[\n{\"start\":\"33639980000\"},\n" + good + "]"),
              "list.txt:2: a range has no start or no end");
    EXPECT_EQ(told(R"([{"phone":""},)" + good + "]"), "list.txt:1: an entry has no number");
    EXPECT_EQ(told(R"([{"phone":{"x":1}},)" + good + "]"), "list.txt:1: an entry has no number");
    EXPECT_EQ(told(R"(["+33639980002",)" + good + "]"), "list.txt:1: is no object");
    EXPECT_EQ(told(R"([{"phone":},)" + good + "]"), "list.txt:1: a name has no value");
    EXPECT_EQ(told(R"([{"phone","+33639980002"},)" + good + "]"),
              "list.txt:1: a value has no name");
    EXPECT_EQ(told(R"([)" + good + "}]"), "list.txt:1: a bracket closes nothing");
    EXPECT_EQ(told(R"([{"phone":"+33639980002"?, "votes":1},)" + good + "]"),
              "list.txt:1: is no JSON");
    EXPECT_EQ(told(R"([{"phone":"+33639980002", "tags":["x"},)" + good + "]"),
              "list.txt:1: an object or array is not closed");
    EXPECT_EQ(told("[{\"x\":\"never closed\n},\n" + good + "]"),
              "list.txt:1: a text is not closed");
    EXPECT_EQ(told("[" + good + "] x y"), "list.txt:1: is no JSON");
    std::string many = R"([{)";
    for (int i = 0; i < 70; ++i) many += "\"m" + std::to_string(i) + "\":1,";
    EXPECT_EQ(told(many + R"("phone":"+33639980002"},)" + good + "]"),
              "list.txt:1: has more than 64 members");
    const std::string deep(100'000, '[');
    EXPECT_EQ(told("[{\"x\":" + deep + std::string(100'000, ']') + "}," + good + "]"),
              "list.txt:1: is nested too deeply");
}

TEST(ListFormat, a_file_may_be_compressed_or_absent) {
    const test::ScratchDir folder;
    const std::string path =
        folder.file("list.zst", test::compressed("0639980001\n0639980000-0639980099\n"));
    EXPECT_EQ(read(ListFormat::kLines, {}, "FR", &path).rows,
              (Rows{"exact 33639980001", "range 33639980000-33639980099"}));
    const std::string cut = folder.file("cut.zst", test::compressed("0639980001\n").substr(0, 15));
    EXPECT_NE(read(ListFormat::kLines, {}, "FR", &cut).error, "");
    const std::string absent = folder.path("absent");
    EXPECT_NE(read(ListFormat::kHtable, {}, "FR", &absent).error, "");
}

// The two lists that people keep, where they are at hand.
TEST(ListFormat, real_lists_are_read) {
    const char* data = std::getenv("RINGFENCE_DATA");
    if (data == nullptr || *data == '\0') GTEST_SKIP() << "RINGFENCE_DATA is not set";
    const std::string patterns = std::string(data) + "/fr-saracroche/blocked-patterns.json";
    if (std::filesystem::exists(patterns)) {
        const Read got = read(ListFormat::kPatterns, {}, "FR", &patterns);
        EXPECT_EQ(got.rows.size() + got.report.bad_rows, 804u);
        EXPECT_GT(got.rows.size(), 790u);
    }
    const std::string numbers = std::string(data) + "/de-phoneblock/spamreports-2023-09.txt";
    if (std::filesystem::exists(numbers)) {
        const Read got = read(ListFormat::kPhoneBlock, {}, "DE", &numbers);
        EXPECT_EQ(got.rows.size() + got.report.bad_rows, 10'049u);
        EXPECT_GT(got.rows.size(), 8'000u);
    }
}

}  // namespace
}  // namespace ringfence
