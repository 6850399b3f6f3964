#include "ringfence/source/time_text.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace ringfence {
namespace {

std::int64_t ms_of(std::string_view text) {
    const auto time = parse_time(text);
    EXPECT_TRUE(time) << text;
    return time ? to_ms(*time) : -1;
}

TEST(TimeText, reads_rfc_3339) {
    EXPECT_EQ(ms_of("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(ms_of("2026-03-01T08:00:00Z"), 1'772'352'000'000);
    EXPECT_EQ(ms_of("2026-03-01 16:00:00+08:00"), 1'772'352'000'000);
    EXPECT_EQ(ms_of("2026-03-01t03:00:00.25-05:00"), 1'772'352'000'250);
    EXPECT_EQ(ms_of("2026-03-01T08:00:00.1239Z"), 1'772'352'000'123);
    EXPECT_EQ(ms_of("2026-03-01"), 1'772'323'200'000);
    EXPECT_EQ(ms_of("2016-12-31T23:59:60Z"), ms_of("2017-01-01"));
}

TEST(TimeText, reads_seconds_since_1970) {
    EXPECT_EQ(ms_of("0"), 0);
    EXPECT_EQ(ms_of("1772352000"), 1'772'352'000'000);
    EXPECT_EQ(ms_of("1772352000.5"), 1'772'352'000'500);
    EXPECT_EQ(ms_of("-1.5"), -1'500);
}

TEST(TimeText, reads_times_before_1970_and_after_2100) {
    EXPECT_EQ(ms_of("1969-12-31T23:59:59Z"), -1'000);
    EXPECT_EQ(ms_of("0001-01-01"), -62'135'596'800'000);
    EXPECT_EQ(ms_of("9999-12-31T23:59:59.999Z"), 253'402'300'799'999);
}

TEST(TimeText, refuses_what_is_no_time) {
    for (const std::string_view bad : {"",
                                       "-",
                                       ".",
                                       "1.",
                                       "12x",
                                       "1e9",
                                       " 0",
                                       "0 ",
                                       "99999999999999",
                                       "253402300800",
                                       "2026-02-30",
                                       "2026-13-01",
                                       "2026-00-10",
                                       "2026-1-1",
                                       "2026-03-01T",
                                       "2026-03-01T08:00:00",
                                       "2026-03-01T24:00:00Z",
                                       "2026-03-01T08:60:00Z",
                                       "2026-03-01T08:00:61Z",
                                       "2026-03-01T08:00:00.Z",
                                       "2026-03-01T08:00:00ZZ",
                                       "2026-03-01T08:00:00+8:00",
                                       "2026-03-01T08:00:00+24:00",
                                       "0000-01-01",
                                       "0001-01-01T00:00:00+01:00"}) {
        EXPECT_FALSE(parse_time(bad)) << bad;
    }
}

TEST(TimeText, reads_back_what_it_writes) {
    EXPECT_EQ(format_time(time_from_ms(1'772'352'000'000)), "2026-03-01T08:00:00Z");
    EXPECT_EQ(format_time(time_from_ms(-1)), "1969-12-31T23:59:59.999Z");
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937_64 random(kSeed);
    for (int round = 0; round < 20'000; ++round) {
        const auto ms =
            static_cast<std::int64_t>(random() % 315'537'897'600'000u) - 62'135'596'800'000;
        ASSERT_EQ(ms_of(format_time(time_from_ms(ms))), ms);
    }
}

}  // namespace
}  // namespace ringfence
