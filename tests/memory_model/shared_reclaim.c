/* shared_reclaim.c - a reader was killed while pinned: the writer and a new reader both want its slot.
 *
 * Stands for ringfence/sync/shared_pins.hpp (O1 to O3: take, in_the_way, claim_slot). The slot's owner is no more when
 * the model begins. The writer must get on to its last generation when nobody who lives is in its way, and must
 * not write over what the new reader holds.
 *
 * WRONG 1  the pin of a dead owner is cleared without becoming the slot's owner first
 *       2  the slot is given up before its pin is cleared                              O3 before O2
 *       3  a new reader takes the slot of the dead one without clearing its pin         no O2
 *       4  a slot is taken over from an owner who lives
 *       5  nobody takes it over
 */
#include "model.h"

enum { DEAD = 9, READER = 1, WRITER = 2, LAST = 4 };

static atomic_int current, pinned, owner, arenas[2], published;

static int take(int me) {
    int held = LOAD(owner, RELAXED);
    if (WRONG == 5 && held == DEAD) return 0;
    if (WRONG != 4 && held != 0 && held != DEAD) return 0;
    return atomic_compare_exchange_strong_explicit(&owner, &held, me, ACQ_REL, RELAXED);
}

static int in_the_way(int now) {
    int pin = LOAD(pinned, SEQ_CST); /* W1 */
    if (pin == 0 || pin >= now) return 0;
    if (WRONG == 1) {
        if (LOAD(owner, RELAXED) == DEAD) STORE(pinned, 0, RELEASE);
    } else if (take(WRITER)) { /* O1 */
        if (WRONG == 2) STORE(owner, 0, RELEASE);
        STORE(pinned, 0, RELEASE);                /* O2 */
        if (WRONG != 2) STORE(owner, 0, RELEASE); /* O3 */
    }
    pin = LOAD(pinned, SEQ_CST);
    return pin != 0 && pin < now;
}

static void* writer(void* unused) {
    (void)unused;
    for (int next = 3; next <= LAST; ++next) {
        if (in_the_way(next - 1)) return NULL;
        STORE(arenas[next % 2], next, RELAXED);
        STORE(current, next, SEQ_CST);
        STORE(published, next, RELAXED);
    }
    return NULL;
}

static void* reader(void* unused) {
    (void)unused;
    if (!take(READER)) return NULL;
    if (WRONG != 3) STORE(pinned, 0, RELEASE);
    const int seen = LOAD(current, ACQUIRE);
    if (WRONG == 3) { /* leaves at once, and leaves the pin */
        STORE(owner, READER, RELEASE);
        return NULL;
    }
    STORE(pinned, seen, SEQ_CST);
    const int held = LOAD(current, SEQ_CST);
    assert(LOAD(arenas[held % 2], RELAXED) == held);
    assert(LOAD(arenas[held % 2], RELAXED) == held);
    STORE(pinned, 0, RELEASE);
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    STORE(current, 2, RELAXED);
    STORE(pinned, 1, RELAXED);
    STORE(owner, DEAD, RELAXED);
    STORE(arenas[0], 2, RELAXED);
    STORE(arenas[1], 1, RELAXED);
    STORE(published, 0, RELAXED);
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, writer, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    if (LOAD(owner, RELAXED) != READER) assert(LOAD(published, RELAXED) == LAST);
    /* The reader has let go: a writer that comes now is not stopped by what the dead one left. */
    assert(!in_the_way(LOAD(current, RELAXED)));
    return 0;
}
