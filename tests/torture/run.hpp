// run.hpp - what both grounds of the torture share: when to stop, and what the readers found.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "torture/torture.hpp"

namespace ringfence::torture {

class Run {
public:
    explicit Run(const Options& options) : options_(options), begun_(Clock::now()) {}

    // Whether to go on. Threads: any thread.
    bool goes_on() const {
        // relaxed, all: stopping a little later is as good.
        if (stop_.load(std::memory_order_relaxed)) return false;
        // Where cores are scarce the readers may be done before the writer has run at all: they wait for it.
        if (options_.reads != 0 && written_.load(std::memory_order_relaxed) &&
            reads_.load(std::memory_order_relaxed) >= options_.reads)
            return false;
        const std::chrono::duration<double> passed = Clock::now() - begun_;
        return options_.seconds == 0 || passed.count() < options_.seconds;
    }

    // Notes that the writer changed something. Threads: the writer.
    void wrote() { written_.store(true, std::memory_order_relaxed); }

    void count(std::uint64_t reads) { reads_.fetch_add(reads, std::memory_order_relaxed); }

    // Notes a wrong read, or what makes going on senseless. Threads: any thread.
    void wrong(const std::string& what) {
        wrong_.fetch_add(1, std::memory_order_relaxed);
        fail(what);
    }
    void fail(const std::string& what) {
        const std::lock_guard lock(mutex_);
        if (failed_.empty()) failed_ = what;
        stop_ = true;
    }

    // Runs readers beside `write`, which returns when goes_on() says so; fills in what they counted.
    template <class Read, class Write>
    void together(Read read, Write write, Tally& tally) {
        std::vector<std::thread> readers;
        for (unsigned i = 0; i < options_.readers; ++i)
            readers.emplace_back([&read, i] { read(i); });
        write();
        for (std::thread& reader : readers) reader.join();
        tally.reads = reads_;
        tally.wrong = wrong_;
        tally.failed = failed_;
    }

private:
    using Clock = std::chrono::steady_clock;

    const Options& options_;
    Clock::time_point begun_;
    std::atomic<bool> stop_{false};
    std::atomic<bool> written_{false};
    std::atomic<std::uint64_t> reads_{0};
    std::atomic<std::uint64_t> wrong_{0};
    std::mutex mutex_;
    std::string failed_;
};

}  // namespace ringfence::torture
