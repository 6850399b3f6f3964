// verdict_list.hpp - what Python calls Verdicts.
#pragma once

#include <memory>

#include "bindings/python/src/bind.hpp"
#include "bindings/python/src/verdict_columns.hpp"

namespace ringfence::python {

struct VerdictList {
    std::shared_ptr<const VerdictColumns> columns;
};

}  // namespace ringfence::python
