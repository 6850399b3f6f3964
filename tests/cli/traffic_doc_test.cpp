// docs/traffic.md and the code have the same columns, and a column that the page calls carried is just that.
#include "ringfence/policy/verdict.hpp"
#include "ringfence/traffic/fields.hpp"
#include "tests/base/source_folder.hpp"
#include "tests/cli/program.hpp"

namespace ringfence {
namespace {

using namespace test;

std::string docs(const char* name) { return read(source_folder() + "docs/" + name); }

// The rows of the table under a heading that begins so: the column's name, and the line.
std::vector<std::pair<std::string, std::string>> table_under(const std::string& heading) {
    std::istringstream lines(docs("traffic.md"));
    std::vector<std::pair<std::string, std::string>> rows;
    bool here = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("## ")) here = line.starts_with("## " + heading);
        if (here && line.starts_with("| `"))
            rows.emplace_back(line.substr(3, line.find('`', 3) - 3), line);
    }
    return rows;
}

template <class Names>
void expect_values(const std::string& heading, const std::string& column, const Names& names) {
    for (const auto& [name, line] : table_under(heading)) {
        if (name != column) continue;
        for (const auto& value : names) {
            if (value.first.size() == 1 && value.first[0] >= '0' && value.first[0] <= '9') continue;
            EXPECT_NE(line.find("`" + std::string(value.first) + "`"), std::string::npos)
                << column << " lacks " << value.first;
        }
        return;
    }
    ADD_FAILURE() << column;
}

TEST(TrafficDoc, has_the_columns_of_the_code_in_some_order) {
    const auto sorted = [](auto names) {
        std::sort(names.begin(), names.end());
        return names;
    };
    std::vector<std::string_view> calls(traffic::kCallColumnNames.begin(),
                                        traffic::kCallColumnNames.end());
    std::vector<std::string_view> sms(traffic::kSmsColumnNames.begin(),
                                      traffic::kSmsColumnNames.end());
    std::vector<std::string_view> written_calls, written_sms;
    const auto call_rows = table_under("calls.csv");
    const auto sms_rows = table_under("sms.csv");
    for (const auto& row : call_rows) written_calls.push_back(row.first);
    for (const auto& row : sms_rows) written_sms.push_back(row.first);
    EXPECT_EQ(sorted(written_calls), sorted(calls));
    EXPECT_EQ(sorted(written_sms), sorted(sms));
}

TEST(TrafficDoc, has_every_word_that_a_column_takes) {
    expect_values("calls.csv", "calling_ton", traffic::kTonNames);
    expect_values("calls.csv", "presentation", traffic::kPresentationNames);
    expect_values("calls.csv", "screening", traffic::kScreeningNames);
    expect_values("calls.csv", "verstat", traffic::kVerstatNames);
    expect_values("calls.csv", "attestation", traffic::kAttestationNames);
    expect_values("calls.csv", "roaming", traffic::kRoamingNames);
    expect_values("calls.csv", "phase", traffic::kPhaseNames);
    expect_values("calls.csv", "trunk", traffic::kTrunkKindNames);
    expect_values("calls.csv", "emergency", traffic::kBooleanNames);
    expect_values("sms.csv", "udhi", traffic::kBooleanNames);
}

class TrafficDocRun : public CliTest {
protected:
    std::string header_of(const std::string& path) const {
        const std::string text = read(path);
        return text.substr(0, text.find('\n'));
    }
};

TEST_F(TrafficDocRun, has_the_columns_of_verdicts_and_labels) {
    const auto joined = [](const std::string& heading) {
        std::string names;
        for (const auto& row : table_under(heading))
            names += (names.empty() ? "" : ",") + row.first;
        return names;
    };
    ASSERT_EQ(run("generate --calls 20 --sms 20 --out " + at("day")).status, 0);
    const Ran ran = screen("--calls " + at("day/calls.csv") + " --sms " + at("day/sms.csv"));
    ASSERT_EQ(ran.status, 0) << ran.out;
    EXPECT_EQ(joined("Verdicts"), header_of(at("out/calls.csv")));
    EXPECT_EQ(joined("Verdicts"), header_of(at("out/sms.csv")));
    EXPECT_EQ(joined("calls_labels.csv"), header_of(at("day/calls_labels.csv")));
    EXPECT_EQ(joined("calls_labels.csv"), header_of(at("day/sms_labels.csv")));
    Verdict all;
    all.flags = 0xFFFF;
    const std::string page = docs("traffic.md");
    for (const std::string_view flag : flag_names(all))
        EXPECT_NE(page.find("`" + std::string(flag) + "`"), std::string::npos) << flag;
}

// Rows that every kind of rule looks at, with the carried columns empty and filled.
TEST_F(TrafficDocRun, calls_carried_what_no_rule_looks_at) {
    std::vector<std::string> carried;
    for (const char* heading : {"calls.csv", "sms.csv"})
        for (const auto& [name, line] : table_under(heading))
            if (line.find("| carried |") != std::string::npos) carried.push_back(name);
    EXPECT_EQ(carried,
              (std::vector<std::string>{"screening", "category", "attestation", "cell", "smsc"}));
    const auto verdicts = [&](const std::string& filled, const std::string& smsc) {
        std::string calls = "time,calling,called,trunk,screening,category,attestation,cell\n";
        std::string messages = "time,sender,recipient,text,smsc\n";
        for (const char* caller :
             {"13800001111", "13800003333", "110", "+8613800003333", "", "17000001234"}) {
            for (const char* trunk : {"", "subscriber", "national", "international", "roaming"})
                calls += std::string("1772366400,") + caller + ",13800002222," + trunk + "," +
                         filled + "\n";
            messages += std::string("1772366400,") + caller + ",13800002222,13800001111 hello," +
                        smsc + "\n";
        }
        folder_.write("calls.csv", calls);
        folder_.write("sms.csv", messages);
        const Ran ran = screen("--calls " + at("calls.csv") + " --sms " + at("sms.csv"));
        EXPECT_EQ(ran.status, 0) << ran.out;
        return read(at("out/calls.csv")) + read(at("out/sms.csv"));
    };
    const std::string plain = verdicts(",,,", "");
    EXPECT_NE(plain.find(",reject,"), std::string::npos);
    EXPECT_EQ(verdicts("failed,10,A,77", "8613800100500"), plain);
    EXPECT_EQ(verdicts("network,255,C,1", "x"), plain);
}

}  // namespace
}  // namespace ringfence
