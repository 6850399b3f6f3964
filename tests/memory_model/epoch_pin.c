/* epoch_pin.c - a reader pins and reads what is published; a writer replaces it and frees the old.
 *
 * Stands for ringfence/sync/epoch.hpp (R1 to R6: ReaderSlot::pin, unpin; W2 and W3: advance,
 * oldest_pin) and ringfence/sync/snapshot.hpp (R4: load; W1 and W4: publish, reclaim).
 *
 * WRONG 1  the pin is only released, so that the load may be done before it        R2
 *       2  the unpin orders nothing                                               R6
 *       3  the slots are scanned before the publish                               W3 before W1
 *       4  the epoch is advanced before the publish                               W2 before W1
 *       5  neither does the pin look at the epoch again, nor is the load more than acquired  R3, R4
 */
#include "model.h"

static atomic_int epoch, pinned, current, freed[4];
static atomic_int in_use; /* what the reader is using, so that a free can see it: 0 for nothing */

static void* reader(void* unused) {
    (void)unused;
    for (int round = 0; round < 2; ++round) {
        const int now = LOAD(epoch, ACQUIRE);                           /* R1 */
        STORE(pinned, now, WRONG == 1 ? RELEASE : SEQ_CST);             /* R2 */
        if (WRONG != 5) (void)LOAD(epoch, SEQ_CST);                     /* R3 */
        const int held = LOAD(current, WRONG == 5 ? ACQUIRE : SEQ_CST); /* R4 */
        STORE(in_use, held, RELAXED);                                   /* R5 */
        assert(LOAD(freed[held], RELAXED) == 0);
        STORE(in_use, 0, RELAXED);
        STORE(pinned, 0, WRONG == 2 ? RELAXED : RELEASE); /* R6 */
    }
    return NULL;
}

static void* writer(void* unused) {
    (void)unused;
    for (int next = 2; next <= 3; ++next) {
        int ended = 0, pin = 0;
        if (WRONG == 3) pin = LOAD(pinned, SEQ_CST);
        if (WRONG == 4) ended = atomic_fetch_add_explicit(&epoch, 1, SEQ_CST);
        const int old = atomic_exchange_explicit(&current, next, SEQ_CST);     /* W1 */
        if (WRONG != 4) ended = atomic_fetch_add_explicit(&epoch, 1, SEQ_CST); /* W2 */
        if (WRONG != 3) pin = LOAD(pinned, SEQ_CST);                           /* W3 */
        if (pin != 0 && pin <= ended) continue;                                /* W4 */
        assert(LOAD(in_use, RELAXED) != old);
        STORE(freed[old], 1, RELAXED);
    }
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    STORE(epoch, 1, RELAXED);
    STORE(pinned, 0, RELAXED);
    STORE(current, 1, RELAXED);
    STORE(in_use, 0, RELAXED);
    for (int i = 1; i < 4; ++i) STORE(freed[i], 0, RELAXED);
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, writer, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    assert(LOAD(freed[LOAD(current, RELAXED)], RELAXED) == 0);
    return 0;
}
