#include "ringfence/activity/emergency_window.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <thread>
#include <vector>

namespace ringfence {
namespace {

constexpr Time kStart = time_from_ms(1'767'225'600'000);
constexpr auto minutes(std::int64_t n) { return std::chrono::minutes(n); }

ActivityKey key(std::uint64_t n) { return Number::from_rank(8'617'000'000'000 + n); }

EmergencyWindow window(std::size_t cells = EmergencyWindow::kDefaultCells) {
    auto made = EmergencyWindow::create(cells);
    EXPECT_TRUE(made);
    return *std::move(made);
}

TEST(EmergencyWindow, remembers_a_caller_for_ninety_minutes) {
    auto emergency = window();
    EXPECT_FALSE(emergency.noted(key(1), kStart));
    emergency.note(key(1), kStart);
    EXPECT_TRUE(emergency.noted(key(1), kStart));
    EXPECT_TRUE(emergency.noted(key(1), kStart + EmergencyWindow::kWindow));
    EXPECT_FALSE(emergency.noted(key(1), kStart + EmergencyWindow::kWindow + Milliseconds(1000)));
    EXPECT_FALSE(emergency.noted(key(2), kStart));
    EXPECT_EQ(emergency.notes(), 1u);
}

TEST(EmergencyWindow, lives_on_in_an_image) {
    auto emergency = *EmergencyWindow::create(1024, 7);
    for (unsigned i = 0; i < 20; ++i) emergency.note(key(i), kStart + minutes(6 * std::int64_t{i}));
    const Time now = kStart + minutes(115);
    const std::string image = emergency.image(now);
    auto restored = EmergencyWindow::from_image(image);
    ASSERT_TRUE(restored) << restored.error().text;
    for (std::uint64_t i = 0; i < 20; ++i)
        EXPECT_EQ(restored->noted(key(i), now), emergency.noted(key(i), now)) << i;
    EXPECT_FALSE(restored->noted(key(0), now));
    EXPECT_TRUE(restored->noted(key(19), now));
    EXPECT_EQ(restored->image(now), image);
}

TEST(EmergencyWindow, refuses_an_image_that_is_not_whole) {
    auto emergency = window(1024);
    emergency.note(key(1), kStart);
    const std::string image = emergency.image(kStart);
    for (std::size_t size = 0; size < image.size(); ++size)
        EXPECT_FALSE(EmergencyWindow::from_image(image.substr(0, size))) << size;
    for (std::size_t bit = 0; bit < 8 * image.size(); ++bit) {
        std::string flipped = image;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
        const auto read = EmergencyWindow::from_image(flipped);
        ASSERT_FALSE(read) << bit;
        EXPECT_EQ(read.error().code, ErrorCode::kSyntax);
    }
    EXPECT_FALSE(EmergencyWindow::from_image(image + image));
}

TEST(EmergencyWindow, never_falls_short_by_rounding) {
    for (int ms = 0; ms < 1000; ms += 37) {
        auto emergency = window(1024);
        const Time noted = kStart + Milliseconds(ms);
        emergency.note(key(1), noted);
        EXPECT_TRUE(emergency.noted(key(1), noted + EmergencyWindow::kWindow)) << ms;
    }
}

TEST(EmergencyWindow, begins_anew_with_each_call) {
    auto emergency = window();
    emergency.note(key(1), kStart);
    emergency.note(key(1), kStart + minutes(80));
    EXPECT_TRUE(emergency.noted(key(1), kStart + minutes(170)));
    EXPECT_FALSE(emergency.noted(key(1), kStart + minutes(171)));
}

TEST(EmergencyWindow, bears_time_going_back) {
    auto emergency = window();
    emergency.note(key(1), kStart);
    EXPECT_TRUE(emergency.noted(key(1), kStart - minutes(300)));
    emergency.note(key(1), kStart - minutes(60));  // late: the newer one stands
    EXPECT_TRUE(emergency.noted(key(1), kStart + minutes(90)));
}

TEST(EmergencyWindow, settles_what_a_wrong_clock_noted_far_ahead) {
    auto emergency = window();
    emergency.note(key(1), kStart + minutes(60 * 24 * 365));
    emergency.note(key(2), kStart);
    EXPECT_TRUE(emergency.noted(key(1), kStart + minutes(1000)));
    emergency.settle(kStart);
    EXPECT_TRUE(emergency.noted(key(1), kStart + minutes(90)));
    EXPECT_FALSE(emergency.noted(key(1), kStart + minutes(91)));
    EXPECT_TRUE(emergency.noted(key(2), kStart + minutes(90)));
}

TEST(EmergencyWindow, knows_nobody) {
    auto emergency = window();
    emergency.note({}, kStart);
    EXPECT_FALSE(emergency.noted({}, kStart));
    EXPECT_EQ(emergency.notes(), 0u);
}

// However full it is, no caller is forgotten; strangers look noted as rarely as the header says.
TEST(EmergencyWindow, forgets_nobody_and_takes_strangers_in_as_rarely_as_stated) {
    for (const unsigned callers : {1000u, 60'000u, 500'000u}) {
        auto emergency = window();
        for (unsigned i = 0; i < callers; ++i) emergency.note(key(i), kStart);
        for (unsigned i = 0; i < callers; ++i)
            ASSERT_TRUE(emergency.noted(key(i), kStart + minutes(90)));
        unsigned strangers = 0;
        constexpr unsigned kAsked = 100'000;
        for (unsigned i = 0; i < kAsked; ++i)
            strangers += emergency.noted(key(10'000'000 + i), kStart);
        const double filled =
            1 - std::exp(-4.0 * callers / static_cast<double>(EmergencyWindow::kDefaultCells));
        EXPECT_NEAR(strangers / static_cast<double>(kAsked), std::pow(filled, 4), 0.01);
        EXPECT_NEAR(emergency.stranger_chance_ppm(kStart) / 1e6, std::pow(filled, 4), 0.01);
        EXPECT_EQ(emergency.stranger_chance_ppm(kStart + minutes(91)), 0u);
    }
}

TEST(EmergencyWindow, agrees_with_a_map) {
    constexpr unsigned kSeed = 9;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    auto emergency = window();
    std::map<ActivityKey, Time> noted;
    Time now = kStart;
    for (int i = 0; i < 100'000; ++i) {
        now += Milliseconds(random() % 10'000);
        const ActivityKey who = key(random() % 2000);
        if (random() % 8 == 0) {
            emergency.note(who, now);
            noted[who] = now;
        } else {
            const auto found = noted.find(who);
            const auto since = found == noted.end() ? minutes(1000) : now - found->second;
            if (since <= minutes(90)) {
                ASSERT_TRUE(emergency.noted(who, now));
            } else if (since > minutes(91)) {
                ASSERT_FALSE(emergency.noted(who, now));
            }
        }
    }
}

// Memory that processes would share.
struct Shared {
    EmergencyWindow::Words words;
    std::vector<EmergencyWindow::Cell> cells = std::vector<EmergencyWindow::Cell>(1024);

    EmergencyWindow::Memory memory() { return {&words, cells, nullptr}; }
    EmergencyWindow window(std::uint64_t seed) {
        auto made = EmergencyWindow::share(memory(), seed);
        EXPECT_TRUE(made) << made.error().text;
        return *std::move(made);
    }
};

TEST(EmergencyWindow, is_one_for_all_that_share_its_memory) {
    Shared shared;
    auto one = shared.window(7);
    auto two = shared.window(8);  // the first seed holds
    EXPECT_EQ(two.seed(), 7u);
    one.note(key(1), kStart);
    EXPECT_TRUE(two.noted(key(1), kStart + minutes(90)));
    EXPECT_FALSE(two.noted(key(1), kStart + minutes(92)));
    two.note(key(2), kStart);
    EXPECT_TRUE(one.noted(key(2), kStart));
    EXPECT_EQ(one.notes(), 2u);
    EXPECT_EQ(two.image(kStart), one.image(kStart));
    auto own = *EmergencyWindow::create(1024, 7);
    for (int i = 0; i < 2; ++i) own.note(key(1), kStart), own.note(key(2), kStart);
    EXPECT_EQ(own.image(kStart), one.image(kStart));
}

TEST(EmergencyWindow, takes_over_the_later_of_both) {
    Shared shared;
    auto window = shared.window(7);
    window.note(key(1), kStart + minutes(60));
    window.note(key(2), kStart);
    auto saved = *EmergencyWindow::create(1024, 7);
    saved.note(key(1), kStart);
    saved.note(key(2), kStart + minutes(60));
    saved.note(key(3), kStart);
    EXPECT_TRUE(window.take_over(saved));
    EXPECT_TRUE(window.noted(key(1), kStart + minutes(150)));
    EXPECT_TRUE(window.noted(key(2), kStart + minutes(150)));
    EXPECT_TRUE(window.noted(key(3), kStart + minutes(90)));
    EXPECT_EQ(window.notes(), 2u);
    EXPECT_FALSE(window.take_over(*EmergencyWindow::create(1024, 8)));
    EXPECT_FALSE(window.take_over(*EmergencyWindow::create(2048, 7)));
}

// Whoever gave the seed may have been killed before its sum; any other damage is an error.
TEST(EmergencyWindow, refuses_a_damaged_seed) {
    Shared shared;
    auto first = shared.window(7);
    shared.words.seed_sum = 0;
    EXPECT_EQ(shared.window(8).seed(), 7u);
    shared.words.seed = 6;
    const auto refused = EmergencyWindow::share(shared.memory(), 8);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kSyntax);
    first.note(key(1), kStart);
    EXPECT_TRUE(first.noted(key(1), kStart));
}

// As processes would; the thread sanitizer sees it.
TEST(EmergencyWindow, is_opened_and_noted_in_by_all_at_once) {
    Shared shared;
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            auto window = shared.window(100 + t);
            std::uint64_t counted = 0;
            for (unsigned i = 0; i < 2000; ++i) {
                window.note(key(t * 10'000 + i), kStart);
                EXPECT_TRUE(window.noted(key(t * 10'000 + i), kStart + minutes(90)));
                EXPECT_GT(window.notes(), counted);
                counted = window.notes();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    auto window = shared.window(1);
    for (unsigned t = 0; t < 4; ++t)
        for (unsigned i = 0; i < 2000; ++i)
            ASSERT_TRUE(window.noted(key(t * 10'000 + i), kStart + minutes(90)));
    EXPECT_EQ(window.notes(), 8'000u);
}

TEST(EmergencyWindow, is_shared_by_threads) {
    auto emergency = window(1024);  // crowded on purpose
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (unsigned i = 0; i < 5000; ++i) {
                const Time now = kStart + Milliseconds(i * 100);
                emergency.note(key(t * 10'000 + i), now);
                EXPECT_TRUE(emergency.noted(key(t * 10'000 + i), now));
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (unsigned t = 0; t < 4; ++t)
        for (unsigned i = 0; i < 5000; ++i)
            ASSERT_TRUE(emergency.noted(key(t * 10'000 + i), kStart + minutes(90)));
    EXPECT_EQ(emergency.notes(), 20'000u);
}

}  // namespace
}  // namespace ringfence
