// words.hpp - what the numbers of a verdict stand for: the code to send, the rule's id, the category's name.
//
// A verdict names its generation, and may be asked about after a reload.
//
//     Words         a load's policy and warnings; the Screen keeps those of the last few generations
//     CodeHistory   from which generation on which codes hold; kept for good, so that the code of any verdict
//                   can be told, in line, without a lock
//
//     newest -> {from 7, codes} -> {from 1, codes} -> null      a load whose codes are as before adds nothing
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "ringfence/policy/policy.hpp"
#include "ringfence/policy/verdict.hpp"

namespace ringfence {

struct Words {
    std::uint32_t generation = 0;
    Policy policy;
    std::vector<std::string> warnings;
};

class CodeHistory {
public:
    // From `generation` on, `codes` hold. Threads: one writer.
    void add(std::uint32_t generation, const Codes& codes) {
        if (!entries_.empty() && entries_.back().codes == codes) return;
        entries_.push_back({generation, codes, entries_.empty() ? nullptr : &entries_.back()});
        // release: pairs with the acquire in `of`; the entry was written before and never changes. A deque
        // that grows at its end moves nothing.
        newest_.store(&entries_.back(), std::memory_order_release);
    }

    // The code of `verdict` under the protocol. Wait-free. Threads: any thread.
    std::uint32_t of(CodeMap Codes::*protocol, const Verdict& verdict) const {
        const Entry* entry = newest_.load(std::memory_order_acquire);
        while (entry != nullptr && entry->from > verdict.generation) entry = entry->older;
        return entry != nullptr ? (entry->codes.*protocol).of(verdict.action, verdict.reason) : 0;
    }

private:
    struct Entry {
        std::uint32_t from;
        Codes codes;
        const Entry* older;
    };

    std::deque<Entry> entries_;
    std::atomic<const Entry*> newest_{nullptr};
};

}  // namespace ringfence
