// train.hpp - a score model from messages that are known to be spam and messages that are not.
//
// Logistic regression over the grams that ScoreModel counts, by stochastic gradient steps whose length goes down with
// what a weight has already moved (AdaGrad), each epoch in another order that the seed gives. The same messages in the
// same order, options and seed give the same model, to the octet, with the same build.
//
// Scores are made chances by texts that were left out (calibrate.cpp), which trains `folds` models more.
//
// Texts that are the same once folded, blanks, marks and digits aside, count once a class: spam comes in copies, and a
// copy in the part that is tested would tell nothing. `cross_validate` deals texts out by their hash for the same
// reason. Near-copies stay on both sides: on new campaigns a model does worse than its figures say.
//
// Memory: about 14 octets a unit of text. Cost: about 25 ns a unit and epoch for each model; `folds` + 1 models to train,
// `folds` times as many to cross-validate.
// Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods, JMLR 12 (2011).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/score/model.hpp"

namespace ringfence {

struct TrainOptions {
    static constexpr unsigned kMostFolds = 100;
    static constexpr unsigned kMostEpochs = 1'000;

    std::uint64_t seed = 1;
    unsigned bits = 16;
    View view = View::kLight;
    unsigned epochs = 20;
    unsigned folds = 5;  // of calibration and of cross_validate
};

// Messages with their class. Threads: one thread per object.
class TrainingSet {
public:
    explicit TrainingSet(View view);
    TrainingSet(TrainingSet&&) noexcept;
    TrainingSet& operator=(TrainingSet&&) noexcept;
    ~TrainingSet();

    // Takes a message; false for one without a letter or digit, and for one that is there already.
    bool add(std::string_view utf8, bool spam);

    std::size_t spam() const;
    std::size_t ham() const;
    View view() const;

    struct Texts;
    const Texts& texts() const { return *texts_; }

private:
    std::unique_ptr<Texts> texts_;
};

// Fails with kMissing when either class has no message, with kOutOfRange when an option is out of its bounds.
// Threads: any thread.
Result<ScoreModel> train(const TrainingSet& set, const TrainOptions& options);

// What a threshold would have done.
struct ScoreThreshold {
    unsigned from = 0;  // the score
    std::size_t spam = 0;
    std::size_t ham = 0;  // messages of each class with that score or more
};

// How models do on messages that they were not trained on: each fold's messages are scored by the model of the others.
struct CrossValidation {
    unsigned folds = 0;
    std::size_t spam = 0;
    std::size_t ham = 0;
    // That a spam message scores over one that is none: mean of the folds, the least and the greatest of them.
    double auc = 0, auc_least = 0, auc_most = 0;
    // With 500 and more called spam, over all folds.
    double precision = 0, recall = 0, f1 = 0;
    std::vector<ScoreThreshold> thresholds;  // 500, 600, 700, 800, 900, 950, 990
};

// Fails as train does, and with kMissing when a fold would have no message of a class.
// Threads: any thread.
Result<CrossValidation> cross_validate(const TrainingSet& set, const TrainOptions& options);

}  // namespace ringfence
