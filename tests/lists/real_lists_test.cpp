// Lists that people really keep, read whole and found again. Skipped unless RINGFENCE_DATA is set.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ringfence/lists/load_list.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/format.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "source/files.hpp"

namespace ringfence {
namespace {

struct Loaded {
    TableSet tables;
    ListReport report;
    SubLists sub_lists{1};
};

Loaded load(const std::string& path, std::string_view country, bool wide) {
    Loaded loaded;
    ListSource source;
    source.id = "real";
    source.path = path;
    source.wide = wide;
    source.format.plan = DialPlan::find(CountryCode(country));
    auto builder = TableSetBuilder::create({});
    EntryBook book;
    const auto report = load_list(source, 0, {}, {loaded.sub_lists, *builder, book});
    EXPECT_TRUE(report) << (report ? "" : report.error().text);
    loaded.report = *report;
    loaded.tables = *std::move(*builder).build();
    return loaded;
}

Number number_of(std::string_view text, const DialPlan& plan) {
    return normalize(parse(AddressView(text)), plan).number;
}

TEST(RealLists, finds_german_reports_again_in_every_form) {
    const char* data = std::getenv("RINGFENCE_DATA");
    if (!data) GTEST_SKIP() << "RINGFENCE_DATA is not set";
    std::ifstream file(std::string(data) + "/de-phoneblock/spamreports-2023-09.txt");
    std::vector<std::string> rows;
    std::string csv = "number\n";
    for (std::string row; std::getline(file, row);) {
        rows.push_back(row);
        csv += row + "\n";
    }
    ASSERT_EQ(rows.size(), 10'049u);
    const test::ScratchDir folder;
    const Loaded loaded = load(folder.file("de.csv", csv), "DE", false);
    const NumberTable& table = *loaded.tables.numbers;
    const DialPlan& plan = *DialPlan::find(CountryCode("DE"));

    std::size_t valid = 0;
    std::size_t foreign = 0;
    std::size_t invalid_unreported = 0;
    std::set<Number> listed;
    std::size_t bad = 0;
    for (const std::string& row : rows) {
        const Normalized seen = normalize(parse(AddressView(std::string_view(row))), plan);
        const bool in_table =
            seen.number.empty() ? !loaded.tables.keys->find(KeyKind::kDigits, seen.digits()).empty()
                                : table.find(seen.number) != kNoList;
        bad += !in_table;
        if (!seen.valid) {
            invalid_unreported += in_table;  // of an unknown range: listed, and among the warnings
            continue;
        }
        ++valid;
        if (!seen.number.empty()) listed.insert(seen.number);
        ASSERT_TRUE(in_table) << row;
        const std::string digits(seen.digits());
        std::vector<std::string> forms = {"+" + digits, "00" + digits};
        if (seen.domestic) forms.push_back("0" + digits.substr(2));
        foreign += !seen.domestic;
        for (const std::string& form : forms) ASSERT_EQ(number_of(form, plan), seen.number) << form;
    }
    EXPECT_EQ(invalid_unreported, loaded.report.unknown_ranges);
    EXPECT_EQ(bad, loaded.report.bad_rows);
    std::cout << rows.size() << " rows: " << valid << " valid (" << foreign << " foreign), "
              << loaded.report.unknown_ranges << " of unknown ranges listed, " << bad
              << " refused\n";
    EXPECT_GT(valid, 9'000u);

    const unsigned seed = 2023;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::size_t neighbours = 0;
    for (const Number number : std::vector<Number>(listed.begin(), listed.end())) {
        std::string digits = number.digits();
        const unsigned last = static_cast<unsigned>(digits.back() - '0');
        digits.back() = "0123456789"[(last + 1 + random() % 9) % 10];
        const Number neighbour = Number::from_digits(digits);
        if (listed.count(neighbour)) continue;
        const auto lists = table.lists(neighbour);
        if (!lists.empty()) {  // one of an unknown range that is listed too
            EXPECT_FALSE(normalize(parse(AddressView(std::string_view("+" + digits))), plan).valid);
            continue;
        }
        ++neighbours;
    }
    EXPECT_GT(neighbours, 8'000u);
}

TEST(RealLists, covers_what_french_patterns_cover_and_no_more) {
    const char* data = std::getenv("RINGFENCE_DATA");
    if (!data) GTEST_SKIP() << "RINGFENCE_DATA is not set";
    std::ifstream file(std::string(data) + "/fr-saracroche/blocked-patterns.json");
    const auto patterns = nlohmann::json::parse(file);
    ASSERT_EQ(patterns.size(), 804u);
    const DialPlan& plan = *DialPlan::find(CountryCode("FR"));

    // The model: closed ranges of whole numbers, a short code under its country code.
    std::vector<std::pair<std::string, std::string>> ranges;
    std::string csv = "number,kind\n";
    for (const auto& pattern : patterns) {
        const std::string text = pattern["pattern"];
        const bool places = text.find('#') != std::string::npos;
        csv += text + (places ? ",prefix\n" : ",exact\n");
        const std::string code = places ? "" : "33";
        ranges.emplace_back(code + std::string(pattern["start"]),
                            code + std::string(pattern["end"]));
    }
    const test::ScratchDir folder;
    const Loaded loaded = load(folder.file("fr.csv", csv), "FR", true);
    EXPECT_EQ(loaded.report.rows, 804u);
    const auto covered = [&](const std::string& digits) {
        for (const auto& [first, last] : ranges) {
            if (digits.size() == first.size() && digits >= first && digits <= last) return true;
        }
        return false;
    };
    const auto hit = [&](const std::string& digits) {
        return !loaded.tables.prefixes->longest_match(digits).empty() ||
               loaded.tables.numbers->find(Number::from_digits(digits)) != kNoList;
    };
    std::size_t outside = 0;
    for (const auto& [first, last] : ranges) {
        ASSERT_TRUE(hit(first)) << first;
        ASSERT_TRUE(hit(last)) << last;
        for (const std::string& just :
             {std::to_string(std::stoull(first) - 1), std::to_string(std::stoull(last) + 1),
              first + "0", first.substr(0, first.size() - 1)}) {
            ASSERT_EQ(hit(just), covered(just)) << just;
            outside += !covered(just);
        }
    }
    EXPECT_GT(outside, 1'000u);
    // 3950 is a French short code, not the beginning of an Italian number.
    EXPECT_TRUE(hit(number_of("3950", plan).digits()));
    EXPECT_FALSE(hit("3950"));
    EXPECT_FALSE(hit(number_of("+39 50 123456", plan).digits()));
}

}  // namespace
}  // namespace ringfence
