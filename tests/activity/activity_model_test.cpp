#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "activity/activity_model.hpp"
#include "ringfence/activity/activity.hpp"

namespace ringfence {
namespace {

using Kind = model::Activity::Kind;

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;

ActivityKey key(std::uint64_t n) { return Number::from_rank(8'617'000'000'000 + n); }

// Rounding down a share to thousandths, times the count of a sub-window.
double rounding(const model::Truth& truth) { return (truth.most - truth.least) * 0.001 + 0.001; }

#define EXPECT_WITHIN(value, truth)                                   \
    do {                                                              \
        EXPECT_GE((value) / 1000.0, (truth).least - rounding(truth)); \
        EXPECT_LE((value) / 1000.0, (truth).most + rounding(truth));  \
    } while (false)

// A crowd of forty over four days, with time stepping back by up to `back_ms`; every answer is held against
// the model. The bound: what lies in the oldest sub-window may count in part.
void hold_against_the_model(unsigned seed, std::int64_t back_ms, unsigned events) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    auto made = ActivityTable::create({.bytes = 1 << 20, .seed = seed});
    ASSERT_TRUE(made);
    ActivityTable& activity = *made;
    model::Activity model;
    std::int64_t newest = 1'767'225'600'000;
    for (unsigned i = 0; i < events; ++i) {
        newest +=
            static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(8 * kDay / events));
        const Time time = time_from_ms(
            newest - static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(back_ms + 1)));
        const ActivityKey caller = key(random() % 40);
        const ActivityKey callee = key(random() % 40 + (random() % 2) * 1000);
        switch (random() % 4) {
            case 0:
                activity.record_sms(caller, callee, time);
                model.add(caller, Kind::kSmsOut, time);
                model.add(callee, Kind::kSmsIn, time);
                break;
            case 1:
                if (activity.peek(caller, time) == Features{})
                    break;  // may not be held: not observed
                activity.observe(caller, time, Phase::kAnswer);
                activity.observe(caller, time, Phase::kEnd, 3);
                model.add(caller, Kind::kAnswered, time);
                model.add(caller, Kind::kShort, time);
                break;
            default:
                activity.record_call(caller, callee, time);
                model.add(caller, Kind::kCallOut, time, callee);
                model.add(callee, Kind::kCallIn, time);
        }
        const Time now = time_from_ms(newest);
        const Features seen = activity.peek(caller, now);
        const auto day = [&](Kind kind) { return model.count(caller, kind, now, kDay); };
        EXPECT_WITHIN(seen[Feature::kCalls24h], day(Kind::kCallOut));
        EXPECT_WITHIN(seen[Feature::kCallsIn24h], day(Kind::kCallIn));
        EXPECT_WITHIN(seen[Feature::kAnswered24h], day(Kind::kAnswered));
        EXPECT_WITHIN(seen[Feature::kShort24h], day(Kind::kShort));
        EXPECT_WITHIN(seen[Feature::kSms24h], day(Kind::kSmsOut));
        EXPECT_WITHIN(seen[Feature::kSmsIn24h], day(Kind::kSmsIn));
        if (back_ms < kHour) {
            EXPECT_WITHIN(seen[Feature::kCalls1h], model.count(caller, Kind::kCallOut, now, kHour));
            EXPECT_WITHIN(seen[Feature::kSms1h], model.count(caller, Kind::kSmsOut, now, kHour));
        }
        const model::Truth callees = model.callees(caller, now);
        EXPECT_GE(seen[Feature::kCallees] / 1000.0, callees.least * 0.7 - 2);
        EXPECT_LE(seen[Feature::kCallees] / 1000.0, callees.most * 1.3 + 2);
        if (testing::Test::HasFailure()) {
            ADD_FAILURE() << "event " << i << " calls exact " << day(Kind::kCallOut).exact;
            return;
        }
    }
    EXPECT_EQ(activity.stats().evicted, 0u);
}

TEST(ActivityModel, counts_what_the_model_counts) {
    for (unsigned seed = 1; seed <= 4; ++seed) hold_against_the_model(seed, 0, 3000);
}

TEST(ActivityModel, counts_it_with_time_going_back_an_hour) {
    for (unsigned seed = 11; seed <= 14; ++seed) hold_against_the_model(seed, kHour - 1, 3000);
}

TEST(ActivityModel, counts_days_with_time_going_back_a_day) {
    for (unsigned seed = 21; seed <= 24; ++seed) hold_against_the_model(seed, kDay, 3000);
}

// The stated error of the distinct count: over many callers, mean within 9 % from 1 to 200 callees and the
// bias within 3 %. Callees one after the other, as a dialler takes them, count like random ones.
TEST(ActivityModel, estimates_callees_within_the_stated_error) {
    constexpr unsigned kCallers = 200;
    for (const bool in_sequence : {false, true}) {
        std::mt19937_64 random(7);
        for (const unsigned callees : {1u, 5u, 20u, 60u, 120u, 200u}) {
            auto made = ActivityTable::create({.bytes = 1 << 20, .seed = 5});
            ASSERT_TRUE(made);
            double error = 0;
            double bias = 0;
            for (unsigned caller = 0; caller < kCallers; ++caller) {
                Features seen;
                for (unsigned i = 0; i < callees; ++i) {
                    const std::uint64_t rank =
                        in_sequence ? 1'000'000'000 + caller * 1000 + i : random() >> 15;
                    seen = made->record_call(
                        key(caller), Number::from_rank(rank % 1'000'000'000'000), time_from_ms(0));
                }
                const double relative = seen[Feature::kCallees] / 1000.0 / callees - 1;
                error += std::abs(relative) / kCallers;
                bias += relative / kCallers;
            }
            EXPECT_LE(error, 0.09) << callees << " callees, in sequence " << in_sequence;
            EXPECT_LE(std::abs(bias), 0.03) << callees << " callees, in sequence " << in_sequence;
        }
    }
}

}  // namespace
}  // namespace ringfence
