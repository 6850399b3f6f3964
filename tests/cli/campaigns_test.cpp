// `ringfence campaigns` as an analyst meets it.
#include <nlohmann/json.hpp>

#include "program.hpp"

namespace ringfence::test {
namespace {

class CampaignsTest : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(program())) GTEST_SKIP() << program() << " is not built here";
        const std::string text = "Parcel 4711 waits for a fee of 3.99: call 01632960001";
        const auto row = [](const char* time, const char* sender, std::string_view said,
                            const char* pdu = "") {
            return std::string("2026-03-01T") + time + ":00Z," + sender + ",13800002222," +
                   std::string(said) + "," + pdu + ",\n";
        };
        folder_.write(
            "sms.csv",
            "time,sender,recipient,text,pdu,dcs\n" + row("08:00", "17000001111", text) +
                row("08:10", "17000001112", "Dinner at eight? I will bring the wine and bread") +
                row("08:20", "17000001113",
                    "PARCEL 815 waits for a fee of 12.50; call 01632960002") +
                row("09:30", "17000001111",
                    "Ｐａｒｃｅｌ 99 waits for a fee of 3.99 call 01632960001") +
                row("09:31", "17000001111", "ok") + row("09:32", "17000001111", text, "00"));
    }
    Ran campaigns(const std::string& arguments) const { return run("campaigns " + arguments); }
    std::string file() const { return folder_.path("sms.csv"); }
    PolicyFolder folder_;
};

TEST_F(CampaignsTest, counts_near_copies_and_shows_no_text) {
    const Ran ran = campaigns("--json " + file());
    ASSERT_EQ(ran.status, 0) << ran.out;
    EXPECT_NE(ran.out.find("1 rows have no text"), std::string::npos) << ran.out;
    const auto begin = ran.out.find('{');
    ASSERT_NE(begin, std::string::npos) << ran.out;
    const auto told =
        nlohmann::json::parse(ran.out.substr(begin, ran.out.find('\n', begin) - begin));
    EXPECT_EQ(told["messages"], 3);
    EXPECT_EQ(told["senders"], 2);
    EXPECT_EQ(told["most_messages_in_window"], 2);
    EXPECT_EQ(told["most_senders_in_window"], 2);
    EXPECT_EQ(told["first"], "2026-03-01T08:00:00Z");
    EXPECT_EQ(told["last"], "2026-03-01T09:30:00Z");
    EXPECT_EQ(told["rows"], (nlohmann::json{0, 2, 3}));
    EXPECT_EQ(count_of(ran.out, "{"), 1u) << ran.out;
    EXPECT_EQ(ran.out.find("arcel"), std::string::npos) << ran.out;
    EXPECT_EQ(ran.out.find("17000"), std::string::npos) << ran.out;
}

TEST_F(CampaignsTest, takes_options) {
    EXPECT_EQ(count_of(campaigns("--min 1 --json " + file()).out, "{"), 2u);
    EXPECT_EQ(count_of(campaigns("--min 4 --json " + file()).out, "{"), 0u);
    EXPECT_NE(
        campaigns("--window 86400 --json " + file()).out.find("\"most_messages_in_window\":3"),
        std::string::npos);
    const Ran small = campaigns("--campaigns 1 --min 1 " + file());
    EXPECT_NE(small.out.find("2 campaigns were forgotten"), std::string::npos) << small.out;
    EXPECT_NE(small.out.find("messages\tsenders\t"), std::string::npos);
    EXPECT_EQ(campaigns("--similarity 20 " + file()).status, 2);
    EXPECT_EQ(campaigns("--campaigns 0 " + file()).status, 2);
    EXPECT_EQ(campaigns(folder_.path("absent.csv")).status, 2);
    EXPECT_EQ(campaigns("").status, 2);
    EXPECT_EQ(run("campaigns - < " + file()).status, 0);
    EXPECT_EQ(run("campaigns " + file() + " > /dev/full").status, 3);
}

}  // namespace
}  // namespace ringfence::test
