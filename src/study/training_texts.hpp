// training_texts.hpp - the messages of a training set, folded, one behind the other, and the steps of training on them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "ringfence/study/train.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence {

struct TrainingSet::Texts {
    explicit Texts(View of) : view(of) {}

    struct Text {
        std::size_t begin = 0;  // in units
        std::size_t size = 0;
        std::uint64_t hash = 0;  // of what makes it the same text
        bool spam = false;
    };

    std::u16string_view units_of(const Text& text) const {
        return std::u16string_view(units).substr(text.begin, text.size);
    }

    View view;
    std::u16string units;
    std::vector<Text> all;
    std::unordered_set<std::uint64_t> seen;  // hashes of texts with their class
    std::size_t spam = 0;
    FoldedText folded;
};

namespace study {

using Positions = std::vector<std::uint32_t>;  // of texts, ascending

struct Scored {
    double logit = 0;
    bool spam = false;
};

Status check_options(const TrainOptions& options);

bool has_both(const TrainingSet::Texts& texts, std::span<const std::uint32_t> chosen);

// The chosen ones by their fold: the same text is in the same one, of whichever class. Other salts deal otherwise.
std::vector<Positions> dealt(const TrainingSet::Texts& texts, std::span<const std::uint32_t> chosen,
                             unsigned folds, std::uint64_t salt);
Positions all_but(const std::vector<Positions>& folds, std::size_t left_out);

// A model of these, which must be of both classes, by gradient steps alone: its logits are too sure of themselves.
Result<ScoreModel> fit(const TrainingSet::Texts& texts, std::span<const std::uint32_t> chosen,
                       const TrainOptions& options);

// The same, with bias and scale such that scores are chances (calibrate.cpp).
Result<ScoreModel> fit_calibrated(const TrainingSet::Texts& texts,
                                  std::span<const std::uint32_t> chosen,
                                  const TrainOptions& options);

void score_all(const ScoreModel& model, const TrainingSet::Texts& texts,
               std::span<const std::uint32_t> chosen, std::vector<Scored>& scored);

}  // namespace study
}  // namespace ringfence
