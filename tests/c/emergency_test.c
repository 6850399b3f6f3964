/* An emergency call with a slip in another field is an emergency call: allowed, and its caller can be called back. */
#include "expect.h"

static future_call call_of(const char* calling, const char* called) {
    future_call future;
    memset(&future, 0, sizeof future);
    future.call.struct_size = sizeof future;
    future.call.calling = address_of(calling);
    future.call.called = address_of(called);
    future.call.time_ms = 1772366400000;
    return future;
}

enum { kSlips = 13 };

static void slip(future_call* future, int which) {
    const ringfence_string none = {NULL, 3};
    switch (which) {
        case 0: future->call.phase = 9; break;
        case 1: future->call.attestation = 7; break;
        case 2: future->call.verstat = 200; break;
        case 3: future->call.roaming = 3; break;
        case 4: future->call.reserved[2] = 1; break;
        case 5: future->call.subscriber = none; break;
        case 6: future->call.call_id = none; break;
        case 7: future->call.calling.presentation = 9; break;
        case 8: future->call.called.ton = 77; break;
        case 9: future->call.called.reserved[0] = 1; break;
        case 10: future->call.redirecting.size = 11; break;
        case 11: future->call.emergency = 2; break;
        default: future->tail[15] = 1; break;
    }
}

static const uint16_t kSlipFlags = RINGFENCE_FLAG_BAD_INPUT | RINGFENCE_FLAG_DEGRADED;

/* Whether a listed number, which is rejected else, is let through to this one, tagged: only to who called an emergency number. */
static int is_reached(ringfence_session* session, const char* number) {
    ringfence_verdict verdict;
    const future_call call = call_of("17000001234", number);
    EXPECT(ringfence_session_screen_call(session, &call.call, &verdict) == RINGFENCE_OK);
    return verdict.action <= RINGFENCE_TAG;
}

static const char* caller_of(int slip) {
    static char text[16];
    snprintf(text, sizeof text, "138000030%02d", slip);
    return text;
}

static void notes_the_caller(ringfence_session* session) {
    for (int i = 0; i < kSlips; ++i) {
        ringfence_verdict verdict;
        future_call call = call_of(caller_of(i), i == 11 ? "13800001111" : "110");
        slip(&call, i);
        EXPECT(!is_reached(session, caller_of(i)));
        EXPECT(ringfence_session_screen_call(session, &call.call, &verdict) != RINGFENCE_OK);
        EXPECT(verdict.action == RINGFENCE_ALLOW);
        EXPECT(verdict.flags == (kSlipFlags | RINGFENCE_FLAG_EMERGENCY));
        EXPECT(is_reached(session, caller_of(i)));
    }
}

static void notes_nobody_without_an_emergency(ringfence_session* session) {
    ringfence_verdict verdict;
    future_call call = call_of("13800003051", "13800001111");
    call.call.phase = 9;
    EXPECT(ringfence_session_screen_call(session, &call.call, &verdict) != RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_ALLOW && verdict.flags == kSlipFlags);
    EXPECT(!is_reached(session, "13800003051"));
    call = call_of("13800003051", "110");
    call.call.struct_size = 8; /* no struct at all */
    EXPECT(ringfence_session_screen_call(session, &call.call, &verdict) != RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_ALLOW && verdict.flags == kSlipFlags);
    EXPECT(!is_reached(session, "13800003051"));
}

static void keeps_the_places_of_a_batch(ringfence_session* session) {
    ringfence_verdict verdicts[4];
    future_call calls[4];
    calls[0] = call_of("17000001234", "13800001111");
    calls[1] = call_of("13800003052", "13800001111");
    calls[2] = call_of("13800003053", "110");
    calls[3] = call_of("17000001234", "13800003053");
    calls[1].call.phase = 9;
    calls[2].call.phase = 9;
    for (int staged = 0; staged < 2; ++staged) {
        ringfence_status status;
        if (staged) {
            EXPECT(ringfence_session_prepare(session, &calls[0].call, 4, NULL, 0) == RINGFENCE_OK);
            EXPECT(ringfence_session_record(session) == RINGFENCE_OK);
            status = ringfence_session_decide(session, verdicts, 4, NULL, 0);
        } else {
            status = ringfence_session_screen_calls(session, &calls[0].call, 4, verdicts);
        }
        EXPECT(status == RINGFENCE_INVALID_ARGUMENT);
        EXPECT(verdicts[0].action == RINGFENCE_REJECT);
        EXPECT(verdicts[1].action == RINGFENCE_ALLOW && verdicts[1].flags == kSlipFlags);
        EXPECT(verdicts[2].flags == (kSlipFlags | RINGFENCE_FLAG_EMERGENCY));
        EXPECT(verdicts[3].action == RINGFENCE_TAG &&
               verdicts[3].flags == RINGFENCE_FLAG_EMERGENCY);
    }
}

static void tells_of_it(const ringfence_screen* screen, ringfence_session* session) {
    for (int i = 0; i < kSlips; ++i) {
        uint8_t yes = 7;
        future_call call = call_of("13800003054", i == 11 ? "13800001111" : "110");
        slip(&call, i);
        EXPECT(ringfence_screen_is_emergency_call(screen, &call.call, &yes) != RINGFENCE_OK && yes);
        call.call.called = address_of("13800001111");
        if (i == 11) call.call.emergency = 0, call.call.phase = 9;
        EXPECT(ringfence_screen_is_emergency_call(screen, &call.call, &yes) != RINGFENCE_OK ||
               i == 8 || i == 9);
        EXPECT(!yes);
    }
    uint8_t yes = 7;
    ringfence_verdict verdict;
    ringfence_sms sms = ringfence_sms_init();
    sms.sender = address_of("17000001234");
    sms.recipient = address_of("12110");
    sms.udhi = 2;
    EXPECT(ringfence_screen_is_emergency_sms(screen, &sms, &yes) != RINGFENCE_OK && yes);
    EXPECT(ringfence_session_screen_sms(session, &sms, &verdict) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(verdict.action == RINGFENCE_ALLOW);
    EXPECT(strcmp(ringfence_reason_name(verdict.reason), "emergency_called") == 0);
    EXPECT((verdict.flags & kSlipFlags) == kSlipFlags);
}

int main(void) {
    enter_folder("");
    ringfence_screen* screen = open_screen();
    ringfence_session* session = open_session(screen);
    notes_the_caller(session);
    notes_nobody_without_an_emergency(session);
    keeps_the_places_of_a_batch(session);
    tells_of_it(screen, session);
    ringfence_session_free(session);
    ringfence_screen_free(screen);
    return leave_folder();
}
