/* bucket_evict.c - a number is pushed out of its slot while another thread counts for it.
 *
 * Stands for src/activity/bucket.cpp (find_or_claim of another number, reset_cell) and
 * src/activity/record.cpp (a count is a CAS on a word that holds the generation): a count never
 * lands on the number that came after, and what is ready has empty cells.
 *
 * WRONG 1  a count is added whatever generation the cell has
 *       2  the slot is ready before its cells are reset
 *       3  the generation is not raised
 */
#include "model.h"

enum { OLD = 1, NEW = 2, BUSY = 1 };
#define WORD(key, generation) ((key)*16 + (generation)*2)
#define CELL(generation, count) ((generation)*16 + (count))

static atomic_int slot, cell;
#define NEXT (WRONG == 3 ? 1 : 2)

static void* counts(void* unused) {
    (void)unused;
    if (LOAD(slot, SEQ_CST) != WORD(OLD, 1)) return NULL;
    if (WRONG == 1) {
        atomic_fetch_add_explicit(&cell, 1, SEQ_CST);
        return NULL;
    }
    int seen = LOAD(cell, SEQ_CST);
    for (int tries = 0; tries < 3 && seen / 16 == 1; ++tries)
        if (atomic_compare_exchange_strong_explicit(&cell, &seen, seen + 1, SEQ_CST, SEQ_CST))
            break;
    return NULL;
}

static void* evicts(void* unused) {
    (void)unused;
    int word = WORD(OLD, 1);
    if (!atomic_compare_exchange_strong_explicit(&slot, &word, WORD(NEW, NEXT) | BUSY, SEQ_CST,
                                                 SEQ_CST))
        return NULL;
    if (WRONG == 2) STORE(slot, WORD(NEW, NEXT), SEQ_CST);
    int seen = LOAD(cell, SEQ_CST);
    for (int tries = 0; tries < 3; ++tries)
        if (atomic_compare_exchange_strong_explicit(&cell, &seen, CELL(NEXT, 0), SEQ_CST, SEQ_CST))
            break;
    if (WRONG != 2) STORE(slot, WORD(NEW, NEXT), SEQ_CST);
    return NULL;
}

/* Captures what it sees of NEW, as record.cpp does: of another generation than the slot's, nothing. */
static void* captures(void* unused) {
    (void)unused;
    if (LOAD(slot, SEQ_CST) != WORD(NEW, NEXT)) return NULL;
    const int seen = LOAD(cell, SEQ_CST);
    assert(seen == CELL(NEXT, 0));
    return NULL;
}

int main(void) {
    pthread_t threads[3];
    STORE(slot, WORD(OLD, 1), RELAXED);
    STORE(cell, CELL(1, 4), RELAXED);
    pthread_create(&threads[0], NULL, counts, NULL);
    pthread_create(&threads[1], NULL, evicts, NULL);
    pthread_create(&threads[2], NULL, captures, NULL);
    for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
    assert(LOAD(slot, RELAXED) == WORD(NEW, NEXT));
    assert(LOAD(cell, RELAXED) == CELL(NEXT, 0));
    return 0;
}
