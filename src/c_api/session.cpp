// session.cpp - the part of ringfence.h that gives verdicts.
#include <algorithm>

#include "src/c_api/guarded.hpp"
#include "src/c_api/handles.hpp"

using ringfence::Call;
using ringfence::ErrorCode;
using ringfence::Screen;
using ringfence::Session;
using ringfence::Sms;
using namespace ringfence::c_api;

namespace {

static_assert(RINGFENCE_SCREEN_SESSIONS == Screen::kMaxSessions);

// Whether the session can take an event or a batch: no chunk is under way.
bool is_free(const ringfence_session* session) {
    return session != nullptr && session->stage == ringfence_session::Stage::kIdle;
}

// An event that is refused is screened all the same when what can be read of it shows an emergency.
template <class CStruct, class Event>
ringfence_status screen_one(ringfence_session* session, const CStruct* event,
                            ringfence_verdict* verdict) {
    if (verdict == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    *verdict = refused_verdict();
    if (!is_free(session)) return RINGFENCE_INVALID_ARGUMENT;
    Event request;
    const auto status = read_event(event, request);
    if (status && !is_saved(session->screen, request)) return status;
    *verdict = from_verdict(session->session.screen(request), status);
    return status;
}

template <class CStruct, class Event>
ringfence_status screen_many(ringfence_session* session, Chunk<Event> ringfence_session::*chunk,
                             const CStruct* events, std::size_t count,
                             ringfence_verdict* verdicts) {
    if (verdicts == nullptr && count != 0) return RINGFENCE_INVALID_ARGUMENT;
    std::fill_n(verdicts, count, refused_verdict());
    if (count == 0) return RINGFENCE_OK;
    std::size_t stride = 0;
    if (!is_free(session) || events == nullptr || !read_distance(events, count, stride)) {
        return RINGFENCE_INVALID_ARGUMENT;
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(events);
    Chunk<Event>& mine = session->*chunk;
    ringfence_status first_refused = RINGFENCE_OK;
    for (std::size_t done = 0; done < count; done += mine.count()) {
        mine.read(reinterpret_cast<const CStruct*>(bytes + done * stride), stride,
                  std::min(count - done, Session::kBatch), session->screen);
        session->session.screen(mine.events(), mine.verdicts());
        const auto status = mine.write(verdicts + done);
        if (!first_refused) first_refused = status;
    }
    return first_refused;
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
                          std::to_string(Screen::kMaxSessions) +
                              " sessions are open, or there is no memory for one more",
                          error);
        *session = new ringfence_session{std::move(opened), screen->screen};
        return RINGFENCE_OK;
    });
}

void ringfence_session_free(ringfence_session* session) { delete session; }

ringfence_status ringfence_session_screen_call(ringfence_session* session,
                                               const ringfence_call* call,
                                               ringfence_verdict* verdict) {
    return screen_one<ringfence_call, Call>(session, call, verdict);
}

ringfence_status ringfence_session_screen_sms(ringfence_session* session, const ringfence_sms* sms,
                                              ringfence_verdict* verdict) {
    return screen_one<ringfence_sms, Sms>(session, sms, verdict);
}

ringfence_status ringfence_session_screen_calls(ringfence_session* session,
                                                const ringfence_call* calls, size_t count,
                                                ringfence_verdict* verdicts) {
    return screen_many(session, &ringfence_session::calls, calls, count, verdicts);
}

ringfence_status ringfence_session_screen_messages(ringfence_session* session,
                                                   const ringfence_sms* messages, size_t count,
                                                   ringfence_verdict* verdicts) {
    return screen_many(session, &ringfence_session::messages, messages, count, verdicts);
}

ringfence_status ringfence_session_resume(ringfence_session* session, const ringfence_call* call,
                                          uint8_t roaming, ringfence_verdict* verdict) {
    if (verdict == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    *verdict = refused_verdict();
    if (!is_free(session) || roaming > RINGFENCE_ROAMING_NO) return RINGFENCE_INVALID_ARGUMENT;
    Call request;
    if (const auto status = read_event(call, request)) return status;
    const auto answer = static_cast<ringfence::Roaming>(roaming);
    *verdict = from_verdict(session->session.resume(request, answer));
    return RINGFENCE_OK;
}

ringfence_status ringfence_session_observe(ringfence_session* session, const ringfence_call* call) {
    if (!is_free(session)) return RINGFENCE_INVALID_ARGUMENT;
    Call request;
    if (const auto status = read_event(call, request)) return status;
    session->session.observe(request);
    return RINGFENCE_OK;
}
