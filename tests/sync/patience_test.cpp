#include "ringfence/sync/patience.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>

#include "ringfence/sync/snapshot.hpp"

namespace ringfence {
namespace {

using std::chrono::milliseconds;

TEST(Patience, none_is_spent_at_once) {
    for (const milliseconds none : {milliseconds(0), milliseconds(-1), milliseconds::min()})
        EXPECT_FALSE(Patience(none).again());
}

TEST(Patience, takes_about_as_long_as_it_says) {
    const auto start = std::chrono::steady_clock::now();
    Patience patience(milliseconds(20));
    unsigned tries = 0;
    while (patience.again()) ++tries;
    EXPECT_EQ(tries, 140u);  // 40 naps of half a millisecond, and 100 at once
    EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds(20));
}

TEST(Patience, an_endless_one_is_not_spent) {
    Patience patience(milliseconds::max());
    for (unsigned i = 0; i < 110; ++i) EXPECT_TRUE(patience.again());
}

TEST(Patience, a_snapshot_waits_for_readers_however_long_it_may) {
    EpochDomain domain;
    auto reader = domain.register_reader();
    Snapshot<const int> snapshot(domain, std::make_unique<int>(1));
    std::optional<Pin> pin(std::in_place, *reader);
    ASSERT_TRUE(snapshot.publish(std::make_unique<int>(2)));
    ASSERT_TRUE(snapshot.publish(std::make_unique<int>(3)));
    std::thread publishing(
        [&] { EXPECT_TRUE(snapshot.publish(std::make_unique<int>(4), milliseconds::max())); });
    std::this_thread::sleep_for(milliseconds(20));
    pin.reset();
    publishing.join();
    EXPECT_EQ(*snapshot.writer_view(), 4);
}

}  // namespace
}  // namespace ringfence
