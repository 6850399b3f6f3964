// core_shared.cpp - lists of one screen for many: the one that publishes them, and those that follow it.
#include <algorithm>
#include <chrono>
#include <vector>

#include "ringfence/image/origin.hpp"
#include "src/screen/core.hpp"

namespace ringfence {
namespace {

bool same(const SubList& a, const SubList& b) {
    return a.list == b.list && a.action == b.action && a.category == b.category;
}

}  // namespace

Status Screen::Core::check_own() const {
    if (!shared_) return ok();
    return Error::at(ErrorCode::kUnsupported, shared_->name(), 0,
                     "these lists are another process's; change them there, and publish");
}

Status Screen::Core::follow() {
    const Status moved = move_on();
    const Status ended = end_entries();
    return !moved ? moved : ended;
}

// What has ended since; who publishes may be silent.
Status Screen::Core::end_entries() {
    const Tables& held = current.writer_view()->tables;
    const auto now = told();
    if (!now || !held.followed->end_anew(held.ended.get(), *now)) return ok();
    return publish(std::unique_ptr<const Generation>(new Generation{
        current.writer_view()->rules, Tables(held.followed, held.followed->ended_by(now))}));
}

// Beside the rulebook that serves, unless it does not know what the indexes of the new tables mean.
Status Screen::Core::move_on() {
    const Generation& held = *current.writer_view();
    if (shared_->generation() == held.tables.followed->generation()) return ok();
    const std::shared_ptr<Rulebook> rules = held.rules;
    auto next = Followed::hold(*shared_, rules->policy, held.tables.followed);
    if (!next) return next.error();
    LoadedLists loaded = (*next)->loaded(rules->policy);
    const std::set<std::string> missing(loaded.missing.begin(), loaded.missing.end());
    if (missing != lists_.missing() ||
        !std::ranges::equal(loaded.sub_lists.all(), lists_.sub_lists().all(), same))
        return go_live(std::move(loaded), Tables(*next, (*next)->ended_by(told())),
                       {rules->policy, rules->patterns}, rules->generation + 1);
    if (auto status = publish(std::unique_ptr<const Generation>(
            new Generation{rules, Tables(*next, (*next)->ended_by(told()))}));
        !status)
        return status;
    // relaxed: a time alone; nothing else is told by it.
    rules->stale_from.store(stale_from(rules->policy, loaded.written), std::memory_order_relaxed);
    lists_.adopt(std::move(loaded));
    return ok();
}

Result<std::uint64_t> Screen::Core::publish_to(SharedWriter& writer) {
    const std::lock_guard lock(writing_);
    if (auto status = check_own(); !status) return status.error();
    if (!publishes_ || !writer.writes(*publishes_))
        return Error{ErrorCode::kInvalidArgument,
                     "the screen was not opened to publish to this memory, so that its followers "
                     "would not know who made an emergency call through it; name the memory in "
                     "the options, as what it publishes"};
    const Generation& held = *current.writer_view();
    const TableSet& tables = *held.tables.own;
    const Policy& policy = held.rules->policy;
    if (tables.pairs != nullptr)
        return Error::at(ErrorCode::kUnsupported, policy.path, 0,
                         "has personal lists, and those are not shared");
    // Numbers that are on their way back along their chains stand in two places: first the end of that step.
    if (settling_.lock() == tables.numbers && domain.oldest_pin() > settling_epoch_) {
        tables.numbers->finish_settling();
        settling_.reset();
    }
    std::vector<ImageList> lists;
    std::vector<ImageOrigin> origins;
    for (std::size_t i = 0; i < policy.lists.size(); ++i) {
        const PolicyList& list = policy.lists[i];
        ImageList& made = lists.emplace_back();
        made.id = list.source.id;
        made.country = list.country;
        made.written = lists_.written()[i];
        const auto rows = lists_.rows().find(made.id);
        if (rows != lists_.rows().end() && !lists_.missing().contains(made.id))
            made.rows = rows->second;
        origins.push_back(declared(list));
    }
    // relaxed: the writer's own count.
    const std::uint64_t serial = change.load(std::memory_order_relaxed);
    constexpr std::chrono::milliseconds kAtOnce(0);  // live changes wait meanwhile
    return writer.publish({tables, lists_.sub_lists(), lists_.book(), lists, serial, origins},
                          kAtOnce);
}

}  // namespace ringfence
