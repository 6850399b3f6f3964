/* shared_notes.c - two processes open one emergency window and note a caller each; a third saves what is counted.
 *
 * Stands for src/activity/emergency_window.cpp (share, note, notes): the seed is given by one compare and exchange, a note is
 * its cell and then the count. Of the two that open, each proposes a seed of its own; the cell of a caller depends on the seed, so
 * that who goes by another looks elsewhere. One that gave the seed and was killed before its sum is the same as one that has
 * not come to it yet. Cells are weaker here than in the product.
 *
 * WRONG 1  the seed is stored, not exchanged: both believe in their own
 *       2  who comes second goes by the seed it proposed
 *       3  the count goes before the cell
 *       4  the count is not a release
 *       5  the sum is of the proposed seed, not of the one that holds
 */
#include "model.h"

enum { SUM = 10 };

static atomic_int seed, sum, cells[3], notes, damaged;

static int open_window(int proposed) {
    int held = 0;
    if (WRONG == 1) {
        STORE(seed, proposed, SEQ_CST);
        held = proposed;
    } else if (atomic_compare_exchange_strong_explicit(&seed, &held, proposed, SEQ_CST, SEQ_CST)) {
        held = proposed;
    }
    if (WRONG == 2) held = proposed;
    const int right = WRONG == 5 ? proposed + SUM : held + SUM;
    int stands = 0;
    if (!atomic_compare_exchange_strong_explicit(&sum, &stands, right, SEQ_CST, SEQ_CST) &&
        stands != right)
        STORE(damaged, 1, RELAXED);
    return held;
}

static void note(int place) {
    if (WRONG == 3) atomic_fetch_add_explicit(&notes, 1, RELEASE);
    STORE(cells[place], 1, RELAXED);
    if (WRONG != 3) atomic_fetch_add_explicit(&notes, 1, WRONG == 4 ? RELAXED : RELEASE);
}

static void* first(void* unused) {
    (void)unused;
    note(open_window(1));
    return NULL;
}

static void* second(void* unused) {
    (void)unused;
    note(open_window(2));
    return NULL;
}

/* Counts, and then writes the cells: what was counted is there. */
static void* saves(void* unused) {
    (void)unused;
    const int counted = LOAD(notes, ACQUIRE);
    const int one = LOAD(cells[1], RELAXED);
    const int two = LOAD(cells[2], RELAXED);
    assert(counted == 0 || one || two);
    return NULL;
}

int main(void) {
    pthread_t threads[3];
    STORE(seed, 0, RELAXED);
    STORE(sum, 0, RELAXED);
    STORE(notes, 0, RELAXED);
    STORE(damaged, 0, RELAXED);
    for (int i = 0; i < 3; ++i) STORE(cells[i], 0, RELAXED);
    pthread_create(&threads[0], NULL, first, NULL);
    pthread_create(&threads[1], NULL, second, NULL);
    pthread_create(&threads[2], NULL, saves, NULL);
    for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
    assert(!LOAD(damaged, RELAXED));
    assert(LOAD(notes, RELAXED) == 2);
    /* Both noted where whoever comes now looks. */
    const int held = LOAD(seed, RELAXED);
    assert(LOAD(cells[held], RELAXED) == 1 && LOAD(cells[3 - held], RELAXED) == 0);
    return 0;
}
