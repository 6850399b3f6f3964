/* pair_reuse.c - a pair takes two words; its place goes to another subscriber's pair only after a grace period.
 *
 * Stands for src/table/pair_writer.cpp (put, vacate, begin_reclaim, finish_reclaim), the readers of it,
 * ringfence/table/pair_view.hpp (probe_line), and src/screen/core.cpp (settle: the grace period).
 *
 *     (ONE, A) is erased; its place goes at once to (TWO, A), of the same subscriber; that is erased; when no find
 *     that began before can be left it goes to (ONE, B), whose first word has the same number
 *
 * WRONG 1  no grace period
 *       2  the number is stored before its subscriber
 *       3  the reader loads the subscriber first
 *       4  the reader loads the number without acquire
 *       5  the grace period begins before the erases
 *       6  the find does not pin
 *       7  the number is stored without release
 */
#include "model.h"

enum { ONE = 1, TWO = 2, A = 1, B = 2 };
#define WORD(number, payload) ((number)*16 + (payload))

static atomic_int first, second, epoch, pinned, erased, inserted;

static int find(int number, int subscriber) {
    const int now = LOAD(epoch, ACQUIRE);
    if (WRONG != 6) STORE(pinned, now, SEQ_CST);
    (void)LOAD(epoch, SEQ_CST);
    const int early = WRONG == 3 ? LOAD(second, RELAXED) : 0;
    const int word = WRONG == 4 ? LOAD(first, RELAXED) : LOAD(first, ACQUIRE);
    const int held = WRONG == 3 ? early : LOAD(second, RELAXED);
    STORE(pinned, 0, RELEASE);
    return word / 16 == number && held == subscriber ? word % 16 : 0;
}

static void* reader(void* unused) {
    (void)unused;
    const int gone = LOAD(erased, ACQUIRE);
    const int old = find(ONE, A);
    assert(old == 0 || (old == 5 && !gone));
    const int there = LOAD(inserted, ACQUIRE);
    const int fresh = find(ONE, B);
    assert(fresh == 6 || (fresh == 0 && !there));
    return NULL;
}

static void* writer(void* unused) {
    (void)unused;
    int ended = 0;
    if (WRONG == 5) ended = atomic_fetch_add_explicit(&epoch, 1, SEQ_CST);
    STORE(first, 0, RELEASE);
    STORE(erased, 1, RELEASE);
    STORE(first, WORD(TWO, 7), RELEASE);
    STORE(first, 0, RELEASE);
    if (WRONG != 5) ended = atomic_fetch_add_explicit(&epoch, 1, SEQ_CST);
    const int pin = LOAD(pinned, SEQ_CST);
    if (WRONG != 1 && pin != 0 && pin <= ended) return NULL;
    if (WRONG == 2) STORE(first, WORD(ONE, 6), RELEASE);
    STORE(second, B, RELAXED);
    if (WRONG == 7) STORE(first, WORD(ONE, 6), RELAXED);
    STORE(first, WORD(ONE, 6), RELEASE);
    STORE(inserted, 1, RELEASE);
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    STORE(first, WORD(ONE, 5), RELAXED);
    STORE(second, A, RELAXED);
    STORE(epoch, 1, RELAXED);
    STORE(pinned, 0, RELAXED);
    STORE(erased, 0, RELAXED);
    STORE(inserted, 0, RELAXED);
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, writer, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
