// way.hpp - the whole way of a message without its verdict: octets, decode, fold, match, extract, look up.
//
// The tables hold numbers, domains and accounts that no message names, so that every look-up is made to its end.
// Threads: one thread per object.
#pragma once

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/pattern/pattern_set.hpp"
#include "ringfence/table/table_set.hpp"
#include "ringfence/text/decode.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence::bench {

class Way {
public:
    Way();

    // The folded text of a message; good until the next one.
    const FoldedText& read(const SmsContent& content);

    // How many things the text read last names; each was looked up.
    std::size_t look_up();

private:
    DecodedText decoded_;
    FoldedText folded_;
    TableSet tables_;
    const DialPlan* plan_;
};

}  // namespace ringfence::bench
