// regex_limits.hpp - what compiling the regular expressions of rules may take, and which program does it.
//
// How large the automata of an expression become shows only while Hyperscan makes them; a short one can take it minutes, or
// all memory, and where it finds none it ends its process. So a program of its own compiles them, `ringfence-regex-compiler`,
// under limits, and hands back databases. Where that program is not installed they are compiled in this process, held only by
// the bounds on an expression's length, counts and states, which hold in any case (docs/rules.md).
#pragma once

#include <cstdint>
#include <string>

namespace ringfence {

struct RegexLimits {
    static constexpr std::uint32_t kMostSeconds = 3'600;
    static constexpr std::uint32_t kMostMegabytes = 1u << 20u;
    static constexpr std::uint32_t kMostStates = 10'000;

    // On the wall, a group of expressions is given up after four times its processor time; all groups together after so
    // many times `seconds`, and telling which expression is guilty after so many more.
    static constexpr std::uint32_t kWallShare = 4;
    static constexpr std::uint32_t kWholeShare = 12;

    // Of processor time for each eight expressions, which share a database, in all; one that takes longer is refused.
    std::uint32_t seconds = 10;
    // What the program may take besides its own code.
    std::uint32_t memory_mb = 1'024;
    // Of one expression: its positions with all counts written out (PatternRule::states). Told before any compiler is asked.
    std::uint32_t states = 600;
    // Path of the program. Empty: the one that is installed beside the library, if there is one.
    std::string program = {};
    // No program is started, whatever is installed; nothing limits the compiler then.
    bool here = false;
};

// Path of the program that is installed beside the shared library, or beside the running program, that holds this code;
// empty when there is none. One that is there and may not be run is found. Threads: any thread.
std::string installed_regex_compiler();

}  // namespace ringfence
