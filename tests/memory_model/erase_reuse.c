/* erase_reuse.c - a slot is freed and given to another number at once.
 *
 * Stands for src/table/number_writer.cpp (vacate, then put into the same slot) and the readers of it,
 * ringfence/table/number_view.hpp (probe_line) and the kernels (src/kernel/number_*.cpp): a payload counts only
 * together with the key of the same load.
 *
 * WRONG 1  key and payload come from two loads of the slot, as when a compiler loads a line again
 *       2  the payload alone is overwritten first, the key after it
 *       3  the erase is acknowledged before the slot is freed
 */
#include "model.h"

enum { GOES = 1, COMES = 2 };
#define WORD(key, payload) ((key)*16 + (payload))

static atomic_int slot, erased, inserted;

static int find(int key) {
    const int word = LOAD(slot, ACQUIRE);
    const int again = WRONG == 1 ? LOAD(slot, ACQUIRE) : word;
    return word / 16 == key ? again % 16 : 0;
}

static void* reader(void* unused) {
    (void)unused;
    for (int round = 0; round < 2; ++round) {
        const int gone = LOAD(erased, ACQUIRE);
        const int old = find(GOES);
        assert(old == 0 || (old == 5 && !gone));
        const int there = LOAD(inserted, ACQUIRE);
        const int fresh = find(COMES);
        assert(fresh == 6 || (fresh == 0 && !there));
    }
    return NULL;
}

static void* writer(void* unused) {
    (void)unused;
    if (WRONG == 3) STORE(erased, 1, RELEASE);
    STORE(slot, WORD(0, 0), RELEASE);
    STORE(erased, 1, RELEASE);
    if (WRONG == 2) STORE(slot, WORD(COMES, 0), RELEASE);
    if (WRONG == 2) STORE(inserted, 1, RELEASE);
    STORE(slot, WORD(COMES, 6), RELEASE);
    STORE(inserted, 1, RELEASE);
    return NULL;
}

int main(void) {
    pthread_t threads[2];
    STORE(slot, WORD(GOES, 5), RELAXED);
    STORE(erased, 0, RELAXED);
    STORE(inserted, 0, RELAXED);
    pthread_create(&threads[0], NULL, reader, NULL);
    pthread_create(&threads[1], NULL, writer, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
