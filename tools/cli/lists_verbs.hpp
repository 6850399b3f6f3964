// lists_verbs.hpp - the verbs of `ringfence lists`; each gives an exit code.
#pragma once

#include "tools/cli/commands.hpp"
#include "tools/cli/lists_store.hpp"

namespace ringfence::cli {

// ---- lists_change.cpp ----
int load_or_reconcile(const ListsCommand& command, const ListStore& store);
int add_or_remove(const ListsCommand& command, const ListStore& store);
int expire(const ListsCommand& command, const ListStore& store);

// ---- lists_show.cpp ----
int show(const ListsCommand& command, const ListStore& store);
int show_difference(const ListsCommand& command);
int export_list(const ListsCommand& command, const ListStore& store);
int stats(const ListsCommand& command, const ListStore& store);

}  // namespace ringfence::cli
