// part_fault.hpp - what is wrong with an entry of a table's arrays.
#pragma once

#include <cstdint>

#include "ringfence/table/parts.hpp"

namespace ringfence {

inline PartFault fault(TablePart part, std::uint64_t index, const char* what) {
    return {ErrorCode::kSyntax, part, index, what};
}

}  // namespace ringfence
