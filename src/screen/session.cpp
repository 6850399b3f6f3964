#include "ringfence/screen/session.hpp"

#include <algorithm>
#include <limits>

#include "ringfence/number/whole.hpp"
#include "src/screen/session_state.hpp"

namespace ringfence {
namespace {

// Room of a folded name, so that folding one never allocates.
constexpr std::size_t kLongestName = 256;

// What a session beyond the bound answers.
Verdict closed_verdict() {
    Verdict verdict;
    verdict.set(VerdictFlag::kDegraded);
    return verdict;
}

}  // namespace

Session::State::State(Screen::Core& owner, std::optional<ReaderSlot> reader_slot, unsigned index)
    : core(owner),
      reader(std::move(reader_slot)),
      slot(index),
      call_slots(std::make_unique<CallSlot[]>(kBatch)),
      message_slots(std::make_unique<MessageSlot[]>(kBatch)),
      numbers(std::make_unique<Number[]>(4 * kBatch)),
      payloads(std::make_unique<Payload[]>(4 * kBatch)),
      pairs(std::make_unique<SubscriberNumber[]>(4 * kBatch)),
      pair_payloads(std::make_unique<Payload[]>(4 * kBatch)),
      prefix_hits(std::make_unique<std::span<const PrefixHit>[]>(4 * kBatch)) {
    key.reserve(kLongestName);
    if (reader) counters = core.counters.open();
}

Session::State::~State() {
    if (reader) core.close_session(slot);
}

// ---- the three stages ----------------------------------------------------------------------------

void Session::State::begin() {
    pin.emplace(*reader);
    generation = core.current.load(*pin);
    // acquire: pairs with the release in Core::change_list, so that what is counted here can be seen.
    change = core.change.load(std::memory_order_acquire);
}

void Session::State::end() {
    generation = nullptr;
    calls = {};
    messages = {};
    pin.reset();
}

void Session::State::prepare(std::span<const Call> new_calls, std::span<const Sms> new_messages) {
    begin();
    calls = new_calls;
    messages = new_messages;
    decoded_of = kNothing;
    parts.clear();
    for (std::size_t i = 0; i < calls.size(); ++i) read_call(calls[i], call_slots[i]);
    for (std::size_t i = 0; i < messages.size(); ++i) read_message(messages[i], message_slots[i]);
    look_up_all();
    std::size_t at = 0;
    for (std::size_t i = 0; i < calls.size(); ++i, at += 2) {
        CallSlot& event = call_slots[i];
        if (event.passes || calls[i].phase != Phase::kSetup) continue;
        judge_call(calls[i], event);
        find_party(Party::kCalling, event.first, at, calls[i].tenant, event);
        find_party(Party::kCalled, event.second, at + 1, calls[i].tenant, event);
    }
    for (std::size_t i = 0; i < messages.size(); ++i) {
        MessageSlot& event = message_slots[i];
        if (event.passes) continue;
        judge_message(i);
    }
}

void Session::State::record() {
    std::size_t call = 0, message = 0;
    while (call < calls.size() || message < messages.size()) {
        const bool call_first = call < calls.size() && (message == messages.size() ||
                                                        calls[call].time <= messages[message].time);
        if (call_first) {
            note_housekeeping(calls[call].time, call_slots[call]);
            record_call(calls[call], call_slots[call]);
            ++call;
        } else {
            note_housekeeping(messages[message].time, message_slots[message]);
            record_message(message);
            ++message;
        }
    }
}

void Session::State::decide(std::span<Verdict> call_verdicts, std::span<Verdict> message_verdicts) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (calls[i].phase == Phase::kSetup) {
            call_verdicts[i] = conclude(call_slots[i], calls[i].time);
            if (counting) counters.add(CounterPlace::kCalls);
        } else {
            call_verdicts[i] = evaluate({}, {change, rules().generation, call_slots[i].flags});
            if (counting) counters.add(CounterPlace::kObserved);
        }
    }
    for (std::size_t i = 0; i < messages.size(); ++i) {
        find_burst(message_slots[i]);
        message_verdicts[i] = conclude(message_slots[i], messages[i].time);
        if (counting) counters.add(CounterPlace::kMessages);
    }
    end();
}

// ---- what calls and messages share ------------------------------------------------------------------

void Session::State::note_subscriber(std::string_view subscriber, EventSlot& event) const {
    event.subscriber = event.second.number.number;
    if (subscriber.empty()) return;
    const Normalized read = normalize(parse(AddressView(subscriber)), *rules().policy.plan);
    event.subscriber = read.number;
    if (!is_subscriber_number(read)) event.set(VerdictFlag::kBadInput);
}

void Session::State::push_caller_id(const CallerIdFindings& noticed, EventSlot& event) const {
    for (const CallerIdFinding& one : noticed.all()) {
        Finding finding;
        finding.reason = one.reason;
        finding.action = one.action;
        finding.stage = Stage::kCallerId;
        finding.party = Party::kCalling;
        finding.specificity = Finding::kExactSpecificity;
        event.findings.push(finding);
    }
    if (noticed.needs_roaming()) event.set(VerdictFlag::kNeedsRoaming);
}

void Session::State::push_failure(FailureCause cause, EventSlot& event) const {
    event.findings.push(rules().policy.failure.finding(cause));
}

void Session::State::find_behaviour(EventSlot& event) const {
    const Policy& policy = rules().policy;
    if (policy.activity.empty() || !policy.activity_gate.open(event.features)) return;
    for (const ActivityRule& rule : policy.activity) {
        if (rule.gate.open(event.features) && holds(rule.when, event.features)) {
            event.findings.push(rule.finding);
        }
    }
}

std::optional<Finding> Session::State::score_beside(const FindingBuffer& others,
                                                    const EventSlot& event) const {
    const auto& rule = rules().policy.score;
    if (!rule || event.score < rule->from) return {};
    return rule->finding_of(event.score, others.findings(), event.first.number.emergency);
}

void Session::State::note_housekeeping(Time time, EventSlot& event) {
    if (!counting) return;
    constexpr std::int64_t kUntold = Screen::Core::kUntold;
    constexpr std::int64_t kLate = Screen::Core::kLate.count();
    // relaxed, here and below: a hint about housekeeping; it orders nothing.
    std::int64_t since = core.told_ms.load(std::memory_order_relaxed);
    if (since == kUntold) {
        since = core.heard_ms.load(std::memory_order_relaxed);
        if (since == kUntold &&
            core.heard_ms.compare_exchange_strong(since, to_ms(time), std::memory_order_relaxed))
            return;
    }
    if (since < std::numeric_limits<std::int64_t>::max() - kLate && to_ms(time) > since + kLate)
        event.set(VerdictFlag::kHousekeepingLate);
}

Verdict Session::State::conclude(EventSlot& event, Time time) {
    const Rulebook& book = rules();
    if (event.called_back) event.findings.push(emergency_finding(Reason::kEmergencyCallback));
    if (!event.passes) {
        find_behaviour(event);
        weigh_copies(event);
        for (const Finding& standing : book.standing) event.findings.push(standing);
        // relaxed: a date alone; nothing else is told by it.
        if (time >= book.stale_from.load(std::memory_order_relaxed))
            push_failure(FailureCause::kFeedStale, event);
    }
    if (event.findings.truncated()) event.set(VerdictFlag::kTruncated);
    const Verdict verdict =
        evaluate(event.findings.findings(), {change, book.generation, event.flags});
    if (counting) count(verdict, event);
    return verdict;
}

void Session::State::count(const Verdict& verdict, const EventSlot& event) {
    counters.add(CounterPlace::kActions + static_cast<std::size_t>(verdict.action));
    counters.add(CounterPlace::kFirstReason + static_cast<std::size_t>(verdict.reason));
    if (verdict.has(VerdictFlag::kShadow)) {
        counters.add(CounterPlace::kShadowActions +
                     static_cast<std::size_t>(verdict.shadow_action));
    }
    if (verdict.has(VerdictFlag::kRepeated)) counters.add(CounterPlace::kRepeated);
    if (verdict.has(VerdictFlag::kDegraded)) counters.add(CounterPlace::kDegraded);
    if (verdict.has(VerdictFlag::kTruncated)) counters.add(CounterPlace::kTruncated);
    if (verdict.has(VerdictFlag::kHousekeepingLate)) counters.add(CounterPlace::kLate);
    RuleSheet::Row& row = generation->rules->rows[slot];
    for (const Finding& finding : event.findings.findings())
        if (finding.rule != 0) RuleSheet::count_hit(row, finding.rule, finding.shadow);
    if (verdict.rule != 0) RuleSheet::count_decided(row, verdict.rule);
}

// ---- Session --------------------------------------------------------------------------------------

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

bool Session::open() const { return state_ != nullptr && state_->reader.has_value(); }

Verdict Session::screen(const Call& call) {
    Verdict verdict;
    screen(std::span(&call, 1), std::span(&verdict, 1));
    return verdict;
}

Verdict Session::screen(const Sms& sms) {
    Verdict verdict;
    screen(std::span(&sms, 1), std::span(&verdict, 1));
    return verdict;
}

void Session::screen(std::span<const Call> calls, std::span<Verdict> verdicts) {
    for (std::size_t done = 0; done < calls.size(); done += kBatch) {
        const std::size_t size = std::min(kBatch, calls.size() - done);
        prepare(calls.subspan(done, size), {});
        record();
        decide(verdicts.subspan(done, size), {});
    }
}

void Session::screen(std::span<const Sms> messages, std::span<Verdict> verdicts) {
    for (std::size_t done = 0; done < messages.size(); done += kBatch) {
        const std::size_t size = std::min(kBatch, messages.size() - done);
        prepare({}, messages.subspan(done, size));
        record();
        decide({}, verdicts.subspan(done, size));
    }
}

void Session::prepare(std::span<const Call> calls, std::span<const Sms> messages) {
    if (open())
        state_->prepare(calls.first(std::min(kBatch, calls.size())),
                        messages.first(std::min(kBatch, messages.size())));
}

void Session::record() {
    if (open() && state_->generation != nullptr) state_->record();
}

void Session::decide(std::span<Verdict> call_verdicts, std::span<Verdict> message_verdicts) {
    if (open() && state_->generation != nullptr) {
        state_->decide(call_verdicts, message_verdicts);
        return;
    }
    std::fill(call_verdicts.begin(), call_verdicts.end(), closed_verdict());
    std::fill(message_verdicts.begin(), message_verdicts.end(), closed_verdict());
}

Verdict Session::resume(const Call& call, Roaming answer) {
    if (!open()) return closed_verdict();
    Call answered = call;
    answered.roaming = answer;
    state_->counting = false;
    const Verdict verdict = screen(answered);
    state_->counting = true;
    return verdict;
}

void Session::observe(const Call& call) {
    if (!open() || call.phase == Phase::kSetup) return;
    Verdict unused;
    screen(std::span(&call, 1), std::span(&unused, 1));
}

}  // namespace ringfence
