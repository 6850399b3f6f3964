// session.cpp - the part of ringfence.h that gives verdicts.
#include <algorithm>

#include "src/c_api/guarded.hpp"
#include "src/c_api/handles.hpp"

using ringfence::Call;
using ringfence::ErrorCode;
using ringfence::Session;
using ringfence::Sms;
using ringfence::Verdict;
using namespace ringfence::c_api;

namespace {

// One chunk: converts, screens the good ones at once, and puts every verdict in its place.
template <class CStruct, class Event>
ringfence_status screen_chunk(Session& session, const unsigned char* first, std::size_t stride,
                              std::span<Event> events, std::span<ringfence_status> statuses,
                              std::span<Verdict> verdicts, ringfence_verdict* out) {
    ringfence_status worst = RINGFENCE_OK;
    std::size_t good = 0;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
        CStruct mine;
        const auto* from = reinterpret_cast<const CStruct*>(first + i * stride);
        statuses[i] =
            from->struct_size == stride ? read_struct(from, mine) : RINGFENCE_INVALID_ARGUMENT;
        if (!statuses[i]) statuses[i] = convert(mine, events[good]);
        if (statuses[i] && !worst) worst = statuses[i];
        if (!statuses[i]) ++good;
    }
    session.screen(std::span<const Event>(events.first(good)), verdicts.first(good));
    for (std::size_t i = 0, next = 0; i < statuses.size(); ++i) {
        out[i] = statuses[i] ? refused_verdict() : from_verdict(verdicts[next++]);
    }
    return worst;
}

template <class CStruct, class Event>
ringfence_status screen_many(ringfence_session* session, std::span<Event> buffer,
                             const CStruct* events, std::size_t count,
                             ringfence_verdict* verdicts) {
    if (verdicts == nullptr && count != 0) return RINGFENCE_INVALID_ARGUMENT;
    std::fill_n(verdicts, count, refused_verdict());
    if (count == 0) return RINGFENCE_OK;
    if (session == nullptr || events == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    const std::size_t stride = events->struct_size;
    if (stride < kFirstSize<CStruct> || stride > kLargestStruct ||
        (count > 1 && !is_distance<CStruct>(stride))) {
        return RINGFENCE_INVALID_ARGUMENT;
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(events);
    ringfence_status worst = RINGFENCE_OK;
    for (std::size_t done = 0; done < count;) {
        const std::size_t size = std::min(count - done, Session::kBatch);
        const auto status = screen_chunk<CStruct, Event>(
            session->session, bytes + done * stride, stride, buffer,
            std::span(session->statuses).first(size), session->verdicts, verdicts + done);
        if (!worst) worst = status;
        done += size;
    }
    return worst;
}

}  // namespace

ringfence_status ringfence_session_create(ringfence_screen* screen, ringfence_error* error,
                                          ringfence_session** session) {
    if (session == nullptr) return null_argument("session", error);
    *session = nullptr;
    return guarded(error, [&]() -> ringfence_status {
        if (screen == nullptr) return null_argument("screen", error);
        Session opened = screen->screen.session();
        if (!opened.open())
            return report(ErrorCode::kFull,
                          "256 sessions are open, or there is no memory for one more", error);
        *session = new ringfence_session{std::move(opened)};
        return RINGFENCE_OK;
    });
}

void ringfence_session_free(ringfence_session* session) { delete session; }

ringfence_status ringfence_session_screen_call(ringfence_session* session,
                                               const ringfence_call* call,
                                               ringfence_verdict* verdict) {
    if (verdict == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    *verdict = refused_verdict();
    if (session == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    ringfence_call mine;
    Call request;
    if (const auto status = read_struct(call, mine)) return status;
    if (const auto status = convert(mine, request)) return status;
    *verdict = from_verdict(session->session.screen(request));
    return RINGFENCE_OK;
}

ringfence_status ringfence_session_screen_sms(ringfence_session* session, const ringfence_sms* sms,
                                              ringfence_verdict* verdict) {
    if (verdict == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    *verdict = refused_verdict();
    if (session == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    ringfence_sms mine;
    Sms request;
    if (const auto status = read_struct(sms, mine)) return status;
    if (const auto status = convert(mine, request)) return status;
    *verdict = from_verdict(session->session.screen(request));
    return RINGFENCE_OK;
}

ringfence_status ringfence_session_screen_calls(ringfence_session* session,
                                                const ringfence_call* calls, size_t count,
                                                ringfence_verdict* verdicts) {
    const auto buffer = session ? std::span<Call>(session->calls) : std::span<Call>();
    return screen_many(session, buffer, calls, count, verdicts);
}

ringfence_status ringfence_session_screen_messages(ringfence_session* session,
                                                   const ringfence_sms* messages, size_t count,
                                                   ringfence_verdict* verdicts) {
    const auto buffer = session ? std::span<Sms>(session->messages) : std::span<Sms>();
    return screen_many(session, buffer, messages, count, verdicts);
}

ringfence_status ringfence_session_resume(ringfence_session* session, const ringfence_call* call,
                                          uint8_t roaming, ringfence_verdict* verdict) {
    if (verdict == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    *verdict = refused_verdict();
    if (session == nullptr || roaming > RINGFENCE_ROAMING_NO) return RINGFENCE_INVALID_ARGUMENT;
    ringfence_call mine;
    Call request;
    if (const auto status = read_struct(call, mine)) return status;
    if (const auto status = convert(mine, request)) return status;
    const auto answer = static_cast<ringfence::Roaming>(roaming);
    *verdict = from_verdict(session->session.resume(request, answer));
    return RINGFENCE_OK;
}

ringfence_status ringfence_session_observe(ringfence_session* session, const ringfence_call* call) {
    if (session == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    ringfence_call mine;
    Call request;
    if (const auto status = read_struct(call, mine)) return status;
    if (const auto status = convert(mine, request)) return status;
    session->session.observe(request);
    return RINGFENCE_OK;
}
