/* settling.c - a number is brought back to an earlier line, with a grace period between copy and erase.
 *
 * Stands for src/table/number_settle.cpp (begin_settling, finish_settling), number_writer.cpp
 * (vacate, of a number in two places) and src/screen/core.cpp (settle_numbers: the grace period),
 * ringfence/sync/epoch.hpp (pin: R3).
 *
 *     KEY lies in line 1; it is copied to line 0; when no find that began before can be left it is
 *     taken out of line 1; when the reader has found it twice it is erased altogether
 *
 * WRONG 1  no grace period
 *       2  the grace period begins before the copy
 *       3  an erase frees the earlier place alone
 *       4  the find does not pin
 *       5  the pin does not look at the epoch again: a reader that slept between R1 and R2 may miss both
 */
#include "model.h"

enum { KEY = 1 };

static atomic_int lines[2], epoch, pinned, looked, erased;

static int find(void) {
    const int now = LOAD(epoch, ACQUIRE);
    if (WRONG != 4) STORE(pinned, now, SEQ_CST);
    if (WRONG != 5) (void)LOAD(epoch, SEQ_CST);
    int found = LOAD(lines[0], ACQUIRE) == KEY;
    if (!found) found = LOAD(lines[1], ACQUIRE) == KEY;
    STORE(pinned, 0, RELEASE);
    return found;
}

static void* reader(void* unused) {
    (void)unused;
    assert(find());
    assert(find());
    STORE(looked, 1, RELEASE);
    const int gone = LOAD(erased, ACQUIRE);
    assert(!gone || !find());
    return NULL;
}

static void* writer(void* unused) {
    (void)unused;
    int in_two_places = 1, ended = 0;
    if (WRONG == 2) ended = atomic_fetch_add_explicit(&epoch, 1, SEQ_CST);
    STORE(lines[0], KEY, RELEASE);
    if (WRONG != 2) ended = atomic_fetch_add_explicit(&epoch, 1, SEQ_CST);
    const int pin = LOAD(pinned, SEQ_CST);
    if (WRONG == 1 || pin == 0 || pin > ended) {
        STORE(lines[1], 0, RELEASE);
        in_two_places = 0;
    }
    if (!LOAD(looked, ACQUIRE)) return NULL;
    STORE(lines[0], 0, RELEASE);
    if (in_two_places && WRONG != 3) STORE(lines[1], 0, RELEASE);
    STORE(erased, 1, RELEASE);
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    STORE(lines[0], 0, RELAXED);
    STORE(lines[1], KEY, RELAXED);
    STORE(epoch, 1, RELAXED);
    STORE(pinned, 0, RELAXED);
    STORE(looked, 0, RELAXED);
    STORE(erased, 0, RELAXED);
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, writer, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
