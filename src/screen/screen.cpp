#include "ringfence/screen/screen.hpp"

#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/number/whole.hpp"
#include "src/screen/bind_content.hpp"
#include "src/screen/core.hpp"
#include "src/screen/guarded.hpp"
#include "src/screen/session_state.hpp"

namespace ringfence {
namespace {

// The content of a message by the bind of `policy` that it came over, if it has one.
SmsContent content_as_bound(const Sms& sms, const Policy& policy, const Handles& handles) {
    if (sms.bind == BindId{}) return content_by(sms, nullptr);
    for (const PolicyBind& bind : policy.binds)
        if (handles.find(bind.id) == sms.bind.index) return content_by(sms, &bind);
    return content_by(sms, nullptr);
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

Result<std::uint64_t> Screen::publish_to(SharedWriter& writer) {
    return guarded([&] { return core_->publish_to(writer); });
}

Status Screen::advance(Time now) {
    return advance(now, [](const ReleasedMessage&) {});
}

Status Screen::advance(Time now, const std::function<void(const ReleasedMessage&)>& released) {
    Action action = Action::kAllow;
    Status done = guarded([&] { return core_->advance(now, action); });
    core_->reassembly.expire(now, [&](const GivenUpMessage& message) {
        released({message, action, Reason::kPartTimeout});
    });
    return done;
}

Status Screen::note_emergency(const AddressView& caller, Time time) {
    return guarded([&]() -> Status {
        PartyRead read;
        read.read(caller, *core_->words()->policy.plan, nullptr);
        if (read.key.empty())
            return Error{ErrorCode::kInvalidArgument,
                         "the caller is no number and no name, so nobody can be called back; give "
                         "the number that the network knows"};
        core_->emergencies.note(read.key, time);
        return ok();
    });
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

bool Screen::is_number(std::string_view text) const {
    const Normalized read = normalize(parse(AddressView(text)), *core_->words()->policy.plan);
    return is_subscriber_number(read);
}

SmsContent Screen::content_of(const Sms& sms) const {
    return content_as_bound(sms, core_->words()->policy, core_->bind_handles);
}

Result<PartPlace> Screen::place_of(std::span<const Sms> parts, std::size_t begin,
                                   std::size_t length) const {
    return guarded([&]() -> Result<PartPlace> {
        const auto words = core_->words();
        std::vector<SmsContent> contents;
        for (const Sms& part : parts)
            contents.push_back(content_as_bound(part, words->policy, core_->bind_handles));
        return place_in_parts(contents, begin, length);
    });
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
    return or_empty([&]() -> std::string {
        const auto words = core_->words(verdict.generation);
        if (!words || verdict.rule == 0 || verdict.rule >= words->policy.rules.size()) return {};
        return words->policy.rules[verdict.rule].id;
    });
}

std::string Screen::category(const Verdict& verdict) const {
    return or_empty([&]() -> std::string {
        const auto words = core_->words(verdict.generation);
        return words ? std::string(words->policy.categories.name(verdict.category)) : "";
    });
}

std::string Screen::param(const Verdict& verdict) const {
    return or_empty([&]() -> std::string {
        const auto words = core_->words(verdict.generation);
        return words ? std::string(words->policy.param(verdict.rule, verdict.action)) : "";
    });
}

std::string Screen::redress_address() const {
    return or_empty([&] { return core_->words()->policy.redress_address; });
}
std::vector<std::string> Screen::warnings() const {
    return or_empty([&] { return core_->words()->warnings; });
}
std::uint32_t Screen::generation() const { return core_->words()->generation; }

std::vector<Counter> Screen::counters() const {
    return or_empty([&] { return core_->counters_by_name(); });
}

std::vector<RuleCounter> Screen::rule_counters() const {
    return or_empty([&] { return core_->rule_counters(); });
}

std::vector<Counter> Screen::Core::counters_by_name() const {
    std::vector<Counter> out;

    const auto add = [&](std::string name, std::size_t place) {
        out.push_back({std::move(name), counters.sum(place)});
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
    for (Counter& counter : counters_of_writer()) out.push_back(std::move(counter));
    const ActivityStats behaviour = activity.stats();
    out.push_back({"activity.capacity", behaviour.capacity});
    out.push_back({"activity.claimed", behaviour.claimed});
    out.push_back({"activity.evicted", behaviour.evicted});
    out.push_back({"activity.passed_over", behaviour.passed_over});
    out.push_back({"activity.contended", behaviour.contended});
    out.push_back({"emergency.notes", emergencies.notes()});
    out.push_back({"repeats.evicted", repeats.evicted()});
    const Reassembler::Counters parts = reassembly.counters();
    out.push_back({"reassembly.completed", parts.completed});
    out.push_back({"reassembly.waiting", parts.waiting});
    out.push_back({"reassembly.expired", parts.expired});
    out.push_back({"reassembly.displaced", parts.displaced});
    out.push_back({"reassembly.superseded", parts.superseded});
    out.push_back({"reassembly.duplicates", parts.duplicates});
    out.push_back({"reassembly.untold", parts.untold});
    return out;
}

}  // namespace ringfence
