// regex_warning.hpp - limits on compiling regular expressions that nothing keeps, for lint and for the screen's warnings.
#pragma once

#include <optional>
#include <string>

#include "ringfence/policy/policy.hpp"

namespace ringfence {

// What is wrong and what to do, without a place (it is `policy.regex_line`): the policy sets a limit, and there is no program
// that would keep it. Nothing where it sets none, or where one is installed or named. Threads: any thread.
std::optional<std::string> unkept_regex_limits(const Policy& policy);

}  // namespace ringfence
