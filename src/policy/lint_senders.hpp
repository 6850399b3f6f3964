// lint_senders.hpp - the part of lint that reads the register of senders.
#pragma once

#include <optional>
#include <vector>

#include "ringfence/policy/lint.hpp"

namespace ringfence {

void lint_senders(const Policy& policy, std::optional<Time> now,
                  std::vector<LintFinding>& findings);

}  // namespace ringfence
