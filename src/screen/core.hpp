// core.hpp - what a Screen is inside: the published generation, what sessions share, and the writer's side.
//
// Readers (sessions) touch the first group only, without a lock. The writer's side is guarded by `writing`.
// Order of destruction: sessions first, then the Screen.
#pragma once

#include <atomic>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "ringfence/activity/activity.hpp"
#include "ringfence/activity/emergency_window.hpp"
#include "ringfence/activity/repeat_filter.hpp"
#include "ringfence/screen/screen.hpp"
#include "ringfence/sync/epoch.hpp"
#include "ringfence/sync/snapshot.hpp"
#include "ringfence/sync/striped_counter.hpp"
#include "ringfence/text/reassembly.hpp"
#include "src/screen/generation.hpp"
#include "src/screen/handles.hpp"
#include "src/screen/live_lists.hpp"
#include "src/screen/reconcile.hpp"

namespace ringfence {

// Places in the session counters.
struct CounterPlace {
    static constexpr std::size_t kReasons = 128;  // more than the largest Reason

    static constexpr std::size_t kCalls = 0;
    static constexpr std::size_t kMessages = 1;
    static constexpr std::size_t kObserved = 2;
    static constexpr std::size_t kRepeated = 3;
    static constexpr std::size_t kDegraded = 4;
    static constexpr std::size_t kTruncated = 5;
    static constexpr std::size_t kLate = 6;
    static constexpr std::size_t kEngineFailed = 7;
    static constexpr std::size_t kActions = 8;
    static constexpr std::size_t kShadowActions = kActions + kActionCount;
    static constexpr std::size_t kFirstReason = kShadowActions + kActionCount;
    static constexpr std::size_t kCount = kFirstReason + kReasons;
};

// When the file of some list will be older than the policy allows; `written`: when each list's was.
Time stale_from(const Policy& policy, std::span<const std::optional<Time>> written);

class Screen::Core {
public:
    // Handles below this are the bare trunk kinds.
    static constexpr std::uint16_t kFirstTrunkHandle = 5;
    static constexpr Milliseconds kLate = std::chrono::minutes(15);

    static Result<std::unique_ptr<Core>> open(std::string path, const ScreenOptions& options);

    // ---- shared by sessions ----
    EpochDomain domain;
    Snapshot<const Generation> current;
    ActivityTable activity;
    EmergencyWindow emergencies;
    RepeatFilter repeats;
    Reassembler reassembly;
    StripedCounters counters;
    std::atomic<std::uint64_t> change{0};
    // What time it is: as the latest advance said, or `now` before any. Events never say so.
    static constexpr std::int64_t kUntold = std::numeric_limits<std::int64_t>::min();
    std::atomic<std::int64_t> told_ms{kUntold};
    // The first event before the time was told: whether housekeeping lags is judged by it, and nothing else.
    std::atomic<std::int64_t> heard_ms{kUntold};
    void tell(Time now);
    // None: not told.
    std::optional<Time> told() const;
    CodeHistory codes;

    // ---- cold, each under its own lock ----
    Handles trunk_handles{kFirstTrunkHandle};
    Handles bind_handles{1};

    std::unique_ptr<Session::State> open_session();
    void close_session(unsigned slot);

    Status reload();
    Result<std::uint64_t> change_list(const ListChange& change, bool add);
    // Leaves the reassembly alone. `action` is what the policy in force gives to messages given up.
    Status advance(Time now, Action& action);
    Result<ReconcileReport> reconcile(std::string_view list, std::string_view file,
                                      const ReconcileOptions& options);
    Result<std::uint64_t> publish_to(SharedWriter& writer);
    // Every counter, in a fixed order.
    std::vector<Counter> counters_by_name() const;
    // By rule of the policy in force, in its order.
    std::vector<RuleCounter> rule_counters() const;
    // What the writer's side counts: hits of rules, rows, live changes, reloads.
    std::vector<Counter> counters_of_writer() const;

    // The words of a verdict's generation; null when it is long gone.
    std::shared_ptr<const Words> words(std::uint32_t generation) const;
    std::shared_ptr<const Words> words() const;

private:
    static constexpr std::size_t kKeptWords = 4;

    Core(std::unique_ptr<const Generation> first, ActivityTable activity_table,
         EmergencyWindow window, RepeatFilter filter,
         const Reassembler::Options& reassembly_options);

    using Patterns = std::shared_ptr<const PatternSet>;  // null: the policy has no content rules

    // A policy and its rules, compiled. What takes long of a load, and nothing of a screen's.
    struct Ruled {
        Policy policy;
        Patterns patterns;
    };
    static Result<Ruled> rules_of(const std::string& path);

    // Makes the generation of what was loaded and goes live with it; on failure nothing has changed.
    Status go_live(LoadedLists loaded, Tables tables, Ruled ruled, std::uint32_t number);
    Result<std::unique_ptr<const Generation>> prepare(const SubLists& sub_lists, bool any_missing,
                                                      std::span<const std::optional<Time>> written,
                                                      std::vector<std::string> warnings,
                                                      Tables tables, Ruled ruled,
                                                      std::uint32_t number);
    // The steps of reconcile, each under the lock, of the generation `expected`.
    Status begin_reconcile(Reconcile& work, std::uint32_t& expected);
    Status wait_for_readers();
    Status reconcile_step(Reconcile& work, std::uint32_t expected, bool& done);
    Status finish_reconcile(const Reconcile& work, const std::string& file, std::uint32_t expected);
    // What LiveLists gave to publish, beside the rulebook that serves.
    Status publish_tables(std::optional<TableSet> next);
    // The campaigns that serve, where they are counted in the same way, else new ones.
    Result<std::shared_ptr<SharedCampaigns>> campaigns_of(const Policy& policy) const;
    Status fill_scratch(Rulebook& rules, unsigned slot) const;
    void clear_slot(unsigned slot);
    Status publish(std::unique_ptr<const Generation> next);
    // The lists of the policy with the tables that they make: read, or those that another process published last.
    struct Loaded {
        LoadedLists lists;
        Tables tables;
    };
    Result<Loaded> load(const Policy& policy) const;
    Loaded followed(const Policy& policy, const std::shared_ptr<const Followed>& held) const;
    // Of a screen that follows another: goes on with what was published since, and passes over what has ended.
    Status follow();
    Status move_on();
    Status end_entries();
    // Fails with kUnsupported for a screen that follows another.
    Status check_own() const;
    // Words of a generation that is about to be published: a reader may ask for them before it is kept. Null takes them back.
    void foretell(std::shared_ptr<const Words> words);
    void keep(std::shared_ptr<const Words> words);
    Status expire(Time now);
    Status save_emergencies(Time now);
    void settle_numbers(const std::shared_ptr<NumberTable>& numbers);
    void reclaim_pairs(const std::shared_ptr<PairTable>& pairs);

    std::string path_;
    std::string
        emergencies_path_;  // beside the journal; empty: emergency calls are noted in memory alone, or another saves them
    std::uint64_t saved_notes_ = 0;
    ScreenOptions options_;
    std::optional<SharedImage> shared_;     // that it follows; none: tables of its own
    std::optional<SharedImage> publishes_;  // that it publishes
    std::mutex reconciling_;                // taken before writing_
    std::mutex reloading_;                  // the same
    mutable std::mutex writing_;
    LiveLists lists_;
    RuleCounts rule_counts_;
    std::set<unsigned> taken_;
    // The table whose places are being settled, and the epoch after which no reader can look for the old ones.
    std::weak_ptr<NumberTable> settling_;
    std::uint64_t settling_epoch_ = 0;
    std::weak_ptr<PairTable> reclaiming_;  // whose freed places wait for readers to go
    std::uint64_t reclaiming_epoch_ = 0;
    std::uint64_t reloads_failed_ = 0;
    std::uint64_t reloads_ = 0;

    mutable std::mutex keeping_;
    std::deque<std::shared_ptr<const Words>> words_;  // newest last
    std::shared_ptr<const Words> coming_;
};

}  // namespace ringfence
