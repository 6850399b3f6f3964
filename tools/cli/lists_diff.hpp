// lists_diff.hpp - what two files of one list differ in.
#pragma once

#include <cstdint>
#include <functional>

#include "src/screen/reconcile.hpp"

namespace ringfence::cli {

enum class Difference : char { kAdded = '+', kRemoved = '-', kChanged = '~' };

struct DiffCounts {
    std::uint64_t added = 0, removed = 0, changed = 0, kept = 0;
    bool same() const { return added + removed + changed == 0; }
};

// Goes through both in step, numbers in the order of length and digits, then the other entries. `each` may be null.
DiffCounts diff(const FileRows& before, const FileRows& after,
                const std::function<void(Difference, const ListEntry&)>& each);

}  // namespace ringfence::cli
