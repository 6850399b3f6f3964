// Extraction as plainly as it can be said: one finder behind the other, unit by unit, without marks or tables of first digits.
//
// What the product finds is compared with it, item by item and place by place.
#pragma once

#include <utility>
#include <vector>

#include "tests/text/extract_accounts_model.hpp"
#include "tests/text/extract_domains_model.hpp"
#include "tests/text/extract_numbers_model.hpp"
#include "tests/text/extract_text_model.hpp"

namespace ringfence::extract_model {

// What `folded` names, in the order in which it is told.
inline std::vector<Item> extract(const FoldedText& folded, const DialPlan* plan) {
    Text text(folded, plan);
    find_domains(text);
    find_accounts(text);
    find_numbers(text);
    return std::move(text.items);
}

}  // namespace ringfence::extract_model
