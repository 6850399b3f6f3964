// regex_compiler.hpp - groups of regular expressions into databases, within limits.
//
//     groups --request--> ringfence-regex-compiler --answer--> databases     a process under rlimits (regex_process.hpp)
//     groups -----------------> Engine::compile -------------> databases     in this one, where there is no such program
//
// When a group of several fails, each expression of it is compiled alone, under the same limits, to tell which one it is.
//
// Cost: some ms for the process, and what Hyperscan takes: at most RegexLimits::kWholeShare times the seconds of the limits on
// the wall, and RegexLimits::kWallShare times as many to tell who is guilty. The calling thread waits for it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/pattern/regex_limits.hpp"
#include "src/pattern/engine.hpp"

namespace ringfence::pattern {

// Expressions of one database.
using RegexGroup = std::vector<std::string>;

// Which expression could not be compiled, and why.
struct RegexFailure {
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    Error error;                // without a place
    std::size_t group = kNone;  // none: it is about the program
    std::size_t expression =
        kNone;                // of the group; none: no single one is guilty, or none is known to be
    bool each_alone = false;  // compiles, of the group
    bool given_up = false;    // all of them together took too long
};

// A database for each group. Threads: any thread.
Result<std::vector<Engine>, RegexFailure> compile_regexes(const std::vector<RegexGroup>& groups,
                                                          const RegexLimits& limits);

}  // namespace ringfence::pattern
