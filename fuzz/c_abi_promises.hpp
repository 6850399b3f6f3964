// What every call of the C interface promises, whatever it was given.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

#include "ringfence.h"

namespace c_abi {

inline void require(bool holds, int line = __builtin_LINE()) {
    if (holds) return;
    std::fprintf(stderr, "c_abi_fuzz.cpp:%d: a promise of ringfence.h does not hold\n", line);
    std::abort();
}

inline bool known(ringfence_status status) {
    switch (status) {
        case RINGFENCE_OK:
        case RINGFENCE_INVALID_ARGUMENT:
        case RINGFENCE_UNREADABLE:
        case RINGFENCE_UNWRITABLE:
        case RINGFENCE_SYNTAX:
        case RINGFENCE_UNKNOWN_KEY:
        case RINGFENCE_WRONG_TYPE:
        case RINGFENCE_OUT_OF_RANGE:
        case RINGFENCE_DANGLING:
        case RINGFENCE_DUPLICATE:
        case RINGFENCE_MISSING:
        case RINGFENCE_TOO_LARGE:
        case RINGFENCE_FULL:
        case RINGFENCE_OUT_OF_MEMORY:
        case RINGFENCE_REFUSED:
        case RINGFENCE_BUSY:
        case RINGFENCE_UNSUPPORTED:
        case RINGFENCE_INTERNAL: return true;
        default: return false;
    }
}

// An error struct full of garbage, to see what a call writes.
struct CheckedError {
    ringfence_error error;
    CheckedError() { std::memset(&error, 'x', sizeof error); }

    ringfence_status check(ringfence_status status) const {
        require(known(status) && status != RINGFENCE_INTERNAL && error.code == status);
        const void* end = std::memchr(error.text, '\0', sizeof error.text);
        require(end != nullptr);
        require((status == RINGFENCE_OK) == (end == error.text));
        for (const char* at = error.text; at != end; ++at)
            require(static_cast<unsigned char>(*at) >= 0x20 && *at != 0x7F);
        return status;
    }
};

inline bool named(const char* name) { return name != nullptr && std::strcmp(name, "unknown") != 0; }

inline bool named_stage(const ringfence_verdict& verdict, const char* name) {
    return std::strcmp(ringfence_stage_name(verdict.stage), name) == 0;
}

inline ringfence_verdict garbage() {
    ringfence_verdict verdict;
    std::memset(&verdict, 0xA5, sizeof verdict);
    return verdict;
}

inline void check_verdict(ringfence_status status, const ringfence_verdict& verdict) {
    require(known(status) && verdict.layout == 1);
    if (status != RINGFENCE_OK) {
        constexpr std::uint16_t kSlip = RINGFENCE_FLAG_DEGRADED | RINGFENCE_FLAG_BAD_INPUT;
        ringfence_verdict neutral = {};
        neutral.flags = kSlip;
        neutral.layout = 1;
        const bool emergency = named_stage(verdict, "emergency") &&
                               verdict.action == RINGFENCE_ALLOW &&
                               (verdict.flags & kSlip) == kSlip;
        require(emergency || std::memcmp(&neutral, &verdict, sizeof neutral) == 0);
        require(status == RINGFENCE_INVALID_ARGUMENT || status == RINGFENCE_UNSUPPORTED);
        return;
    }
    require(named(ringfence_action_name(verdict.action)) &&
            named(ringfence_stage_name(verdict.stage)));
    require(named(ringfence_action_name(verdict.shadow_action)));
    require(named(ringfence_reason_name(verdict.reason)));
    require(verdict.flags <= 0x3FF && verdict.risk <= 1000);
    if (verdict.flags & RINGFENCE_FLAG_EMERGENCY) require(verdict.action <= RINGFENCE_TAG);
}

inline bool equal(const ringfence_verdict& a, const ringfence_verdict& b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

// What a function leaves in a buffer; gives the text in it.
inline std::string check_text(ringfence_status status, const char* text, std::size_t capacity,
                              std::size_t size) {
    const bool refused = status != RINGFENCE_OK && status != RINGFENCE_TOO_LARGE;
    require(known(status) && (!refused || size == 0));
    if (!refused) require((status == RINGFENCE_TOO_LARGE) == (size >= capacity));
    if (capacity == 0) return {};
    const void* end = std::memchr(text, '\0', capacity);
    require(end != nullptr);
    const std::string out(text, static_cast<const char*>(end));
    require(out.size() == std::min(size, capacity - 1));
    return out;
}

using Counters = std::map<std::string, std::uint64_t>;

inline Counters counters_of(const ringfence_screen* screen) {
    Counters out;
    if (screen == nullptr) return out;
    const auto visit = [](void* context, const char* name, std::uint64_t value) {
        // The pages behind a table are the system's to give.
        if (std::string_view(name) == "tables.huge_page_bytes") return;
        require(static_cast<Counters*>(context)->emplace(name, value).second);
    };
    require(ringfence_screen_counters(screen, visit, &out) == RINGFENCE_OK && !out.empty());
    return out;
}

inline void refused(ringfence_status status) { require(status == RINGFENCE_INVALID_ARGUMENT); }

// NULL where none may be, in the way that `which` says.
inline void check_null_refused(unsigned which, ringfence_screen* screen,
                               ringfence_session* session) {
    CheckedError error;
    ringfence_verdict verdict = garbage();
    std::size_t size = 9;
    char text[8] = "xxxxxxx";
    switch (which % 12) {
        case 0: return refused(ringfence_screen_open("policy.toml", nullptr, nullptr, nullptr));
        case 1:
            return refused(error.check(ringfence_session_create(screen, &error.error, nullptr)));
        case 2:
            return refused(
                error.check(ringfence_screen_add(screen, nullptr, &error.error, nullptr)));
        case 3: refused(ringfence_session_screen_call(session, nullptr, &verdict)); break;
        case 4: refused(ringfence_session_resume(session, nullptr, 0, &verdict)); break;
        case 5: refused(ringfence_session_screen_calls(session, nullptr, 1, &verdict)); break;
        case 6: refused(ringfence_session_screen_messages(session, nullptr, 1, &verdict)); break;
        case 7: return refused(ringfence_session_observe(session, nullptr));
        case 8:
            refused(ringfence_screen_warnings(screen, nullptr, nullptr));
            return refused(ringfence_screen_counters(screen, nullptr, nullptr));
        case 9:
            refused(ringfence_screen_rule_id(screen, nullptr, text, sizeof text, &size));
            return require(size == 0 && text[0] == '\0');
        case 10:
            refused(error.check(ringfence_screen_explain_call(screen, nullptr, &error.error, text,
                                                              sizeof text, &size)));
            return require(size == 0 && text[0] == '\0');
        default:
            require(ringfence_session_screen_calls(session, nullptr, 0, nullptr) == RINGFENCE_OK);
            return refused(ringfence_screen_note_emergency(screen, nullptr, 0));
    }
    check_verdict(RINGFENCE_INVALID_ARGUMENT, verdict);
}

}  // namespace c_abi
