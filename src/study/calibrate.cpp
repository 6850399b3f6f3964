// Scores that are chances: a line through the logits of texts that the model did not see.
//
// A model is surer of what it learned from than of anything else, so its logits are too far from 0, and where one class
// is rare they lean to the other. Models of all folds but one score the one left out; slope and shift of a logistic
// regression over those logits then go into scale and bias of the model of all.
//
// Source: Platt, Probabilistic Outputs for Support Vector Machines (1999), with the steps of Lin, Lin and Weng (2007).
#include <algorithm>
#include <cmath>
#include <utility>

#include "src/study/training_texts.hpp"

namespace ringfence {
namespace {

using study::Scored;

constexpr std::uint64_t kInnerSalt = 0x5D1F;  // deals otherwise than cross_validate does

struct Line {
    double slope = 1;
    double shift = 0;
};

// Newton's method from the identity; a fall in likelihood halves the step.
Line line_through(const std::vector<Scored>& scored) {
    constexpr int kMostSteps = 100;
    constexpr double kRidge = 1e-12;
    constexpr double kLeastSlope = 1e-3;  // logits that tell nothing still rise with the score
    const auto spam = static_cast<double>(std::ranges::count(scored, true, &Scored::spam));
    const double ham = static_cast<double>(scored.size()) - spam;
    const double of_spam = (spam + 1) / (spam + 2);
    const double of_ham = 1 / (ham + 2);
    const auto loss = [&](const Line& line) {
        double sum = 0;
        for (const Scored& one : scored) {
            const double z = line.slope * one.logit + line.shift;
            const double target = one.spam ? of_spam : of_ham;
            sum += (z >= 0 ? (1 - target) * z + std::log1p(std::exp(-z))
                           : -target * z + std::log1p(std::exp(z)));
        }
        return sum;
    };
    Line line;
    double now = loss(line);
    for (int step = 0; step < kMostSteps; ++step) {
        double aa = kRidge, ab = 0, bb = kRidge, ga = 0, gb = 0;
        for (const Scored& one : scored) {
            const double p = 1 / (1 + std::exp(-(line.slope * one.logit + line.shift)));
            const double error = p - (one.spam ? of_spam : of_ham);
            const double weight = p * (1 - p);
            aa += weight * one.logit * one.logit;
            ab += weight * one.logit;
            bb += weight;
            ga += error * one.logit;
            gb += error;
        }
        const double determinant = aa * bb - ab * ab;
        const Line full{-(bb * ga - ab * gb) / determinant, -(aa * gb - ab * ga) / determinant};
        double share = 1;
        Line next;
        double then = 0;
        do {
            next = {line.slope + share * full.slope, line.shift + share * full.shift};
            then = loss(next);
            share /= 2;
        } while (!(then < now) && share > 1e-10);
        if (!(then < now - 1e-9)) break;
        line = next;
        now = then;
    }
    line.slope = std::max(line.slope, kLeastSlope);
    return line;
}

}  // namespace

bool study::has_both(const TrainingSet::Texts& texts, std::span<const std::uint32_t> chosen) {
    const auto spam = [&](std::uint32_t i) { return texts.all[i].spam; };
    return std::ranges::any_of(chosen, spam) && !std::ranges::all_of(chosen, spam);
}

std::vector<study::Positions> study::dealt(const TrainingSet::Texts& texts,
                                           std::span<const std::uint32_t> chosen, unsigned folds,
                                           std::uint64_t salt) {
    std::vector<Positions> made(folds);
    for (const std::uint32_t i : chosen) {
        std::uint64_t word = texts.all[i].hash ^ salt * 0x9E3779B97F4A7C15u;
        word = (word ^ word >> 32u) * 0xD6E8FEB86659FD93u;
        made[(word >> 32u) * folds >> 32u].push_back(i);
    }
    return made;
}

study::Positions study::all_but(const std::vector<Positions>& folds, std::size_t left_out) {
    Positions others;
    for (std::size_t i = 0; i < folds.size(); ++i)
        if (i != left_out) others.insert(others.end(), folds[i].begin(), folds[i].end());
    std::ranges::sort(others);
    return others;
}

void study::score_all(const ScoreModel& model, const TrainingSet::Texts& texts,
                      std::span<const std::uint32_t> chosen, std::vector<Scored>& scored) {
    std::u16string padded;
    for (const std::uint32_t i : chosen) {
        padded = texts.units_of(texts.all[i]);
        FoldedView view;
        view.size = padded.size();
        padded.append(FoldedText::kPadding, u'\0');
        view.units = padded.data();
        scored.push_back({model.logit(view), texts.all[i].spam});
    }
}

Result<ScoreModel> study::fit_calibrated(const TrainingSet::Texts& texts,
                                         std::span<const std::uint32_t> chosen,
                                         const TrainOptions& options) {
    const auto folds = dealt(texts, chosen, options.folds, options.seed ^ kInnerSalt);
    std::vector<Scored> scored;
    for (std::size_t i = 0; i < folds.size(); ++i) {
        const Positions others = all_but(folds, i);
        if (!has_both(texts, others)) continue;
        const auto model = fit(texts, others, options);
        if (!model) return model.error();
        score_all(*model, texts, folds[i], scored);
    }
    auto model = fit(texts, chosen, options);
    if (!model) return model.error();
    const bool both =
        std::ranges::any_of(scored, &Scored::spam) && !std::ranges::all_of(scored, &Scored::spam);
    if (!both) return model;
    const Line line = line_through(scored);
    ScoreParts parts = model->parts();
    parts.scale *= line.slope;
    parts.bias = parts.bias * line.slope + line.shift;
    return ScoreModel::of(std::move(parts));
}

}  // namespace ringfence
