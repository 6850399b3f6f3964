// arrow_export.hpp - verdicts handed out as an Arrow stream of one batch.
#pragma once

#include <memory>

#include "bindings/python/src/arrow_abi.hpp"
#include "bindings/python/src/verdict_columns.hpp"

namespace ringfence::python {

// Fills `out` with a stream over the columns, which it keeps alive; whoever gets it releases it.
// Throws std::bad_alloc. Threads: any thread.
void export_stream(std::shared_ptr<const VerdictColumns> columns, ArrowArrayStream& out);

}  // namespace ringfence::python
