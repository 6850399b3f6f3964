// mine.hpp - phrases that tell wanted messages from unwanted ones, proposed to who writes rules.
//
//     spam, ham (folded texts) --mine_phrases--> "phrase", held by 41 of spam, 0 of ham, 17 of them new
//
// A phrase is proposed where enough of the spam holds it and hardly any ham does. Of all such phrases the one that adds most
// messages to those already found comes first, of equals the one that less ham holds, then the longer one; and so on until
// none adds enough. So the list is short, and its sums are what a rule of the first few would find.
//
// In the dense view a phrase is a run of units that cuts no number in two; in the light view it also begins and ends at
// the borders of words. Never proposed: what holds five digits in a row, blanks and "-./()" between them or not, which
// name somebody and not a swindle.
//
// It is a proposal: support in one corpus is not meaning. Precision is of the texts given, whatever their mix.
//
// Source: level by level, a phrase being frequent only if both that it begins and ends with are (Agrawal and Srikant, "Fast
// algorithms for mining association rules", VLDB 1994); the cover is greedy.
// Cost: about 1 s and 200 MB for 20,000 messages of 70 units.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence {

struct MineOptions {
    static constexpr unsigned kMostUnits = 64;  // of a phrase

    View view = View::kDense;
    std::uint64_t least = 10;  // messages of spam that a phrase must be in, and must add
    unsigned precision = 980;  // in thousandths: spam with it over all messages with it
    unsigned min_units = 2;    // of a phrase; 3 and more for languages of few letters
    unsigned max_units = 12;   // up to kMostUnits
    std::uint64_t most = 100;  // phrases proposed
};

struct MinedPhrase {
    std::u16string phrase;
    std::uint64_t spam = 0;  // messages that hold it
    std::uint64_t ham = 0;
    std::uint64_t adds = 0;  // of spam, messages that no phrase before it is in
};

// The phrases, the one that adds most first. Texts are folded, in the view that the options name. The same texts and options
// give the same phrases. Fails with kOutOfRange for options beyond their bounds.
// Threads: any thread; takes seconds.
Result<std::vector<MinedPhrase>> mine_phrases(std::span<const std::u16string> spam,
                                              std::span<const std::u16string> ham,
                                              const MineOptions& options);

}  // namespace ringfence
