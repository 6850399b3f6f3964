/* C against an installed library: a listed caller is rejected, another passes. */
#include <ringfence.h>
#include <ringfence/version.h>
#include <stdio.h>
#include <string.h>

static uint8_t action_on(ringfence_session* session, const char* calling) {
    ringfence_call call = ringfence_call_init();
    ringfence_verdict verdict;
    call.calling.data = calling;
    call.calling.size = strlen(calling);
    call.called.data = "02079460001";
    call.called.size = 11;
    if (ringfence_session_screen_call(session, &call, &verdict) != RINGFENCE_OK) return 255;
    return verdict.action;
}

int main(int argc, char** argv) {
    ringfence_error error = {0};
    ringfence_screen* screen = NULL;
    ringfence_session* session = NULL;
    uint8_t listed, other;

    if (argc != 2) return 2;
    if (strcmp(ringfence_version(), RINGFENCE_VERSION) != 0) {
        fprintf(stderr, "library %s, headers %s\n", ringfence_version(), RINGFENCE_VERSION);
        return 1;
    }
    if (ringfence_screen_open(argv[1], NULL, &error, &screen) != RINGFENCE_OK ||
        ringfence_session_create(screen, &error, &session) != RINGFENCE_OK) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    listed = action_on(session, "+447700900123");
    other = action_on(session, "+447700900124");
    printf("listed: %s, other: %s\n", ringfence_action_name(listed), ringfence_action_name(other));
    ringfence_session_free(session);
    ringfence_screen_free(screen);
    return listed == RINGFENCE_REJECT && other == RINGFENCE_ALLOW ? 0 : 1;
}
