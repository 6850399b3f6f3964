#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

#include "base/deep.hpp"
#include "ringfence/activity/activity.hpp"

namespace ringfence {
namespace {

constexpr Time kStart = time_from_ms(1'767'225'600'000);
constexpr std::uint32_t kOne = Features::kOne;

ActivityKey key(std::uint64_t n) { return Number::from_rank(8'617'000'000'000 + n); }
unsigned scale() { return test::deep() ? 20 : 1; }

template <class Body>
void run(unsigned count, const Body& body) {
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < count; ++t) threads.emplace_back([&body, t] { body(t); });
    for (std::thread& thread : threads) thread.join();
}

// Threads that meet on the same numbers all the time, claims included: no event is lost or doubled.
TEST(ActivityThreads, count_every_event_exactly_once) {
    constexpr unsigned kThreads = 4;
    constexpr unsigned kNumbers = 500;
    const unsigned rounds = 10 * scale();
    auto made = ActivityTable::create({.bytes = 1 << 20});
    ASSERT_TRUE(made);
    ActivityTable& activity = *made;
    run(kThreads, [&](unsigned) {
        for (unsigned round = 0; round < rounds; ++round)
            for (unsigned i = 0; i < kNumbers; ++i) {
                activity.record_call(key(i), key(i + 1000), kStart);
                activity.record_sms(key(i), key(i + 1000), kStart);
            }
    });
    ASSERT_EQ(activity.stats().evicted, 0u);
    ASSERT_EQ(activity.stats().contended, 0u);
    EXPECT_EQ(activity.held(), 2 * kNumbers);
    for (unsigned i = 0; i < kNumbers; ++i) {
        const Features caller = activity.peek(key(i), kStart);
        ASSERT_EQ(caller[Feature::kCalls24h], kThreads * rounds * kOne) << i;
        ASSERT_EQ(caller[Feature::kCalls1h], kThreads * rounds * kOne) << i;
        ASSERT_EQ(caller[Feature::kSms24h], kThreads * rounds * kOne) << i;
        ASSERT_EQ(caller[Feature::kCallees], kOne) << i;
        const Features callee = activity.peek(key(i + 1000), kStart);
        ASSERT_EQ(callee[Feature::kCallsIn24h], kThreads * rounds * kOne) << i;
        ASSERT_EQ(callee[Feature::kSmsIn24h], kThreads * rounds * kOne) << i;
    }
}

// Two buckets for hundreds of numbers, so that places change hands under the feet of every update: no number
// ever shows more than it did, none is held twice. A place has 1,024 generations (src/activity/bucket.hpp), and a
// thread may rest for as long as the others run: each table ends before any place has come round to its first.
TEST(ActivityThreads, never_show_one_number_what_another_did) {
    constexpr unsigned kThreads = 4, kEvents = 5'000, kSlots = 30;
    const unsigned rounds = 4 * scale();
    for (unsigned round = 0; round < rounds; ++round) {
        auto made = ActivityTable::create({.bytes = 2 * 4096});
        ASSERT_TRUE(made);
        ActivityTable& activity = *made;
        run(kThreads, [&](unsigned t) {
            // Each number belongs to one thread, calls one callee only, and has one device.
            std::mt19937 random(kThreads * round + t);
            std::vector<unsigned> did(100, 0);
            for (unsigned i = 0; i < kEvents; ++i) {
                const auto n = static_cast<unsigned>(random() % 100);
                ++did[n];
                const ActivityKey mine = key(t * 100 + n);
                const Features seen = activity.record_call(mine, {}, kStart, {.imei = 1 + t});
                EXPECT_LE(seen[Feature::kCalls24h], did[n] * kOne);
                EXPECT_LE(seen[Feature::kImeis], kOne);
                EXPECT_EQ(seen[Feature::kSms24h], 0u);
                EXPECT_EQ(seen[Feature::kCallsIn24h], 0u);
            }
        });
        EXPECT_GT(activity.stats().evicted, 1000u);
        EXPECT_LT(activity.stats().evicted, kSlots * 1'024u);
        EXPECT_LE(activity.held(), kSlots);
    }
}

// The busy stay exact while strangers flood in beside them.
TEST(ActivityThreads, keep_the_busy_exact_beside_a_flood) {
    const unsigned flood = 30'000 * scale();
    auto made = ActivityTable::create({.bytes = 16 * 4096});
    ASSERT_TRUE(made);
    ActivityTable& activity = *made;
    constexpr unsigned kBusy = 40;
    for (unsigned i = 0; i < kBusy; ++i)
        for (unsigned call = 0; call < 64; ++call) activity.record_call(key(i), {}, kStart);
    run(3, [&](unsigned t) {
        if (t == 0) {
            for (unsigned call = 0; call < 100; ++call)
                for (unsigned i = 0; i < kBusy; ++i) activity.record_call(key(i), {}, kStart);
        } else {
            for (unsigned i = 0; i < flood; ++i)
                activity.record_call(key(1'000'000 * t + i), key(9'000'000 + i), kStart);
        }
    });
    for (unsigned i = 0; i < kBusy; ++i)
        EXPECT_EQ(activity.peek(key(i), kStart)[Feature::kCalls24h], 164 * kOne) << i;
    EXPECT_GT(activity.stats().evicted, 10'000u);
}

}  // namespace
}  // namespace ringfence
