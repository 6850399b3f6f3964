// What a caller may look like, through a whole Screen: the collected vectors, and generated callers against the
// table of the model.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "caller_id/caller_generator.hpp"
#include "real/real_data.hpp"
#include "ringfence/screen/screen.hpp"
#include "screen/fixture.hpp"

namespace ringfence {
namespace {

constexpr const char* kOrdinary = "17000005678";

// A Screen of `country` whose policy holds nothing but `rest`.
class CallerScreen {
public:
    explicit CallerScreen(const std::string& country, const std::string& rest = "") {
        folder_.write("policy.toml", "[screen]\ncountry = \"" + country + "\"\n" + rest);
        screen_ = std::make_unique<Screen>(test::open_screen(folder_));
        session_ = std::make_unique<Session>(screen_->session());
    }
    Screen& screen() { return *screen_; }
    Session& session() { return *session_; }

private:
    test::PolicyFolder folder_;
    std::unique_ptr<Screen> screen_;
    std::unique_ptr<Session> session_;
};

TEST(Callers, of_the_collected_vectors_are_judged_as_collected) {
    RINGFENCE_REAL_FILE(path, "cn-numbering/caller_id_vectors.tsv");
    // Somebody ordinary at home in each country.
    const std::map<std::string, std::string> called = {
        {"CN", kOrdinary}, {"GB", "07700900123"}, {"SG", "65123456"}, {"IN", "9812345678"}};
    std::map<std::string, std::unique_ptr<CallerScreen>> screens;
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    ASSERT_EQ(line.substr(0, line.rfind('\t')), "calling\ttrunk\troaming\tcountry\texpect");
    unsigned rows = 0;
    while (std::getline(file, line)) {
        std::vector<std::string> columns;
        std::istringstream stream(line);
        for (std::string column; std::getline(stream, column, '\t');) columns.push_back(column);
        ASSERT_GE(columns.size(), 5u) << line;
        auto& one = screens[columns[3]];
        if (!one) one = std::make_unique<CallerScreen>(columns[3]);
        const auto kind = trunk_kind_from_name(columns[1]);
        ASSERT_TRUE(kind) << line;
        Call call = test::call(columns[0].c_str(), called.at(columns[3]).c_str());
        call.trunk = one->screen().trunk_of_kind(*kind);
        call.roaming = columns[2] == "yes"  ? Roaming::kYes
                       : columns[2] == "no" ? Roaming::kNo
                                            : Roaming::kUnknown;
        EXPECT_EQ(name_of(one->session().screen(call).action), columns[4]) << line;
        ++rows;
    }
    EXPECT_EQ(rows, 46u);
}

// The trunks that the model knows: a kind, and what it lists of protected numbers.
std::string model_trunks() {
    std::string toml = "[caller_id]\nregions = [\"MM\"]\n";
    for (const char* kind : {"national", "international", "roaming"}) {
        for (
            const auto& [listed, numbers] : std::map<std::string, std::string>{
                {"none", ""},
                {"on",
                 R"("110", "119", "120", "122", "12110", "12395", "95110", "95588", "95533", "10086",
                     "10010", "96110", "12345", "12306", "12315", "4001234567")"},
                {"off", R"("95599")"}}) {
            toml += std::string("[[trunk]]\nid = \"") + kind + "-" + listed + "\"\nkind = \"" +
                    kind + "\"\n";
            if (!numbers.empty()) toml += "protected = [" + numbers + "]\n";
        }
    }
    return toml;
}

std::string trunk_id_of(const model::Described& caller) {
    const std::string kind = caller.place == model::Place::kHome     ? "national"
                             : caller.place == model::Place::kAbroad ? "international"
                                                                     : "roaming";
    return kind + (caller.listed == model::Listed::kOnList      ? "-on"
                   : caller.listed == model::Listed::kNotOnList ? "-off"
                                                                : "-none");
}

TEST(Callers, of_2000_kinds_are_judged_as_the_model_judges) {
    constexpr unsigned kSeed = 46;
    SCOPED_TRACE(kSeed);
    CallerScreen one("CN", model_trunks());
    model::CallerGenerator generator(kSeed);
    for (unsigned i = 0; i < 2'000; ++i) {
        model::Described caller = generator.describe();
        const bool call = caller.medium == Medium::kCall;
        if (!call) caller.verstat_failed = false;  // a message brings no verification
        std::string digits = generator.write(caller);
        if (caller.what == model::What::kSharedCost && caller.listed == model::Listed::kOnList)
            digits.replace(digits.size() - 10, 10, "4001234567");
        const TrunkId trunk = caller.place == model::Place::kNoTrunk
                                  ? TrunkId{}
                                  : one.screen().trunk(trunk_id_of(caller));
        ASSERT_EQ(trunk == TrunkId{}, caller.place == model::Place::kNoTrunk);
        Verdict verdict;
        if (call) {
            Call event = test::call(digits.c_str(), kOrdinary);
            event.trunk = trunk;
            event.roaming = caller.roaming;
            event.verstat = caller.verstat_failed ? Verstat::kFailed : Verstat::kNone;
            if (caller.redirected_by_mobile) event.redirecting = "+8617000001234";
            verdict = one.session().screen(event);
        } else {
            Sms event = test::sms(digits, kOrdinary, "see you at noon");
            event.trunk = trunk;
            verdict = one.session().screen(event);
        }
        const model::Expected expected = model::expected(caller);
        EXPECT_EQ(name_of(verdict.action), name_of(expected.action))
            << digits << (call ? " calls" : " writes") << ", what " << int(caller.what)
            << " written " << int(caller.written) << " place " << int(caller.place) << " listed "
            << int(caller.listed) << " roaming " << int(caller.roaming) << " redirected "
            << caller.redirected_by_mobile << ": " << name_of(verdict.reason);
        EXPECT_EQ(verdict.has(VerdictFlag::kNeedsRoaming), expected.needs_roaming) << digits;
    }
}

}  // namespace
}  // namespace ringfence
