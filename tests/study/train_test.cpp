#include "ringfence/study/train.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace ringfence {
namespace {

// Messages of fiction: spam speaks of prizes, honest ones of dinner, and both of much else.
struct Messages {
    std::vector<std::string> spam, ham;
};

Messages messages(std::size_t each, unsigned seed = 3) {
    const std::vector<std::string> lure = {"you won a prize", "claim your cash now",
                                           "free entry tonight", "call to win a voucher"};
    const std::vector<std::string> plain = {"dinner at eight", "see you at the station",
                                            "i will be late home", "did you feed the cat"};
    const std::vector<std::string> both = {"ok",   "from the shop", "before noon", "as we said",
                                           "asap", "next week",     "in town",     "please"};
    std::mt19937 random(seed);
    const auto say = [&](const auto& of) { return of[random() % of.size()]; };
    Messages made;
    for (std::size_t i = 0; i < each; ++i) {
        std::string word;
        for (int k = 0; k < 5; ++k) word.push_back(static_cast<char>('a' + random() % 26));
        made.spam.push_back(say(lure) + " " + say(both) + " " + word);
        made.ham.push_back(say(plain) + " " + say(both) + " " + word);
    }
    return made;
}

TrainingSet set_of(const Messages& from, View view = View::kLight) {
    TrainingSet set(view);
    for (const auto& text : from.spam) set.add(text, true);
    for (const auto& text : from.ham) set.add(text, false);
    return set;
}

unsigned score(const ScoreModel& model, std::string_view text) {
    const std::u16string source = to_utf16(text);
    FoldedText folded;
    fold(source, folded);
    return model.score(folded);
}

TEST(Train, tells_what_it_has_seen_apart) {
    for (const View view : {View::kLight, View::kDense}) {
        TrainOptions options;
        options.view = view;
        const auto model = train(set_of(messages(200), view), options);
        ASSERT_TRUE(model) << model.error().text;
        EXPECT_EQ(model->view(), view);
        EXPECT_EQ(model->spam(), 200u);
        EXPECT_EQ(model->ham(), 200u);
        EXPECT_GT(score(*model, "You won a cash prize! claim now"), 900u);
        EXPECT_GT(score(*model, "ＹＯＵ ｗｏｎ ａ ｐｒｉｚｅ"), 900u);
        EXPECT_LT(score(*model, "Dinner at the station, i am late"), 100u);
    }
}

TEST(Train, gives_the_same_octets_for_the_same_seed) {
    const TrainingSet set = set_of(messages(100));
    TrainOptions options;
    const std::string first = train(set, options)->to_bytes();
    EXPECT_EQ(train(set_of(messages(100)), options)->to_bytes(), first);
    options.seed = 2;
    EXPECT_NE(train(set, options)->to_bytes(), first);
}

TEST(Train, counts_a_text_once_a_class) {
    TrainingSet set(View::kLight);
    EXPECT_TRUE(set.add("Win 100 now", true));
    EXPECT_FALSE(
        set.add("win-999  NOW!", true));  // digits, blanks, marks and case aside it is the same
    EXPECT_TRUE(set.add("win 100 now", false));
    EXPECT_FALSE(set.add("", true));
    EXPECT_FALSE(set.add(" ...!", true));
    EXPECT_FALSE(set.add("\xFF\xFE", true));  // no text: nothing but symbols is left
    EXPECT_EQ(set.spam(), 1u);
    EXPECT_EQ(set.ham(), 1u);
}

TEST(Train, takes_both_classes) {
    TrainingSet set(View::kLight);
    EXPECT_EQ(train(set, {}).error().code, ErrorCode::kMissing);
    set.add("spam", true);
    EXPECT_EQ(train(set, {}).error().code, ErrorCode::kMissing);
    EXPECT_EQ(cross_validate(set, {}).error().code, ErrorCode::kMissing);
    set.add("ham", false);
    EXPECT_TRUE(train(set, {}));
    EXPECT_EQ(cross_validate(set, {}).error().code, ErrorCode::kMissing);
}

TEST(Train, checks_its_options) {
    const TrainingSet set = set_of(messages(10));
    const auto refused = [&](auto change) {
        TrainOptions options;
        change(options);
        const auto model = train(set, options);
        return !model && model.error().code == ErrorCode::kOutOfRange;
    };
    EXPECT_FALSE(refused([](TrainOptions&) {}));
    EXPECT_TRUE(refused([](TrainOptions& options) { options.bits = 7; }));
    EXPECT_TRUE(refused([](TrainOptions& options) { options.bits = 21; }));
    EXPECT_TRUE(refused([](TrainOptions& options) { options.epochs = 0; }));
    EXPECT_TRUE(refused([](TrainOptions& options) { options.epochs = 1'001; }));
    EXPECT_TRUE(refused([](TrainOptions& options) { options.folds = 1; }));
    EXPECT_TRUE(refused([](TrainOptions& options) { options.folds = 101; }));
}

TEST(CrossValidate, tells_good_features_from_none) {
    const auto good = cross_validate(set_of(messages(300)), {});
    ASSERT_TRUE(good) << good.error().text;
    EXPECT_EQ(good->folds, 5u);
    EXPECT_EQ(good->spam, 300u);
    EXPECT_GT(good->auc, 0.99);
    EXPECT_GT(good->f1, 0.97);
    EXPECT_LE(good->auc_least, good->auc);
    EXPECT_LE(good->auc, good->auc_most);
    for (std::size_t i = 1; i < good->thresholds.size(); ++i) {
        EXPECT_LE(good->thresholds[i].spam, good->thresholds[i - 1].spam);
        EXPECT_LE(good->thresholds[i].ham, good->thresholds[i - 1].ham);
    }

    // The same kind of text in both classes: nothing can be learned, and nothing is claimed.
    Messages mixed = messages(300);
    mixed.ham = messages(300, 4).spam;
    const auto none = cross_validate(set_of(mixed), {});
    ASSERT_TRUE(none) << none.error().text;
    EXPECT_NEAR(none->auc, 0.5, 0.08);
    EXPECT_EQ(cross_validate(set_of(mixed), {})->auc, none->auc);
}

}  // namespace
}  // namespace ringfence
