// What `ringfence lists` does: each verb is one function of lists_verbs.hpp; what they act on stands in lists_store.hpp.
#include "tools/cli/lists_verbs.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {

int run(const ListsCommand& command) {
    if (command.verb == "diff") return show_difference(command);
    const auto store = ListStore::open(command.policy);
    if (!store) return give_up(store.error());
    for (const Error& damage : store->damage()) say_warning(damage.text);
    if (command.verb == "load" || command.verb == "reconcile")
        return load_or_reconcile(command, *store);
    if (command.verb == "add" || command.verb == "remove") return add_or_remove(command, *store);
    if (command.verb == "expire") return expire(command, *store);
    if (command.verb == "show") return show(command, *store);
    if (command.verb == "export") return export_list(command, *store);
    return stats(command, *store);
}

}  // namespace ringfence::cli
