/* repeat_filter.c - two threads bring the same call at once; one of them is told it is the first.
 *
 * Stands for src/activity/repeat_filter.cpp (first, settle, oldest), with seq_cst throughout as there.
 * A third thread empties the first way, so that the two may put their words into different ways.
 *
 * WRONG 1  the line is not read again after a word was put down pending
 *       2  put and read again are only acquired and released, so that both may miss the other
 *       3  a word is put down ready at once
 */
#include "model.h"

enum { WAYS = 2, PENDING = 1, MINE = 2, OTHER = 4, TRIES = 4 };

static atomic_int ways[WAYS], firsts;

static int load_way(int i) { return LOAD(ways[i], WRONG == 2 ? ACQUIRE : SEQ_CST); }
static int swap(int i, int from, int to) {
    return atomic_compare_exchange_strong_explicit(
        &ways[i], &from, to, WRONG == 2 ? ACQ_REL : SEQ_CST, WRONG == 2 ? ACQUIRE : SEQ_CST);
}

static void settle(int i) {
    for (int tries = 0; tries < TRIES; ++tries) {
        const int twin = WRONG == 1 ? 0 : load_way(1 - i);
        if ((twin & ~PENDING) == MINE) {
            if ((twin & PENDING) == 0 || i == 1) {
                swap(i, MINE | PENDING, 0);
                return;
            }
            if (!swap(1, twin, 0)) continue;
        }
        swap(i, MINE | PENDING, MINE);
        return;
    }
}

static int first(void) {
    for (int tries = 0; tries < TRIES; ++tries) {
        int helped = 0;
        for (int i = 0; i < WAYS; ++i) {
            const int word = load_way(i);
            if ((word & ~PENDING) != MINE) continue;
            if ((word & PENDING) == 0) return 0;
            settle(i);
            helped = 1;
        }
        if (helped) continue;
        const int way = load_way(0) == 0 ? 0 : 1;
        if (!swap(way, 0, WRONG == 3 ? MINE : MINE | PENDING)) continue;
        if (WRONG == 3) return 1;
        settle(way);
        if (load_way(way) == MINE) return 1;
    }
    return 1;
}

static void* brings(void* unused) {
    (void)unused;
    if (first()) atomic_fetch_add_explicit(&firsts, 1, SEQ_CST);
    return NULL;
}

static void* empties(void* unused) {
    (void)unused;
    swap(0, OTHER, 0);
    return NULL;
}

int main(void) {
    pthread_t threads[3];
    STORE(ways[0], OTHER, RELAXED);
    STORE(ways[1], 0, RELAXED);
    STORE(firsts, 0, RELAXED);
    pthread_create(&threads[0], NULL, brings, NULL);
    pthread_create(&threads[1], NULL, brings, NULL);
    pthread_create(&threads[2], NULL, empties, NULL);
    for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
    assert(LOAD(firsts, RELAXED) == 1);
    return 0;
}
