// size_guard.hpp - refuses a load that looks like an accident.
//
// A feed that comes out empty, a fifth smaller or half as large again than the last time is more often
// broken than right, and a prefix that covers over a million issued numbers, or a domain that strangers share,
// is more often a slip. Files of known messages ([[templates]]) are guarded as lists are. All are refused unless forced; the last good list stays. Single removals, restores and expiry never pass here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ringfence/base/result.hpp"
#include "ringfence/lists/list_entry.hpp"

namespace ringfence {

// Lists up to this many rows may change as they like.
inline constexpr std::uint64_t kGuardedRows = 1'000;
inline constexpr std::uint64_t kMaxPrefixNumbers = 1'000'000;

// Whether a list of `rows` may follow one of `last` rows (none: its first load). Fails with kRefused; the text
// begins with `path` and says by how much it changed. Guarded when either has over kGuardedRows rows; the first load
// of a list always passes.
// Threads: any thread.
Status check_size(const std::string& path, std::optional<std::uint64_t> last, std::uint64_t rows);

// Whether a prefix or range is narrow enough, and a domain one owner's. Fails with kRefused, naming no file.
// Threads: any thread.
Status check_width(const ListEntry& entry);

}  // namespace ringfence
