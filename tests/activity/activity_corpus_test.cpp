// Real data, where there is some: RINGFENCE_DATA names the folder. No row of it stands here.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "activity/activity_model.hpp"
#include "ringfence/activity/activity.hpp"
#include "ringfence/activity/condition.hpp"

namespace ringfence {
namespace {

using Kind = model::Activity::Kind;
using Columns = std::vector<std::string>;

std::string data_path(const char* name) {
    const char* folder = std::getenv("RINGFENCE_DATA");
    return folder == nullptr ? std::string() : std::string(folder) + "/" + name;
}
Columns split(std::string line) {
    Columns columns;
    if (line.ends_with('\r')) line.pop_back();
    std::istringstream stream(line);
    for (std::string column; std::getline(stream, column, ',');) columns.push_back(column);
    return columns;
}
std::size_t column(const Columns& header, std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
}

TEST(ActivityCorpus, replays_the_simbox_records_as_the_model_does) {
    std::ifstream file(data_path("simbox-cdr/test.csv"));
    if (!file) GTEST_SKIP() << "RINGFENCE_DATA is unset or has no simbox-cdr";
    std::string line;
    std::getline(file, line);
    const Columns header = split(line);
    const std::size_t time_at = column(header, "Charging_Tm");
    const std::size_t caller_at = column(header, "A_Num");
    const std::size_t callee_at = column(header, "B_Num");
    const std::size_t imei_at = column(header, "IMEI");
    ASSERT_LT(std::max({time_at, caller_at, callee_at, imei_at}), header.size());
    struct Row {
        Time time;
        ActivityKey caller, callee;
        std::uint64_t imei;
    };
    std::vector<Row> rows;
    while (std::getline(file, line)) {
        const Columns row = split(line);
        ASSERT_GT(row.size(), imei_at);
        std::tm when{};
        ASSERT_NE(strptime(row[time_at].c_str(), "%Y-%m-%d %H:%M:%S", &when), nullptr) << line;
        rows.push_back({time_from_ms(static_cast<std::int64_t>(timegm(&when)) * 1000),
                        ActivityKey::of_name(row[caller_at]), ActivityKey::of_name(row[callee_at]),
                        std::strtoull(row[imei_at].c_str(), nullptr, 10)});
    }
    ASSERT_EQ(rows.size(), 333u);
    std::ranges::stable_sort(rows, {}, &Row::time);

    auto activity = ActivityTable::create({.bytes = 1 << 20});
    ASSERT_TRUE(activity);
    model::Activity model;
    for (const Row& row : rows) {
        const Features seen =
            activity->record_call(row.caller, row.callee, row.time, {.imei = row.imei});
        model.add(row.caller, Kind::kCallOut, row.time, row.callee);
        const auto day = model.count(row.caller, Kind::kCallOut, row.time, 86'400'000);
        const auto hour = model.count(row.caller, Kind::kCallOut, row.time, 3'600'000);
        EXPECT_GE(seen[Feature::kCalls24h] / 1000.0, day.least - 0.1);
        EXPECT_LE(seen[Feature::kCalls24h] / 1000.0, day.most + 0.1);
        EXPECT_GE(seen[Feature::kCalls1h] / 1000.0, hour.least - 0.1);
        EXPECT_LE(seen[Feature::kCalls1h] / 1000.0, hour.most + 0.1);
        const auto callees = model.callees(row.caller, row.time);
        EXPECT_GE(seen[Feature::kCallees] / 1000.0, callees.least * 0.75 - 2);
        EXPECT_LE(seen[Feature::kCallees] / 1000.0, callees.most * 1.25 + 2);
    }
}

// Each subscriber's total as if it were one day: the published rule must say by the estimated counts what it
// says by the exact ones.
TEST(ActivityCorpus, judges_the_sichuan_subscribers_as_exact_counts_do) {
    const std::string path = data_path("zh-sichuan-subscribers/dev.csv.xz");
    if (!std::ifstream(path)) GTEST_SKIP() << "RINGFENCE_DATA is unset or has no sichuan set";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
        popen(("xz -dc '" + path + "' 2>/dev/null").c_str(), "r"), pclose);
    ASSERT_NE(pipe, nullptr);
    std::vector<Columns> rows;
    std::string line;
    for (int c = 0; (c = std::fgetc(pipe.get())) != EOF;) {
        if (c != '\n') {
            line.push_back(static_cast<char>(c));
            continue;
        }
        rows.push_back(split(line));
        line.clear();
    }
    if (rows.size() < 2) GTEST_SKIP() << "xz is not installed";
    const std::size_t calls_at = column(rows[0], "opposite_count");
    const std::size_t peers_at = column(rows[0], "opposite_unique");
    const std::size_t label_at = column(rows[0], "label");

    const std::vector<ActivityCondition> rule = {
        *ActivityCondition::parse("calls_24h", ">=50"),
        *ActivityCondition::parse("calls_per_callee", "<1.5")};
    unsigned judged = 0;
    unsigned same = 0;
    unsigned fraud = 0;
    unsigned caught = 0;
    unsigned wrongly = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        ASSERT_EQ(rows[i].size(), rows[0].size());
        const auto calls = static_cast<unsigned>(std::atof(rows[i][calls_at].c_str()));
        const auto peers = static_cast<unsigned>(std::atof(rows[i][peers_at].c_str()));
        if (calls == 0 || peers == 0 || peers > 300 || calls > 20'000) continue;
        auto activity = ActivityTable::create({.bytes = 4096, .seed = i});
        ASSERT_TRUE(activity);
        Features seen;
        for (unsigned call = 0; call < calls; ++call)
            seen = activity->record_call(Number::from_rank(1'000'000 + i),
                                         Number::from_rank(2'000'000 + i * 1000 + call % peers),
                                         time_from_ms(0));
        const bool exact = calls >= 50 && calls < 1.5 * peers;
        const bool estimated = holds(rule, seen);
        const bool is_fraud = rows[i][label_at].starts_with("1");
        ++judged;
        same += exact == estimated;
        fraud += is_fraud;
        caught += is_fraud && estimated;
        wrongly += !is_fraud && estimated;
    }
    ASSERT_GT(judged, 1000u);
    std::printf("sichuan: %u judged, %u as by exact counts; recall %.3f, false positives %.4f\n",
                judged, same, double(caught) / fraud, double(wrongly) / (judged - fraud));
    EXPECT_GE(same, judged * 0.98);
}

}  // namespace
}  // namespace ringfence
