// screen.cpp - the part of ringfence.h that opens a screen and asks it.
#include <algorithm>
#include <cstring>
#include <memory>

#include "ringfence/version.h"
#include "src/c_api/guarded.hpp"
#include "src/c_api/handles.hpp"
#include "src/image/process_name.hpp"

using ringfence::Call;
using ringfence::ErrorCode;
using ringfence::Screen;
using ringfence::Sms;
using ringfence::Verdict;
using namespace ringfence::c_api;

namespace {

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

template <class CStruct, class Event>
ringfence_status ask_emergency(const ringfence_screen* screen, const CStruct* event,
                               uint8_t* is_emergency) {
    if (is_emergency == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    *is_emergency = 0;
    if (screen == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    return guarded(nullptr, [&] {
        Event request;
        const auto status = read_event(event, request);
        *is_emergency = screen->screen.is_emergency(request) ? 1 : 0;
        return status;
    });
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
            if (const auto status = read_struct(options, mine))
                return refuse(status, "options", options, error);
            if (const auto status = convert(mine, wanted))
                return refuse(status, "options", options, error);
        }
        auto opened = Screen::open(policy_path, wanted);
        if (!opened) return report(opened.error(), error);
        std::unique_ptr<ringfence_screen> made(new ringfence_screen{std::move(*opened)});
        if (wanted.publishes != nullptr) {
            made->publishes = *wanted.publishes;
            made->forks = ringfence::image::forks();
        }
        *screen = made.release();
        return RINGFENCE_OK;
    });
}

void ringfence_screen_free(ringfence_screen* screen) { delete screen; }

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

ringfence_status ringfence_screen_is_emergency_call(const ringfence_screen* screen,
                                                    const ringfence_call* call,
                                                    uint8_t* is_emergency) {
    return ask_emergency<ringfence_call, Call>(screen, call, is_emergency);
}

ringfence_status ringfence_screen_is_emergency_sms(const ringfence_screen* screen,
                                                   const ringfence_sms* sms,
                                                   uint8_t* is_emergency) {
    return ask_emergency<ringfence_sms, Sms>(screen, sms, is_emergency);
}

ringfence_status ringfence_screen_is_number(const ringfence_screen* screen, ringfence_string text,
                                            uint8_t* is_number) {
    if (is_number == nullptr) return RINGFENCE_INVALID_ARGUMENT;
    *is_number = 0;
    std::string_view view;
    if (screen == nullptr || to_view(text, view)) return RINGFENCE_INVALID_ARGUMENT;
    return guarded(nullptr, [&] {
        *is_number = screen->screen.is_number(view) ? 1 : 0;
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
