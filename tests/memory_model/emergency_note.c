/* emergency_note.c - two callers' notes fall on one cell; who asks after a note returned sees it.
 *
 * Stands for src/activity/emergency_window.cpp (note: cell = max(cell, time), by CAS; noted).
 *
 * WRONG 1  the time is stored, not compared: the earlier note may overwrite the later
 *       2  compared once, and stored whatever came in between
 *       3  the compare that fails is not tried again
 */
#include "model.h"

enum { TIMES = 4 };

static atomic_int cell, returned;

static void note(int time) {
    int seen = LOAD(cell, SEQ_CST);
    if (WRONG == 1) seen = 0;
    for (int tries = 0; tries < TIMES && time > seen; ++tries) {
        if (WRONG == 1 || WRONG == 2) {
            STORE(cell, time, SEQ_CST);
            break;
        }
        if (atomic_compare_exchange_strong_explicit(&cell, &seen, time, SEQ_CST, SEQ_CST)) break;
        if (WRONG == 3) break;
    }
}

static void* late(void* unused) {
    (void)unused;
    note(5);
    STORE(returned, 1, RELEASE);
    return NULL;
}

static void* early(void* unused) {
    (void)unused;
    note(2);
    note(3);
    return NULL;
}

static void* asks(void* unused) {
    (void)unused;
    const int must = LOAD(returned, ACQUIRE);
    const int seen = LOAD(cell, SEQ_CST);
    assert(!must || seen >= 5);
    return NULL;
}

int main(void) {
    pthread_t threads[3];
    STORE(cell, 0, RELAXED);
    STORE(returned, 0, RELAXED);
    pthread_create(&threads[0], NULL, late, NULL);
    pthread_create(&threads[1], NULL, early, NULL);
    pthread_create(&threads[2], NULL, asks, NULL);
    for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
    assert(LOAD(cell, RELAXED) == 5);
    return 0;
}
