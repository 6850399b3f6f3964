#include "src/policy/regex_warning.hpp"

namespace ringfence {

std::optional<std::string> unkept_regex_limits(const Policy& policy) {
    const RegexLimits& limits = policy.regex_limits;
    if (policy.regex_line == 0 || !limits.program.empty()) return std::nullopt;
    if (limits.here)
        return "[regex] sets limits, and program = \"\" starts no program that would keep them; "
               "leave "
               "them out, or name one";
    if (!installed_regex_compiler().empty()) return std::nullopt;
    return "[regex] sets limits, and ringfence-regex-compiler, which would keep them, is not "
           "installed "
           "beside this library; install it, or name it as 'program'";
}

}  // namespace ringfence
