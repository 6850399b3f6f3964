// A chunk screened stage by stage: equal to single events in the merged order, on the twin; and what comes out of
// turn is refused and changes nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/c_abi_input.hpp"
#include "fuzz/c_abi_promises.hpp"
#include "fuzz/c_abi_screens.hpp"

namespace c_abi {

// Events of one kind as a caller lays them out, with what became of each.
template <class Struct>
class StagedEvents {
public:
    template <class Read>
    StagedEvents(Input& in, Read read) : verdicts_(in.byte() % 5u, garbage()) {
        std::vector<Struct> events;
        for (std::size_t i = 0; i < count(); ++i) events.push_back(read(in));
        if (events.empty()) return;
        laid_ = lay_out(in, std::span<const Struct>(events));
        stride_ = std::max(laid_->struct_size, sizeof(std::size_t));
    }

    const Struct* laid() const { return laid_; }
    std::size_t count() const { return verdicts_.size(); }
    std::vector<ringfence_verdict>& verdicts() { return verdicts_; }
    const Struct* at(std::size_t i) const {
        return reinterpret_cast<const Struct*>(reinterpret_cast<const char*>(laid_) + i * stride_);
    }
    void check_neutral() const {
        for (const ringfence_verdict& one : verdicts_)
            check_verdict(RINGFENCE_INVALID_ARGUMENT, one);
    }

private:
    std::vector<ringfence_verdict> verdicts_;
    const Struct* laid_ = nullptr;
    std::size_t stride_ = 0;
};

// What may not come between the stages.
inline void try_out_of_turn(ringfence_session* session, bool recorded) {
    const ringfence_call call = ringfence_call_init();
    const ringfence_sms sms = ringfence_sms_init();
    ringfence_verdict verdict = garbage();
    refused(ringfence_session_prepare(session, &call, 1, nullptr, 0));
    if (recorded) refused(ringfence_session_record(session));
    refused(ringfence_session_screen_call(session, &call, &verdict));
    check_verdict(RINGFENCE_INVALID_ARGUMENT, verdict);
    verdict = garbage();
    refused(ringfence_session_screen_messages(session, &sms, 1, &verdict));
    check_verdict(RINGFENCE_INVALID_ARGUMENT, verdict);
    refused(ringfence_session_observe(session, &call));
    std::vector<ringfence_verdict> many(9, garbage());  // no chunk here has as many
    refused(ringfence_session_decide(session, many.data(), many.size(), nullptr, 0));
    for (const ringfence_verdict& one : many) check_verdict(RINGFENCE_INVALID_ARGUMENT, one);
}

// The same events one by one on the twin, in the order in which a chunk is recorded.
inline void compare_with_single(Side& twin, unsigned place, StagedEvents<ringfence_call>& calls,
                                StagedEvents<ringfence_sms>& messages, ringfence_status decided) {
    std::vector<ringfence_status> statuses(calls.count() + messages.count());
    // Of those that are not refused, or show an emergency all the same.
    std::vector<std::size_t> call_order, message_order;
    std::uint8_t saved = 0;
    for (std::size_t i = 0; i < calls.count(); ++i) {
        statuses[i] = ringfence_screen_is_emergency_call(twin.screen, calls.at(i), &saved);
        if (statuses[i] == RINGFENCE_OK || saved != 0) call_order.push_back(i);
    }
    for (std::size_t i = 0; i < messages.count(); ++i) {
        auto& status = statuses[calls.count() + i];
        status = ringfence_screen_is_emergency_sms(twin.screen, messages.at(i), &saved);
        if (status == RINGFENCE_OK || saved != 0) message_order.push_back(i);
    }
    ringfence_status first_refused = RINGFENCE_OK;
    for (const auto status : statuses)
        if (first_refused == RINGFENCE_OK) first_refused = status;
    require(decided == first_refused);
    for (std::size_t c = 0, m = 0; c < call_order.size() || m < message_order.size();) {
        ringfence_verdict verdict = garbage();
        const bool call_first =
            c < call_order.size() &&
            (m == message_order.size() ||
             calls.at(call_order[c])->time_ms <= messages.at(message_order[m])->time_ms);
        if (call_first) {
            const std::size_t i = call_order[c++];
            require(ringfence_session_screen_call(twin.sessions[place], calls.at(i), &verdict) ==
                    statuses[i]);
            require(equal(verdict, calls.verdicts()[i]));
        } else {
            const std::size_t i = message_order[m++];
            require(ringfence_session_screen_sms(twin.sessions[place], messages.at(i), &verdict) ==
                    statuses[calls.count() + i]);
            require(equal(verdict, messages.verdicts()[i]));
        }
    }
}

inline void screen_stages(Input& in, Screens& screens) {
    StagedEvents<ringfence_call> calls(in, read_call);
    StagedEvents<ringfence_sms> messages(in, read_sms);
    const unsigned place = in.byte() % 3;
    const bool out_of_turn = in.byte() >= 0x80;
    ringfence_session* session = screens.first().sessions[place];
    const auto decide = [&] {
        return ringfence_session_decide(session, calls.verdicts().data(), calls.count(),
                                        messages.verdicts().data(), messages.count());
    };
    const auto prepared = ringfence_session_prepare(session, calls.laid(), calls.count(),
                                                    messages.laid(), messages.count());
    require(prepared == RINGFENCE_INVALID_ARGUMENT ||
            (prepared == RINGFENCE_OK && session != nullptr));
    if (out_of_turn || prepared != RINGFENCE_OK) {
        refused(decide());
        calls.check_neutral();
        messages.check_neutral();
    }
    if (prepared != RINGFENCE_OK) return refused(ringfence_session_record(session));
    if (out_of_turn) try_out_of_turn(session, false);
    require(ringfence_session_record(session) == RINGFENCE_OK);
    if (out_of_turn) try_out_of_turn(session, true);
    const auto decided = decide();
    require(known(decided));
    for (const ringfence_verdict& one : calls.verdicts()) require(one.layout == 1);
    for (const ringfence_verdict& one : messages.verdicts()) require(one.layout == 1);
    if (screens.twins()) compare_with_single(screens.sides()[1], place, calls, messages, decided);
}

}  // namespace c_abi
