/* model.h - what a model of a lock-free protocol is written in: C11's atomics and POSIX threads.
 *
 * A model is a whole C program of its own: words, two or three threads, and a main() that starts
 * them, waits for them, and asserts what must have come of it. Memory that the product reads and
 * writes plainly is a relaxed atomic in a model, so that a missing order shows as a stale value.
 * WRONG is 0 for the protocol as the product has it; any other value is a wrong twin, which an
 * assertion must catch. The same text is run three ways:
 *
 *     explored    every interleaving, and every value that C11 lets a load give     explorer.hpp
 *     stress      real threads, many times over                                     models_test.cpp
 *     checked     genmc -- -DWRONG=0 -I. epoch_pin.c       any stateless model checker for C
 *
 * main() sets every word anew, so that it may be called again.
 */
#ifndef RINGFENCE_MODEL_H
#define RINGFENCE_MODEL_H

#ifndef RINGFENCE_MODEL_EXPLORED
#undef NDEBUG
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#ifndef WRONG
#define WRONG 0
#endif
#endif

#define RELAXED memory_order_relaxed
#define ACQUIRE memory_order_acquire
#define RELEASE memory_order_release
#define ACQ_REL memory_order_acq_rel
#define SEQ_CST memory_order_seq_cst

#define LOAD(word, order) atomic_load_explicit(&(word), order)
#define STORE(word, value, order) atomic_store_explicit(&(word), value, order)

#endif
