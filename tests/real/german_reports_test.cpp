// Numbers that people in Germany reported, as a list of a policy: each found again in every form.
#include <gtest/gtest.h>

#include <iostream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "real/real_data.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/screen/screen.hpp"
#include "screen/fixture.hpp"

namespace ringfence {
namespace {

constexpr unsigned kSeed = 20230930;

struct Report {
    std::size_t line = 0;  // of the list file
    std::string row;
    Normalized number;
};

// The verdicts on calls from `callers`, none of which says on what trunk it came.
std::vector<Verdict> verdicts_on(Screen& screen, const std::vector<std::string>& callers) {
    std::vector<Call> calls;
    for (const std::string& caller : callers)
        calls.push_back(test::call(caller.c_str(), "03023125001"));
    std::vector<Verdict> verdicts(calls.size());
    Session session = screen.session();
    session.screen(calls, verdicts);
    return verdicts;
}

class GermanReports : public ::testing::Test {
protected:
    void SetUp() override {
        RINGFENCE_REAL_FILE(path, "de-phoneblock/spamreports-2023-09.txt");
        std::ifstream file(path);
        const DialPlan& plan = *DialPlan::find(CountryCode("DE"));
        std::string csv = "number\n";
        for (std::string row; std::getline(file, row);) {
            csv += row + "\n";
            reports_.push_back(
                {reports_.size() + 2, row, normalize(parse(AddressView(row)), plan)});
        }
        ASSERT_EQ(reports_.size(), 10'049u);
        folder_.write("reports.csv", csv);
        folder_.write("policy.toml", R"(
[screen]
country = "DE"

[[list]]
id = "reports"
file = "reports.csv"
action = "reject"
)");
        screen_.emplace(test::open_screen(folder_));
    }

    void expect_stopped(const std::vector<std::string>& callers) {
        const auto verdicts = verdicts_on(*screen_, callers);
        std::size_t through = 0;
        for (std::size_t i = 0; i < callers.size(); ++i) {
            const Verdict& verdict = verdicts[i];
            const bool by_list = verdict.action == Action::kReject &&
                                 verdict.reason == Reason::kGlobalList &&
                                 screen_->rule_id(verdict) == "reports";
            if (!by_list && ++through < 10) ADD_FAILURE() << callers[i] << " is not stopped";
        }
        EXPECT_EQ(through, 0u) << "of " << callers.size();
    }

    // Whether some warning speaks of the row at `line`.
    bool warned_of(const std::string& warnings, std::size_t line) const {
        return warnings.find("reports.csv:" + std::to_string(line) + ":") != std::string::npos;
    }

    std::vector<Report> reports_;
    test::PolicyFolder folder_;
    std::optional<Screen> screen_;
};

TEST_F(GermanReports, stop_the_national_numbers_in_every_form) {
    std::vector<std::string> callers;
    std::size_t numbers = 0;
    std::size_t begins_00 = 0;
    for (const Report& report : reports_) {
        if (!report.number.valid || !report.number.domestic) continue;
        begins_00 += report.row.starts_with("00");
        const std::string national(report.number.digits().substr(2));
        for (const char* prefix : {"+49", "0049", "0"}) callers.push_back(prefix + national);
        ++numbers;
    }
    std::cout << "  " << numbers << " valid national numbers\n";
    EXPECT_LE(begins_00, 1u);  // a 0 too many before a mobile
    EXPECT_GT(numbers, 7'800u);
    expect_stopped(callers);
}

TEST_F(GermanReports, stop_the_foreign_numbers_behind_plus_and_zeros) {
    std::vector<std::string> callers;
    std::size_t begins_00 = 0;
    std::size_t numbers = 0;
    for (const Report& report : reports_) {
        if (!report.row.starts_with("00")) continue;
        ++begins_00;
        if (!report.number.valid) continue;
        callers.push_back(report.row);
        callers.push_back("+" + report.row.substr(2));
        ++numbers;
    }
    std::cout << "  " << begins_00 << " begin 00, " << numbers << " are valid numbers\n";
    EXPECT_EQ(begins_00, 2'100u);
    EXPECT_GT(numbers, 2'000u);
    expect_stopped(callers);
}

TEST_F(GermanReports, name_the_line_of_what_is_no_number) {
    std::string warnings;
    for (const std::string& warning : screen_->warnings()) warnings += warning + "\n";
    std::size_t invalid = 0;
    std::size_t silent = 0;
    for (const Report& report : reports_) {
        const bool warned = warned_of(warnings, report.line);
        if (report.number.valid) {
            EXPECT_FALSE(warned && !has(report.number.oddities, Oddity::kUnknownRange))
                << report.row;
            continue;
        }
        ++invalid;
        if (!warned && ++silent < 10)
            ADD_FAILURE() << report.line << ": no warning of '" << report.row << "'";
    }
    std::cout << "  " << invalid << " are no valid numbers\n";
    EXPECT_GT(invalid, 0u);
    EXPECT_EQ(silent, 0u);
}

TEST_F(GermanReports, let_as_many_neighbours_pass) {
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    std::mt19937 random(kSeed);
    std::set<std::string> listed;
    for (const Report& report : reports_) listed.insert(std::string(report.number.digits()));
    std::vector<std::string> neighbours;
    for (const Report& report : reports_) {
        if (!report.number.valid) continue;
        std::string digits;
        do {
            digits = report.number.digits();
            const std::size_t tail = 1 + random() % 4;
            for (std::size_t i = digits.size() - tail; i < digits.size(); ++i)
                digits[i] = static_cast<char>('0' + random() % 10);
        } while (listed.count(digits) != 0);
        neighbours.push_back("+" + digits);
    }
    const auto verdicts = verdicts_on(*screen_, neighbours);
    std::size_t stopped = 0;
    for (std::size_t i = 0; i < neighbours.size(); ++i)
        if (verdicts[i].action != Action::kAllow && ++stopped < 10)
            ADD_FAILURE() << neighbours[i] << " is stopped";
    EXPECT_EQ(stopped, 0u) << "of " << neighbours.size();
    std::cout << "  " << neighbours.size() << " neighbours pass\n";
}

}  // namespace
}  // namespace ringfence
