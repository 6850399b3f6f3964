// pack.hpp - one pack of rules, for us as it is written and for the rivals as regular expressions.
#pragma once

#include <string>
#include <vector>

#include "ringfence/pattern/rules.hpp"

namespace ringfence::bench {

struct Pack {
    RuleSet rules;
    std::vector<std::string> patterns;  // of each rule: UTF-8, in which `.` is a character
};

// DIR/NAME.toml. Ends the program where it cannot be read.
Pack load_pack(const std::string& folder, const std::string& name);

}  // namespace ringfence::bench
