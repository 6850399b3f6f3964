// anchor.hpp - necessary parts of an expression: short, and cheap to look for among thousands.
//
// Every text that an expression matches holds an anchor of each of its parts. The engine looks for the anchors
// of all expressions at once; only where every part of one was seen does the exact matcher run. So the
// compiler never sees a gap, and thousands of gap rules compile in well under a second.
#pragma once

#include <string>
#include <vector>

#include "ringfence/pattern/expression.hpp"

namespace ringfence::pattern {

// Engine patterns, one of which is in every match of the expression: the phrases of one element.
using Part = std::vector<std::string>;

// The parts of `expression` (which parse_expression made): each is in every match. Of phrases that must be
// there, all but the weakest; a unit of a class when there is no such phrase. At least one.
// Threads: any thread.
std::vector<Part> parts_of(const Expression& expression);

}  // namespace ringfence::pattern
