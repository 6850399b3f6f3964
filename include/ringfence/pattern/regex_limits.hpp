// regex_limits.hpp - what compiling the regular expressions of rules may take, and which program does it.
//
// How large the automata of an expression become shows only while Hyperscan makes them; a short one can take it minutes, or
// all memory, and where it finds none it ends its process. So a program of its own compiles them, `ringfence-regex-compiler`,
// under limits, and hands back databases. Where that program is not installed they are compiled in this process, held only by
// the bounds on an expression's length and counts, which hold in any case (docs/rules.md).
#pragma once

#include <cstdint>
#include <string>

#include "ringfence/base/export.hpp"

namespace ringfence {

struct RegexLimits {
    static constexpr std::uint32_t kMostSeconds = 3'600;
    static constexpr std::uint32_t kMostMegabytes = 1u << 20u;

    // Of processor time for each eight expressions, which share a database, in all; one that takes longer is refused. A
    // process that gets no processor is given up after four times as long.
    std::uint32_t seconds = 10;
    // What the program may take besides its own code.
    std::uint32_t memory_mb = 1'024;
    // Path of the program. Empty: the one that is installed beside the library, if there is one.
    std::string program = {};
};

// Path of the program that is installed beside this library, or beside the program that holds it; empty when there is none.
// Threads: any thread.
RINGFENCE_API std::string installed_regex_compiler();

}  // namespace ringfence
