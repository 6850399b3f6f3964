#include "ringfence/activity/repeat_filter.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace ringfence {
namespace {

constexpr Time kStart = time_from_ms(1'767'225'600'000);
constexpr auto seconds(std::int64_t n) { return std::chrono::seconds(n); }

RepeatFilter filter(std::size_t ids = 1024, std::uint32_t keep_s = 600) {
    auto made = RepeatFilter::create({.ids = ids, .keep_s = keep_s});
    EXPECT_TRUE(made);
    return *std::move(made);
}

TEST(RepeatFilter, tells_the_first_sight_from_the_rest) {
    auto seen = filter();
    EXPECT_FALSE(seen.seen("a@host", kStart));
    EXPECT_TRUE(seen.first("a@host", kStart));
    EXPECT_TRUE(seen.seen("a@host", kStart));
    EXPECT_FALSE(seen.first("a@host", kStart + seconds(1)));
    EXPECT_TRUE(seen.first("b@host", kStart));
}

TEST(RepeatFilter, keeps_the_phases_of_a_call_apart) {
    RepeatFilter repeats = filter();
    const Time now = time_from_ms(1'772'366'400'000);
    EXPECT_TRUE(repeats.first("a", now));
    EXPECT_TRUE(repeats.first("a", now, Phase::kAnswer));
    EXPECT_FALSE(repeats.seen("a", now, Phase::kEnd));
    EXPECT_TRUE(repeats.first("a", now, Phase::kEnd));
    EXPECT_FALSE(repeats.first("a", now, Phase::kAnswer));
}

TEST(RepeatFilter, remembers_for_its_time_either_way) {
    auto seen = filter();
    EXPECT_TRUE(seen.first("a", kStart));
    EXPECT_FALSE(seen.first("a", kStart + seconds(600)));
    EXPECT_FALSE(seen.first("a", kStart - seconds(600)));
    EXPECT_TRUE(seen.first("a", kStart + seconds(601)));
}

TEST(RepeatFilter, does_not_judge_an_empty_id) {
    auto seen = filter();
    EXPECT_TRUE(seen.first("", kStart));
    EXPECT_TRUE(seen.first("", kStart));
}

TEST(RepeatFilter, reads_long_ids_to_a_bound) {
    auto seen = filter();
    const std::string long_id(10'000'000, 'x');
    EXPECT_TRUE(seen.first(long_id, kStart));
    EXPECT_FALSE(seen.first(long_id, kStart));
    EXPECT_TRUE(seen.first(long_id.substr(1), kStart));
    EXPECT_TRUE(seen.first(std::string("a\0b", 3), kStart));
    EXPECT_TRUE(seen.first(std::string("a\0c", 3), kStart));
}

TEST(RepeatFilter, lets_the_oldest_go_when_full_and_says_so) {
    auto seen = filter(8);
    for (int i = 0; i < 9; ++i) EXPECT_TRUE(seen.first(std::to_string(i), kStart + seconds(i)));
    EXPECT_EQ(seen.evicted(), 1u);
    EXPECT_FALSE(seen.seen("0", kStart));
    for (int i = 1; i < 9; ++i) EXPECT_TRUE(seen.seen(std::to_string(i), kStart));
    EXPECT_LE(seen.memory_bytes(), 4096u);
}

TEST(RepeatFilter, agrees_with_a_map_while_there_is_room) {
    constexpr unsigned kSeed = 3;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    auto seen = filter(1 << 16, 60);
    std::map<std::string, std::int64_t> noted;
    std::int64_t now = 0;
    for (int i = 0; i < 50'000; ++i) {
        now += random() % 2;
        const std::string id = "call-" + std::to_string(random() % 4000);
        const auto found = noted.find(id);
        const bool first = found == noted.end() || now - found->second > 60;
        ASSERT_EQ(seen.first(id, kStart + seconds(now)), first) << i;
        if (first) noted[id] = now;
    }
    EXPECT_EQ(seen.evicted(), 0u);
}

TEST(RepeatFilter, tells_exactly_one_of_several_threads) {
    constexpr unsigned kThreads = 4;
    constexpr unsigned kIds = 20'000;
    auto seen = filter(1 << 17);
    std::atomic<unsigned> firsts{0};
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            unsigned mine = 0;
            for (unsigned i = 0; i < kIds; ++i) {
                // Each comes from its own side, so that all meet everywhere in between.
                const unsigned id = t % 2 == 0 ? i : kIds - 1 - i;
                mine += seen.first("id-" + std::to_string(id / 2), kStart + seconds(t));
            }
            firsts += mine;
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(firsts, kIds / 2);
    EXPECT_EQ(seen.evicted(), 0u);
}

TEST(RepeatFilter, refuses_what_it_cannot_keep) {
    EXPECT_FALSE(RepeatFilter::create({.ids = 0}));
    EXPECT_FALSE(RepeatFilter::create({.keep_s = 0}));
    EXPECT_EQ(RepeatFilter::create({.keep_s = 1'000'001}).error().code, ErrorCode::kOutOfRange);
    EXPECT_EQ(RepeatFilter::create({.ids = ~std::size_t{0}}).error().code, ErrorCode::kOutOfMemory);
}

}  // namespace
}  // namespace ringfence
