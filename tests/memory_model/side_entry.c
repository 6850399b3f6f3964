/* side_entry.c - a number on so rare a set of lists that its slot only says "look in the side table".
 *
 * Stands for src/table/membership_writer.cpp (store_wide), src/table/number_writer.cpp (rename) and
 * ringfence/table/membership.hpp (wide_place): the entry is there before the first slot that says so,
 * its place may change under a reader, and it is never removed nor handed to another number.
 *
 * WRONG 1  the slot is stored before the entry
 *       2  the entry is removed once the number is on few lists again
 *       3  a changed place is stored relaxed
 *       4  the reader's load of the place is relaxed
 */
#include "model.h"

enum { KEY = 3, WIDE = 7, NARROW = 1 };

static atomic_int slot, rank, place, heap[3];

static void* reader(void* unused) {
    (void)unused;
    for (int round = 0; round < 2; ++round) {
        if (LOAD(slot, ACQUIRE) != WIDE) continue;
        assert(LOAD(rank, ACQUIRE) == KEY);
        const int at = LOAD(place, WRONG == 4 ? RELAXED : ACQUIRE);
        assert(at == 1 || at == 2);
        assert(LOAD(heap[at], RELAXED) == 11 * at);
    }
    return NULL;
}

static void* writer(void* unused) {
    (void)unused;
    if (WRONG == 1) STORE(slot, WIDE, RELEASE);
    STORE(heap[1], 11, RELAXED);
    STORE(place, 1, RELEASE);
    STORE(rank, KEY, RELEASE);
    STORE(slot, WIDE, RELEASE);
    STORE(heap[2], 22, RELAXED);
    STORE(place, 2, WRONG == 3 ? RELAXED : RELEASE);
    STORE(slot, NARROW, RELEASE);
    if (WRONG == 2) STORE(rank, 0, RELEASE);
    STORE(slot, WIDE, RELEASE);
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    STORE(slot, 0, RELAXED);
    STORE(rank, 0, RELAXED);
    STORE(place, 0, RELAXED);
    for (int i = 0; i < 3; ++i) STORE(heap[i], 0, RELAXED);
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, writer, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
