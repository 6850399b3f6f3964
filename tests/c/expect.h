/* expect.h - what the C tests share: EXPECT counts failures and goes on. Include it first. */
#ifndef RINGFENCE_TESTS_C_EXPECT_H
#define RINGFENCE_TESTS_C_EXPECT_H

#define _DEFAULT_SOURCE
#include <ringfence.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failures = 0;

#define EXPECT(condition)                                          \
    do {                                                           \
        if (!(condition)) {                                        \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            ++failures;                                            \
        }                                                          \
    } while (0)

static void write_text(const char* name, const char* text) {
    FILE* file = fopen(name, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0) exit(2);
}

static ringfence_string text_of(const char* text) {
    ringfence_string view = {text, strlen(text)};
    return view;
}

static inline ringfence_address address_of(const char* text) {
    const ringfence_string view = text_of(text);
    ringfence_address address = {0};
    address.data = view.data;
    address.size = view.size;
    return address;
}

/* A struct as a later header may have it. */
typedef struct future_call {
    ringfence_call call;
    unsigned char tail[16];
} future_call;

static char folder[] = "/tmp/ringfence-c-XXXXXX";

/* Makes a folder with policy.toml, whose list `fraud` has the keys `list` besides, and goes there. */
static inline void enter_folder(const char* list) {
    char policy[1024];
    if (!mkdtemp(folder) || chdir(folder) != 0) exit(2);
    snprintf(policy, sizeof policy,
             "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"fraud\"\nfile = \"fraud.csv\"\n"
             "action = \"reject\"\n%s",
             list);
    write_text("policy.toml", policy);
    write_text("fraud.csv", "number\n17000001234\n");
}

/* Leaves nothing behind; the status of the program. */
static inline int leave_folder(void) {
    unlink("policy.toml");
    unlink("fraud.csv");
    if (chdir("/") != 0 || rmdir(folder) != 0) return 2;
    printf("%d failures\n", failures);
    return failures != 0;
}

static inline ringfence_screen* open_screen(void) {
    ringfence_error error;
    ringfence_screen* screen;
    ringfence_screen_options options = ringfence_screen_options_init();
    options.activity_bytes = 1 << 20;
    options.seed = 7;
    if (ringfence_screen_open("policy.toml", &options, &error, &screen) == RINGFENCE_OK)
        return screen;
    puts(error.text);
    exit(1);
}

static inline ringfence_session* open_session(ringfence_screen* screen) {
    ringfence_session* session;
    EXPECT(ringfence_session_create(screen, NULL, &session) == RINGFENCE_OK);
    return session;
}

#endif
