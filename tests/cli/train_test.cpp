// `ringfence train` as an analyst meets it, up to the verdict that its model brings about.
#include <nlohmann/json.hpp>

#include "program.hpp"

namespace ringfence::test {
namespace {

class TrainTest : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(program())) GTEST_SKIP() << program() << " is not built here";
        std::string spam, ham;
        for (int i = 0; i < 60; ++i) {
            const std::string word{static_cast<char>('a' + i % 26), static_cast<char>('a' + i / 26),
                                   static_cast<char>('a' + i % 7)};
            spam += "You won a prize, claim it " + word + "\n";
            ham += "Dinner at eight with " + word + "\n";
        }
        folder_.write("spam.txt", spam + "\nyou won a prize, claim it aaa\n");
        folder_.write("ham.txt", ham);
    }
    Ran train(const std::string& more, const std::string& out = "m.model") const {
        return run("train --spam " + folder_.path("spam.txt") + " --ham " +
                   folder_.path("ham.txt") + " --out " + folder_.path(out) + " " + more);
    }
    PolicyFolder folder_;
};

TEST_F(TrainTest, reports_how_good_the_model_is) {
    const Ran ran = train("--json");
    ASSERT_EQ(ran.status, 0) << ran.out;
    const auto told = nlohmann::json::parse(ran.out);
    EXPECT_EQ(told["spam"], 60);
    EXPECT_EQ(told["ham"], 60);
    EXPECT_EQ(told["passed_over"], 2);
    EXPECT_EQ(told["folds"], 5);
    EXPECT_GT(told["auc"], 0.99);
    EXPECT_GT(told["f1"], 0.95);
    EXPECT_EQ(told["thresholds"][0]["from"], 500);
    const Ran text = train("");
    EXPECT_EQ(text.status, 0);
    EXPECT_NE(text.out.find("60 spam and 60 ham in "), std::string::npos) << text.out;
    EXPECT_NE(text.out.find("AUC 1.0000"), std::string::npos) << text.out;
    EXPECT_EQ(text.out.find("prize"), std::string::npos) << text.out;
}

TEST_F(TrainTest, is_the_same_for_the_same_seed) {
    ASSERT_EQ(train("").status, 0);
    ASSERT_EQ(train("", "again.model").status, 0);
    ASSERT_EQ(train("--seed 2", "other.model").status, 0);
    ASSERT_EQ(train("--bits 10 --view dense --epochs 5 --folds 3", "small.model").status, 0);
    EXPECT_EQ(read(folder_.path("m.model")), read(folder_.path("again.model")));
    EXPECT_NE(read(folder_.path("m.model")), read(folder_.path("other.model")));
    EXPECT_EQ(read(folder_.path("small.model")).size(), 80u + 2 * 1'024);
}

TEST_F(TrainTest, makes_a_model_that_a_policy_uses) {
    ASSERT_EQ(train("").status, 0);
    folder_.write("policy.toml",
                  "[screen]\ncountry = \"CN\"\n[score]\nmodel = \"m.model\"\nfrom = 800\n");
    folder_.write("sms.csv",
                  "time,sender,recipient,text\n"
                  "2026-03-01T08:00:00Z,13800001111,13800002222,You won a prize\n"
                  "2026-03-01T08:00:01Z,13800001111,13800002222,Dinner with you\n");
    const Ran ran = run("screen --policy " + folder_.path("policy.toml") + " --sms " +
                        folder_.path("sms.csv") + " --out " + folder_.path("out"));
    ASSERT_EQ(ran.status, 0) << ran.out;
    const std::string verdicts = read(folder_.path("out/sms.csv"));
    EXPECT_NE(verdicts.find(",tag,content,score,score,"), std::string::npos) << verdicts;
    EXPECT_EQ(count_of(verdicts, ",score,score,"), 1u);
    const Ran explained =
        run("explain sms --policy " + folder_.path("policy.toml") +
            " --sender 13800001111 --recipient 13800002222 --text 'You won a prize'");
    EXPECT_NE(explained.out.find("score "), std::string::npos) << explained.out;
    EXPECT_NE(explained.out.find("content: text score -> tag [score]"), std::string::npos)
        << explained.out;
    const Ran linted = run("lint " + folder_.path("policy.toml"));
    EXPECT_EQ(linted.status, 0);
    EXPECT_NE(linted.out.find("few_messages: "), std::string::npos) << linted.out;
}

TEST_F(TrainTest, reads_the_texts_of_an_sms_csv) {
    ASSERT_EQ(train("").status, 0);
    for (const char* name : {"spam", "ham"}) {
        std::istringstream lines(read(folder_.path(std::string(name) + ".txt")));
        std::string rows = "time,sender,recipient,text,udhi,sar_ref,sar_total,sar_seq\n";
        const std::string begin = "2026-03-01T08:00:00Z,17000001111,13800002222,";
        for (std::string line; std::getline(lines, line);)
            if (!line.empty()) rows.append(begin).append("\"").append(line).append("\",,,,\n");
        // A part whose message never comes whole.
        folder_.write(std::string(name) + ".csv", rows + begin + "half of it,,7,2,1\n");
    }
    const Ran ran = run("train --json --spam " + folder_.path("spam.csv") + " --ham " +
                        folder_.path("ham.csv") + " --out " + folder_.path("csv.model"));
    ASSERT_EQ(ran.status, 0) << ran.out;
    const auto told = nlohmann::json::parse(ran.out);
    EXPECT_EQ(told["spam"], 60);
    EXPECT_EQ(told["ham"], 60);
    EXPECT_EQ(told["passed_over"], 3);  // a repeated one, and the parts
    EXPECT_EQ(read(folder_.path("csv.model")), read(folder_.path("m.model")));
}

TEST_F(TrainTest, never_writes_over_the_messages) {
    const std::string spam = read(folder_.path("spam.txt")), ham = read(folder_.path("ham.txt"));
    fs::create_symlink(folder_.path("ham.txt"), folder_.path("link"));
    for (const char* out : {"spam.txt", "ham.txt", "link"}) {
        const Ran ran = train("", out);
        EXPECT_EQ(ran.status, 2) << ran.out;
        EXPECT_NE(ran.out.find("--out is the file of messages"), std::string::npos) << ran.out;
    }
    EXPECT_EQ(read(folder_.path("spam.txt")), spam);
    EXPECT_EQ(read(folder_.path("ham.txt")), ham);
    // Another file that is there is replaced.
    ASSERT_EQ(train("").status, 0);
    EXPECT_EQ(train("").status, 0);
}

TEST_F(TrainTest, refuses_what_it_cannot_use) {
    EXPECT_EQ(run("train --spam - --ham - --out x").status, 2);
    EXPECT_EQ(train("--bits 21").status, 2);
    EXPECT_EQ(train("--folds 1").status, 2);
    EXPECT_EQ(train("", "no/folder/m.model").status, 3);
    folder_.write("ham.txt", "\n");
    const Ran none = train("");
    EXPECT_EQ(none.status, 2);
    EXPECT_NE(none.out.find("ham.txt has no message with a letter or digit"), std::string::npos)
        << none.out;
    folder_.remove("ham.txt");
    EXPECT_EQ(train("").status, 2);
    EXPECT_FALSE(fs::exists(folder_.path("m.model")));
}

}  // namespace
}  // namespace ringfence::test
