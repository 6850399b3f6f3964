// lint_lists.hpp - the part of lint that reads the lists' rows.
#pragma once

#include <vector>

#include "ringfence/policy/lint.hpp"

namespace ringfence {

void lint_lists(const Policy& policy, std::vector<LintFinding>& findings);

}  // namespace ringfence
