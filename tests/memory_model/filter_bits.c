/* filter_bits.c - numbers of one class in the second line of their chain, and the bit in the first.
 *
 * Stands for src/table/number_writer.cpp (raise, lower, set_bit, put, vacate) and
 * ringfence/table/number_view.hpp (A and B of its sketch; NumberView::find): the bit in the first
 * line is set while any number lies behind it, which a counter that only the writer sees says.
 *
 *     STAYS and GOES lie in the second line; GOES is erased; when the reader has found STAYS, that
 *     is erased too and the bit cleared; then COMES is inserted, which sets the bit again
 *
 * Holds: a steady number is found; once missed, an erased number stays missed; a number whose insert
 * returned is found. (That bits are set before the slot is not seen by readers: until insert
 * returns they may miss. It is for a writer that dies in between, rule 9.)
 *
 * WRONG 1  no counter: the bit is cleared when any number behind it goes
 *       2  the stores of the bit order nothing
 *       3  the reader's load of the bit orders nothing
 *       4  the bit is set after the insert was acknowledged
 */
#include "model.h"

enum { BIT = 1, STAYS = 1, GOES = 2, COMES = 3 };

static atomic_int first, behind[3], looked, acknowledged;

static int find(int key) {
    const int filter = LOAD(first, WRONG == 3 ? RELAXED : ACQUIRE);
    if ((filter & BIT) == 0) return 0;
    for (int i = 0; i < 3; ++i)
        if (LOAD(behind[i], ACQUIRE) == key) return 1;
    return 0;
}

static void* reader(void* unused) {
    (void)unused;
    assert(find(STAYS));
    STORE(looked, 1, RELEASE);
    const int before = find(STAYS);
    const int after = find(STAYS);
    assert(before || !after);
    const int returned = LOAD(acknowledged, ACQUIRE);
    assert(!returned || find(COMES));
    return NULL;
}

static void set_bit(int to) { STORE(first, to, WRONG == 2 ? RELAXED : RELEASE); }

static void* writer(void* unused) {
    (void)unused;
    int behind_first = 2;
    STORE(behind[1], 0, RELEASE); /* GOES */
    if (--behind_first == 0 || WRONG == 1) set_bit(0);
    if (!LOAD(looked, ACQUIRE)) return NULL;
    STORE(behind[0], 0, RELEASE); /* STAYS */
    if (--behind_first == 0) set_bit(0);
    if (behind_first++ == 0 && WRONG != 4) set_bit(BIT);
    STORE(behind[2], COMES, RELEASE);
    STORE(acknowledged, 1, RELEASE);
    if (WRONG == 4) set_bit(BIT);
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    STORE(first, BIT, RELAXED);
    STORE(behind[0], STAYS, RELAXED);
    STORE(behind[1], GOES, RELAXED);
    STORE(behind[2], 0, RELAXED);
    STORE(looked, 0, RELAXED);
    STORE(acknowledged, 0, RELAXED);
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, writer, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
