#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "ringfence/study/train.hpp"
#include "src/study/training_texts.hpp"

namespace ringfence {
namespace {

constexpr std::array<unsigned, 7> kThresholds = {500, 600, 700, 800, 900, 950, 990};

using study::Scored;

// The chance that a spam message is over one that is none; of equals half (Mann and Whitney).
double area_under_curve(std::vector<Scored>& scored) {
    std::ranges::sort(scored, {}, &Scored::logit);
    double above = 0;
    double spam = 0;
    double ham = 0;
    for (std::size_t at = 0; at < scored.size();) {
        double equal_spam = 0;
        double equal_ham = 0;
        const double logit = scored[at].logit;
        for (; at < scored.size() && scored[at].logit == logit; ++at)
            ++(scored[at].spam ? equal_spam : equal_ham);
        above += equal_spam * (ham + equal_ham / 2);
        spam += equal_spam;
        ham += equal_ham;
    }
    return above / (spam * ham);
}

// The messages of one fold by the model of the others.
Result<std::vector<Scored>> score_fold(const TrainingSet::Texts& texts,
                                       const std::vector<study::Positions>& folds,
                                       std::size_t left_out, const TrainOptions& options) {
    const study::Positions others = study::all_but(folds, left_out);
    if (!study::has_both(texts, others) || !study::has_both(texts, folds[left_out]))
        return Error{ErrorCode::kMissing,
                     "fold " + std::to_string(left_out + 1) +
                         " has no message of a class; give more messages, or fewer folds"};
    const auto model = study::fit_calibrated(texts, others, options);
    if (!model) return model.error();
    std::vector<Scored> scored;
    study::score_all(*model, texts, folds[left_out], scored);
    return scored;
}

}  // namespace

Result<CrossValidation> cross_validate(const TrainingSet& set, const TrainOptions& options) {
    if (auto status = study::check_options(options); !status) return status.error();
    const TrainingSet::Texts& texts = set.texts();
    study::Positions all(texts.all.size());
    std::iota(all.begin(), all.end(), 0u);
    const auto folds = study::dealt(texts, all, options.folds, options.seed);
    CrossValidation result;
    result.folds = options.folds;
    result.spam = set.spam();
    result.ham = set.ham();
    for (const unsigned from : kThresholds) result.thresholds.push_back({from, 0, 0});
    for (std::size_t i = 0; i < folds.size(); ++i) {
        auto scored = score_fold(texts, folds, i, options);
        if (!scored) return scored.error();
        const double auc = area_under_curve(*scored);
        result.auc += auc / options.folds;
        result.auc_least = i == 0 ? auc : std::min(result.auc_least, auc);
        result.auc_most = std::max(result.auc_most, auc);
        for (const Scored& one : *scored) {
            const unsigned score = ScoreModel::score_of(one.logit);
            for (ScoreThreshold& threshold : result.thresholds)
                if (score >= threshold.from) ++(one.spam ? threshold.spam : threshold.ham);
        }
    }
    const auto found = static_cast<double>(result.thresholds.front().spam);
    const auto wrong = static_cast<double>(result.thresholds.front().ham);
    const auto spam = static_cast<double>(result.spam);
    if (found > 0) {
        result.precision = found / (found + wrong);
        result.recall = found / spam;
        result.f1 = 2 * found / (found + wrong + spam);
    }
    return result;
}

}  // namespace ringfence
