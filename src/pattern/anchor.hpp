// anchor.hpp - a necessary part of an expression: short, and cheap to look for among thousands.
//
// Every text that an expression matches holds one of its anchors. The engine looks for the anchors of all
// expressions at once; only where one was seen does the exact matcher run. So the compiler never sees a
// gap, and thousands of gap rules compile in well under a second.
#pragma once

#include <string>
#include <vector>

#include "ringfence/pattern/expression.hpp"

namespace ringfence::pattern {

// Engine patterns, one of which is in every match of `expression` (which parse_expression made): the
// phrases of its strongest element, or a run of a class when it has no phrase that must be there.
// Threads: any thread.
std::vector<std::string> anchors_of(const Expression& expression);

}  // namespace ringfence::pattern
