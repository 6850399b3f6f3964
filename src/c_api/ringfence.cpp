#include "ringfence.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "ringfence/version.h"
#include "src/c_api/convert.hpp"

using ringfence::Call;
using ringfence::ErrorCode;
using ringfence::Result;
using ringfence::Screen;
using ringfence::Session;
using ringfence::Sms;
using ringfence::Verdict;
using namespace ringfence::c_api;

struct ringfence_screen {
    Screen screen;
};

// The converted requests and verdicts of one chunk live here, so that a batch allocates nothing.
struct ringfence_session {
    Session session;
    std::array<Call, Session::kBatch> calls{};
    std::array<Sms, Session::kBatch> messages{};
    std::array<Verdict, Session::kBatch> verdicts{};
    std::array<ringfence_status, Session::kBatch> statuses{};
};

namespace {

// Runs a body that may allocate: what it throws becomes a status.
template <class Body>
ringfence_status guarded(ringfence_error* error, Body body) {
    if (error != nullptr) *error = ringfence_error{};
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return report(ErrorCode::kOutOfMemory, "out of memory", error);
    } catch (const std::exception& failure) {
        return report(ErrorCode::kInternal, failure.what(), error);
    } catch (...) {
        return report(ErrorCode::kInternal, "an unknown exception", error);
    }
}

ringfence_status null_argument(const char* which, ringfence_error* error) {
    return report(ErrorCode::kInvalidArgument, std::string(which) + " is NULL", error);
}

// Says what is wrong with a struct that read_struct or convert refused.
template <class Struct>
ringfence_status refuse(ringfence_status status, const char* what, const Struct* from,
                        ringfence_error* error) {
    if (from == nullptr) return null_argument(what, error);
    std::string text = what;
    if (status == RINGFENCE_UNSUPPORTED) {
        text += ": a reserved field, or one that this version does not know, is not zero";
    } else if (from->struct_size < kFirstSize<Struct> || from->struct_size > kLargestStruct) {
        text += ": struct_size is " + std::to_string(from->struct_size) +
                "; set it to the size of the struct, as ringfence_*_init does";
    } else {
        text += ": a value is out of range, or a NULL has a size";
    }
    return report(static_cast<ErrorCode>(status), text, error);
}

ringfence_status copy_out(std::string_view text, char* buffer, std::size_t capacity,
                          std::size_t* size) {
    if (size != nullptr) *size = text.size();
    if (capacity > 0) {
        const std::size_t fits = std::min(text.size(), capacity - 1);
        std::memcpy(buffer, text.data(), fits);
        buffer[fits] = '\0';
    }
    return text.size() < capacity ? RINGFENCE_OK : RINGFENCE_TOO_LARGE;
}

// Copies what `make` gives of the screen.
template <class Make>
ringfence_status copy_text(const ringfence_screen* screen, const Make& make, char* buffer,
                           std::size_t capacity, std::size_t* size) {
    if (size != nullptr) *size = 0;
    if (buffer == nullptr && capacity != 0) return RINGFENCE_INVALID_ARGUMENT;
    if (capacity > 0) buffer[0] = '\0';
    if (screen == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    return guarded(nullptr, [&] { return copy_out(make(screen->screen), buffer, capacity, size); });
}

using Words = std::string (Screen::*)(const Verdict&) const;

ringfence_status copy_words(const ringfence_screen* screen, const ringfence_verdict* verdict,
                            Words words, char* buffer, std::size_t capacity, std::size_t* size) {
    // Without a verdict there is nothing to ask; the outputs are made safe all the same.
    if (verdict == nullptr) screen = nullptr;
    return copy_text(
        screen, [&](const Screen& of) { return (of.*words)(to_verdict(*verdict)); }, buffer,
        capacity, size);
}

using Change = Result<std::uint64_t> (Screen::*)(const ringfence::ListChange&);

ringfence_status apply_change(ringfence_screen* screen, const ringfence_list_change* entry,
                              Change apply, ringfence_error* error, std::uint64_t* change) {
    if (change != nullptr) *change = 0;
    return guarded(error, [&]() -> ringfence_status {
        if (screen == nullptr) return null_argument("screen", error);
        ringfence_list_change mine;
        if (const auto status = read_struct(entry, mine))
            return refuse(status, "entry", entry, error);
        ringfence::ListChange wanted;
        if (to_view(mine.list, wanted.list) || to_view(mine.entry, wanted.entry) ||
            to_view(mine.source, wanted.source)) {
            return null_argument("a string of entry", error);
        }
        if (mine.expires_ms != 0) wanted.expires = ringfence::time_from_ms(mine.expires_ms);
        const auto done = (screen->screen.*apply)(wanted);
        if (!done) return report(done.error(), error);
        if (change != nullptr) *change = *done;
        return RINGFENCE_OK;
    });
}

ringfence_status convert(const ringfence_call& from, Call& to) { return to_call(from, to); }
ringfence_status convert(const ringfence_sms& from, Sms& to) { return to_sms(from, to); }

template <class CStruct, class Event>
ringfence_status explain(const ringfence_screen* screen, const CStruct* event,
                         ringfence_error* error, char* buffer, std::size_t capacity,
                         std::size_t* size) {
    if (size != nullptr) *size = 0;
    if (buffer == nullptr && capacity != 0) return null_argument("buffer", error);
    if (capacity > 0) buffer[0] = '\0';
    return guarded(error, [&]() -> ringfence_status {
        if (screen == nullptr) return null_argument("screen", error);
        CStruct mine;
        Event request;
        if (const auto status = read_struct(event, mine))
            return refuse(status, "event", event, error);
        if (const auto status = convert(mine, request))
            return refuse(status, "event", event, error);
        const auto explanation = screen->screen.explain(request);
        if (!explanation) return report(explanation.error(), error);
        const std::string json = explanation->to_json();
        const auto status = copy_out(json, buffer, capacity, size);
        if (!status) return status;
        return report(ErrorCode::kTooLarge,
                      "the explanation takes " + std::to_string(json.size() + 1) + " octets",
                      error);
    });
}

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

const char* ringfence_version(void) { return RINGFENCE_VERSION; }

// The names are string literals: each ends in a zero.
const char* ringfence_action_name(uint8_t action) {
    if (action >= ringfence::kActionCount) return "unknown";
    return name_of(static_cast<ringfence::Action>(action)).data();
}
const char* ringfence_stage_name(uint8_t stage) {
    if (stage >= ringfence::kStageCount) return "unknown";
    return name_of(static_cast<ringfence::Stage>(stage)).data();
}
const char* ringfence_reason_name(uint16_t reason) {
    return name_of(static_cast<ringfence::Reason>(reason)).data();
}

ringfence_status ringfence_screen_open(const char* policy_path,
                                       const ringfence_screen_options* options,
                                       ringfence_error* error, ringfence_screen** screen) {
    if (screen == nullptr) return null_argument("screen", error);
    *screen = nullptr;
    return guarded(error, [&]() -> ringfence_status {
        if (policy_path == nullptr) return null_argument("policy_path", error);
        ringfence::ScreenOptions wanted;
        if (options != nullptr) {
            ringfence_screen_options mine;
            if (const auto status = read_struct(options, mine)) {
                return refuse(status, "options", options, error);
            }
            if (mine.activity_bytes != 0) wanted.activity_bytes = mine.activity_bytes;
            if (mine.reassembly_slots != 0) wanted.reassembly_slots = mine.reassembly_slots;
            wanted.seed = mine.seed;
            wanted.force = mine.force != 0;
            wanted.read_only = mine.read_only != 0;
            if (mine.now_ms != 0) wanted.now = ringfence::time_from_ms(mine.now_ms);
        }
        auto opened = Screen::open(policy_path, wanted);
        if (!opened) return report(opened.error(), error);
        *screen = new ringfence_screen{std::move(*opened)};
        return RINGFENCE_OK;
    });
}

void ringfence_screen_free(ringfence_screen* screen) { delete screen; }

ringfence_status ringfence_screen_reload(ringfence_screen* screen, ringfence_error* error) {
    return guarded(error, [&]() -> ringfence_status {
        if (screen == nullptr) return null_argument("screen", error);
        const auto done = screen->screen.reload();
        return done ? RINGFENCE_OK : report(done.error(), error);
    });
}

ringfence_status ringfence_screen_advance(ringfence_screen* screen, int64_t now_ms,
                                          ringfence_error* error) {
    return guarded(error, [&]() -> ringfence_status {
        if (screen == nullptr) return null_argument("screen", error);
        const auto done = screen->screen.advance(ringfence::time_from_ms(now_ms));
        return done ? RINGFENCE_OK : report(done.error(), error);
    });
}

ringfence_status ringfence_screen_add(ringfence_screen* screen, const ringfence_list_change* entry,
                                      ringfence_error* error, uint64_t* change) {
    return apply_change(screen, entry, &Screen::add, error, change);
}

ringfence_status ringfence_screen_remove(ringfence_screen* screen,
                                         const ringfence_list_change* entry, ringfence_error* error,
                                         uint64_t* change) {
    return apply_change(screen, entry, &Screen::remove, error, change);
}

ringfence_status ringfence_screen_note_emergency(ringfence_screen* screen,
                                                 const ringfence_address* caller, int64_t time_ms) {
    if (screen == nullptr || caller == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    ringfence::AddressView view;
    if (const auto status = to_address(*caller, view)) return status;
    screen->screen.note_emergency(view, ringfence::time_from_ms(time_ms));
    return RINGFENCE_OK;
}

uint16_t ringfence_screen_trunk(const ringfence_screen* screen, ringfence_string id) {
    std::string_view view;
    if (screen == nullptr || to_view(id, view)) return 0;
    return screen->screen.trunk(view).index;
}

uint16_t ringfence_screen_trunk_of_kind(const ringfence_screen* screen, uint8_t kind) {
    if (screen == nullptr || kind > RINGFENCE_TRUNK_KIND_ROAMING) return 0;
    return screen->screen.trunk_of_kind(static_cast<ringfence::TrunkKind>(kind)).index;
}

uint16_t ringfence_screen_bind(const ringfence_screen* screen, ringfence_string id) {
    std::string_view view;
    if (screen == nullptr || to_view(id, view)) return 0;
    return screen->screen.bind(view).index;
}

uint32_t ringfence_screen_sip_code(const ringfence_screen* screen,
                                   const ringfence_verdict* verdict) {
    if (screen == nullptr || verdict == nullptr) return 0;
    return screen->screen.sip_code(to_verdict(*verdict));
}

uint32_t ringfence_screen_q850_cause(const ringfence_screen* screen,
                                     const ringfence_verdict* verdict) {
    if (screen == nullptr || verdict == nullptr) return 0;
    return screen->screen.q850_cause(to_verdict(*verdict));
}

uint32_t ringfence_screen_smpp_status(const ringfence_screen* screen,
                                      const ringfence_verdict* verdict) {
    if (screen == nullptr || verdict == nullptr) return 0;
    return screen->screen.smpp_status(to_verdict(*verdict));
}

uint32_t ringfence_screen_smpp_deliver_status(const ringfence_screen* screen,
                                              const ringfence_verdict* verdict) {
    if (screen == nullptr || verdict == nullptr) return 0;
    return screen->screen.smpp_deliver_status(to_verdict(*verdict));
}

ringfence_status ringfence_screen_rule_id(const ringfence_screen* screen,
                                          const ringfence_verdict* verdict, char* buffer,
                                          size_t capacity, size_t* size) {
    return copy_words(screen, verdict, &Screen::rule_id, buffer, capacity, size);
}

ringfence_status ringfence_screen_category(const ringfence_screen* screen,
                                           const ringfence_verdict* verdict, char* buffer,
                                           size_t capacity, size_t* size) {
    return copy_words(screen, verdict, &Screen::category, buffer, capacity, size);
}

ringfence_status ringfence_screen_param(const ringfence_screen* screen,
                                        const ringfence_verdict* verdict, char* buffer,
                                        size_t capacity, size_t* size) {
    return copy_words(screen, verdict, &Screen::param, buffer, capacity, size);
}

ringfence_status ringfence_screen_redress_address(const ringfence_screen* screen, char* buffer,
                                                  size_t capacity, size_t* size) {
    return copy_text(
        screen, [](const Screen& of) { return of.redress_address(); }, buffer, capacity, size);
}

ringfence_status ringfence_screen_bad_row(const ringfence_screen* screen,
                                          ringfence_verdict* verdict) {
    if (verdict == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    *verdict = refused_verdict();
    if (screen == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    return guarded(nullptr, [&] {
        *verdict = from_verdict(screen->screen.bad_row());
        return RINGFENCE_OK;
    });
}

ringfence_status ringfence_screen_warnings(const ringfence_screen* screen,
                                           ringfence_warning_fn visit, void* context) {
    if (screen == nullptr || visit == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    return guarded(nullptr, [&] {
        for (const std::string& warning : screen->screen.warnings()) {
            visit(context, warning.c_str());
        }
        return RINGFENCE_OK;
    });
}

ringfence_status ringfence_screen_explain_call(const ringfence_screen* screen,
                                               const ringfence_call* call, ringfence_error* error,
                                               char* buffer, size_t capacity, size_t* size) {
    return explain<ringfence_call, Call>(screen, call, error, buffer, capacity, size);
}

ringfence_status ringfence_screen_explain_sms(const ringfence_screen* screen,
                                              const ringfence_sms* sms, ringfence_error* error,
                                              char* buffer, size_t capacity, size_t* size) {
    return explain<ringfence_sms, Sms>(screen, sms, error, buffer, capacity, size);
}

ringfence_status ringfence_screen_counters(const ringfence_screen* screen,
                                           ringfence_counter_fn visit, void* context) {
    if (screen == nullptr || visit == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    return guarded(nullptr, [&] {
        for (const auto& counter : screen->screen.counters()) {
            visit(context, counter.name.c_str(), counter.value);
        }
        return RINGFENCE_OK;
    });
}

uint32_t ringfence_screen_generation(const ringfence_screen* screen) {
    return screen == nullptr ? 0 : screen->screen.generation();
}

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
    if (const auto status = to_call(mine, request)) return status;
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
    if (const auto status = to_sms(mine, request)) return status;
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
    if (const auto status = to_call(mine, request)) return status;
    const auto answer = static_cast<ringfence::Roaming>(roaming);
    *verdict = from_verdict(session->session.resume(request, answer));
    return RINGFENCE_OK;
}

ringfence_status ringfence_session_observe(ringfence_session* session, const ringfence_call* call) {
    if (session == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    ringfence_call mine;
    Call request;
    if (const auto status = read_struct(call, mine)) return status;
    if (const auto status = to_call(mine, request)) return status;
    session->session.observe(request);
    return RINGFENCE_OK;
}
