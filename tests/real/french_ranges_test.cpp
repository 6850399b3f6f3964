// Ranges of French telemarketers, as prefix rules of a policy: their first and last numbers are stopped, the
// ones just outside are not.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "real/real_data.hpp"
#include "ringfence/screen/screen.hpp"
#include "screen/fixture.hpp"

namespace ringfence {
namespace {

// One pattern as its publisher means it: the closed range of whole numbers. The one pattern without places is a
// short code, which is dialled as it stands.
struct Range {
    std::string first, last;
    bool short_code = false;
};

class FrenchRanges : public ::testing::Test {
protected:
    void SetUp() override {
        RINGFENCE_REAL_FILE(path, "fr-saracroche/blocked-patterns.json");
        std::ifstream file(path);
        const auto patterns = nlohmann::json::parse(file);
        ASSERT_EQ(patterns.size(), 804u);
        std::string csv = "number,kind\n";
        for (const auto& pattern : patterns) {
            const std::string text = pattern["pattern"];
            const bool places = text.find('#') != std::string::npos;
            csv += text + (places ? ",prefix\n" : ",exact\n");
            ranges_.push_back({pattern["start"], pattern["end"], !places});
        }
        folder_.write("ranges.csv", csv);
        folder_.write("policy.toml", R"(
[screen]
country = "FR"

[[list]]
id = "ranges"
file = "ranges.csv"
action = "reject"
wide = true
)");
        screen_.emplace(test::open_screen(folder_));
        session_.emplace(screen_->session());
    }

    // A row that covers E.164 `digits`, by the ranges alone.
    bool covered(const std::string& digits) const {
        for (const Range& range : ranges_) {
            if (!range.short_code && digits.size() == range.first.size() && digits >= range.first &&
                digits <= range.last)
                return true;
        }
        return false;
    }

    bool stopped(const std::string& caller) {
        const Verdict verdict = session_->screen(test::call(caller.c_str(), "0639980001"));
        if (verdict.action == Action::kAllow) return false;
        EXPECT_EQ(screen_->rule_id(verdict), "ranges") << caller;
        EXPECT_EQ(verdict.action, Action::kReject) << caller;
        return true;
    }

    std::vector<Range> ranges_;
    test::PolicyFolder folder_;
    std::optional<Screen> screen_;
    std::optional<Session> session_;
};

// Of 804 rows 17 lie under +33 where the overseas departments had their numbers, which have codes of their own today.
TEST_F(FrenchRanges, are_read_and_those_the_plan_does_not_know_are_told) {
    EXPECT_EQ(screen_->warnings().size(), 17u);
    for (const std::string& warning : screen_->warnings())
        EXPECT_NE(warning.find("in no range that the plan knows"), std::string::npos) << warning;
}

TEST_F(FrenchRanges, stop_their_first_and_last_number_in_every_form) {
    for (const Range& range : ranges_) {
        if (range.short_code) continue;
        for (const std::string& digits : {range.first, range.last}) {
            for (const std::string& form : {"+" + digits, "00" + digits, "0" + digits.substr(2)})
                EXPECT_TRUE(stopped(form)) << form;
        }
    }
}

TEST_F(FrenchRanges, let_the_numbers_just_outside_pass) {
    std::size_t outside = 0;
    std::size_t of_another = 0;
    for (const Range& range : ranges_) {
        if (range.short_code) continue;
        for (const std::string& just :
             {std::to_string(std::stoull(range.first) - 1),
              std::to_string(std::stoull(range.last) + 1), range.first + "0",
              range.first.substr(0, range.first.size() - 1)}) {
            EXPECT_EQ(stopped("+" + just), covered(just)) << just;
            ++(covered(just) ? of_another : outside);
        }
    }
    std::cout << "  " << outside << " just outside pass, " << of_another
              << " belong to another pattern\n";
    EXPECT_GT(outside, 1'000u);
    EXPECT_GT(of_another, 0u);
}

TEST_F(FrenchRanges, keep_a_short_code_apart_from_italy) {
    EXPECT_TRUE(stopped("3950"));
    EXPECT_FALSE(stopped("+3950"));
    EXPECT_FALSE(stopped("003950"));
    EXPECT_FALSE(stopped("+3950123456"));  // Pisa
    EXPECT_FALSE(stopped("003950123456"));
    EXPECT_FALSE(stopped("3951"));
    EXPECT_FALSE(stopped("39500"));
    EXPECT_FALSE(stopped("0395000000"));
}

}  // namespace
}  // namespace ringfence
