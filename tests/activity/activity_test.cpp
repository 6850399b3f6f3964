#include "ringfence/activity/activity.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringfence {
namespace {

constexpr Time kStart = time_from_ms(1'767'225'600'000);  // 2026-01-01 00:00 UTC
constexpr auto hours(int n) { return std::chrono::hours(n); }
constexpr auto minutes(int n) { return std::chrono::minutes(n); }
constexpr std::uint32_t units(unsigned n) { return n * Features::kOne; }

ActivityKey number(unsigned n) {
    std::string digits = "8617000000000";
    for (std::size_t i = digits.size(); n != 0; n /= 10)
        digits[--i] = static_cast<char>('0' + n % 10);
    return Number::from_digits(digits);
}

ActivityTable table(std::size_t bytes = std::size_t{1} << 20) {
    auto made = ActivityTable::create({.bytes = bytes});
    EXPECT_TRUE(made);
    return *std::move(made);
}

TEST(Activity, counts_a_call_once_and_shows_it_at_once) {
    auto activity = table();
    const Features first = activity.record_call(number(1), number(2), kStart);
    EXPECT_EQ(first[Feature::kCalls1h], units(1));
    EXPECT_EQ(first[Feature::kCalls24h], units(1));
    EXPECT_EQ(first[Feature::kCallees], units(1));
    EXPECT_EQ(first[Feature::kCallsPerCallee], units(1));
    EXPECT_EQ(first[Feature::kOutShare], units(1));
    EXPECT_EQ(activity.record_call(number(1), number(2), kStart)[Feature::kCalls1h], units(2));
}

TEST(Activity, counts_the_called_party_too) {
    auto activity = table();
    activity.record_call(number(1), number(2), kStart);
    EXPECT_EQ(activity.peek(number(2), kStart)[Feature::kCallsIn24h], units(1));
    EXPECT_EQ(activity.peek(number(2), kStart)[Feature::kCalls24h], 0u);
    const Features back = activity.record_call(number(2), number(1), kStart);
    EXPECT_EQ(back[Feature::kOutShare], 500u);
}

TEST(Activity, peeks_without_counting) {
    auto activity = table();
    const Features recorded = activity.record_call(number(1), number(2), kStart);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(activity.peek(number(1), kStart), recorded);
    EXPECT_EQ(activity.peek(number(3), kStart), Features{});
    EXPECT_EQ(activity.held(), 2u);
}

TEST(Activity, knows_nobody) {
    auto activity = table();
    EXPECT_EQ(activity.record_call({}, number(2), kStart), Features{});
    EXPECT_EQ(activity.peek(number(2), kStart)[Feature::kCallsIn24h], units(1));
    const Features blind = activity.record_call(number(1), {}, kStart);
    EXPECT_EQ(blind[Feature::kCalls24h], units(1));
    EXPECT_EQ(blind[Feature::kCallees], 0u);
    EXPECT_EQ(blind[Feature::kCallsPerCallee], 0u);
    EXPECT_EQ(activity.peek({}, kStart), Features{});
}

TEST(Activity, tells_one_callee_called_often_from_many) {
    auto activity = table();
    Features one;
    Features many;
    for (unsigned i = 0; i < 60; ++i) {
        one = activity.record_call(number(1), number(2), kStart);
        many = activity.record_call(number(3), number(100 + i), kStart);
    }
    EXPECT_EQ(one[Feature::kCallees], units(1));
    EXPECT_EQ(one[Feature::kCallsPerCallee], units(60));
    EXPECT_NEAR(many[Feature::kCallees], units(60), units(12));
    EXPECT_LT(many[Feature::kCallsPerCallee], 1250u);
}

TEST(Activity, forgets_an_hour_and_a_day) {
    auto activity = table();
    for (unsigned i = 0; i < 10; ++i) activity.record_call(number(1), number(2 + i), kStart);
    const auto calls = [&](Time time, Feature feature) {
        return activity.peek(number(1), time)[feature];
    };
    EXPECT_EQ(calls(kStart + minutes(59), Feature::kCalls1h), units(10));
    EXPECT_EQ(calls(kStart + minutes(65), Feature::kCalls1h), units(5));  // in proportion
    EXPECT_EQ(calls(kStart + minutes(70), Feature::kCalls1h), 0u);
    EXPECT_EQ(calls(kStart + hours(23), Feature::kCalls24h), units(10));
    EXPECT_EQ(calls(kStart + hours(26), Feature::kCalls24h), units(5));
    EXPECT_EQ(calls(kStart + hours(28), Feature::kCalls24h), 0u);
    EXPECT_EQ(calls(kStart + hours(28), Feature::kCallees), 0u);
    EXPECT_EQ(calls(kStart + hours(24 * 365), Feature::kCalls24h), 0u);
}

TEST(Activity, counts_answers_and_short_calls) {
    auto activity = table();
    for (unsigned i = 0; i < 4; ++i) activity.record_call(number(1), number(2 + i), kStart);
    for (int i = 0; i < 2; ++i) activity.observe(number(1), kStart, Phase::kAnswer);
    activity.observe(number(1), kStart, Phase::kEnd, 9);
    activity.observe(number(1), kStart, Phase::kEnd, 10);
    activity.observe(number(1), kStart, Phase::kEnd, 0);  // never answered
    activity.observe(number(1), kStart, Phase::kSetup);
    const Features seen = activity.peek(number(1), kStart);
    EXPECT_EQ(seen[Feature::kCalls24h], units(4));
    EXPECT_EQ(seen[Feature::kAnswered24h], units(2));
    EXPECT_EQ(seen[Feature::kAnsweredShare], 500u);
    EXPECT_EQ(seen[Feature::kShort24h], units(1));
    EXPECT_EQ(seen[Feature::kShortShare], 500u);
    activity.observe(number(9), kStart, Phase::kAnswer);
    EXPECT_EQ(activity.peek(number(9), kStart), Features{});
}

TEST(Activity, counts_sms_apart_from_calls) {
    auto activity = table();
    const ActivityKey bank = ActivityKey::of_name("ICBC");
    activity.record_sms(bank, number(1), kStart);
    const Features sent = activity.record_sms(bank, number(1), kStart);
    EXPECT_EQ(sent[Feature::kSms1h], units(2));
    EXPECT_EQ(sent[Feature::kSms24h], units(2));
    EXPECT_EQ(sent[Feature::kCalls24h], 0u);
    EXPECT_EQ(activity.peek(number(1), kStart)[Feature::kSmsIn24h], units(2));
}

TEST(Activity, counts_devices) {
    auto activity = table();
    Features seen;
    for (std::uint64_t imei = 1; imei <= 4; ++imei)
        for (int i = 0; i < 3; ++i)
            seen = activity.record_call(number(1), number(2), kStart, {.imei = imei * 1'000'003});
    EXPECT_GE(seen[Feature::kImeis], units(3));
    EXPECT_LE(seen[Feature::kImeis], units(5));
    EXPECT_EQ(activity.peek(number(1), kStart + hours(24 * 14))[Feature::kImeis],
              seen[Feature::kImeis]);
    EXPECT_EQ(activity.peek(number(1), kStart + hours(24 * 31))[Feature::kImeis], 0u);
}

TEST(Activity, says_when_there_are_more_callees_than_it_can_tell_apart) {
    auto activity = table();
    Features seen;
    for (unsigned i = 0; i < 2000; ++i) {
        seen = activity.record_call(number(1), number(100 + i), kStart);
        if (i < 200) {
            ASSERT_FALSE(seen.callees_saturated) << i;
        }
    }
    EXPECT_TRUE(seen.callees_saturated);
    EXPECT_GE(seen[Feature::kCallees], units(500));
}

TEST(Activity, tells_the_ratio_of_a_busy_day_by_its_newest_hours) {
    auto activity = table();
    Features seen;
    for (unsigned i = 0; i < 1200; ++i)  // 200 callees each 4 h, all distinct: a day has too many
        seen = activity.record_call(number(1), number(100 + i), kStart + minutes(1) * (i * 6 / 5));
    EXPECT_TRUE(seen.callees_saturated);
    EXPECT_LT(seen[Feature::kCallsPerCallee], 1400u);
    EXPECT_GT(seen[Feature::kCallsPerCallee], 700u);
}

TEST(Activity, bears_time_going_back_by_a_day) {
    auto activity = table();
    activity.record_call(number(1), number(2), kStart + hours(24));
    const Features late = activity.record_call(number(1), number(3), kStart);
    EXPECT_EQ(late[Feature::kCalls24h], units(1));  // the other one lies ahead of it
    const Features now = activity.peek(number(1), kStart + hours(24));
    EXPECT_EQ(now[Feature::kCalls24h], units(2));
    EXPECT_EQ(now[Feature::kCallees], units(1) + (now[Feature::kCallees] - units(1)));
    EXPECT_GE(now[Feature::kCallees], units(2));
}

TEST(Activity, lives_through_a_clock_that_jumped_ahead) {
    auto activity = table();
    activity.record_call(number(1), number(2), kStart + hours(24 * 365));
    for (unsigned i = 0; i < 24 * 4; ++i)
        activity.record_call(number(1), number(10 + i), kStart + minutes(15) * i);
    const Time now = kStart + hours(24) - minutes(1);
    EXPECT_EQ(activity.peek(number(1), now)[Feature::kCalls24h], units(96));
    EXPECT_EQ(activity.peek(number(1), now)[Feature::kCalls1h], units(4));
    activity.record_call(number(1), number(2), time_from_ms(INT64_MAX));
    activity.record_call(number(1), number(2), time_from_ms(INT64_MIN));
    EXPECT_GE(activity.peek(number(1), now)[Feature::kCalls24h], units(60));
}

TEST(Activity, counts_before_1970_and_after_2100) {
    for (const std::int64_t ms : {std::int64_t{-34'560'000'000}, std::int64_t{4'200'000'000'000}}) {
        auto activity = table();
        Features seen;
        for (unsigned i = 0; i < 30; ++i)
            seen =
                activity.record_call(number(1), number(2 + i), time_from_ms(ms) + minutes(2) * i);
        EXPECT_EQ(seen[Feature::kCalls1h], units(30)) << ms;
        EXPECT_EQ(seen[Feature::kCalls24h], units(30)) << ms;
    }
}

TEST(Activity, keeps_the_busy_through_a_flood_of_strangers) {
    auto activity = table(64 * 4096);  // 960 numbers
    for (unsigned busy = 0; busy < 300; ++busy)
        for (unsigned i = 0; i < 64; ++i)
            activity.record_call(number(busy), number(5000 + i), kStart);
    for (unsigned i = 0; i < 20'000; ++i)
        activity.record_call(number(100'000 + i), number(200'000 + i), kStart + hours(1));
    unsigned exact = 0;
    for (unsigned busy = 0; busy < 300; ++busy)
        exact += activity.peek(number(busy), kStart + hours(1))[Feature::kCalls24h] == units(64);
    EXPECT_EQ(exact, 300u);
    EXPECT_GT(activity.stats().evicted, 10'000u);
    EXPECT_LE(activity.held(), activity.stats().capacity);
}

TEST(Activity, lets_the_merely_called_push_out_nobody_who_calls) {
    auto activity = table(4096);  // one bucket
    for (unsigned i = 0; i < 15; ++i) activity.record_call(number(i), {}, kStart);
    for (unsigned i = 0; i < 1000; ++i) activity.record_call({}, number(1000 + i), kStart);
    for (unsigned i = 0; i < 15; ++i)
        EXPECT_EQ(activity.peek(number(i), kStart)[Feature::kCalls24h], units(1));
    EXPECT_EQ(activity.stats().passed_over, 1000u);
    // Days later their time is over.
    activity.record_call({}, number(1000), kStart + hours(24 * 3));
    EXPECT_EQ(activity.peek(number(1000), kStart + hours(24 * 3))[Feature::kCallsIn24h], units(1));
}

TEST(Activity, starts_anew_with_whoever_takes_a_place_over) {
    auto activity = table(4096);
    for (unsigned i = 0; i < 3000; ++i) {
        const Features seen = activity.record_call(number(i), number(5), kStart, {.imei = 7u + i});
        ASSERT_EQ(seen[Feature::kCalls24h], units(1)) << i;
        ASSERT_EQ(seen[Feature::kCallees], units(1)) << i;
        ASSERT_EQ(seen[Feature::kImeis], units(1)) << i;
    }
}

TEST(Activity, gives_in_a_batch_what_single_calls_give) {
    auto single = table(64 * 4096);
    auto batch = table(64 * 4096);
    std::vector<CallEvent> events;
    for (unsigned i = 0; i < 3000; ++i)
        events.push_back({number(i * 7 % 1100),
                          number(i * 13 % 1700),
                          kStart + minutes(1) * (i / 3),
                          {.imei = i % 5}});
    std::vector<Features> features(events.size());
    batch.record_calls(events, features);
    for (std::size_t i = 0; i < events.size(); ++i) {
        const CallEvent& event = events[i];
        ASSERT_EQ(features[i],
                  single.record_call(event.caller, event.callee, event.time, event.facts))
            << i;
    }
}

TEST(Activity, refuses_memory_for_less_than_a_bucket) {
    const auto made = ActivityTable::create({.bytes = 4095});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kOutOfRange);
    EXPECT_NE(made.error().text.find("4096"), std::string::npos);
    const auto huge = ActivityTable::create({.bytes = ~std::size_t{0}});
    ASSERT_FALSE(huge);
    EXPECT_EQ(huge.error().code, ErrorCode::kOutOfMemory);
}

TEST(Activity, keeps_to_its_memory) {
    const auto activity = table(std::size_t{1} << 20);
    EXPECT_LE(activity.memory_bytes(), (std::size_t{1} << 20) + 4096);
    EXPECT_EQ(activity.stats().capacity, 256u * 15u);
}

}  // namespace
}  // namespace ringfence
