// The way of a call: read, judged, recorded.
#include "ringfence/caller_id/caller_id.hpp"
#include "src/screen/session_state.hpp"

namespace ringfence {
void Session::State::read_call(const Call& call, CallSlot& event) {
    event.reset();
    const DialPlan& plan = *rules().policy.plan;
    const TrunkRules* trunk = rules().trunk(call.trunk);
    event.first.read(call.calling, plan, trunk);
    event.second.read(call.called, plan, nullptr);
    if (!call.redirecting.empty()) event.redirecting.read(call.redirecting, plan, trunk);
    if (call.phase != Phase::kSetup) return;
    if (call.emergency || is_emergency_call(event.second, call.serving_country)) {
        event.passes = true;
        event.findings.push(emergency_finding(call.emergency ? Reason::kEmergencyFlagged
                                                             : Reason::kEmergencyCalled));
    }
    note_subscriber(call.subscriber, event);
}

void Session::State::judge_call(const Call& call, CallSlot& event) {
    const Rulebook& book = rules();
    const CallerIdInput input{
        .calling = event.first.address,
        .number = event.first.number,
        .home = book.policy.country,
        .trunk = book.trunk(call.trunk),
        .redirecting = call.redirecting.empty() ? nullptr : &event.redirecting.number,
        .medium = Medium::kCall,
        .roaming = call.roaming,
        .verstat = call.verstat,
        .listed_regions = book.policy.regions};
    push_caller_id(judge(input), event);
    if (event.first.address.truncated || event.second.address.truncated)
        event.set(VerdictFlag::kBadInput);
}

void Session::State::record_call(const Call& call, CallSlot& event) {
    if (call.phase != Phase::kSetup) {
        if (!counting) return;
        if (core.repeats.first(call.call_id, call.time, call.phase)) {
            core.activity.observe(event.first.key, call.time, call.phase, call.duration_s);
        } else {
            event.set(VerdictFlag::kRepeated);
        }
        return;
    }
    if (event.passes) {
        event.set(VerdictFlag::kEmergency);
        if (counting) core.emergencies.note(event.first.key, call.time);
    } else {
        event.called_back = core.emergencies.noted(event.second.key, call.time);
    }
    if (counting && core.repeats.first(call.call_id, call.time)) {
        event.features =
            core.activity.record_call(event.first.key, event.second.key, call.time, {call.imei});
        return;
    }
    if (counting) event.set(VerdictFlag::kRepeated);
    event.features = core.activity.peek(event.first.key, call.time);
}

}  // namespace ringfence
