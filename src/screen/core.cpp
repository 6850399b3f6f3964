#include "src/screen/core.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <random>

#include "ringfence/lists/size_guard.hpp"
#include "ringfence/source/file.hpp"

#include "src/policy/regex_warning.hpp"
#include "src/screen/emergencies_path.hpp"
#include "src/screen/guarded.hpp"
#include "src/screen/session_state.hpp"

namespace ringfence {
namespace {

std::uint64_t random_seed() {
    std::random_device device;
    for (;;)
        if (const auto seed = std::uint64_t{device()} << 32u | device(); seed != 0) return seed;
}

// A trunk of each kind, with format auto and no lists.
const std::array<TrunkRules, 4>& bare_trunks() {
    static const std::array<TrunkRules, 4> kTrunks = [] {
        std::array<TrunkRules, 4> trunks;
        trunks[0].kind = TrunkKind::kSubscriber;
        trunks[1].kind = TrunkKind::kNational;
        trunks[2].kind = TrunkKind::kInternational;
        trunks[3].kind = TrunkKind::kRoaming;
        return trunks;
    }();
    return kTrunks;
}

// The notes that a process before this one saved; none, with a warning, when they cannot be read.
std::optional<EmergencyWindow> saved_notes(const std::string& path,
                                           std::vector<std::string>& warnings) {
    constexpr std::size_t kMostBytes = std::size_t{64} << 20;
    std::error_code code;
    if (path.empty() || !std::filesystem::exists(path, code)) return {};
    const auto octets = read_file(path, kMostBytes);
    auto window = octets ? EmergencyWindow::from_image(*octets) : octets.error();
    if (window) return *std::move(window);
    warnings.push_back(path + ": " + window.error().text +
                       "; who made an emergency call before this start is not remembered");
    return {};
}

// The window that lies in `shared`, with what was saved; without shared memory one of this screen's own.
Result<EmergencyWindow> open_window(const std::string& path, const SharedImage* shared,
                                    std::uint64_t seed, std::vector<std::string>& warnings) {
    auto saved = saved_notes(path, warnings);
    if (shared == nullptr) {
        if (saved) return *std::move(saved);
        return EmergencyWindow::create(EmergencyWindow::kDefaultCells, seed);
    }
    auto window = shared->emergencies(saved && saved->seed() != 0 ? saved->seed() : seed);
    if (window && saved && !window->take_over(*saved))
        warnings.push_back(path + ": was not saved from " + shared->name() +
                           ", which goes by its own notes of emergency calls; those of the file "
                           "are not remembered");
    return window;
}

// What check_size says of the files of known messages, each against the one of its id that serves now.
Status check_templates(const Policy& serving, const Policy& next) {
    const auto rows_of = [&](const std::string& id) -> std::optional<std::uint64_t> {
        for (const TemplateRule& each : serving.templates)
            if (serving.rules[each.finding.rule].id == id) return each.report.rows;
        return {};
    };
    for (const TemplateRule& each : next.templates) {
        const auto last = rows_of(next.rules[each.finding.rule].id);
        if (auto status = check_size(each.path, last, each.report.rows); !status) return status;
    }
    return ok();
}

void add_tables(const Tables& tables, std::vector<Counter>& out) {
    if (tables.followed) {
        out.push_back({"tables.numbers", tables.followed->numbers()});
        out.push_back({"tables.bytes", tables.followed->bytes()});
        out.push_back({"tables.shared_generation", tables.followed->generation()});
        const Ended* ended = tables.ended.get();
        const Ended::Count count = ended != nullptr ? ended->count() : Ended::Count{};
        out.push_back({"tables.ended", count.numbers + count.rules});
        out.push_back({"tables.silent_lists", ended != nullptr ? ended->silent_lists() : 0});
        return;
    }
    const NumberTableStats numbers = tables.own->numbers->stats();
    out.push_back({"tables.numbers", numbers.numbers});
    out.push_back({"tables.numbers_room", numbers.room});
    if (tables.own->pairs) {
        const PairTableStats pairs = tables.own->pairs->stats();
        out.push_back({"tables.pairs", pairs.pairs});
        out.push_back({"tables.pairs_room", pairs.room});
    }
    out.push_back({"tables.bytes", tables.own->memory_bytes()});
    out.push_back({"tables.huge_page_bytes", numbers.huge_page_bytes});
}

}  // namespace

Time stale_from(const Policy& policy, std::span<const std::optional<Time>> written) {
    Time from = Time::max();
    for (std::size_t i = 0; i < policy.lists.size(); ++i) {
        const auto& max_age = policy.lists[i].max_age;
        if (max_age && written[i]) from = std::min(from, *written[i] + *max_age);
    }
    return from;
}

Screen::Core::Core(std::unique_ptr<const Generation> first, ActivityTable activity_table,
                   EmergencyWindow window, RepeatFilter filter,
                   const Reassembler::Options& reassembly_options)
    : current(domain, std::move(first)),
      activity(std::move(activity_table)),
      emergencies(std::move(window)),
      repeats(std::move(filter)),
      reassembly(reassembly_options),
      counters(CounterPlace::kCount) {}

Result<std::unique_ptr<Screen::Core>> Screen::Core::open(std::string path,
                                                         const ScreenOptions& options) {
    if (options.shared != nullptr && options.publishes != nullptr)
        return Error{ErrorCode::kInvalidArgument,
                     "options: a screen follows shared lists or publishes them, not both"};
    auto ruled = rules_of(path);
    if (!ruled) return ruled.error();
    const Policy* const policy = &ruled->policy;
    const std::uint64_t seed = options.seed != 0 ? options.seed : random_seed();
    auto activity = ActivityTable::create({.bytes = options.activity_bytes != 0
                                                        ? options.activity_bytes
                                                        : policy->behaviour.memory_bytes,
                                           .seed = seed,
                                           .short_call_s = policy->behaviour.short_call_s});
    if (!activity) return activity.error();
    // Before the notes: who publishes gives those their seed, with what it saved, and one that comes before it must not.
    std::shared_ptr<const Followed> held;
    if (options.shared != nullptr) {
        auto published = Followed::hold(*options.shared, *policy, nullptr);
        if (!published) return published.error();
        held = *std::move(published);
    }
    // Of screens that share their notes the one that publishes reads and saves them.
    const std::string notes = held ? std::string() : emergencies_path(*policy);
    std::vector<std::string> warnings;
    auto window = open_window(notes, options.shared != nullptr ? options.shared : options.publishes,
                              seed, warnings);
    if (!window) return window.error();
    auto filter = RepeatFilter::create({.seed = seed});
    if (!filter) return filter.error();
    const std::size_t slots =
        options.reassembly_slots != 0 ? options.reassembly_slots : policy->reassembly.slots;
    if (slots > ReassemblySettings::kMostSlots) {
        return Error{ErrorCode::kOutOfRange, "options: " + std::to_string(slots) +
                                                 " reassembly_slots; give at most " +
                                                 std::to_string(ReassemblySettings::kMostSlots)};
    }
    const Reassembler::Options reassembly{.bytes = Reassembler::bytes_for(slots),
                                          .timeout = policy->reassembly.timeout,
                                          .seed = seed};

    std::unique_ptr<Core> core(new Core(nullptr, std::move(*activity), std::move(*window),
                                        std::move(*filter), reassembly));
    core->path_ = std::move(path);
    if (!options.read_only) core->emergencies_path_ = notes;
    core->options_ = options;
    core->options_.shared = core->options_.publishes = nullptr;  // copies are kept
    if (options.shared != nullptr) core->shared_ = *options.shared;
    if (options.publishes != nullptr) core->publishes_ = *options.publishes;
    // The journal is the publisher's, who has its changes in the tables.
    if (!policy->journal_path.empty() && !core->shared_) {
        if (auto status = core->lists_.open_journal(policy->journal_path, options.read_only);
            !status)
            return status.error();
    }
    if (options.now) core->tell(*options.now);
    auto loaded = held ? core->followed(*policy, held) : core->load(*policy);
    if (!loaded) return loaded.error();
    std::ranges::move(warnings, std::back_inserter(loaded->lists.warnings));
    if (auto status = core->go_live(std::move(loaded->lists), std::move(loaded->tables),
                                    *std::move(ruled), 1);
        !status)
        return status.error();
    return core;
}

Result<Screen::Core::Loaded> Screen::Core::load(const Policy& policy) const {
    if (shared_) {
        const Generation* serving = current.writer_view();
        auto held = Followed::hold(*shared_, policy,
                                   serving != nullptr ? serving->tables.followed : nullptr);
        if (!held) return held.error();
        return followed(policy, *held);
    }
    const Time now = told().value_or(Time::min());
    auto loaded = lists_.load(policy, options_.force);
    if (!loaded) return loaded.error();
    if (auto status = lists_.apply_overlay(policy, now, *loaded); !status) return status.error();
    Tables tables(std::make_shared<TableSet>(loaded->tables));
    return Loaded{*std::move(loaded), std::move(tables)};
}

Screen::Core::Loaded Screen::Core::followed(const Policy& policy,
                                            const std::shared_ptr<const Followed>& held) const {
    return {held->loaded(policy), Tables(held, held->ended_by(told()))};
}

Result<Screen::Core::Ruled> Screen::Core::rules_of(const std::string& path) {
    auto policy = Policy::load(path);
    if (!policy) return policy.error();
    Ruled ruled{*std::move(policy), nullptr};
    if (ruled.policy.pattern_rules.rules().empty()) return ruled;
    auto compiled =
        PatternSet::compile(ruled.policy.pattern_rules, {.limits = ruled.policy.regex_limits});
    if (!compiled) return compiled.error();
    ruled.patterns = std::make_shared<const PatternSet>(*std::move(compiled));
    return ruled;
}

Status Screen::Core::go_live(LoadedLists loaded, Tables tables, Ruled ruled, std::uint32_t number) {
    const Policy& policy = ruled.policy;
    const auto warn_of = [&](const RowReport& report, const std::string& path) {
        std::ranges::move(report.lines(path), std::back_inserter(loaded.warnings));
    };
    if (policy.senders) warn_of(policy.senders->report, policy.senders->path);
    for (const TemplateRule& rule : policy.templates) warn_of(rule.report, rule.path);
    if (const auto unkept = unkept_regex_limits(policy))
        loaded.warnings.push_back(
            Error::at(ErrorCode::kMissing, policy.path, policy.regex_line, *unkept).text);
    auto next = prepare(loaded.sub_lists, !loaded.missing.empty(), loaded.written, loaded.warnings,
                        std::move(tables), std::move(ruled), number);
    if (!next) return next.error();
    if (auto status = publish(*std::move(next)); !status) return status;
    lists_.adopt(std::move(loaded));
    return ok();
}

Result<std::unique_ptr<const Generation>> Screen::Core::prepare(
    const SubLists& sub_lists, bool any_missing, std::span<const std::optional<Time>> written,
    std::vector<std::string> warnings, Tables tables, Ruled ruled, std::uint32_t number) {
    const auto words =
        std::make_shared<Words>(Words{number, std::move(ruled.policy), std::move(warnings)});
    auto meanings = words->policy.meanings(sub_lists);
    if (!meanings) return meanings.error();
    auto rules = std::make_shared<Rulebook>(words);
    const Policy& mine = rules->policy;
    rules->meanings = std::move(*meanings);
    // relaxed: nobody reads it before it is published.
    rules->stale_from.store(stale_from(mine, written), std::memory_order_relaxed);
    if (any_missing) rules->standing.push_back(mine.failure.finding(FailureCause::kFeedMissing));

    rules->patterns = std::move(ruled.patterns);
    for (std::size_t i = 0; i < mine.pattern_rules.rules().size(); ++i)
        rules->pattern_findings.push_back(mine.pattern_finding(i));

    auto campaigns = campaigns_of(mine);
    if (!campaigns) return campaigns.error();
    rules->campaigns = std::move(*campaigns);

    const auto place = [](auto& places, std::uint16_t handle, const auto* target) {
        if (places.size() <= handle) places.resize(std::size_t{handle} + 1u);
        places[handle] = target;
    };
    for (const TrunkRules& bare : bare_trunks()) {
        place(rules->trunks, static_cast<std::uint16_t>(bare.kind), &bare);
    }
    for (const PolicyTrunk& trunk : mine.trunks) {
        if (const auto handle = trunk_handles.give(trunk.id))
            place(rules->trunks, handle, &trunk.rules);
    }
    for (const PolicyBind& bind : mine.binds) {
        if (const auto handle = bind_handles.give(bind.id)) place(rules->binds, handle, &bind);
    }

    if (const Generation* serving = current.writer_view())
        rule_counts_.fold(serving->rules->policy);
    rules->sheet = rule_counts_.open(words);
    for (const unsigned slot : taken_) {
        if (auto status = fill_scratch(*rules, slot); !status) return status.error();
    }
    return std::unique_ptr<const Generation>(new Generation{std::move(rules), std::move(tables)});
}

Result<std::shared_ptr<SharedCampaigns>> Screen::Core::campaigns_of(const Policy& policy) const {
    if (!policy.campaigns) return std::shared_ptr<SharedCampaigns>();
    if (const Generation* serving = current.writer_view()) {
        const auto& running = serving->rules->campaigns;
        if (running != nullptr && running->options() == policy.campaigns->options) return running;
    }
    return SharedCampaigns::create(policy.campaigns->options);
}

Status Screen::Core::fill_scratch(Rulebook& rules, unsigned slot) const {
    rules.rows[slot] = rules.sheet->open();
    if (rules.patterns == nullptr) return ok();
    auto scratch = rules.patterns->make_scratch();
    if (!scratch) return scratch.error();
    rules.scratches[slot] = std::make_unique<PatternScratch>(std::move(*scratch));
    return ok();
}

Status Screen::Core::publish(std::unique_ptr<const Generation> next) {
    // A batch of 256 is over in a fraction of a millisecond; a reader may lose its core for a while longer.
    constexpr std::chrono::milliseconds kPatience(500);
    const std::shared_ptr<const Words> words = next->rules->words;
    // Before its first verdict can be asked about; a generation that is not published after all takes nothing
    // from the ones before it, and its number is given again.
    codes.add(words->generation, words->policy.codes);
    foretell(words);
    if (auto status = current.publish(std::move(next), kPatience); !status) {
        foretell(nullptr);
        return status;
    }
    keep(words);
    // release: pairs with the acquire in Session::State::begin.
    change.fetch_add(1, std::memory_order_release);
    return ok();
}

void Screen::Core::foretell(std::shared_ptr<const Words> words) {
    const std::lock_guard lock(keeping_);
    coming_ = std::move(words);
}

void Screen::Core::keep(std::shared_ptr<const Words> words) {
    const std::lock_guard lock(keeping_);
    if (words_.empty() || words_.back() != words) words_.push_back(std::move(words));
    if (words_.size() > kKeptWords) words_.pop_front();
    coming_ = nullptr;
}

std::unique_ptr<Session::State> Screen::Core::open_session() {
    const std::lock_guard lock(writing_);
    unsigned slot = 0;
    while (taken_.count(slot) != 0) ++slot;
    if (slot < kMaxSessions) {
        auto reader = domain.register_reader();
        Rulebook& rules = *current.writer_view()->rules;
        if (reader && fill_scratch(rules, slot)) {
            taken_.insert(slot);
            try {
                return std::make_unique<Session::State>(*this, std::move(*reader), slot);
            } catch (...) {
                clear_slot(slot);
                throw;
            }
        }
    }
    return std::make_unique<Session::State>(*this, std::nullopt, 0);
}

void Screen::Core::close_session(unsigned slot) {
    const std::lock_guard lock(writing_);
    clear_slot(slot);
}

void Screen::Core::clear_slot(unsigned slot) {
    Rulebook& rules = *current.writer_view()->rules;
    rules.scratches[slot].reset();
    rules.rows[slot] = {};
    taken_.erase(slot);
}

void Screen::Core::tell(Time now) {
    // relaxed: a time alone; nothing else is told by it.
    told_ms.store(std::max(to_ms(now), kUntold + 1), std::memory_order_relaxed);
}

std::optional<Time> Screen::Core::told() const {
    // relaxed: as above.
    const std::int64_t ms = told_ms.load(std::memory_order_relaxed);
    if (ms == kUntold) return {};
    return time_from_ms(ms);
}

// The rules are read and compiled, which may take seconds, before the writer's lock is taken: live changes, advance and
// new sessions go on beside it. No live change is lost by that: what it changes (tables, overlay, journal) is read and
// built upon under the lock alone, as are the lists' files, and what goes before reads files and what never
// changes of a Core. The older of two policies never goes live after the newer: from reading to publishing one reload follows
// another.
Status Screen::Core::reload() {
    const std::lock_guard one(reloading_);
    // What throws has failed too, and counts.
    auto ruled = guarded([&] { return rules_of(path_); });
    const std::lock_guard lock(writing_);
    const auto attempt = [&]() -> Status {
        if (!ruled) return ruled.error();
        if (!options_.force) {
            const Policy& serving = current.writer_view()->rules->policy;
            if (auto same = check_templates(serving, ruled->policy); !same) return same;
        }
        auto loaded = load(ruled->policy);
        if (!loaded) return loaded.error();
        return go_live(std::move(loaded->lists), std::move(loaded->tables), *std::move(ruled),
                       current.writer_view()->rules->generation + 1);
    };
    auto status = guarded(attempt);
    ++(status ? reloads_ : reloads_failed_);
    return status;
}

// Every step is taken, whatever the one before came to; the first error is told.
Status Screen::Core::advance(Time now, Action& action) {
    const std::lock_guard lock(writing_);
    action = current.writer_view()->rules->policy.failure.of(FailureCause::kPartTimeout);
    tell(now);
    if (!shared_) emergencies.settle(now);  // of those that share it one, or each clock would count
    const Status expired = shared_ ? follow() : expire(now);
    if (const auto& campaigns = current.writer_view()->rules->campaigns) campaigns->advance(now);
    if (const auto& own = current.writer_view()->tables.own) {
        settle_numbers(own->numbers);
        reclaim_pairs(own->pairs);
    }
    current.reclaim();
    const Status journal = lists_.keep_journal();
    const Status notes = save_emergencies(now);
    return !expired ? expired : !journal ? journal : notes;
}

Status Screen::Core::expire(Time now) {
    const Generation& held = *current.writer_view();
    auto next = lists_.expire(held.rules->policy, now, *held.tables.own);
    if (!next) return next.error();
    return publish_tables(*std::move(next));
}

Status Screen::Core::publish_tables(std::optional<TableSet> next) {
    if (!next) return ok();
    std::unique_ptr<const Generation> generation(new Generation{
        current.writer_view()->rules, Tables(std::make_shared<TableSet>(*std::move(next)))});
    if (auto status = publish(std::move(generation)); !status) return status;
    lists_.published();
    return ok();
}

Status Screen::Core::save_emergencies(Time now) {
    const std::uint64_t notes = emergencies.notes();
    if (emergencies_path_.empty() || notes == saved_notes_) return ok();
    if (auto status = replace_file(emergencies_path_, emergencies.image(now)); !status)
        return status;
    saved_notes_ = notes;
    return ok();
}

// One step of bringing displaced numbers back an advance: the end of the step before, once no reader can look
// for the old places, and the beginning of the next.
void Screen::Core::settle_numbers(const std::shared_ptr<NumberTable>& numbers) {
    constexpr std::uint64_t kLines = 100'000;  // some milliseconds of the writer's time
    if (settling_.lock() == numbers) {
        if (domain.oldest_pin() <= settling_epoch_) return;
        numbers->finish_settling();
        settling_.reset();
    }
    if (numbers->begin_settling(kLines) == 0) return;
    settling_epoch_ = domain.advance();
    settling_ = numbers;
}

// The same of places that pairs left: taken by others once no reader can have met who was there.
void Screen::Core::reclaim_pairs(const std::shared_ptr<PairTable>& pairs) {
    if (pairs == nullptr) return;
    if (reclaiming_.lock() == pairs) {
        if (domain.oldest_pin() <= reclaiming_epoch_) return;
        pairs->finish_reclaim();
        reclaiming_.reset();
    }
    if (pairs->begin_reclaim() == 0) return;
    reclaiming_epoch_ = domain.advance();
    reclaiming_ = pairs;
}

std::shared_ptr<const Words> Screen::Core::words(std::uint32_t generation) const {
    const std::lock_guard lock(keeping_);
    if (coming_ && coming_->generation == generation) return coming_;
    for (const auto& words : words_) {
        if (words->generation == generation) return words;
    }
    return nullptr;
}

std::shared_ptr<const Words> Screen::Core::words() const {
    const std::lock_guard lock(keeping_);
    return words_.back();
}

std::vector<RuleCounter> Screen::Core::rule_counters() const {
    const std::lock_guard lock(writing_);
    const Policy& policy = current.writer_view()->rules->policy;
    const std::vector<RuleCount> counts = rule_counts_.counts(policy);
    std::vector<RuleCounter> out;
    for (std::size_t i = 1; i < counts.size(); ++i)
        out.push_back(
            {policy.rules[i].id, counts[i].hits, counts[i].shadow_hits, counts[i].decided});
    return out;
}

std::vector<Counter> Screen::Core::counters_of_writer() const {
    const std::lock_guard lock(writing_);
    std::vector<Counter> out;
    const Policy& policy = current.writer_view()->rules->policy;
    const std::vector<RuleCount> counts = rule_counts_.counts(policy);
    for (std::size_t i = 1; i < counts.size(); ++i) {
        const std::string name = "rule." + policy.rules[i].id;
        out.push_back({name + ".hits", counts[i].hits});
        out.push_back({name + ".shadow_hits", counts[i].shadow_hits});
        out.push_back({name + ".decided", counts[i].decided});
    }
    for (const auto& [list, rows] : lists_.rows()) out.push_back({"list." + list + ".rows", rows});
    const auto written = lists_.written();
    for (std::size_t i = 0; i < written.size(); ++i)
        if (written[i])
            out.push_back({"list." + policy.lists[i].source.id + ".written_s",
                           static_cast<std::uint64_t>(to_ms(*written[i]) / 1000)});
    if (const auto& campaigns = current.writer_view()->rules->campaigns) {
        const SharedCampaigns::Count count = campaigns->count();
        out.push_back({"campaigns.running", count.running});
        out.push_back({"campaigns.displaced", count.displaced});
        out.push_back({"campaigns.bytes", count.bytes});
    }
    add_tables(current.writer_view()->tables, out);
    out.push_back({"lists.live_changes", lists_.live_changes()});
    out.push_back({"lists.expired", lists_.expired()});
    out.push_back({"lists.notes", lists_.book().size()});
    out.push_back({"lists.notes_bytes", lists_.book().memory_bytes()});
    out.push_back({"lists.journal_bytes", lists_.journal_bytes()});
    out.push_back({"reload.done", reloads_});
    out.push_back({"reload.failed", reloads_failed_});
    out.push_back({"sessions.open", taken_.size()});
    return out;
}

}  // namespace ringfence
