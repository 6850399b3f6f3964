#include "ringfence/sync/striped_counter.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace ringfence {
namespace {

TEST(StripedCounters, sums_every_stripe) {
    StripedCounters counters(20);
    auto a = counters.open();
    auto b = counters.open();
    a.add(0);
    b.add(0, 5);
    b.add(19, 7);
    EXPECT_EQ(counters.sum(0), 6u);
    EXPECT_EQ(counters.sum(1), 0u);
    EXPECT_EQ(counters.sum(19), 7u);
    const std::vector<std::uint64_t> sums = counters.sums();
    ASSERT_EQ(sums.size(), 20u);
    for (std::size_t i = 0; i < sums.size(); ++i) EXPECT_EQ(sums[i], counters.sum(i)) << i;
}

TEST(StripedCounters, keeps_what_a_closed_stripe_counted) {
    StripedCounters counters(3);
    {
        auto stripe = counters.open();
        stripe.add(2, 9);
    }
    EXPECT_EQ(counters.sum(2), 9u);
    auto moved_from = counters.open();
    moved_from.add(2);
    const auto moved_to = std::move(moved_from);
    EXPECT_EQ(counters.sum(2), 10u);
}

TEST(StripedCounters, stripes_may_outlive_the_board) {
    auto counters = std::make_unique<StripedCounters>(3);
    auto stripe = counters->open();
    counters.reset();
    stripe.add(1);
}

TEST(StripedCounters, loses_nothing_and_never_goes_back_while_threads_come_and_go) {
    constexpr std::uint64_t kThreads = 3;
    constexpr std::uint64_t kRounds = 50;
    constexpr std::uint64_t kAdds = 400;
    StripedCounters counters(9);
    std::atomic<bool> stop{false};
    std::thread watcher([&] {
        std::uint64_t last = 0;
        while (!stop.load()) {
            const std::uint64_t now = counters.sum(8);
            EXPECT_GE(now, last);
            last = now;
        }
    });
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < kThreads; ++t) {
        threads.emplace_back([&] {
            for (std::uint64_t round = 0; round < kRounds; ++round) {
                auto stripe = counters.open();
                for (std::uint64_t i = 0; i < kAdds; ++i) stripe.add(8);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    stop = true;
    watcher.join();
    EXPECT_EQ(counters.sum(8), kThreads * kRounds * kAdds);
}

}  // namespace
}  // namespace ringfence
