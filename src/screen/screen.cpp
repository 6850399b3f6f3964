#include "ringfence/screen/screen.hpp"

#include <exception>
#include <new>

#include "src/screen/core.hpp"
#include "src/screen/session_state.hpp"

namespace ringfence {
namespace {

// Runs what may allocate: what it throws becomes an error, whose text needs no memory of its own.
template <class Body>
auto guarded(Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::kOutOfMemory, "out of memory"};
    } catch (const std::exception&) {
        return Error{ErrorCode::kInternal, "unforeseen"};
    }
}

// The same for what has no error to give: the empty value.
template <class Body>
auto or_empty(Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace

Screen::Screen(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Screen::Screen(Screen&&) noexcept = default;
Screen& Screen::operator=(Screen&&) noexcept = default;
Screen::~Screen() = default;

Result<Screen> Screen::open(std::string_view policy_path, ScreenOptions options) {
    return guarded([&]() -> Result<Screen> {
        auto core = Core::open(std::string(policy_path), options);
        if (!core) return core.error();
        return Screen(std::move(*core));
    });
}

Session Screen::session() {
    return Session(or_empty([&] { return core_->open_session(); }));
}

Status Screen::reload() {
    return guarded([&] { return core_->reload(); });
}

Result<std::uint64_t> Screen::add(const ListChange& change) {
    return guarded([&] { return core_->change_list(change, true); });
}
Result<std::uint64_t> Screen::remove(const ListChange& change) {
    return guarded([&] { return core_->change_list(change, false); });
}

Result<ReconcileReport> Screen::reconcile(std::string_view list, std::string_view file,
                                          const ReconcileOptions& options) {
    return guarded([&] { return core_->reconcile(list, file, options); });
}

Status Screen::advance(Time now) {
    return guarded([&] { return core_->advance(now); });
}

void Screen::note_emergency(const AddressView& caller, Time time) {
    PartyRead read;
    read.read(caller, *core_->words()->policy.plan, nullptr);
    core_->emergencies.note(read.key, time);
}

bool Screen::is_emergency(const Call& call) const {
    PartyRead called;
    called.read(call.called, *core_->words()->policy.plan, nullptr);
    return call.emergency || is_emergency_call(called, call.serving_country);
}
bool Screen::is_emergency(const Sms& sms) const {
    PartyRead recipient;
    recipient.read(sms.recipient, *core_->words()->policy.plan, nullptr);
    return recipient.number.emergency;
}

TrunkId Screen::trunk(std::string_view id) const { return {core_->trunk_handles.find(id)}; }
TrunkId Screen::trunk_of_kind(TrunkKind kind) const { return {static_cast<std::uint16_t>(kind)}; }
BindId Screen::bind(std::string_view id) const { return {core_->bind_handles.find(id)}; }

std::uint32_t Screen::sip_code(const Verdict& verdict) const {
    return core_->codes.of(&Codes::sip, verdict);
}
std::uint32_t Screen::q850_cause(const Verdict& verdict) const {
    return core_->codes.of(&Codes::q850, verdict);
}
std::uint32_t Screen::smpp_status(const Verdict& verdict) const {
    return core_->codes.of(&Codes::smpp, verdict);
}
std::uint32_t Screen::smpp_deliver_status(const Verdict& verdict) const {
    return core_->codes.of(&Codes::smpp_deliver, verdict);
}

Verdict Screen::bad_row() const {
    const auto words = core_->words();
    const Finding finding = words->policy.failure.finding(FailureCause::kBadRow);
    EvaluateContext context{.change = core_->change.load(std::memory_order_acquire),
                            .generation = words->generation};
    context.flags = static_cast<std::uint16_t>(VerdictFlag::kBadInput);
    return evaluate(std::span(&finding, 1), context);
}

std::string Screen::rule_id(const Verdict& verdict) const {
    const auto words = core_->words(verdict.generation);
    if (!words || verdict.rule == 0 || verdict.rule >= words->policy.rules.size()) return {};
    return words->policy.rules[verdict.rule].id;
}

std::string Screen::category(const Verdict& verdict) const {
    const auto words = core_->words(verdict.generation);
    return words ? std::string(words->policy.categories.name(verdict.category)) : std::string();
}

std::string Screen::param(const Verdict& verdict) const {
    const auto words = core_->words(verdict.generation);
    return words ? std::string(words->policy.param(verdict.rule, verdict.action)) : std::string();
}

std::string Screen::redress_address() const { return core_->words()->policy.redress_address; }
std::vector<std::string> Screen::warnings() const { return core_->words()->warnings; }
std::uint32_t Screen::generation() const { return core_->words()->generation; }

std::vector<Counter> Screen::counters() const {
    std::vector<Counter> out;
    const StripedCounters& sums = core_->counters;
    const auto add = [&](std::string name, std::size_t place) {
        out.push_back({std::move(name), sums.sum(place)});
    };
    add("calls", CounterPlace::kCalls);
    add("messages", CounterPlace::kMessages);
    add("calls.observed", CounterPlace::kObserved);
    add("calls.repeated", CounterPlace::kRepeated);
    add("verdicts.degraded", CounterPlace::kDegraded);
    add("verdicts.truncated", CounterPlace::kTruncated);
    add("verdicts.housekeeping_late", CounterPlace::kLate);
    add("patterns.engine_failed", CounterPlace::kEngineFailed);
    for (unsigned i = 0; i < kActionCount; ++i) {
        const std::string name(name_of(static_cast<Action>(i)));
        add("verdicts." + name, CounterPlace::kActions + i);
        add("shadow." + name, CounterPlace::kShadowActions + i);
    }
    for (std::uint16_t i = 0; i < CounterPlace::kReasons; ++i) {
        const std::string_view name = name_of(static_cast<Reason>(i));
        if (name != "unknown") add("reasons." + std::string(name), CounterPlace::kFirstReason + i);
    }
    for (Counter& counter : core_->counters_of_writer()) out.push_back(std::move(counter));
    const ActivityStats activity = core_->activity.stats();
    out.push_back({"activity.capacity", activity.capacity});
    out.push_back({"activity.claimed", activity.claimed});
    out.push_back({"activity.evicted", activity.evicted});
    out.push_back({"activity.passed_over", activity.passed_over});
    out.push_back({"activity.contended", activity.contended});
    out.push_back({"emergency.notes", core_->emergencies.notes()});
    out.push_back({"repeats.evicted", core_->repeats.evicted()});
    const Reassembler::Counters parts = core_->reassembly.counters();
    out.push_back({"reassembly.completed", parts.completed});
    out.push_back({"reassembly.waiting", parts.waiting});
    out.push_back({"reassembly.expired", parts.expired});
    out.push_back({"reassembly.displaced", parts.displaced});
    out.push_back({"reassembly.superseded", parts.superseded});
    out.push_back({"reassembly.duplicates", parts.duplicates});
    return out;
}

}  // namespace ringfence
