// model.hpp - how much a message reads like spam, by the grams it is made of: a hashed logistic scorer.
//
// Every gram of one, two and three folded units, digits all read as 0, has a weight that training gave it; grams that
// hash to one place share it. With n grams in the text
//
//     logit = bias + scale x (sum of their weights) / sqrt(n)          score = 1000 / (1 + e^-logit), rounded
//
// which is a chance in thousandths, among messages mixed as those it was trained on. A text without grams scores 0.
// A score is no reason a person can check, and spam is not fraud: what it may do is the policy's affair ([score]).
//
// The file (`rfscore`, little-endian): a header of 80 octets with a checksum, then 2^bits weights of 16 bits.
// docs/score.md draws it. A file is read whole and checked, structure too, before anything of it is used.
//
// Readers: immutable. Cost: about 100 ns a message; 2^bits x 2 octets.
// Source: Weinberger et al., Feature Hashing for Large Scale Multitask Learning (ICML 2009).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence {

// What a model is made of.
struct ScoreParts {
    View view = View::kLight;           // of the folded text, whose units the grams are of
    unsigned bits = 0;                  // there are 2^bits weights
    double bias = 0;                    // finite
    double scale = 1;                   // over 0
    std::vector<std::int16_t> weights;  // none is -32,768
    std::uint32_t spam = 0;             // messages of each kind that it was trained on
    std::uint32_t ham = 0;
    std::uint64_t seed = 0;  // of the training

    friend bool operator==(const ScoreParts&, const ScoreParts&) = default;
};

// A gram and what all its occurrences add to the logit; below 0: what they take from it.
struct WeighedGram {
    std::u16string gram;
    double weight = 0;
};

class ScoreModel {
public:
    static constexpr unsigned kLeastBits = 8;
    static constexpr unsigned kMostBits = 20;
    static constexpr std::size_t kHeaderBytes = 80;

    // Fails with kOutOfRange when the parts are not as ScoreParts says. Threads: any thread.
    static Result<ScoreModel> of(ScoreParts parts);

    // The model in the file, plain or zstd. Fails as read_file does; with kSyntax when it is no model or a damaged one,
    // and with kUnsupported when a newer version wrote it; the text names the file and what to do.
    // Threads: any thread.
    static Result<ScoreModel> load(const std::string& path);
    // The same from octets, called `name` in errors. Threads: any thread.
    static Result<ScoreModel> from_bytes(std::string_view octets, const std::string& name);

    // The file of it: the same model gives the same octets. Threads: any thread.
    std::string to_bytes() const;
    // Puts that at `path`, the old file or the new one, whole. Fails with kUnwritable. Threads: any thread.
    Status save(const std::string& path) const;

    // 0 to 1000. Threads: any thread.
    unsigned score(const FoldedText& text) const { return score_of(logit(text.view(view()))); }
    static unsigned score_of(double logit);

    // Negative infinity without grams. Threads: any thread.
    double logit(const FoldedView& units) const;

    // At most `most` grams, those that moved the logit furthest first, of equals in the order of the text. Each gram
    // once, with all its occurrences; digits as 0. Cold: allocates. Threads: any thread.
    std::vector<WeighedGram> heaviest(const FoldedText& text, std::size_t most) const;

    View view() const { return parts_.view; }
    std::uint32_t spam() const { return parts_.spam; }
    std::uint32_t ham() const { return parts_.ham; }
    // A copy. Threads: any thread.
    ScoreParts parts() const;

private:
    explicit ScoreModel(ScoreParts parts);

    ScoreParts parts_;  // its weights have one more behind them, which a gather may read
};

}  // namespace ringfence
