// slow_batches.hpp - the slowest of many batches, by the clock: what a stall is.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <vector>

#include <pthread.h>

namespace ringfence::bench {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kBatch = 256;

inline void pin(unsigned core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
}

// The 99.9th percentile of how long `batch(i)` takes, in ns, i counting from 0: over `least` batches and on until
// `done`, when there is one. The first tenth of `least` only warms up.
template <class Batch>
double slowest_batches(std::size_t least, const std::atomic<bool>* done, Batch batch) {
    std::vector<double> samples;
    samples.reserve(least);
    const std::size_t warm_up = least / 10;
    for (std::size_t i = 0; i < warm_up + least || (done != nullptr && !done->load()); ++i) {
        const auto begun = Clock::now();
        batch(i);
        const std::chrono::duration<double, std::nano> took = Clock::now() - begun;
        if (i >= warm_up) samples.push_back(took.count());
    }
    std::ranges::sort(samples);
    return samples[samples.size() * 999 / 1000];
}

}  // namespace ringfence::bench
