// Screen::reconcile: reads the file without a lock, then takes the writer's lock for one short step after another.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "ringfence/lists/size_guard.hpp"
#include "src/screen/core.hpp"

namespace ringfence {
namespace {

Error reloaded() {
    return {ErrorCode::kBusy, "the policy was loaded anew meanwhile; reconcile once more"};
}

// Whether both name one file, under whatever names.
bool is_file(std::string_view given, const std::string& own) {
    if (given == own) return true;
    std::error_code code;
    return !own.empty() && std::filesystem::equivalent(given, own, code);
}

}  // namespace

Result<ReconcileReport> Screen::Core::reconcile(std::string_view list, std::string_view file,
                                                const ReconcileOptions& options) {
    const std::lock_guard one(reconciling_);
    Reconcile work;
    work.id = list;
    work.dry_run = options.dry_run;
    ListSource source;
    std::optional<std::uint64_t> last;
    std::uint32_t expected = 0;
    {
        const std::lock_guard lock(writing_);
        if (auto status = check_own(); !status) return status.error();
        const Rulebook& rules = *current.writer_view()->rules;
        const auto position = rules.policy.find_list(list);
        if (!position)
            return Error{ErrorCode::kMissing, "the policy has no list '" + work.id + "'"};
        work.list = *position;
        source = rules.policy.lists[*position].source;
        expected = rules.generation;
        if (const auto at = lists_.rows().find(work.id); at != lists_.rows().end())
            last = at->second;
    }
    if (source.by_subscriber)
        return Error{ErrorCode::kInvalidArgument,
                     "the personal list '" + work.id +
                         "' is by subscriber and cannot be reconciled; reload, or add and remove"};
    work.own_file = file.empty() || is_file(file, source.path);
    if (!file.empty()) source.path = file;
    if (source.path.empty())
        return Error{ErrorCode::kInvalidArgument,
                     "the list '" + work.id + "' has no file; name one to reconcile it with"};
    source.wide |= options.force;

    const Time now = told().value_or(Time::min());
    auto rows = FileRows::read(source, now, last.value_or(0), options.progress);
    if (!rows) return rows.error();
    work.rows = *std::move(rows);
    const ListReport& read = work.rows.report();
    if (!options.force) {
        if (auto status = check_size(source.path, last, read.rows); !status) return status.error();
    }
    work.report.rows = read.rows;
    work.report.bad_rows = read.bad_rows;
    work.report.passed_over = read.passed_over;
    work.report.expired = work.rows.expired();
    work.report.memory_bytes = work.rows.memory_bytes();
    work.report.warnings = read.lines(source.path);

    const std::uint32_t before = expected;
    if (auto status = begin_reconcile(work, expected); !status) return status.error();
    if (expected != before) {
        if (auto status = wait_for_readers(); !status) return status.error();
    }
    for (bool done = false; !done;) {
        if (auto status = reconcile_step(work, expected, done); !status) return status.error();
        if (options.progress) options.progress(work.next_row);
        // Whoever waits for the lock gets it: a mutex is not fair by itself.
        std::this_thread::yield();
    }
    if (auto status = finish_reconcile(work, source.path, expected); !status) return status.error();
    return work.report;
}

// Rows that say something new (an action, a category), and a list that was missing, need a rulebook that knows.
Status Screen::Core::begin_reconcile(Reconcile& work, std::uint32_t& expected) {
    const std::lock_guard lock(writing_);
    const Generation& held = *current.writer_view();
    if (held.rules->generation != expected) return reloaded();
    auto extended = lists_.begin_reconcile(work.list, work);
    if (!extended) return extended.error();
    const bool was_missing = lists_.missing().contains(work.id);
    if (work.dry_run) return ok();
    if (extended->all().size() == lists_.sub_lists().all().size() && !was_missing) return ok();
    auto next = prepare(*extended, lists_.missing().size() > (was_missing ? 1u : 0u),
                        lists_.written(), held.rules->words->warnings, held.tables,
                        {held.rules->policy, held.rules->patterns}, expected + 1);
    if (!next) return next.error();
    if (auto status = publish(*std::move(next)); !status) return status;
    lists_.take_over(*std::move(extended));
    ++expected;
    return ok();
}

// Readers may still hold the rulebook before, to which a list index that is new means nothing; no number may carry
// one under their eyes.
Status Screen::Core::wait_for_readers() {
    constexpr unsigned kTries = 10'000;
    constexpr auto kPause = std::chrono::microseconds(200);
    const std::uint64_t epoch = [&] {
        const std::lock_guard lock(writing_);
        return domain.advance();
    }();
    for (unsigned i = 0; domain.oldest_pin() <= epoch; ++i) {
        if (i == kTries)
            return Error{ErrorCode::kBusy,
                         "a session holds an older generation; reconcile once more"};
        std::this_thread::sleep_for(kPause);
    }
    return ok();
}

// Numbers of the file first, then prefixes and names, then what the file no longer holds.
Status Screen::Core::reconcile_step(Reconcile& work, std::uint32_t expected, bool& done) {
    const std::lock_guard lock(writing_);
    const Generation& held = *current.writer_view();
    if (held.rules->generation != expected) return reloaded();
    const Policy& policy = held.rules->policy;
    Result<std::optional<TableSet>> next = std::optional<TableSet>{};
    if (work.next_row < work.rows.numbers().size()) {
        next = lists_.reconcile_numbers(work, policy, *held.tables.own);
    } else if (!work.rules_done) {
        next = lists_.reconcile_rules(work, *held.tables.own);
        work.rules_done = true;
    } else {
        next = lists_.sweep_numbers(work, policy, *held.tables.own, done);
        // What was swept of a table that has been replaced meanwhile counts for nothing.
        if (next && *next) done = false;
    }
    if (!next) return next.error();
    if (work.dry_run) return ok();
    if (*next) return publish_tables(*std::move(next));
    // release: pairs with the acquire in Session::State::begin; the table's own stores came before.
    change.fetch_add(1, std::memory_order_release);
    return ok();
}

Status Screen::Core::finish_reconcile(const Reconcile& work, const std::string& file,
                                      std::uint32_t expected) {
    if (work.dry_run) return ok();
    const std::lock_guard lock(writing_);
    const Rulebook& rules = *current.writer_view()->rules;
    if (rules.generation != expected) return reloaded();
    lists_.finish_reconcile(work, date_of(file));
    // relaxed: a date alone; nothing else is told by it.
    current.writer_view()->rules->stale_from.store(stale_from(rules.policy, lists_.written()),
                                                   std::memory_order_relaxed);
    return ok();
}

}  // namespace ringfence
