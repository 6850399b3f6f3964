#include "ringfence/sync/snapshot.hpp"
#include "base/deep.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace ringfence {
namespace {

// Counts the living, and is unreadable once dead.
struct Watched {
    static inline std::atomic<int> living{0};
    explicit Watched(std::uint64_t value) : first(value), second(~value) { ++living; }
    ~Watched() {
        first = second = 0xDEAD;
        --living;
    }
    bool whole() const { return first == ~second; }
    std::uint64_t first;
    std::uint64_t second;
};

TEST(Snapshot, shows_what_was_published_last) {
    EpochDomain domain;
    auto reader = domain.register_reader();
    Snapshot<const Watched> snapshot(domain, nullptr);
    const Pin pin(*reader);
    EXPECT_EQ(snapshot.load(pin), nullptr);
    ASSERT_TRUE(snapshot.publish(std::make_unique<Watched>(1)));
    EXPECT_EQ(snapshot.load(pin)->first, 1u);
    ASSERT_TRUE(snapshot.publish(std::make_unique<Watched>(2)));
    EXPECT_EQ(snapshot.load(pin)->first, 2u);
    EXPECT_EQ(snapshot.writer_view()->first, 2u);
}

TEST(Snapshot, keeps_what_a_pin_holds_and_frees_it_after) {
    EpochDomain domain;
    auto reader = domain.register_reader();
    Snapshot<Watched> snapshot(domain, std::make_unique<Watched>(1));
    auto pin = std::make_unique<Pin>(*reader);
    const Watched* held = snapshot.load(*pin);
    ASSERT_TRUE(snapshot.publish(std::make_unique<Watched>(2)));
    EXPECT_EQ(Watched::living, 2);
    EXPECT_TRUE(held->whole());
    EXPECT_EQ(snapshot.reclaim(), 1u);
    pin.reset();
    EXPECT_EQ(snapshot.reclaim(), 0u);
    EXPECT_EQ(Watched::living, 1);
}

TEST(Snapshot, frees_at_once_what_nobody_holds) {
    EpochDomain domain;
    Snapshot<Watched> snapshot(domain, std::make_unique<Watched>(1));
    ASSERT_TRUE(snapshot.publish(std::make_unique<Watched>(2)));
    EXPECT_EQ(Watched::living, 1);
}

TEST(Snapshot, frees_the_younger_of_two_when_only_the_older_is_pinned_no_sooner) {
    EpochDomain domain;
    auto reader = domain.register_reader();
    Snapshot<Watched> snapshot(domain, std::make_unique<Watched>(1));
    std::optional<Pin> pin(std::in_place, *reader);
    ASSERT_TRUE(snapshot.publish(std::make_unique<Watched>(2)));
    ASSERT_TRUE(snapshot.publish(std::make_unique<Watched>(3)));
    EXPECT_EQ(snapshot.reclaim(), 2u) << "a pin of an old epoch may have loaded either";
    pin.reset();
    auto late = domain.register_reader();
    const Pin young(*late);
    EXPECT_EQ(snapshot.reclaim(), 0u) << "a younger pin can hold neither";
}

TEST(Snapshot, says_busy_at_the_third_retired_one_and_hands_it_back) {
    EpochDomain domain;
    auto reader = domain.register_reader();
    Snapshot<Watched> snapshot(domain, std::make_unique<Watched>(1));
    std::optional<Pin> pin(std::in_place, *reader);
    ASSERT_TRUE(snapshot.publish(std::make_unique<Watched>(2)));
    ASSERT_TRUE(snapshot.publish(std::make_unique<Watched>(3)));
    auto next = std::make_unique<Watched>(4);
    for (const int patience : {0, 3}) {
        const Status refused =
            snapshot.publish(std::move(next), std::chrono::milliseconds(patience));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::kBusy);
        ASSERT_NE(next, nullptr);
        EXPECT_EQ(snapshot.writer_view()->first, 3u);
    }
    pin.reset();
    EXPECT_TRUE(snapshot.publish(std::move(next)));
    EXPECT_EQ(Watched::living, 1);
}

TEST(Snapshot, frees_everything_in_the_end) {
    {
        EpochDomain domain;
        auto reader = domain.register_reader();
        Snapshot<Watched> snapshot(domain, std::make_unique<Watched>(1));
        {
            const Pin pin(*reader);
            ASSERT_TRUE(snapshot.publish(std::make_unique<Watched>(2)));
        }
        EXPECT_EQ(Watched::living, 2);
    }
    EXPECT_EQ(Watched::living, 0);
}

// Readers load, read and let go as fast as they can while one writer publishes: every value read is
// whole (the sanitizers see a freed one), none is older than one read before, and what is held
// stays bounded.
TEST(Snapshot, readers_see_whole_values_that_never_go_back) {
    const unsigned publishes = test::deep() ? 200'000 : 5'000;
    constexpr unsigned kReaders = 3;
    EpochDomain domain;
    Snapshot<Watched> snapshot(domain, std::make_unique<Watched>(1));
    std::atomic<bool> stop{false};
    std::atomic<unsigned> torn{0};
    std::atomic<unsigned> went_back{0};
    std::atomic<std::uint64_t> loads{0};

    std::vector<std::thread> threads;
    for (unsigned i = 0; i < kReaders; ++i) {
        threads.emplace_back([&] {
            std::uint64_t newest = 0;
            std::uint64_t mine = 0;
            do {
                auto reader = domain.register_reader();  // slots come and go as well
                for (int round = 0; round < 64; ++round) {
                    const Pin pin(*reader);
                    const Watched* outer = snapshot.load(pin);
                    const std::uint64_t first = outer->first;
                    {
                        const Pin inner(*reader);
                        if (snapshot.load(inner)->first < first) ++went_back;
                    }
                    if (!outer->whole() || outer->first != first) ++torn;
                    if (first < newest) ++went_back;
                    newest = first;
                    ++mine;
                }
            } while (!stop.load());
            loads += mine;
        });
    }
    unsigned busy = 0;
    for (unsigned i = 0; i < publishes; ++i) {
        auto next = std::make_unique<Watched>(i + 2);
        while (!snapshot.publish(std::move(next), std::chrono::milliseconds(1))) ++busy;
        EXPECT_LE(Watched::living, 3);
    }
    stop = true;
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(torn, 0u);
    EXPECT_EQ(went_back, 0u);
    EXPECT_GT(loads, 0u);
    EXPECT_EQ(snapshot.reclaim(), 0u);
    EXPECT_EQ(Watched::living, 1);
    RecordProperty("busy", static_cast<int>(busy));
}

}  // namespace
}  // namespace ringfence
