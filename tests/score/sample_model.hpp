// sample_model.hpp - models made by hand: a few grams have a weight, all others none.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "ringfence/score/model.hpp"
#include "src/kernel/score_kernel.hpp"

namespace ringfence::test {

inline std::size_t place_of(std::u16string_view gram, unsigned bits) {
    return kernel::gram_place(kernel::gram_hash(gram.data(), static_cast<unsigned>(gram.size())),
                              bits);
}

inline ScoreParts sample_parts(const std::map<std::u16string, std::int16_t>& grams,
                               double bias = -4, unsigned bits = 12) {
    ScoreParts parts;
    parts.bits = bits;
    parts.bias = bias;
    parts.scale = 0.01;
    parts.spam = parts.ham = 1'000;
    parts.weights.resize(std::size_t{1} << bits);
    for (const auto& [gram, weight] : grams) parts.weights[place_of(gram, bits)] = weight;
    return parts;
}

inline ScoreModel made(ScoreParts parts) {
    auto model = ScoreModel::of(std::move(parts));
    if (!model) {
        ADD_FAILURE() << model.error().text;
        std::abort();
    }
    return *std::move(model);
}

inline FoldedText folded_text(std::u16string_view text) {
    FoldedText folded;
    fold(text, folded);
    return folded;
}

}  // namespace ringfence::test
