// striped_counter.hpp - many counters that many threads add to without meeting.
//
// Each thread (a session) owns a stripe, a row of all the counters in cache lines of its own, and
// adds with a plain load and store; reading sums the stripes. A stripe that closes leaves its sums
// behind.
//
//     closed    | calls | sms | rejects | ... |      sums of stripes that are gone
//     stripe A  | calls | sms | rejects | ... |      one writer each
//     stripe B  | calls | sms | rejects | ... |
//
// Readers: a sum is exact for all that happened before, and may or may not hold what is added
// meanwhile; asked twice, no sum goes back. Sums of two counters are not of one moment.
// Writers: the owner of the stripe alone, so no update is lost and none needs a locked instruction.
// `open`, `sum`, `sums` and closing take a mutex; adding takes none.
// Destruction: stripes keep the counters alive; the board may go first.
//
// Cost: about 1 ns an addition; 8 bytes a counter and stripe.
#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "ringfence/base/cache_line.hpp"

namespace ringfence {

class StripedCounters {
    struct Shared;
    struct alignas(kCacheLine) Line {
        std::atomic<std::uint64_t> counters[kCacheLine / sizeof(std::uint64_t)] = {};
    };
    static constexpr std::size_t kPerLine = kCacheLine / sizeof(std::uint64_t);

public:
    // One owner's row. Empty when default-constructed or moved from: adding to it is a broken
    // contract.
    // Threads: one thread per object.
    class Stripe {
    public:
        Stripe() = default;
        Stripe(Stripe&& other) noexcept
            : shared_(std::move(other.shared_)), lines_(std::move(other.lines_)) {}
        Stripe& operator=(Stripe&& other) noexcept {
            std::swap(shared_, other.shared_);
            std::swap(lines_, other.lines_);
            return *this;
        }
        ~Stripe() {
            if (lines_) shared_->close(lines_.get());
        }

        void add(std::size_t counter, std::uint64_t amount = 1) {
            assert(lines_ && counter < shared_->size);
            auto& word = lines_[counter / kPerLine].counters[counter % kPerLine];
            // relaxed, both: the only writer is this thread, and a sum orders nothing but itself.
            word.store(word.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
        }

    private:
        friend class StripedCounters;
        Stripe(std::shared_ptr<Shared> shared, std::unique_ptr<Line[]> lines)
            : shared_(std::move(shared)), lines_(std::move(lines)) {}

        std::shared_ptr<Shared> shared_;
        std::unique_ptr<Line[]> lines_;
    };

    explicit StripedCounters(std::size_t counters) : shared_(std::make_shared<Shared>(counters)) {}

    std::size_t size() const { return shared_->size; }

    // A new stripe. Allocates. Threads: any thread.
    Stripe open() {
        auto lines = std::make_unique<Line[]>(shared_->lines());
        const std::lock_guard lock(shared_->mutex);
        shared_->open.push_back(lines.get());
        return Stripe(shared_, std::move(lines));
    }

    // What has been added to `counter` by every stripe, closed ones too. Threads: any thread.
    std::uint64_t sum(std::size_t counter) const {
        assert(counter < shared_->size);
        const std::lock_guard lock(shared_->mutex);
        std::uint64_t total = shared_->closed[counter];
        for (const Line* lines : shared_->open) total += shared_->read(lines, counter);
        return total;
    }

    // The same of each counter, under one lock. Threads: any thread.
    std::vector<std::uint64_t> sums() const {
        const std::lock_guard lock(shared_->mutex);
        std::vector<std::uint64_t> totals = shared_->closed;
        for (const Line* lines : shared_->open) {
            for (std::size_t i = 0; i < totals.size(); ++i) totals[i] += shared_->read(lines, i);
        }
        return totals;
    }

private:
    struct Shared {
        explicit Shared(std::size_t counters) : size(counters), closed(counters) {}

        std::size_t lines() const { return (size + kPerLine - 1) / kPerLine; }
        static std::uint64_t read(const Line* lines, std::size_t counter) {
            // relaxed: pairs with nothing; a value is all that is asked for.
            return lines[counter / kPerLine].counters[counter % kPerLine].load(
                std::memory_order_relaxed);
        }
        void close(const Line* lines) {
            const std::lock_guard lock(mutex);
            for (std::size_t i = 0; i < size; ++i) closed[i] += read(lines, i);
            std::erase(open, lines);
        }

        const std::size_t size;
        std::mutex mutex;
        std::vector<std::uint64_t> closed;
        std::vector<const Line*> open;
    };

    std::shared_ptr<Shared> shared_;
};

}  // namespace ringfence
