// stages.cpp - the part of ringfence.h that screens a chunk stage by stage, for callers with their own threads.
#include <algorithm>

#include "src/c_api/handles.hpp"

using ringfence::Session;
using namespace ringfence::c_api;

namespace {

using Stage = ringfence_session::Stage;

static_assert(RINGFENCE_SESSION_BATCH == Session::kBatch);

template <class CStruct>
bool read_array(const CStruct* first, std::size_t count, std::size_t& stride) {
    if (count == 0) return true;
    return count <= Session::kBatch && first != nullptr && read_distance(first, count, stride);
}

bool fill(ringfence_verdict* verdicts, std::size_t count) {
    if (count == 0) return true;
    if (verdicts == nullptr) return false;
    std::fill_n(verdicts, count, refused_verdict());
    return true;
}

}  // namespace

ringfence_status ringfence_session_prepare(ringfence_session* session, const ringfence_call* calls,
                                           size_t call_count, const ringfence_sms* messages,
                                           size_t message_count) {
    std::size_t call_stride = 0, message_stride = 0;
    if (session == nullptr || session->stage != Stage::kIdle ||
        !read_array(calls, call_count, call_stride) ||
        !read_array(messages, message_count, message_stride)) {
        return RINGFENCE_INVALID_ARGUMENT;
    }
    session->calls.read(calls, call_stride, call_count, session->screen);
    session->messages.read(messages, message_stride, message_count, session->screen);
    session->session.prepare(session->calls.events(), session->messages.events());
    session->stage = Stage::kPrepared;
    return RINGFENCE_OK;
}

ringfence_status ringfence_session_record(ringfence_session* session) {
    if (session == nullptr || session->stage != Stage::kPrepared) return RINGFENCE_INVALID_ARGUMENT;
    session->session.record();
    session->stage = Stage::kRecorded;
    return RINGFENCE_OK;
}

ringfence_status ringfence_session_decide(ringfence_session* session,
                                          ringfence_verdict* call_verdicts, size_t call_count,
                                          ringfence_verdict* message_verdicts,
                                          size_t message_count) {
    const bool calls_fit = fill(call_verdicts, call_count);
    const bool messages_fit = fill(message_verdicts, message_count);
    if (!calls_fit || !messages_fit || session == nullptr || session->stage != Stage::kRecorded ||
        call_count != session->calls.count() || message_count != session->messages.count()) {
        return RINGFENCE_INVALID_ARGUMENT;
    }
    session->session.decide(session->calls.verdicts(), session->messages.verdicts());
    session->stage = Stage::kIdle;
    const auto status = session->calls.write(call_verdicts);
    const auto other = session->messages.write(message_verdicts);
    return status ? status : other;
}
