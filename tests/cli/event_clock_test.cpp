// What time it is while a file is screened: entries expire between two rows, and rows of a wrong date move no clock.
#include "ringfence/source/time_text.hpp"
#include "tests/cli/program.hpp"

namespace ringfence {
namespace {

using namespace test;

constexpr std::int64_t kStart = 1772323200;  // 2026-03-01
const std::string kFarAhead = "2200-01-01T00:00:00Z";

class EventClockTest : public CliTest {
protected:
    void SetUp() override {
        CliTest::SetUp();
        ends(kStart + 5);
    }
    void ends(std::int64_t time) const {
        folder_.write("fraud.csv", "number,expires\n13800001111," +
                                       format_time(time_from_ms(time * 1000)) + "\n");
    }
    static std::string row(const std::string& time) { return time + ",13800001111,13800002222\n"; }
    static std::string row(std::int64_t time) { return row(std::to_string(time)); }

    // How many of the rows were rejected.
    std::size_t rejected(const std::string& rows) {
        folder_.write("calls.csv", "time,calling,called\n" + rows);
        const Ran ran = screen("--calls " + at("calls.csv"));
        EXPECT_EQ(ran.status, 0) << ran.out;
        said_ = ran.out;
        return count_of(read(at("out/calls.csv")), ",reject,");
    }

    std::string said_;
};

TEST_F(EventClockTest, an_expired_entry_blocks_no_row_more) {
    for (const int count : {2, 300, 1'000}) {
        std::string rows;
        for (int i = 0; i < count; ++i) rows += row(kStart + i * 3'600);
        EXPECT_EQ(rejected(rows), 1u) << count << " rows, one an hour";
    }
}

TEST_F(EventClockTest, a_row_dated_far_ahead_takes_no_entry_off) {
    ends(kStart + 86'400);
    for (const int wrong : {0, 1, 511, 1'190}) {
        std::string rows;
        for (int i = 0; i < 1'200; ++i) rows += i == wrong ? row(kFarAhead) : row(kStart + i);
        EXPECT_EQ(rejected(rows), 1'200u) << "row " << wrong;
        EXPECT_NE(said_.find("calls: 1 rows, the first of them " + std::to_string(wrong) +
                             ", are dated over a day after the rows that follow"),
                  std::string::npos)
            << said_;
    }
}

TEST_F(EventClockTest, nor_do_several_in_a_row_and_expiry_goes_on_behind_them) {
    ends(kStart + 1'000);
    std::string rows;
    for (int i = 0; i < 1'200; ++i)
        rows += i < 3 || i % 5 == 0 ? row(kFarAhead) : row(kStart + i * 60);
    // What is asked in the first 1,000 seconds, and up to ten minutes behind them.
    const std::size_t got = rejected(rows);
    EXPECT_GE(got, 17u);
    EXPECT_LE(got, 28u);
}

TEST_F(EventClockTest, a_row_dated_far_back_keeps_no_entry_on) {
    std::string rows = row(kStart);
    for (int i = 1; i < 600; ++i)
        rows += i % 7 == 0 ? row("1970-01-01T00:00:00Z") : row(kStart + i * 3'600);
    EXPECT_EQ(rejected(rows), 1u);
    EXPECT_EQ(said_.find("are dated"), std::string::npos) << said_;
}

TEST_F(EventClockTest, a_gap_of_days_is_no_wrong_date) {
    std::string rows;
    for (int i = 0; i < 60; ++i) rows += row(kStart + (i / 20) * 10 * 86'400 + i);
    ends(kStart + 10 * 86'400);
    EXPECT_EQ(rejected(rows), 20u);
    EXPECT_EQ(said_.find("are dated"), std::string::npos) << said_;
}

TEST_F(EventClockTest, a_call_of_a_wrong_date_waits_for_no_message) {
    ends(kStart + 86'400);
    std::string messages = "time,sender,recipient,text\n";
    for (int i = 0; i < 40; ++i)
        messages += std::to_string(kStart + i * 86'400) + ",13800003333,13800002222,hello\n";
    folder_.write("sms.csv", messages);
    std::string rows = "time,calling,called\n" + row(kFarAhead);
    for (int i = 0; i < 40; ++i) rows += row(kStart + i);
    folder_.write("calls.csv", rows);
    const Ran ran = screen("--calls " + at("calls.csv") + " --sms " + at("sms.csv"));
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_EQ(count_of(read(at("out/calls.csv")), ",reject,"), 41u);
}

}  // namespace
}  // namespace ringfence
