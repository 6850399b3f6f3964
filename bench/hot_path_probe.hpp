// hot_path_probe.hpp - counts what the hot path must not do: allocate, and lock.
//
// The program that links hot_path_probe.cpp replaces malloc and its family and the pthread locks, for the
// libraries it loads as well (it is linked with -rdynamic). Counts are per thread and only move while
// `arm` is in force, so that a reload in another thread does not show.
#pragma once

#include <cstdint>

namespace ringfence::bench {

struct HotPathCounts {
    std::uint64_t allocations =
        0;  // malloc, calloc, realloc, aligned forms, free, operator new, mmap
    std::uint64_t locks =
        0;  // mutexes, rwlocks, spin locks, condition variables, semaphores, futex
};

// Starts counting in this thread from zero.
void arm();
// Stops counting and gives the counts.
HotPathCounts disarm();

// Allocates and locks once under arm: a probe that counts nothing proves nothing.
bool probe_works();

}  // namespace ringfence::bench
