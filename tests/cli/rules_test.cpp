// `ringfence rules` as somebody meets it who writes rules.
#include <nlohmann/json.hpp>

#include "program.hpp"
#include "src/base/sanitized.hpp"

namespace ringfence::test {
namespace {

using nlohmann::json;

std::string rule(const std::string& id, const std::string& text, const std::string& sample,
                 const std::string& more = "") {
    return "\n[[rule]]\nid = \"" + id + "\"\ncategory = \"prize\"\ntext = [\"" + text +
           "\"]\nmust_match = [\"" + sample + "\"]\n" +
           (more.find("action") == more.npos ? "action = \"tag\"\n" : "") + more + "\n";
}

class RulesTest : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(program())) GTEST_SKIP() << program() << " is not built here";
        pack({rule("won", "<won>", "You won today"),
              rule("prize", "<your>{1,20}<prize>", "your big prize waits", "risk = 800")});
        folder_.write("messages.txt",
                      "Your PRIZE is here\n\nDinner at eight?\r\nYou won your golden prize\n");
        folder_.write("messages.csv",
                      "time,sender,recipient,text,pdu,dcs\n"
                      "2026-03-01T08:00:00Z,17000001111,13800002222,Dinner at eight?,,\n"
                      "2026-03-01T08:00:01Z,17000001111,13800002222,Your prize is here,,\n"
                      "2026-03-01T08:00:02Z,17000001111,13800002222,Your prize is here,00,0\n");
    }

    void pack(const std::vector<std::string>& rules) {
        std::string all = "[pack]\nid = \"p\"\nview = \"light\"\n";
        for (const std::string& one : rules) all += one;
        folder_.write("p.toml", all);
    }
    Ran rules(const std::string& arguments) const { return run("rules " + arguments); }
    std::string path(const char* name) const { return folder_.path(name); }
    std::string check() const { return "check " + path("p.toml"); }

    // The objects of the output, a line each; other lines are left out.
    static std::vector<json> objects(const std::string& out) {
        std::vector<json> found;
        std::istringstream lines(out);
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with('{')) found.push_back(json::parse(line));
        return found;
    }

    PolicyFolder folder_;
};

TEST_F(RulesTest, check_tells_of_each_rule_its_tier_cost_and_company) {
    const Ran ran = rules(check() + " --json");
    EXPECT_EQ(ran.status, 0) << ran.out;
    const auto told = objects(ran.out);
    ASSERT_EQ(told.size(), 2u) << ran.out;
    EXPECT_EQ(told[0]["rule"], "won");
    EXPECT_EQ(told[1]["rule"], "prize");
    EXPECT_EQ(told[1]["tier"], "gap");
    EXPECT_GT(told[0]["ns"], 0);
    EXPECT_EQ(told[0]["samples_of_others"], 0);
    const Ran text = rules(check());
    EXPECT_NE(text.out.find("2 rules, 2 samples; 2 rules match no sample of another"),
              std::string::npos)
        << text.out;
}

TEST_F(RulesTest, check_finds_a_broken_sample_and_a_slip) {
    pack({rule("won", "<won>", "You lost today")});
    Ran ran = rules(check());
    EXPECT_EQ(ran.status, 1) << ran.out;
    EXPECT_NE(ran.out.find("rule 'won' does not match its sample"), std::string::npos) << ran.out;
    pack({rule("won", "<won", "You won today", "rsk = 3")});
    ran = rules(check());
    EXPECT_EQ(ran.status, 1) << ran.out;
    EXPECT_NE(ran.out.find("p.toml:"), std::string::npos) << ran.out;
    EXPECT_EQ(rules("check " + path("absent.toml")).status, 2);
    EXPECT_EQ(rules("check").status, 2);
}

TEST_F(RulesTest, check_finds_what_contradicts) {
    pack({rule("won", "<won>", "You won today", "action = \"reject\""),
          rule("bank", "<today>", "Rates of today", "action = \"allow\"")});
    const Ran ran = rules(check());
    EXPECT_EQ(ran.status, 1) << ran.out;
    EXPECT_NE(ran.out.find("contradiction: " + path("p.toml")), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("rule 'won' stops what rule 'bank' lets through: 'You won today'"),
              std::string::npos)
        << ran.out;

    pack({rule("won", "<won>", "You won today"),
          rule("prize", "<prize>", "A prize", "must_not_match = [\"You won today\"]")});
    const Ran other = rules(check());
    EXPECT_EQ(other.status, 1) << other.out;
    EXPECT_NE(other.out.find("must match what rule 'prize' of its category must not"),
              std::string::npos)
        << other.out;

    // A rule on trial decides nothing.
    pack({rule("won", "<won>", "You won today", "action = \"reject\"\nshadow = true"),
          rule("bank", "<today>", "Rates of today", "action = \"allow\"")});
    EXPECT_EQ(rules(check()).status, 0);
}

TEST_F(RulesTest, check_compares_samples_folded_and_of_rules_that_decide) {
    const auto prize = [](const std::string& more) {
        return rule("prize", "<prize>", "A prize",
                    "must_not_match = [\"YOU won\u00a0today\"]" + more);
    };
    const auto contradicts = [&](const std::string& won, const std::string& more) {
        pack({rule("won", "<won>", "You won today", won), prize(more)});
        return rules(check());
    };
    const Ran ran = contradicts("", "");
    EXPECT_EQ(ran.status, 1) << ran.out;
    EXPECT_NE(
        ran.out.find("must match what rule 'prize' of its category must not: 'You won today'"),
        std::string::npos)
        << ran.out;
    EXPECT_EQ(contradicts("shadow = true", "").status, 0);
    EXPECT_EQ(contradicts("", "\nshadow = true").status, 0);

    pack({rule("won", "<won>", "You won\\u001b[2J", "action = \"reject\""),
          rule("bank", "you", "You there", "action = \"allow\"")});
    const Ran shown = rules(check());
    EXPECT_EQ(shown.status, 1) << shown.out;
    EXPECT_NE(shown.out.find("lets through: 'You won"), std::string::npos) << shown.out;
    EXPECT_EQ(shown.out.find('\x1b'), std::string::npos) << shown.out;
}

TEST_F(RulesTest, check_names_the_later_of_two_that_cover_each_other) {
    pack({rule("won", "<won>", "won today"), rule("today", "<today>", "won today")});
    const Ran ran = rules(check());
    EXPECT_EQ(count_of(ran.out, "covered: "), 1u) << ran.out;
    EXPECT_NE(ran.out.find("rule 'today' has no sample that rule 'won' does not match"),
              std::string::npos)
        << ran.out;
    // What lets messages through is not covered by what marks them.
    pack({rule("won", "<won>", "won today", "action = \"allow\""),
          rule("today", "<today>", "won today", "action = \"tag\"")});
    EXPECT_EQ(count_of(rules(check()).out, "covered: "), 0u);
}

TEST_F(RulesTest, check_warns_of_doubles_and_of_what_adds_nothing) {
    pack({rule("won", "<won>", "You won today"), rule("again", "<won>", "She won", "risk = 300"),
          rule("today", "won today", "has won today", "risk = 100")});
    const Ran ran = rules(check());
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_NE(ran.out.find("rule 'again' looks for the same as rule 'won'"), std::string::npos)
        << ran.out;
    EXPECT_NE(ran.out.find("rule 'today' has no sample that rule 'won' does not match"),
              std::string::npos)
        << ran.out;
    EXPECT_EQ(ran.out.find("rule 'won' has no sample"), std::string::npos) << ran.out;
}

TEST_F(RulesTest, tier_says_why) {
    const Ran one = rules("tier prize --pack " + path("p.toml"));
    EXPECT_EQ(one.status, 0);
    EXPECT_TRUE(one.out.starts_with("prize\tgap\t")) << one.out;
    EXPECT_GT(one.out.size(), std::string("prize\tgap\t\n").size());
    EXPECT_EQ(rows_of(rules("tier --pack " + path("p.toml")).out), 2u);
    EXPECT_EQ(objects(rules("tier --json --pack " + path("p.toml")).out).size(), 2u);
    const Ran absent = rules("tier prise --pack " + path("p.toml"));
    EXPECT_EQ(absent.status, 2);
    EXPECT_NE(absent.out.find("did you mean 'prize'?"), std::string::npos) << absent.out;
}

TEST_F(RulesTest, tell_the_language_of_a_rule) {
    folder_.write("l.toml",
                  "[pack]\nid = \"l\"\nlanguage = \"zh-Hans\"\n[[rule]]\nid = \"one\"\ncategory = "
                  "\"c\"\naction = \"tag\"\ntext = \"加微信\"\nmust_match = \"加微信\"\n");
    const std::string in = path("l.toml");
    const std::string messages = path("messages.txt");
    for (const std::string& verb :
         {"check " + in, "tier one --pack " + in, "try one " + messages + " --pack " + in}) {
        const auto told = objects(rules(verb + " --json").out);
        ASSERT_EQ(told.size(), 1u) << verb;
        EXPECT_EQ(told[0]["language"], "zh-Hans") << verb;
        EXPECT_NE(rules(verb).out.find("zh-Hans"), std::string::npos) << verb;
    }
    // One that tells none.
    EXPECT_TRUE(objects(rules(check() + " --json").out)[0]["language"].is_null());
}

TEST_F(RulesTest, try_counts_what_a_rule_would_match) {
    const std::string of = " --pack " + path("p.toml") + " --json";
    auto told = objects(rules("try prize " + path("messages.txt") + of).out);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0]["messages"], 3);
    EXPECT_EQ(told[0]["matched"], 2);
    EXPECT_EQ(told[0]["alone"], 1);
    EXPECT_EQ(told[0]["rows"], (json{0, 3}));
    told = objects(rules("try prize " + path("messages.csv") + of).out);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0]["messages"], 2);
    EXPECT_EQ(told[0]["rows"], json{1});
    EXPECT_EQ(told[0]["without_text"], 1);
    folder_.write("parts.csv",
                  "time,sender,recipient,text,sar_ref,sar_total,sar_seq\n"
                  "2026-03-01T08:00:00Z,17000001111,13800002222,Your prize ,1,3,1\n"
                  "2026-03-01T08:00:01Z,17000001111,13800002222,is here,1,3,2\n"
                  "2026-03-01T08:00:01Z,17000001111,13800002222,is here,1,3,2\n"
                  "2026-03-01T08:00:02Z,17000001111,13800002222,Your pri,2,2,1\n"
                  "2026-03-01T08:00:03Z,17000001111,13800002222,ze is here,2,2,2\n");
    told = objects(rules("try prize " + path("parts.csv") + of).out);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0]["messages"], 1);
    EXPECT_EQ(told[0]["matched"], 1);
    EXPECT_EQ(told[0]["without_text"], 2);  // parts 1 and 2 of 3; the repeated one is no loss

    const Ran quiet = rules("try prize " + path("messages.txt") + " --pack " + path("p.toml"));
    EXPECT_EQ(quiet.out.find("PRIZE"), std::string::npos) << quiet.out;
    EXPECT_NE(quiet.out.find(
                  "prize: matches 2 of 3 messages, 1 of them found by no other rule\nrows 0, 3\n"),
              std::string::npos)
        << quiet.out;
    told = objects(rules("try prize --show - < " + path("messages.txt") + of).out);
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[0]["text"], "Your PRIZE is here");
    EXPECT_EQ(told[0]["offset"], 0);
    EXPECT_EQ(told[0]["length"], 10);
    EXPECT_EQ(rules("try prize " + path("absent.txt") + of).status, 2);
    EXPECT_EQ(rules("try prise " + path("messages.txt") + of).status, 2);
}

TEST_F(RulesTest, mine_proposes_phrases) {
    std::string spam, ham;
    for (int i = 0; i < 12; ++i) {
        spam += "Parcel " + std::to_string(i) + " waits: pay the customs fee\n";
        ham += "Parcel " + std::to_string(i) + " waits at the desk\n";
    }
    folder_.write("spam.txt", spam);
    folder_.write("ham.txt", ham);
    const std::string of = " --spam " + path("spam.txt") + " --ham " + path("ham.txt");
    const Ran ran = rules("mine --view light --longest 30" + of);
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_EQ(ran.out,
              "spam\tham\tprecision\tadds\tphrase\n12\t0\t1.000\t12\twaits: pay the customs fee\n");
    const auto told = objects(rules("mine --view light --longest 12 --json" + of).out);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0]["phrase"], "customs fee");
    EXPECT_EQ(told[0]["precision"], 1.0);
    // What one message says, in however many copies, is nobody else's to read.
    std::string copies;
    for (int i = 0; i < 20; ++i) copies += i % 2 == 0 ? "Dear Ms Doe, pay\n" : "DEAR MS DOE, PAY\n";
    folder_.write("copies.txt", copies);
    EXPECT_EQ(rules("mine --view light --json --min 2 --spam " + path("copies.txt") + " --ham " +
                    path("ham.txt"))
                  .out,
              "");
    EXPECT_EQ(rules("mine --min 1" + of).status, 2);
    EXPECT_NE(rules("mine --help").out.find("shows phrases"), std::string::npos);
    EXPECT_EQ(rules("mine --shortest 9 --longest 8" + of).status, 2);
    EXPECT_EQ(rules("mine --view bold" + of).status, 2);
    EXPECT_EQ(rules("mine --spam - --ham - < /dev/null").status, 2);
    EXPECT_EQ(rules("mine --spam " + path("absent") + " --ham " + path("ham.txt")).status, 2);
}

TEST_F(RulesTest, bench_measures_packs) {
    const Ran ran = rules("bench --json " + path("p.toml") + " --messages " + path("messages.txt"));
    const auto told = objects(ran.out);
    ASSERT_EQ(told.size(), 1u) << ran.out;
    EXPECT_EQ(told[0]["rules"], 2);
    EXPECT_EQ(told[0]["messages"], 3);
    EXPECT_EQ(told[0]["matched"], 2);
    EXPECT_GT(told[0]["ns"], 0);
    EXPECT_EQ(rules("bench " + path("p.toml")).status, 0);
    folder_.write("empty.txt", "");
    EXPECT_EQ(rules("bench " + path("p.toml") + " --messages " + path("empty.txt")).status, 2);
    EXPECT_EQ(run("rules bench " + path("p.toml") + " > /dev/full").status, 3);
}

TEST_F(RulesTest, take_the_limits_of_a_policy) {
    pack(
        {"\n[[rule]]\nid = \"wide\"\ncategory = \"prize\"\naction = \"tag\"\nregex = "
         "'....+..l..........+'\n"
         "must_match = [\"abcdefgloooooooooooo\"]\n"});
    const bool limited = fs::exists(fs::path(program()).parent_path() / "ringfence-regex-compiler");
    const std::string in = path("p.toml");
    for (const std::string& verb : {"check " + in, "bench " + in, "tier --pack " + in,
                                    "try wide " + path("messages.txt") + " --pack " + in}) {
        const Ran zero = rules(verb + " --compile-seconds 0");
        EXPECT_EQ(zero.status, 2) << verb;
        EXPECT_NE(zero.out.find("--compile-seconds"), std::string::npos) << zero.out;
        const Ran few = rules(verb + " --compile-states 16");
        EXPECT_NE(few.status, 0) << verb;
        EXPECT_NE(few.out.find("'wide': its regex has 17 positions"), std::string::npos) << few.out;
        EXPECT_NE(few.out.find("and 16 are allowed"), std::string::npos) << few.out;
        if (!limited || kSanitized) continue;
        const Ran little = rules(verb + " --compile-seconds 60 --compile-mb 8");
        EXPECT_NE(little.status, 0) << verb;
        EXPECT_NE(little.out.find("more than 8 MB"), std::string::npos) << verb << little.out;
    }
}

}  // namespace
}  // namespace ringfence::test
