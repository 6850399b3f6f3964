/* bucket_claim.c - two threads bring the same new number to a bucket of two slots.
 *
 * Stands for src/activity/bucket.cpp (find_or_claim, complete, reset_cell), with seq_cst throughout as
 * there: no number is ever ready in two slots, and both threads end up counting in the same record.
 *
 * WRONG 1  the slots are not read again after the claim
 *       2  claim and scan are only acquired and released, so that both may miss the other
 *       3  of two busy claims none gives way
 */
#include "model.h"

enum { SLOTS = 2, BUSY = 1, KEY = 1, TRIES = 3 };
#define WORD(key, generation) ((key)*16 + (generation)*2)
#define KEY_OF(word) ((word) / 16)
#define GENERATION_OF(word) ((word) % 16 / 2)

static atomic_int slots[SLOTS], cells[SLOTS];

static int load_slot(int i) { return LOAD(slots[i], WRONG == 2 ? ACQUIRE : SEQ_CST); }
static int swap(int i, int from, int to) {
    return atomic_compare_exchange_strong_explicit(
        &slots[i], &from, to, WRONG == 2 ? ACQ_REL : SEQ_CST, WRONG == 2 ? ACQUIRE : SEQ_CST);
}

/* Makes the cell one of the word's generation. */
static int reset(int i, int word) {
    int seen = LOAD(cells[i], SEQ_CST);
    if (seen / 16 == GENERATION_OF(word)) return 1;
    if (load_slot(i) != word) return 0;
    atomic_compare_exchange_strong_explicit(&cells[i], &seen, GENERATION_OF(word) * 16, SEQ_CST,
                                            SEQ_CST);
    return 1;
}

static void complete(int i, int word) {
    if (!reset(i, word)) return;
    for (int tries = 0; tries < TRIES; ++tries) {
        const int other = 1 - i;
        const int twin = WRONG == 1 ? 0 : load_slot(other);
        if (KEY_OF(twin) == KEY) {
            if ((twin & BUSY) == 0 || (other < i && WRONG != 3)) {
                swap(i, word, WORD(0, GENERATION_OF(word)));
                return;
            }
            if (WRONG != 3 && !swap(other, twin, WORD(0, GENERATION_OF(twin)))) {
                if (load_slot(i) != word) return;
                continue;
            }
        }
        swap(i, word, word & ~BUSY);
        return;
    }
}

/* Where the number is; claims a slot, `turn` at first. -1 after TRIES tries. */
static int find_or_claim(int turn) {
    for (int tries = 0; tries < TRIES; ++tries) {
        int helped = 0;
        for (int i = 0; i < SLOTS; ++i) {
            const int word = load_slot(i);
            if (KEY_OF(word) == KEY && (word & BUSY) == 0) return i;
            if ((word & BUSY) != 0) {
                complete(i, word);
                helped = 1;
            }
        }
        if (helped) continue;
        const int chosen = load_slot(turn);
        if (KEY_OF(chosen) != 0) continue;
        const int mine = WORD(KEY, GENERATION_OF(chosen) + 1) | BUSY;
        if (swap(turn, chosen, mine)) complete(turn, mine);
    }
    return -1;
}

static void* claim(int turn) {
    const int i = find_or_claim(turn);
    if (i >= 0) atomic_fetch_add_explicit(&cells[i], 1, SEQ_CST);
    return NULL;
}
static void* one(void* unused) {
    (void)unused;
    return claim(0);
}
static void* other(void* unused) {
    (void)unused;
    return claim(1);
}

int main(void) {
    pthread_t threads[2];
    for (int i = 0; i < SLOTS; ++i) {
        STORE(slots[i], 0, RELAXED);
        STORE(cells[i], 0, RELAXED);
    }
    pthread_create(&threads[0], NULL, one, NULL);
    pthread_create(&threads[1], NULL, other, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    int ready = 0, count = 0;
    for (int i = 0; i < SLOTS; ++i) {
        const int word = LOAD(slots[i], RELAXED);
        ready += word != 0 && KEY_OF(word) == KEY && (word & BUSY) == 0;
        if (KEY_OF(word) == KEY) count = LOAD(cells[i], RELAXED) % 16;
    }
    assert(ready == 1);
    assert(count == 2);
    return 0;
}
