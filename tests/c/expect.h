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

#endif
