// The torture for a moment, as a unit test and under the sanitizers; tools/torture runs it at length.
#include <gtest/gtest.h>

#include <thread>

#include "torture/torture.hpp"

namespace ringfence::torture {
namespace {

Options options_of(std::uint64_t reads) {
    Options options;
    options.reads = reads;
    options.keys = 20'000;
    options.readers = std::min(3u, 1 + std::thread::hardware_concurrency());
    return options;
}

TEST(Torture, no_read_of_a_table_is_wrong) {
    const Tally tally = torture_table(options_of(1'000'000));
    EXPECT_EQ(tally.failed, "");
    EXPECT_EQ(tally.wrong, 0u);
    EXPECT_GE(tally.reads, 1'000'000u);
    EXPECT_GT(tally.writes, 0u);
}

TEST(Torture, no_verdict_of_a_screen_is_wrong) {
    const Tally tally = torture_screen(options_of(200'000));
    EXPECT_EQ(tally.failed, "");
    EXPECT_EQ(tally.wrong, 0u);
    EXPECT_GE(tally.reads, 200'000u);
    EXPECT_GT(tally.writes, 0u);
}

TEST(Torture, no_verdict_of_a_follower_is_wrong) {
    const Tally tally = torture_followers(options_of(200'000));
    EXPECT_EQ(tally.failed, "");
    EXPECT_EQ(tally.wrong, 0u);
    EXPECT_GE(tally.reads, 200'000u);
    EXPECT_GT(tally.publishes, 0u);
}

}  // namespace
}  // namespace ringfence::torture
