/* What the C interface does with wrong arguments: found by fuzz/c_abi_fuzz.cpp or by reading it. */
#include "expect.h"

static ringfence_call call_of(const char* calling) {
    ringfence_call call = ringfence_call_init();
    call.calling.data = calling;
    call.calling.size = strlen(calling);
    call.called.data = "13800001111";
    call.called.size = 11;
    call.time_ms = 1772366400000;
    return call;
}

static future_call future_of(const char* calling) {
    future_call future;
    memset(&future, 0, sizeof future);
    future.call = call_of(calling);
    future.call.struct_size = sizeof future;
    return future;
}

static void says_what_is_wrong(ringfence_screen* screen) {
    ringfence_error error;
    char text[8];
    size_t size = 0;
    ringfence_call call = call_of("17000001234");
    EXPECT(ringfence_screen_explain_call(screen, &call, &error, text, sizeof text, &size) ==
           RINGFENCE_TOO_LARGE);
    EXPECT(error.code == RINGFENCE_TOO_LARGE && error.text[0] != '\0');
    EXPECT(strlen(text) == 7 && size > 7);
    call.phase = 9;
    EXPECT(ringfence_screen_explain_call(screen, &call, &error, text, sizeof text, &size) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(strstr(error.text, "out of range") != NULL);
    call = call_of("17000001234");
    call.reserved[0] = 1;
    EXPECT(ringfence_screen_explain_call(screen, &call, &error, NULL, 0, NULL) ==
           RINGFENCE_UNSUPPORTED);
    EXPECT(strstr(error.text, "not zero") != NULL);
    EXPECT(ringfence_screen_explain_call(screen, NULL, &error, NULL, 0, NULL) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(strstr(error.text, "NULL") != NULL);
}

static void changes_and_options_are_checked(ringfence_screen* screen) {
    ringfence_error error;
    ringfence_screen* none;
    ringfence_list_change change = ringfence_list_change_init();
    change.list = text_of("fraud");
    change.entry = text_of("17000001299");
    change.has_confidence = 1;
    change.confidence = 101;
    EXPECT(ringfence_screen_add(screen, &change, &error, NULL) == RINGFENCE_INVALID_ARGUMENT);
    change.has_confidence = 0;
    change.confidence = 50; /* said, and not said to be */
    EXPECT(ringfence_screen_add(screen, &change, &error, NULL) == RINGFENCE_INVALID_ARGUMENT);
    change.has_confidence = 1;
    change.since_ms = 1772366400000;
    EXPECT(ringfence_screen_add(screen, &change, &error, NULL) == RINGFENCE_OK);
    EXPECT(ringfence_screen_remove(screen, &change, &error, NULL) == RINGFENCE_OK);
    change.reserved[0] = 1;
    EXPECT(ringfence_screen_add(screen, &change, &error, NULL) == RINGFENCE_UNSUPPORTED);
    ringfence_screen_options options = ringfence_screen_options_init();
    options.reserved[0] = 1;
    EXPECT(ringfence_screen_open("policy.toml", &options, &error, &none) == RINGFENCE_UNSUPPORTED);
    ringfence_reconcile_options how = ringfence_reconcile_options_init();
    how.dry_run = 2;
    EXPECT(ringfence_screen_reconcile(screen, text_of("fraud"), NULL, &how, &error, NULL) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(strstr(error.text, "options") != NULL);
}

static void error_text_is_one_line(ringfence_screen* screen) {
    ringfence_error error;
    const char entry[] = "170\n00\0x\x7f";
    ringfence_list_change change = ringfence_list_change_init();
    change.list = text_of("fraud");
    change.entry.data = entry;
    change.entry.size = sizeof entry - 1;
    EXPECT(ringfence_screen_add(screen, &change, &error, NULL) != RINGFENCE_OK);
    EXPECT(strpbrk(error.text, "\n\r\x7f") == NULL);
    change.list = text_of("no\nlist");
    EXPECT(ringfence_screen_add(screen, &change, &error, NULL) == RINGFENCE_MISSING);
    EXPECT(strchr(error.text, '\n') == NULL && strstr(error.text, "no?list") != NULL);
}

/* No header ever had a smaller struct; half a pointer must not be read as one. */
static void refuses_structs_smaller_than_the_first(ringfence_screen* screen,
                                                   ringfence_session* session) {
    ringfence_verdict verdict;
    ringfence_error error;
    const size_t sizes[] = {0, 1, 8, 12, sizeof(ringfence_call) - 8, sizeof(ringfence_call) - 1};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        ringfence_call call = call_of("17000001234");
        call.struct_size = sizes[i];
        EXPECT(ringfence_session_screen_call(session, &call, &verdict) ==
               RINGFENCE_INVALID_ARGUMENT);
        EXPECT(ringfence_session_screen_calls(session, &call, 1, &verdict) ==
               RINGFENCE_INVALID_ARGUMENT);
        EXPECT(ringfence_screen_explain_call(screen, &call, &error, NULL, 0, NULL) ==
               RINGFENCE_INVALID_ARGUMENT);
        EXPECT(strstr(error.text, "struct_size") != NULL);
    }
    ringfence_list_change change = ringfence_list_change_init();
    change.struct_size = 12;
    EXPECT(ringfence_screen_add(screen, &change, &error, NULL) == RINGFENCE_INVALID_ARGUMENT);
}

static void a_refused_first_element_leaves_the_others(ringfence_session* session) {
    ringfence_verdict verdicts[3];
    future_call calls[3];
    for (int i = 0; i < 3; ++i) calls[i] = future_of("17000001234");
    calls[0].tail[3] = 1;
    EXPECT(ringfence_session_screen_calls(session, &calls[0].call, 3, verdicts) ==
           RINGFENCE_UNSUPPORTED);
    EXPECT(verdicts[0].action == RINGFENCE_ALLOW);
    EXPECT(verdicts[0].flags == (RINGFENCE_FLAG_DEGRADED | RINGFENCE_FLAG_BAD_INPUT));
    EXPECT(verdicts[1].action == RINGFENCE_REJECT && verdicts[2].action == RINGFENCE_REJECT);
}

/* The second element would not be aligned. */
static void refuses_a_distance_that_no_array_has(ringfence_session* session) {
    ringfence_verdict verdicts[2];
    future_call calls[2];
    for (int i = 0; i < 2; ++i) calls[i] = future_of("17000001234");
    calls[0].call.struct_size = sizeof(ringfence_call) + 3;
    EXPECT(ringfence_session_screen_calls(session, &calls[0].call, 2, verdicts) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(verdicts[1].flags == (RINGFENCE_FLAG_DEGRADED | RINGFENCE_FLAG_BAD_INPUT));
}

/* The ends of time are times: nothing overflows, and "late" is told as ever. */
static void bears_any_time(ringfence_screen* screen, ringfence_session* session) {
    const int64_t times[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
    const size_t count = sizeof times / sizeof times[0];
    ringfence_verdict verdict;
    for (size_t i = 0; i < count; ++i) {
        EXPECT(ringfence_screen_advance(screen, times[i], NULL) == RINGFENCE_OK);
        for (size_t j = 0; j < count; ++j) {
            ringfence_call call = call_of("17000001234");
            call.time_ms = times[j];
            EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
            EXPECT(verdict.action == RINGFENCE_REJECT);
            const int late = (verdict.flags & RINGFENCE_FLAG_LATE) != 0;
            EXPECT(late == (times[j] / 4 - times[i] / 4 > 900000 / 4));
            EXPECT(ringfence_screen_note_emergency(screen, &call.calling, times[j]) ==
                   RINGFENCE_OK);
        }
    }
}

/* Memory that no machine has is an error, not the end of the process. */
static void refuses_impossible_options(void) {
    const size_t sizes[] = {1, SIZE_MAX, SIZE_MAX / 2, (size_t)1 << 62};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        ringfence_error error;
        ringfence_screen* screen = NULL;
        ringfence_screen_options options = ringfence_screen_options_init();
        options.activity_bytes = sizes[i];
        const ringfence_status status =
            ringfence_screen_open("policy.toml", &options, &error, &screen);
        EXPECT((status == RINGFENCE_OK) == (screen != NULL) && error.code == status);
        ringfence_screen_free(screen);
        options.activity_bytes = 1 << 20;
        options.reassembly_slots = sizes[i];
        screen = NULL;
        const ringfence_status again =
            ringfence_screen_open("policy.toml", &options, &error, &screen);
        EXPECT((again == RINGFENCE_OK) == (screen != NULL) && error.code == again);
        EXPECT(i == 0 || again != RINGFENCE_OK);
        ringfence_screen_free(screen);
    }
}

int main(void) {
    enter_folder("");
    ringfence_screen* screen = open_screen();
    ringfence_session* session = open_session(screen);
    says_what_is_wrong(screen);
    changes_and_options_are_checked(screen);
    error_text_is_one_line(screen);
    refuses_structs_smaller_than_the_first(screen, session);
    a_refused_first_element_leaves_the_others(session);
    refuses_a_distance_that_no_array_has(session);
    bears_any_time(screen, session);
    ringfence_session_free(session);
    ringfence_screen_free(screen);
    refuses_impossible_options();
    return leave_folder();
}
