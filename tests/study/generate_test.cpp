#include "ringfence/study/generate.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "ringfence/lists/list_reader.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/source/csv.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/source/utf8.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

using test::contents;
using test::ScratchDir;

constexpr std::array<std::string_view, 8> kFiles = {
    "calls.csv",    "calls_labels.csv", "sms.csv",         "sms_labels.csv",
    "summary.json", "synthetic",        "lists/fraud.csv", "lists/allow.csv"};

CityOptions small(const ScratchDir& dir, std::uint64_t seed = 7) {
    CityOptions options;
    options.seed = seed;
    options.calls = 6'000;
    options.sms = 3'000;
    options.out_dir = dir.path("city");
    return options;
}

using Row = std::map<std::string, std::string>;

std::vector<Row> rows_of(const std::string& path) {
    std::vector<Row> rows;
    CsvOptions options;
    options.refuse_bad_utf8 = true;
    auto reader = CsvReader::open(path, options);
    EXPECT_TRUE(reader) << path;
    CsvRow row;
    for (;;) {
        auto more = reader->next(row);
        EXPECT_TRUE(more) << more.error().text;
        if (!more || !*more) return rows;
        Row fields;
        for (std::size_t i = 0; i < row.fields.size(); ++i) {
            fields[reader->header().names()[i]] = std::string(row.fields[i]);
        }
        rows.push_back(std::move(fields));
    }
}

std::string octets_of(const std::string& hex) {
    std::string octets;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        octets.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    return octets;
}

// FNV-1a: small enough to stand here, and nothing that could change under it.
std::uint64_t digest(const std::string& bytes) {
    std::uint64_t hash = 14'695'981'039'346'656'037u;
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
    return hash;
}

TEST(Generate, the_same_seed_gives_the_same_bytes) {
    const ScratchDir a;
    const ScratchDir b;
    ASSERT_TRUE(generate_city(small(a)));
    ASSERT_TRUE(generate_city(small(b)));
    for (const std::string_view file : kFiles) {
        const std::string bytes = contents(small(a).out_dir + "/" + std::string(file));
        EXPECT_FALSE(bytes.empty()) << file;
        EXPECT_EQ(bytes, contents(small(b).out_dir + "/" + std::string(file))) << file;
    }
}

// These change when the city does, and then on purpose; never with the machine or the compiler.
TEST(Generate, gives_the_same_bytes_on_every_machine) {
    const ScratchDir dir;
    ASSERT_TRUE(generate_city(small(dir)));
    EXPECT_EQ(digest(contents(dir.path("city/calls.csv"))), 12280510569015169307u);
    EXPECT_EQ(digest(contents(dir.path("city/sms.csv"))), 9997034164564220403u);
}

TEST(Generate, another_seed_gives_another_city) {
    const ScratchDir a;
    const ScratchDir b;
    ASSERT_TRUE(generate_city(small(a, 7)));
    ASSERT_TRUE(generate_city(small(b, 8)));
    for (const std::string_view file : {"calls.csv", "sms.csv", "lists/fraud.csv"}) {
        EXPECT_NE(contents(a.path("city/" + std::string(file))),
                  contents(b.path("city/" + std::string(file))));
    }
}

TEST(Generate, makes_as_many_rows_as_asked_and_labels_each) {
    for (const auto& [calls, sms] : {std::pair{0u, 0u}, {1u, 1u}, {37u, 11u}, {6'000u, 3'000u}}) {
        const ScratchDir dir;
        CityOptions options = small(dir);
        options.calls = calls;
        options.sms = sms;
        ASSERT_TRUE(generate_city(options));
        EXPECT_EQ(rows_of(dir.path("city/calls.csv")).size(), calls);
        EXPECT_EQ(rows_of(dir.path("city/sms.csv")).size(), sms);
        for (const auto& [kind, count] : {std::pair{"calls", calls}, {"sms", sms}}) {
            const auto labels = rows_of(dir.path("city/" + std::string(kind) + "_labels.csv"));
            ASSERT_EQ(labels.size(), count);
            for (std::size_t i = 0; i < labels.size(); ++i) {
                const Row& label = labels[i];
                ASSERT_EQ(label.at("row"), std::to_string(i));
                ASSERT_TRUE(label.at("label") == "fraud" || label.at("label") == "honest");
                ASSERT_EQ(label.at("label") == "fraud", !label.at("fraud_type").empty());
            }
        }
    }
}

TEST(Generate, says_that_nothing_is_real) {
    const ScratchDir dir;
    ASSERT_TRUE(generate_city(small(dir)));
    EXPECT_NE(contents(dir.path("city/synthetic")).find("synthetic"), std::string::npos);
    const std::string summary = contents(dir.path("city/summary.json"));
    EXPECT_NE(summary.find("\"synthetic\": true"), std::string::npos);
    EXPECT_NE(summary.find("\"seed\": 7"), std::string::npos);
    EXPECT_NE(summary.find("\"calls\": 6000"), std::string::npos);
}

TEST(Generate, keeps_to_one_day_in_order) {
    const ScratchDir dir;
    const CityOptions options = small(dir);
    ASSERT_TRUE(generate_city(options));
    for (const std::string_view file : {"calls.csv", "sms.csv"}) {
        Time last = options.start;
        for (const Row& row : rows_of(dir.path("city/" + std::string(file)))) {
            const auto time = parse_time(row.at("time"));
            ASSERT_TRUE(time) << row.at("time");
            ASSERT_GE(*time, last);
            ASSERT_LT(*time, options.start + std::chrono::days(1));
            last = *time;
        }
    }
}

TEST(Generate, lists_only_what_a_list_can_hold) {
    const ScratchDir dir;
    CityOptions options;
    options.calls = 5'000;
    options.sms = 6'000;
    options.out_dir = dir.path("city");
    ASSERT_TRUE(generate_city(options));
    ListSource source;
    source.path = dir.path("city/lists/fraud.csv");
    source.wide = true;
    source.format.plan = DialPlan::find(CountryCode("CN"));
    auto reader = ListReader::open(source);
    ASSERT_TRUE(reader) << reader.error().text;
    ListRow row;
    for (;;) {
        const auto more = reader->next(row);
        ASSERT_TRUE(more) << more.error().text;
        if (!*more) break;
    }
    EXPECT_GT(reader->report().rows, 10u);
    EXPECT_EQ(reader->report().bad_rows, 0u);
}

TEST(Generate, fraud_and_honest_callers_do_not_mix) {
    const ScratchDir dir;
    CityOptions options = small(dir);
    options.calls = 20'000;
    ASSERT_TRUE(generate_city(options));
    const auto calls = rows_of(dir.path("city/calls.csv"));
    const auto labels = rows_of(dir.path("city/calls_labels.csv"));
    std::map<std::string, std::uint64_t> types;
    std::set<std::string> honest;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        ++types[labels[i].at("fraud_type")];
        if (labels[i].at("label") == "honest") honest.insert(calls[i].at("calling"));
    }
    for (const char* type : {"simbox", "wangiri", "call_bombing", "fake_authority"})
        EXPECT_GT(types[type], 0u) << type;
    const auto fraud = calls.size() - types[""];
    EXPECT_GT(fraud, calls.size() / 50);
    EXPECT_LT(fraud, calls.size() / 10);

    std::uint64_t listed_honest = 0;
    for (const Row& entry : rows_of(dir.path("city/lists/fraud.csv"))) {
        listed_honest += honest.count(entry.at("number"));
    }
    EXPECT_EQ(listed_honest, 0u);
}

// What an operator meets in a day is there, so that every rule has something to do.
TEST(Generate, has_the_kinds_of_calls_that_rules_are_about) {
    const ScratchDir dir;
    CityOptions options = small(dir);
    options.calls = 40'000;
    ASSERT_TRUE(generate_city(options));
    std::map<std::string, unsigned> seen;
    std::map<std::string, unsigned> ids;
    std::map<std::string, Time> emergency;
    for (const Row& row : rows_of(dir.path("city/calls.csv"))) {
        const std::string& calling = row.at("calling");
        const std::string& called = row.at("called");
        const bool abroad = row.at("trunk") == "international";
        seen["withheld"] += calling.empty();
        seen["spoofed bank"] += abroad && calling == "+95588";
        seen["not roaming"] += abroad && row.at("roaming") == "no";
        seen["roaming"] += abroad && row.at("roaming") == "yes";
        seen["forwarded"] += !row.at("redirecting").empty();
        seen["iot"] += calling.size() == 13 && calling.starts_with("1");
        seen["emergency flag"] += row.at("emergency") == "yes";
        seen["bank"] += row.at("trunk") == "national" && calling == "95588";
        seen["12593"] += called.starts_with("12593");
        seen["repeated invite"] += ids[row.at("call_id")]++ == 1;
        const Time time = *parse_time(row.at("time"));
        const auto noted = emergency.find(called);
        seen["call-back"] +=
            noted != emergency.end() && time - noted->second <= std::chrono::minutes(90);
        if (called == "110" || called == "120" || called == "119") emergency[calling] = time;
    }
    for (const char* kind :
         {"withheld", "spoofed bank", "not roaming", "roaming", "forwarded", "iot",
          "emergency flag", "bank", "12593", "repeated invite", "call-back"}) {
        EXPECT_GT(seen[kind], 0u) << kind;
    }
}

TEST(Generate, writes_messages_in_every_coding_and_all_their_parts) {
    const ScratchDir dir;
    CityOptions options = small(dir);
    options.sms = 12'000;
    ASSERT_TRUE(generate_city(options));
    std::map<std::string, unsigned> seen;
    // sender, recipient, reference, total -> parts
    std::map<std::tuple<std::string, std::string, std::string, unsigned>, std::set<unsigned>>
        long_ones;
    for (const Row& row : rows_of(dir.path("city/sms.csv"))) {
        const bool text = !row.at("text").empty();
        const bool pdu = !row.at("pdu").empty();
        const bool short_message = !row.at("short_message").empty();
        ASSERT_EQ(text + pdu + short_message, 1);
        ASSERT_EQ(row.at("dcs").empty(), !pdu);
        ASSERT_EQ(row.at("data_coding").empty(), !short_message);
        seen[text  ? "text"
             : pdu ? "pdu " + row.at("dcs")
                   : "short_message " + row.at("data_coding")] += 1;
        const std::string octets = octets_of(pdu ? row.at("pdu") : row.at("short_message"));
        ASSERT_LE(octets.size(), short_message ? 160u : 140u);
        const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(octets.at(i)); };
        if (row.at("udhi") == "1") {
            const bool wide = octet(1) == 8;
            const std::size_t total = wide ? 5 : 4;
            seen[wide ? "udh 16" : "udh 8"] += 1;
            long_ones[{row.at("sender"), row.at("recipient"), octets.substr(0, total),
                       octet(total)}]
                .insert(octet(total + 1));
        } else if (!row.at("sar_total").empty()) {
            seen["sar"] += 1;
            long_ones[{row.at("sender"), row.at("recipient"), row.at("sar_ref"),
                       static_cast<unsigned>(std::stoul(row.at("sar_total")))}]
                .insert(static_cast<unsigned>(std::stoul(row.at("sar_seq"))));
        }
    }
    for (const char* kind : {"text", "pdu 0", "pdu 8", "pdu 4", "short_message 0",
                             "short_message 8", "udh 8", "udh 16", "sar"}) {
        EXPECT_GT(seen[kind], 0u) << kind;
    }
    for (const auto& [message, parts] : long_ones) {
        EXPECT_EQ(parts.size(), std::get<3>(message));
        EXPECT_EQ(*parts.begin(), 1u);
        EXPECT_EQ(*parts.rbegin(), std::get<3>(message));
    }
}

TEST(Generate, names_a_folder_that_cannot_be_made) {
    const ScratchDir dir;
    CityOptions options = small(dir);
    options.out_dir = dir.file("taken", "a file") + "/city";
    const Status refused = generate_city(options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnwritable);
    EXPECT_TRUE(refused.error().text.starts_with(options.out_dir)) << refused.error().text;
}

TEST(Generate, refuses_more_than_it_can_sort) {
    const ScratchDir dir;
    CityOptions options = small(dir);
    options.calls = CityOptions::kMaxRows + 1;
    const Status refused = generate_city(options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kOutOfRange);
}

}  // namespace
}  // namespace ringfence
