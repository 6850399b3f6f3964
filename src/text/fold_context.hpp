// fold_context.hpp - what a folded character becomes because of those beside it: the second step of fold().
//
// The first step folds every character by itself. Few messages need more: a Chinese numeral inside a number run, and a letter of
// another script inside a word that mixes scripts.
//
// Writers: fold() alone, numbers first: words read what kinds of characters stand in the source, numbers what stands in the view.
#pragma once

#include <string_view>

#include "src/kernel/fold_kernel.hpp"

namespace ringfence {

// A number run of at least five: its Chinese numerals become digits, but for one at an edge that belongs to the Han text beyond
// it, in a run that is written in digits otherwise.
void mend_numbers(const kernel::FoldedSoFar& views);

// A word of several scripts: what looks Latin becomes Latin.
void mend_words(std::u16string_view source, const kernel::FoldedSoFar& views);

}  // namespace ringfence
