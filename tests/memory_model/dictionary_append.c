/* dictionary_append.c - a set of lists is written down before the first slot that names it.
 *
 * Stands for src/table/membership_writer.cpp (name), src/table/number_writer.cpp (put, set_bit,
 * rename: each store of a slot's word) and ringfence/table/membership.hpp (MembershipView::lists).
 * Heap and narrow places are plain memory in the product.
 *
 * WRONG 1  the slot that names a set is stored relaxed
 *       2  the store of a filter bit alone is relaxed: a reader may take the payload from that word
 *       3  the place is written down after the slot that names it
 *       4  an index is given another set in place
 *       5  the reader's load of the slot is relaxed
 */
#include "model.h"

enum { KEY = 1, FILTER = 8 };
#define WORD(key, payload) ((key)*16 + (payload))

static atomic_int slot, narrow[3], heap[3];

static void* reader(void* unused) {
    (void)unused;
    for (int round = 0; round < 2; ++round) {
        const int word = LOAD(slot, WRONG == 5 ? RELAXED : ACQUIRE);
        const int payload = word % 8;
        if (word / 16 != KEY || payload == 0) continue;
        const int place = LOAD(narrow[payload], RELAXED);
        assert(place == payload);
        assert(LOAD(heap[place], RELAXED) == 11 * payload);
    }
    return NULL;
}

static void* writer(void* unused) {
    (void)unused;
    STORE(heap[1], 11, RELAXED);
    STORE(narrow[1], 1, RELAXED);
    STORE(slot, WORD(KEY, 1), WRONG == 1 ? RELAXED : RELEASE);
    STORE(slot, WORD(KEY, 1) | FILTER, WRONG == 2 ? RELAXED : RELEASE);
    if (WRONG == 4) STORE(heap[1], 22, RELAXED);
    STORE(heap[2], 22, RELAXED);
    if (WRONG != 3) STORE(narrow[2], 2, RELAXED);
    STORE(slot, WORD(KEY, 2) | FILTER, RELEASE);
    if (WRONG == 3) STORE(narrow[2], 2, RELAXED);
    return NULL;
}

int main(void) {
    pthread_t threads[3];
    STORE(slot, 0, RELAXED);
    for (int i = 0; i < 3; ++i) {
        STORE(narrow[i], 0, RELAXED);
        STORE(heap[i], 0, RELAXED);
    }
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, writer, NULL);
    pthread_create(&threads[2], NULL, reader, NULL);
    for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
    return 0;
}
