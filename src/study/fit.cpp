// Gradient steps: weights and bias from the grams of texts.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "src/kernel/score_kernel.hpp"
#include "src/study/random.hpp"
#include "src/study/training_texts.hpp"

namespace ringfence {
namespace {

// Chosen by cross-validation on the development corpora; docs/decisions/score.md has the figures.
constexpr double kStep = 0.2;  // of a weight that has not moved yet
constexpr double kBiasStep = 0.3;
constexpr double kDecay = 1e-6;       // of a weight, a step
constexpr double kFirstMoved = 1e-6;  // keeps the first step finite

// The places of all grams of the chosen texts, one text behind the other.
struct Grams {
    std::vector<std::uint32_t> places;
    std::vector<std::size_t> begins;  // one more than there are texts

    std::span<const std::uint32_t> of(std::size_t i) const {
        return std::span(places).subspan(begins[i], begins[i + 1] - begins[i]);
    }
};

Grams grams_of(const TrainingSet::Texts& texts, std::span<const std::uint32_t> chosen,
               unsigned bits) {
    Grams grams;
    for (const std::uint32_t i : chosen) {
        grams.begins.push_back(grams.places.size());
        const std::u16string_view units = texts.units_of(texts.all[i]);
        for (std::size_t at = 0; at < units.size(); ++at) {
            for (unsigned size = 1; size <= kernel::kLongestGram && at + size <= units.size();
                 ++size)
                grams.places.push_back(
                    kernel::gram_place(kernel::gram_hash(units.data() + at, size), bits));
        }
    }
    grams.begins.push_back(grams.places.size());
    return grams;
}

void shuffle(std::vector<std::uint32_t>& order, study::Random& random) {
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
}

// Weights of 16 bits, the greatest of them as great as can be.
ScoreParts rounded(std::span<const double> weights, double bias) {
    constexpr double kGreatest = 32'767;
    double greatest = 0;
    for (const double weight : weights) greatest = std::max(greatest, std::abs(weight));
    ScoreParts parts;
    parts.bias = bias;
    parts.scale = greatest > 0 ? greatest / kGreatest : 1;
    parts.weights.reserve(weights.size());
    for (const double weight : weights)
        parts.weights.push_back(static_cast<std::int16_t>(std::lround(weight / parts.scale)));
    return parts;
}

}  // namespace

Result<ScoreModel> study::fit(const TrainingSet::Texts& texts,
                              std::span<const std::uint32_t> chosen, const TrainOptions& options) {
    const Grams grams = grams_of(texts, chosen, options.bits);
    std::vector<double> weights(std::size_t{1} << options.bits);
    std::vector<double> moved(weights.size(), kFirstMoved);  // sums of squares
    double bias = 0;
    std::vector<std::uint32_t> order(chosen.size());
    std::iota(order.begin(), order.end(), 0u);
    Random random(options.seed);
    for (unsigned epoch = 0; epoch < options.epochs; ++epoch) {
        shuffle(order, random);
        for (const std::uint32_t i : order) {
            const auto places = grams.of(i);
            const double share = 1 / std::sqrt(static_cast<double>(places.size()));
            double sum = 0;
            for (const std::uint32_t place : places) sum += weights[place];
            const double likely = 1 / (1 + std::exp(-(bias + share * sum)));
            const double error = likely - (texts.all[chosen[i]].spam ? 1 : 0);
            bias -= kBiasStep * error;
            for (const std::uint32_t place : places) {
                const double slope = error * share + kDecay * weights[place];
                moved[place] += slope * slope;
                weights[place] -= kStep * slope / std::sqrt(moved[place]);
            }
        }
    }
    ScoreParts parts = rounded(weights, bias);
    parts.view = texts.view;
    parts.bits = options.bits;
    parts.seed = options.seed;
    for (const std::uint32_t i : chosen) ++(texts.all[i].spam ? parts.spam : parts.ham);
    return ScoreModel::of(std::move(parts));
}

}  // namespace ringfence
