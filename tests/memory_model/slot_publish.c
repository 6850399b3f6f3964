/* slot_publish.c - a number comes, and another's lists change, under a reader of one line.
 *
 * Stands for src/table/number_writer.cpp (put, rename, store) and ringfence/table/number_view.hpp
 * (probe_line): key and payload share a word, a present key is changed by a store of that word and
 * stays where it is (rule 4), and a find that begins after insert returned gives the number.
 *
 * WRONG 1  changed by moving: the copy is put into another slot, then the old one is freed
 *       2  changed by an erase and an insert into the same slot
 *       3  the insert is acknowledged before the slot is stored
 *       4  the line is read slot by slot until the first free one
 */
#include "model.h"

enum { SLOTS = 3, STAYS = 1, COMES = 2 };
#define WORD(key, payload) ((key)*16 + (payload))

static atomic_int slots[SLOTS], acknowledged;

/* The payload of a key, 0 when it is not there. */
static int find(int key) {
    for (int i = 0; i < SLOTS; ++i) {
        const int word = LOAD(slots[i], ACQUIRE);
        if (word / 16 == key) return word % 16;
        if (WRONG == 4 && word == 0) return 0;
    }
    return 0;
}

static void* reader(void* unused) {
    (void)unused;
    const int first = find(STAYS);
    assert(first == 1 || first == 2);
    const int returned = LOAD(acknowledged, ACQUIRE);
    const int come = find(COMES);
    assert(come == 0 || come == 5);
    assert(!returned || come == 5);
    const int second = find(STAYS);
    assert(second == 2 || (second == first && !returned));
    return NULL;
}

static void* writer(void* unused) {
    (void)unused;
    if (WRONG == 1) {
        STORE(slots[0], WORD(STAYS, 2), RELEASE);
        STORE(slots[2], 0, RELEASE);
    } else {
        if (WRONG == 2) STORE(slots[2], 0, RELEASE);
        STORE(slots[2], WORD(STAYS, 2), RELEASE);
    }
    if (WRONG == 3) STORE(acknowledged, 1, RELEASE);
    STORE(slots[1], WORD(COMES, 5), RELEASE);
    STORE(acknowledged, 1, RELEASE);
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    STORE(acknowledged, 0, RELAXED);
    STORE(slots[0], 0, RELAXED);
    STORE(slots[1], 0, RELAXED);
    STORE(slots[2], WORD(STAYS, 1), RELAXED);
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, writer, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
