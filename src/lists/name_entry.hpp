// name_entry.hpp - senders, hosts and accounts of a list as look-ups meet them.
//
// Whatever text finds as a host or account is of few characters: an entry with others would lie there and meet nothing,
// so it is refused.
#pragma once

#include <string_view>

#include "ringfence/lists/list_entry.hpp"

namespace ringfence {

// Reads `written` into `entry.text`, folded. "*." before a host falls away, as an entry covers what lies below it. Fails
// with kSyntax; the text says what is wrong, and names no file.
// Threads: any thread.
Status read_name(std::string_view written, EntryKind kind, ListEntry& entry);

}  // namespace ringfence
