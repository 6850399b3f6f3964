/* erase_reinsert.c - a number leaves its slot and comes back in another slot of the same line.
 *
 * Stands for src/table/number_writer.cpp (vacate, then put) and the readers of it, ringfence/table/number_view.hpp
 * (probe_line), src/kernel/number_*.cpp and
 * ringfence/table/pair_view.hpp (probe_line). A reader loads the slots of a line one after another: it may meet the
 * number twice, with the lists it was on before and those it is on now, and must answer with one of them.
 *
 * WRONG 1  the words of all slots that match are merged
 *       2  the slot is filled before the other is freed: the reader that took the first match gives what is gone
 *       3  the return is acknowledged before the slot is filled
 */
#include "model.h"

enum { NUMBER = 1 };
#define WORD(key, payload) ((key)*16 + (payload))

static atomic_int first, second, erased, inserted;

static int find(void) {
    const int a = LOAD(first, ACQUIRE);
    const int b = LOAD(second, ACQUIRE);
    const int of_a = a / 16 == NUMBER ? a % 16 : 0;
    const int of_b = b / 16 == NUMBER ? b % 16 : 0;
    if (WRONG == 1) return of_a | of_b;
    if (WRONG == 2) return of_a != 0 ? of_a : of_b;
    return of_b != 0 ? of_b : of_a;
}

static void* reader(void* unused) {
    (void)unused;
    const int gone = LOAD(erased, ACQUIRE);
    const int there = LOAD(inserted, ACQUIRE);
    const int found = find();
    assert(found == 0 || found == 5 || found == 6);
    assert(!(found == 5 && gone));
    assert(!(found != 6 && there));
    return NULL;
}

static void* writer(void* unused) {
    (void)unused;
    if (WRONG == 2) STORE(second, WORD(NUMBER, 6), RELEASE);
    if (WRONG == 2) STORE(inserted, 1, RELEASE);
    STORE(first, WORD(0, 0), RELEASE);
    STORE(erased, 1, RELEASE);
    if (WRONG == 3) STORE(inserted, 1, RELEASE);
    STORE(second, WORD(NUMBER, 6), RELEASE);
    STORE(inserted, 1, RELEASE);
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    STORE(first, WORD(NUMBER, 5), RELAXED);
    STORE(second, WORD(0, 0), RELAXED);
    STORE(erased, 0, RELAXED);
    STORE(inserted, 0, RELAXED);
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, writer, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
