// lint_lists.hpp - the part of lint that reads the lists' rows.
#pragma once

#include <optional>
#include <vector>

#include "ringfence/policy/lint.hpp"

namespace ringfence {

void lint_lists(const Policy& policy, std::optional<Time> now, std::vector<LintFinding>& findings);

}  // namespace ringfence
