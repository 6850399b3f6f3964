/* shared_arena.c - two arenas: a writer fills the one that nobody can hold, while readers use the other.
 *
 * Stands for ringfence/sync/shared_pins.hpp (R1 to R5: pin, unpin; W1: in_the_way; W3: publish; the ways in which a
 * slot changes hands while its readers live: claim_slot, release_slot). An arena is plain memory in the product.
 *
 * WRONG 1  the pin is only released, so that `current` may be read before it    R2
 *       2  the unpin orders nothing                                            R5
 *       3  the slot is looked at before the last publish, not after            W1 before W3 of the last
 *       4  the reader uses what it read before the pin, not after              R1 in place of R3
 *       5  the new generation is published relaxed                             W3
 *       6  a slot is given back before its pin is taken away                   release_slot
 *       7  who takes a slot acquires nothing
 */
#include "model.h"

enum { GENERATIONS = 4, FIRST = 1, SECOND = 2 };

static atomic_int current, pinned, owner, arenas[2];
static atomic_int
    in_use[3]; /* what each reader is using, so that a fill can see it: 0 for nothing */

static void use_once(int me) {
    const int seen = LOAD(current, ACQUIRE);                     /* R1 */
    STORE(pinned, seen, WRONG == 1 ? RELEASE : SEQ_CST);         /* R2 */
    const int held = WRONG == 4 ? seen : LOAD(current, SEQ_CST); /* R3 */
    STORE(in_use[me], held, RELAXED);
    assert(LOAD(arenas[held % 2], RELAXED) == held); /* R4 */
    STORE(in_use[me], 0, RELAXED);
}

static void* first_reader(void* unused) {
    (void)unused;
    use_once(FIRST);
    STORE(pinned, 0, WRONG == 2 ? RELAXED : RELEASE); /* R5 */
    if (WRONG == 6) STORE(owner, 0, RELEASE);
    if (WRONG != 2) STORE(pinned, 0, RELEASE);
    STORE(owner, 0, WRONG == 7 ? RELAXED : RELEASE);
    return NULL;
}

static void* second_reader(void* unused) {
    (void)unused;
    int nobody = 0;
    if (!atomic_compare_exchange_strong_explicit(&owner, &nobody, SECOND,
                                                 WRONG == 7 ? RELAXED : ACQ_REL, RELAXED))
        return NULL;
    STORE(pinned, 0, RELEASE); /* O2 */
    use_once(SECOND);
    STORE(pinned, 0, RELEASE);
    return NULL;
}

static void* writer(void* unused) {
    (void)unused;
    int pin = 0;
    for (int next = 3; next <= GENERATIONS; ++next) {
        if (WRONG != 3 || next == 3) pin = LOAD(pinned, SEQ_CST); /* W1 */
        if (pin != 0 && pin < next - 1) return NULL;              /* waits */
        for (int i = FIRST; i <= SECOND; ++i) assert(LOAD(in_use[i], RELAXED) != next - 2);
        STORE(arenas[next % 2], next, RELAXED); /* W2 */
        if (WRONG == 3) pin = LOAD(pinned, SEQ_CST);
        STORE(current, next, WRONG == 5 ? RELAXED : SEQ_CST); /* W3 */
    }
    return NULL;
}

int main(void) {
    pthread_t threads[3];
    STORE(current, 2, RELAXED);
    STORE(pinned, 0, RELAXED);
    STORE(owner, FIRST, RELAXED);
    for (int i = 0; i < 3; ++i) STORE(in_use[i], 0, RELAXED);
    STORE(arenas[0], 2, RELAXED);
    STORE(arenas[1], 1, RELAXED);
    pthread_create(&threads[0], NULL, first_reader, NULL);
    pthread_create(&threads[1], NULL, second_reader, NULL);
    pthread_create(&threads[2], NULL, writer, NULL);
    for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
    return 0;
}
