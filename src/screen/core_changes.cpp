// Screen::add and remove: one live change, under the writer's lock.
#include "ringfence/lists/lifetime.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/screen/core.hpp"

namespace ringfence {
namespace {

// Until when an entry to be added is there, and whether that makes sense at `now`; nobody can say while that is not
// told.
Status date(const ListSource& list, const ListChange& wanted, std::optional<Time> now,
            EntryNote& note) {
    if (list.lifetime && !note.expires) {
        if (!note.since && !now)
            return Error{ErrorCode::kInvalidArgument,
                         "the list '" + list.id +
                             "' is automatic, and what time it is has not been told: give expires "
                             "or since, or call advance first"};
        note.expires = end_of_life(note.since ? *note.since : *now, *list.lifetime);
    }
    if (!now) return ok();
    auto status = check_dates(note.expires, note.since, *now);
    if (status) return status;
    return Error{status.error().code, "list '" + list.id + "', '" + printable(wanted.entry) +
                                          "': " + status.error().text};
}

}  // namespace

Result<std::uint64_t> Screen::Core::change_list(const ListChange& wanted, bool add) {
    const std::lock_guard lock(writing_);
    if (auto status = check_own(); !status) return status.error();
    const Generation& now = *current.writer_view();
    const auto position = now.rules->policy.find_list(wanted.list);
    if (!position) {
        return Error{ErrorCode::kMissing,
                     "the policy has no list '" + std::string(wanted.list) + "'"};
    }
    EntryNote note{wanted.expires, wanted.source, wanted.since, wanted.confidence};
    if (add) {
        if (auto status = date(now.rules->policy.lists[*position].source, wanted, told(), note);
            !status)
            return status.error();
    }
    auto next = lists_.change(now.rules->policy, *position, wanted.entry, wanted.subscriber, note,
                              add, *now.tables.own);
    if (!next) return next.error();
    if (*next) {
        if (auto status = publish_tables(*std::move(next)); !status) return status.error();
        return change.load(std::memory_order_relaxed);
    }
    // release: pairs with the acquire in Session::State::begin; the table's own store came before.
    return change.fetch_add(1, std::memory_order_release) + 1;
}

}  // namespace ringfence
